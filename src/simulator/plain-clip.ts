// Clips for two faults: black pictures of a clip's own size, and pictures of another size.

import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC } from 'node-av/constants';
import { Codec as AvCodec, CodecContext, Frame, Packet } from 'node-av/lib';
import { annexB, type Clip, unitAt } from './clip.ts';
import { encodeClip, type Yuv420 } from './encode-clip.ts';

/** Two seconds: the usual group of pictures of a camera. */
const SECONDS = 2;
/** Limited-range black and the chroma of grey (ITU-R BT.709). */
const BLACK = 16;
const NO_COLOUR = 128;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The picture size of a clip, found by decoding its first key frame. */
export const pictureSize = (clip: Clip): PictureSize => {
  const codec = AvCodec.findDecoder(clip.codec === 'h264' ? AV_CODEC_ID_H264 : AV_CODEC_ID_HEVC);
  if (!codec) throw new Error(`this build of the media library has no decoder for ${clip.codec}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.open2Sync(codec);
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  packet.data = annexB(unitAt(clip, 0).nals);
  context.sendPacketSync(packet);
  context.sendPacketSync(null);
  const result = context.receiveFrameSync(frame);
  const size = { width: frame.width, height: frame.height };
  frame.free();
  packet.free();
  context.freeContext();
  if (result < 0) throw new Error('the first key frame of the clip cannot be decoded');
  return size;
};

const plainClip = (like: Clip, size: PictureSize, luma: (tick: number) => number): Clip => {
  const count = Math.max(1, Math.round(like.fps * SECONDS));
  const pixels = size.width * size.height;
  const pictures = Array.from({ length: count }, (_, tick): Yuv420 => {
    const picture = new Uint8Array((pixels * 3) / 2).fill(NO_COLOUR, pixels);
    return picture.fill(luma(tick), 0, pixels);
  });
  return encodeClip(pictures, { codec: like.codec, ...size, fps: like.fps, group: count });
};

/** What a camera in privacy mode sends. */
export const blackClip = (like: Clip): Clip => plainClip(like, pictureSize(like), () => BLACK);

/** As after a change of resolution in the camera's app: half as wide and half as high, in steps of 16 pixels. */
export const otherSizeClip = (like: Clip): Clip => {
  const size = pictureSize(like);
  const half = (side: number): number => Math.max(64, Math.round(side / 32) * 16);
  return plainClip(like, { width: half(size.width), height: half(size.height) }, () => 90);
};
