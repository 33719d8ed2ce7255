// One decoded picture to a full-range JPEG at its own size.

import type { Frame } from 'node-av/lib';
import type { Av } from './native.ts';

/** Quantiser scale, 2 best .. 31: 3 keeps what a camera's encoder left (330 KB at 4K) at a third of sharp's CPU. */
const QUANTISER = 3;
/** The library's lambda units per step of the quantiser scale (FF_QP2LAMBDA). */
const LAMBDA = 118;

/** JPEG is full range; camera video mostly is not, and unconverted it looks washed out. */
const fullRange = async (lib: Av, frame: Frame): Promise<Frame> => {
  const target = new lib.Frame();
  target.alloc();
  const isFull = frame.format === lib.AV_PIX_FMT_YUVJ420P;
  const isFullUnmarked = frame.format === lib.AV_PIX_FMT_YUV420P && frame.colorRange === lib.AVCOL_RANGE_JPEG;
  try {
    if (isFull || isFullUnmarked) {
      target.ref(frame);
      target.format = lib.AV_PIX_FMT_YUVJ420P;
      return target;
    }
    target.width = frame.width;
    target.height = frame.height;
    target.format = lib.AV_PIX_FMT_YUVJ420P;
    target.colorRange = lib.AVCOL_RANGE_JPEG;
    lib.FFmpegError.throwIfError(target.getBuffer(32), 'allocate the picture');
    using context = new lib.SoftwareScaleContext();
    context.getContext(
      frame.width,
      frame.height,
      frame.format as typeof lib.AV_PIX_FMT_YUV420P,
      frame.width,
      frame.height,
      lib.AV_PIX_FMT_YUVJ420P,
      lib.SWS_BILINEAR,
    );
    lib.FFmpegError.throwIfError(await context.scaleFrame(target, frame), 'convert the picture');
    return target;
  } catch (thrown) {
    target.free();
    throw thrown;
  }
};

export const encodeJpeg = async (lib: Av, frame: Frame): Promise<Uint8Array> => {
  const codec = lib.Codec.findEncoder(lib.AV_CODEC_ID_MJPEG);
  if (!codec) throw new Error('the library has no JPEG encoder');
  using picture = await fullRange(lib, frame);
  using encoder = new lib.CodecContext();
  using packet = new lib.Packet();
  packet.alloc();
  encoder.allocContext3(codec);
  encoder.width = picture.width;
  encoder.height = picture.height;
  encoder.pixelFormat = lib.AV_PIX_FMT_YUVJ420P;
  encoder.colorRange = lib.AVCOL_RANGE_JPEG;
  encoder.timeBase = new lib.Rational(1, 1);
  encoder.threadCount = 1;
  encoder.setFlags(lib.AV_CODEC_FLAG_QSCALE);
  encoder.globalQuality = LAMBDA * QUANTISER;
  lib.FFmpegError.throwIfError(await encoder.open2(codec), 'open the JPEG encoder');
  picture.quality = LAMBDA * QUANTISER;
  picture.pts = 0n;
  // A key picture's type would force an I-frame decision that this encoder does not know; 0 is "choose".
  picture.pictType = lib.AV_PICTURE_TYPE_NONE;
  lib.FFmpegError.throwIfError(await encoder.sendFrame(picture), 'encode the JPEG');
  await encoder.sendFrame(null);
  lib.FFmpegError.throwIfError(await encoder.receivePacket(packet), 'encode the JPEG');
  if (!packet.data) throw new Error('the JPEG encoder gave nothing');
  return Uint8Array.from(packet.data);
};
