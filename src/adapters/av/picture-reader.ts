// A JPEG to the small planes that stills are compared on. Asynchronous: a 4K JPEG takes about 50 ms to decode.

import { CHANGE_SIZE, type ChangePicture } from '../../domain/change-picture.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { ms } from '../../domain/units.ts';
import type { PictureReader } from '../../ports/picture-reader.ts';
import { av, bufferOver } from './native.ts';
import { isUsable } from './video-decoder.ts';

const damaged = (detail: string): StillwatchError => new StillwatchError('SW_STILL_DAMAGED', { detail });

/** Rows without the padding of native memory. */
const packed = (plane: Buffer, stride: number, width: number, height: number): Uint8Array => {
  const out = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) out.set(plane.subarray(row * stride, row * stride + width), row * width);
  return out;
};

const read = async (jpeg: Uint8Array): Promise<ChangePicture> => {
  const lib = av();
  const codec = lib.Codec.findDecoder(lib.AV_CODEC_ID_MJPEG);
  if (!codec) throw new StillwatchError('SW_DECODER_MISSING', { detail: 'no JPEG decoder' });
  using decoder = new lib.CodecContext();
  using packet = new lib.Packet();
  using frame = new lib.Frame();
  using small = new lib.Frame();
  using scaler = new lib.SoftwareScaleContext();
  decoder.allocContext3(codec);
  decoder.threadCount = 1;
  lib.FFmpegError.throwIfError(await decoder.open2(codec), 'open the JPEG decoder');
  packet.alloc();
  frame.alloc();
  small.alloc();
  packet.data = bufferOver(jpeg);
  packet.pts = BigInt(ms(0));
  if ((await decoder.sendPacket(packet)) < 0) throw damaged('it cannot be decoded');
  await decoder.sendPacket(null);
  if ((await decoder.receiveFrame(frame)) < 0 || !isUsable(frame)) throw damaged('it cannot be decoded');
  if (frame.decodeErrorFlags !== 0 || frame.hasFlags(lib.AV_FRAME_FLAG_CORRUPT))
    throw damaged('parts of it are missing');
  const { width, height } = CHANGE_SIZE;
  small.width = width;
  small.height = height;
  small.format = lib.AV_PIX_FMT_YUVJ420P;
  lib.FFmpegError.throwIfError(small.getBuffer(32), 'allocate the small picture');
  scaler.getContext(frame.width, frame.height, frame.format as never, width, height, small.format, lib.SWS_AREA);
  lib.FFmpegError.throwIfError(await scaler.scaleFrame(small, frame), 'scale the picture');
  const [luma, blue, red] = small.data ?? [];
  const [lumaStride = 0, blueStride = 0, redStride = 0] = small.linesize;
  if (!luma || !blue || !red) throw damaged('it has no colour planes');
  return {
    luma: packed(luma, lumaStride, width, height),
    blue: packed(blue, blueStride, width / 2, height / 2),
    red: packed(red, redStride, width / 2, height / 2),
  };
};

export const avPictureReader = (): PictureReader => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One at a time: decoded 4K pictures are 12 MB each.
    read(jpeg) {
      const next = last.then(() => read(jpeg));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
