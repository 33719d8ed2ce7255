// The SDP of a simulated stream (RFC 8866; H.264: RFC 6184 section 8.2.1; H.265: RFC 7798 section 7.2.1).

import { assertNever } from '../domain/assert-never.ts';
import { type Clip, nalType } from './clip.ts';

export type Media =
  | { readonly type: 'video'; readonly clip: Clip; readonly fps: number }
  | { readonly type: 'unknown-codec'; readonly codec: 'JPEG' | 'VP9' }
  | { readonly type: 'audio' }
  /** ONVIF Streaming 5.1.2.1: XML over RTP. */
  | { readonly type: 'metadata' };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const h264Format = (clip: Clip): string => {
  const sps = clip.parameterSets.find((nal) => nalType('h264', nal) === 7) ?? new Uint8Array(4);
  const profile = Buffer.from(sps.subarray(1, 4)).toString('hex').toUpperCase();
  const sets = clip.parameterSets.map((set) => base64(set)).join(',');
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`;
};

const h265Format = (clip: Clip): string => {
  const set = (type: number): string =>
    base64(clip.parameterSets.find((nal) => nalType('h265', nal) === type) ?? new Uint8Array());
  return `sprop-vps=${set(32)};sprop-sps=${set(33)};sprop-pps=${set(34)}`;
};

const mediaLines = (media: Media, track: number): readonly string[] => {
  switch (media.type) {
    case 'video': {
      const { clip, fps } = media;
      return [
        'm=video 0 RTP/AVP 96',
        'b=AS:4096',
        `a=rtpmap:96 ${clip.codec === 'h264' ? 'H264' : 'H265'}/90000`,
        `a=fmtp:96 ${clip.codec === 'h264' ? h264Format(clip) : h265Format(clip)}`,
        `a=framerate:${fps}`,
        `a=control:track${track}`,
      ];
    }
    case 'unknown-codec':
      // RFC 2435 gives JPEG the static type 26; VP9 is a dynamic one.
      return media.codec === 'JPEG'
        ? ['m=video 0 RTP/AVP 26', `a=control:track${track}`]
        : ['m=video 0 RTP/AVP 98', 'a=rtpmap:98 VP9/90000', `a=control:track${track}`];
    case 'audio':
      return ['m=audio 0 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', `a=control:track${track}`];
    case 'metadata':
      return ['m=application 0 RTP/AVP 107', 'a=rtpmap:107 vnd.onvif.metadata/90000', `a=control:track${track}`];
    default:
      return assertNever(media);
  }
};

/** Tracks are numbered from 1 in the order of `media`. */
export const describe = (host: string, media: readonly Media[]): string =>
  [
    'v=0',
    `o=- 14665860 31787219 1 IN IP4 ${host}`,
    's=Session streamed by the simulated camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    ...media.flatMap((one, index) => mediaLines(one, index + 1)),
    '',
  ].join('\r\n');
