// Which video of a session description is read, and what is known of it before the first packet. Pure.

import type { Codec } from '../../domain/camera.ts';
import { startsWithStartCode } from './nal-unit.ts';
import type { MediaDescription, PayloadFormat, SessionDescription } from './session-description.ts';

export interface VideoMedia {
  readonly codec: Codec;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly control: string | undefined;
  readonly framesPerSecond: number | undefined;
  /** NAL units from the sprop attributes, without start codes, in the order VPS, SPS, PPS. */
  readonly parameterSets: readonly Buffer[];
}

export type MediaChoice =
  | { readonly type: 'video'; readonly video: VideoMedia }
  | { readonly type: 'unknown-codec'; readonly codec: string }
  | { readonly type: 'no-video'; readonly media: readonly string[] };

// RFC 6184 section 8.2.1 and RFC 7798 section 7.1 fix the clock at 90 kHz; a camera that names another means it.
const VIDEO_CLOCK = 90_000;
// RFC 3551 table 5: video payload types that need no rtpmap.
const STATIC_VIDEO: Readonly<Record<number, string>> = { 26: 'JPEG', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' };
const MAX_PARAMETER_SETS = 64;
const MAX_SPROP = 16 * 1024;

/** The first H.264 or H.265 video. */
export const chooseVideo = (description: SessionDescription): MediaChoice => {
  const videos = description.media.filter((media) => media.type === 'video');
  if (videos.length === 0) return { type: 'no-video', media: description.media.map((media) => media.type) };
  const offered: string[] = [];
  for (const media of videos) {
    for (const format of media.formats) {
      const name = encodingOf(format);
      const codec = codecOf(name);
      if (codec && !isInterleavedMode(codec, format)) return { type: 'video', video: videoOf(codec, media, format) };
      offered.push(codec ? `${name} in interleaved packetization` : name);
    }
  }
  return { type: 'unknown-codec', codec: [...new Set(offered)].join(', ') || 'not named' };
};

/** The encoding's name; cameras that leave out rtpmap still betray it by their sprop parameters. */
export const encodingOf = (format: PayloadFormat): string => {
  if (format.encoding !== undefined) return format.encoding;
  if (format.parameters.has('sprop-vps') || format.parameters.has('sprop-sps')) return 'H265';
  if (format.parameters.has('sprop-parameter-sets') || format.parameters.has('packetization-mode')) return 'H264';
  return STATIC_VIDEO[format.payloadType] ?? `payload type ${format.payloadType}`;
};

const codecOf = (encoding: string): Codec | undefined => {
  if (encoding === 'H264' || encoding === 'AVC') return 'h264';
  return encoding === 'H265' || encoding === 'HEVC' ? 'h265' : undefined;
};

/** RFC 6184 section 6.4 and RFC 7798 DON order: units in another order than decoding. No camera known sends it. */
const isInterleavedMode = (codec: Codec, format: PayloadFormat): boolean =>
  codec === 'h264'
    ? format.parameters.get('packetization-mode') === '2'
    : Number(format.parameters.get('sprop-max-don-diff') ?? 0) > 0;

const videoOf = (codec: Codec, media: MediaDescription, format: PayloadFormat): VideoMedia => ({
  codec,
  payloadType: format.payloadType,
  clockRate: format.clockRate ?? VIDEO_CLOCK,
  control: media.control,
  framesPerSecond: media.framesPerSecond,
  parameterSets: (codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'])
    .flatMap((name) => (format.parameters.get(name) ?? '').slice(0, MAX_SPROP).split(','))
    .map((base64) => withoutStartCode(Buffer.from(base64.trim(), 'base64')))
    .filter((unit) => unit.length > 2)
    .slice(0, MAX_PARAMETER_SETS),
});

/** Some cameras put Annex B start codes into sprop values. */
const withoutStartCode = (unit: Buffer): Buffer => unit.subarray(startsWithStartCode(unit, 0, unit.length));
