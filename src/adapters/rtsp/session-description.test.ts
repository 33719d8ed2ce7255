import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseVideo, type MediaChoice } from './media-choice.ts';
import { parseSessionDescription } from './session-description.ts';

const choose = (lines: readonly string[], eol = '\r\n'): MediaChoice =>
  chooseVideo(parseSessionDescription(lines.join(eol)));

const SPS = 'Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==';
const PPS = 'aMuDyyA=';
const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
const TAPO = [
  'v=0',
  'o=- 14665860 31787219 1 IN IP4 192.168.1.20',
  's=Session streamed by "TP-LINK RTSP Server"',
  't=0 0',
  'a=smart_encoder:virtualIFrame=1',
  'm=video 0 RTP/AVP 96',
  'c=IN IP4 0.0.0.0',
  'b=AS:4096',
  'a=range:npt=0-',
  'a=control:track1',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 packetization-mode=1; profile-level-id=4D001E; sprop-parameter-sets=${SPS},${PPS}`,
  'm=audio 0 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  'a=control:track2',
];
const tapoVideo = {
  codec: 'h264',
  payloadType: 96,
  clockRate: 90_000,
  control: 'track1',
  framesPerSecond: undefined,
  parameterSets: [SPS, PPS].map(hex),
};

const shown = (choice: MediaChoice): unknown =>
  choice.type === 'video'
    ? { ...choice.video, parameterSets: choice.video.parameterSets.map((unit) => unit.toString('hex')) }
    : choice;

describe('the video of a session description', () => {
  it.each(['\r\n', '\n', '\r', '\r\r\n', '\0\n', '\n\n \n'])('is found across line ends %j', (eol) => {
    expect(shown(choose(TAPO, eol))).toEqual(tapoVideo);
  });

  it.each([
    ['no a=control', TAPO.filter((line) => !line.includes('track1')), { ...tapoVideo, control: undefined }],
    ['lower-case rtpmap', TAPO.map((line) => line.replace('H264', 'h264')), tapoVideo],
    ['rtpmap with spaces', TAPO.map((line) => line.replace(':96 H264/90000', ': 96   H264 / 90000')), tapoVideo],
    ['no rtpmap', TAPO.filter((line) => !line.startsWith('a=rtpmap:96')), tapoVideo],
    [
      'fmtp with spaces',
      TAPO.map((line) => line.replace('; sprop-parameter-sets=', ' ;  sprop-parameter-sets = ')),
      tapoVideo,
    ],
    ['two payload types', TAPO.map((line) => line.replace('AVP 96', 'AVP 97 96')), tapoVideo],
    ['audio first', [...TAPO.slice(0, 5), ...TAPO.slice(12), ...TAPO.slice(5, 12)], tapoVideo],
    ['a frame rate', [...TAPO.slice(0, 12), 'a=framerate:12.5'], { ...tapoVideo, framesPerSecond: 12.5 }],
    ['an odd frame rate', [...TAPO.slice(0, 12), 'a=framerate:S'], tapoVideo],
    ['another frame rate', [...TAPO.slice(0, 12), 'a=x-framerate: 15'], { ...tapoVideo, framesPerSecond: 15 }],
    ['no sprop', TAPO.map((line) => line.replace(/sprop.*/, '')), { ...tapoVideo, parameterSets: [] }],
    [
      'sprop that is no base64',
      TAPO.map((line) => line.replace(SPS, '!!')),
      { ...tapoVideo, parameterSets: [hex(PPS)] },
    ],
    [
      'start codes in sprop',
      TAPO.map((line) => line.replace(SPS, Buffer.from(`00000001${hex(SPS)}`, 'hex').toString('base64'))),
      tapoVideo,
    ],
    ['spaces before lines', TAPO.map((line) => ` ${line.replace('=', ' = ')}`), tapoVideo],
  ])('is found with %s', (_, lines, video) => {
    expect(shown(choose(lines))).toEqual(video);
  });

  it('is H.265 by its sprop parameters, in the order VPS, SPS, PPS', () => {
    const lines = [
      'v=0',
      'm=video 0 RTP/AVP 98',
      'a=control:rtsp://10.0.0.5/trackID=1',
      'a=rtpmap:98 H265/90000',
      'a=fmtp:98 sprop-pps=RAHBcoYM; sprop-sps=QgEBAWAA; sprop-vps=QAEMAf//',
    ];
    expect(shown(choose(lines))).toMatchObject({
      codec: 'h265',
      control: 'rtsp://10.0.0.5/trackID=1',
      parameterSets: ['40010c01ffff', '420101016000', '4401c172860c'],
    });
    expect(shown(choose(lines.filter((line) => !line.startsWith('a=rtpmap'))))).toMatchObject({ codec: 'h265' });
  });

  it.each([
    ['JPEG', ['m=video 0 RTP/AVP 26'], { type: 'unknown-codec', codec: 'JPEG' }],
    ['MPEG-4', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000'], { type: 'unknown-codec', codec: 'MP4V-ES' }],
    ['unnamed', ['m=video 0 RTP/AVP 96'], { type: 'unknown-codec', codec: 'payload type 96' }],
    ['no payload type', ['m=video 0 RTP/AVP'], { type: 'unknown-codec', codec: 'not named' }],
    [
      'interleaved H.264',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2'],
      { type: 'unknown-codec', codec: 'H264 in interleaved packetization' },
    ],
    [
      'reordered H.265',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=2'],
      { type: 'unknown-codec', codec: 'H265 in interleaved packetization' },
    ],
    ['audio only', ['m=audio 0 RTP/AVP 8'], { type: 'no-video', media: ['audio'] }],
    ['nothing', [], { type: 'no-video', media: [] }],
  ])('is missing: %s', (_, lines, choice) => {
    expect(choose(['v=0', ...lines])).toEqual(choice);
  });

  it('prefers the video it can read', () => {
    expect(shown(choose(['m=video 0 RTP/AVP 26', 'a=control:jpeg', ...TAPO]))).toEqual(tapoVideo);
  });

  it('survives any text', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...TAPO,
        'm=video',
        'm=',
        'a=rtpmap:',
        'a=fmtp:96',
        'a=fmtp:96 ;;=;a',
        'a=:',
        'm=video 0 X 999 -1',
      ),
    );
    fc.assert(fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, eol) => void choose(lines, eol)));
  });
});
