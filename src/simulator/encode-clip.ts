// Pictures into a clip, with libx264 or libx265 in memory. For the demo scene and for clips made on demand; never for
// anything a real camera sent.

import {
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Codec as AvCodec, CodecContext, FFmpegError, Frame, Log, Packet, Rational } from 'node-av/lib';
import type { Codec } from '../domain/camera.ts';
import { type AccessUnit, accessUnit, type Clip, clipOfUnits, splitNals } from './clip.ts';

export interface EncodeOptions {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Pictures from one key frame to the next. */
  readonly group: number;
  /** Default 0. */
  readonly bFrames?: number;
  /** Default veryfast. */
  readonly preset?: 'veryfast' | 'medium' | 'slow';
  /** Options of the encoder, as `x264 --help` and `x265 --help` name them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Planes Y, U and V of one picture, one after another, without padding: `width * height * 3 / 2` bytes, limited range. */
export type Yuv420 = Uint8Array;

const settingsText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(':');

const openEncoder = (options: EncodeOptions): CodecContext => {
  // libx265 tells its settings on stderr at every opening.
  Log.setLevel(AV_LOG_ERROR);
  const codec = AvCodec.findEncoderByName(options.codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBX265);
  if (!codec) throw new Error(`this build of the media library has no encoder for ${options.codec}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = options.width;
  context.height = options.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorSpace = AVCOL_SPC_BT709;
  context.colorPrimaries = AVCOL_PRI_BT709;
  context.colorTrc = AVCOL_TRC_BT709;
  context.timeBase = new Rational(1, options.fps);
  context.framerate = new Rational(options.fps, 1);
  context.gopSize = options.group;
  context.maxBFrames = options.bFrames ?? 0;
  context.threadCount = 1;
  const settings = {
    keyint: String(options.group),
    'min-keyint': String(options.group),
    scenecut: '0',
    bframes: String(options.bFrames ?? 0),
    'open-gop': '0',
    'repeat-headers': '1',
    annexb: '1',
    ...(options.codec === 'h265' ? { pools: 'none', 'frame-threads': '1', info: '0', 'log-level': 'error' } : {}),
    ...options.settings,
  };
  context.setOption(options.codec === 'h264' ? 'x264-params' : 'x265-params', settingsText(settings));
  context.setOption('preset', options.preset ?? 'veryfast');
  FFmpegError.throwIfError(context.open2Sync(codec), 'open the encoder');
  return context;
};

/**
 * Encodes pictures as they are drawn.
 * @throws Error when the encoder is missing or refuses the options
 */
export const encodeClip = (pictures: Iterable<Yuv420>, options: EncodeOptions): Clip => {
  const encoder = clipEncoder(options);
  for (const picture of pictures) encoder.add(picture);
  return encoder.finish();
};

export interface ClipEncoder {
  add(picture: Yuv420): void;
  /** Frees the encoder. */
  finish(): Clip;
}

export const clipEncoder = (options: EncodeOptions): ClipEncoder => {
  const context = openEncoder(options);
  const frame = new Frame();
  const packet = new Packet();
  frame.alloc();
  packet.alloc();
  frame.format = AV_PIX_FMT_YUV420P;
  frame.width = options.width;
  frame.height = options.height;
  frame.colorRange = AVCOL_RANGE_MPEG;
  FFmpegError.throwIfError(frame.allocBuffer(), 'allocate a picture');
  const units: AccessUnit[] = [];
  let shown = 0;

  const drain = (): void => {
    for (;;) {
      const result = context.receivePacketSync(packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      FFmpegError.throwIfError(result, 'encode');
      // The library's buffer is reused; the clip keeps its own copy.
      const nals = splitNals(Uint8Array.from(packet.data ?? new Uint8Array()));
      units.push(accessUnit(options.codec, nals, Number(packet.pts) - units.length));
      packet.unref();
    }
  };

  return {
    add: (picture) => {
      if (picture.length !== (options.width * options.height * 3) / 2)
        throw new RangeError('the picture has another size');
      FFmpegError.throwIfError(
        frame.fromBuffer(Buffer.from(picture.buffer, picture.byteOffset, picture.length)),
        'fill',
      );
      frame.pts = BigInt(shown);
      shown += 1;
      FFmpegError.throwIfError(context.sendFrameSync(frame), 'send a picture');
      drain();
    },
    finish: () => {
      FFmpegError.throwIfError(context.sendFrameSync(null), 'flush');
      drain();
      packet.free();
      frame.free();
      context.freeContext();
      return clipOfUnits(options.codec, options.fps, units);
    },
  };
};
