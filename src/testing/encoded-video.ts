// Real compressed video made in memory from painted brightness planes: what decoders and detectors are tested on.

import { AV_LOG_QUIET, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet as NativePacket, Rational } from 'node-av/lib';
import type { Codec as CodecName, Packet, VideoFormat } from '../domain/camera.ts';
import { monoMs, ms } from '../domain/units.ts';

export interface VideoRecipe {
  readonly codec: CodecName;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  /** Frames from one key frame to the next. */
  readonly gop: number;
  readonly bFrames?: number;
  /** Fills one brightness plane, row-major; it comes as the last frame's. */
  readonly paint: (luma: Uint8Array, frame: number) => void;
  /** Encoder's quality, lower is better; 26 is about what cheap cameras send. */
  readonly crf?: number;
  /** Colour of both chroma planes; 118 keeps a grey test scene from looking like an empty buffer. */
  readonly chroma?: number;
}

export interface EncodedVideo {
  readonly format: VideoFormat;
  /** In decoding order. */
  readonly packets: readonly Packet[];
}

const tuning = (recipe: VideoRecipe): string => {
  const common = `keyint=${recipe.gop}:min-keyint=${recipe.gop}:scenecut=0:bframes=${recipe.bFrames ?? 0}`;
  return recipe.codec === 'h264' ? common : `${common}:pools=none:frame-threads=1:log-level=none`;
};

export const encodeVideo = (recipe: VideoRecipe): EncodedVideo => {
  Log.setLevel(AV_LOG_QUIET);
  const name = recipe.codec === 'h264' ? 'libx264' : 'libx265';
  const codec = Codec.findEncoderByName(name as never);
  if (!codec) throw new Error(`this build has no ${name}`);
  using encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = recipe.width;
  encoder.height = recipe.height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, recipe.fps);
  encoder.framerate = new Rational(recipe.fps, 1);
  encoder.gopSize = recipe.gop;
  encoder.maxBFrames = recipe.bFrames ?? 0;
  encoder.threadCount = 1;
  encoder.setOption('preset', 'veryfast');
  encoder.setOption('crf', String(recipe.crf ?? 26));
  encoder.setOption(recipe.codec === 'h264' ? 'x264-params' : 'x265-params', tuning(recipe));
  FFmpegError.throwIfError(encoder.open2Sync(codec), `open ${name}`);

  using frame = new Frame();
  frame.alloc();
  using packet = new NativePacket();
  packet.alloc();
  const luma = new Uint8Array(recipe.width * recipe.height);
  const chroma = Buffer.alloc((recipe.width * recipe.height) / 2, recipe.chroma ?? 118);
  const packets: Packet[] = [];
  const collect = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      const pts = ms((Number(packet.pts) * 1000) / recipe.fps);
      const bytes = Uint8Array.from(packet.data ?? []);
      packets.push({ pts, arrivedAt: monoMs((packets.length * 1000) / recipe.fps), isKey: packet.isKeyframe, bytes });
      packet.unref();
    }
  };
  for (let index = 0; index < recipe.frames; index++) {
    recipe.paint(luma, index);
    using picture = Frame.fromVideoBuffer(Buffer.concat([luma, chroma]), {
      width: recipe.width,
      height: recipe.height,
      format: AV_PIX_FMT_YUV420P,
    });
    picture.pts = BigInt(index);
    FFmpegError.throwIfError(encoder.sendFrameSync(picture), 'encode a frame');
    collect();
  }
  encoder.sendFrameSync(null);
  collect();
  const picture = { width: recipe.width, height: recipe.height };
  return { format: { codec: recipe.codec, parameterSets: new Uint8Array(0), picture }, packets };
};
