// Opens the library's decoder for a stream of our own packets. Whoever opens one frees it.

import type { CodecContext } from 'node-av/lib';
import type { Codec, Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type Ms, ms } from '../../domain/units.ts';
import { type Av, bufferOver } from './native.ts';

/** Timestamps travel through the decoder in microseconds: finer than any RTP clock in use (90 kHz). */
const TICKS_PER_MS = 1000;

/** Larger pictures are refused: 16K, twice what any camera sends; a damaged SPS may claim anything. */
const MAX_SIDE = 16_384;

/** @throws StillwatchError SW_CAM_CODEC */
export const openVideoDecoder = (lib: Av, format: VideoFormat): CodecContext => {
  const ids: Readonly<Record<Codec, typeof lib.AV_CODEC_ID_H264>> = {
    h264: lib.AV_CODEC_ID_H264,
    h265: lib.AV_CODEC_ID_HEVC,
  };
  const codec = lib.Codec.findDecoder(ids[format.codec]);
  if (!codec) throw new StillwatchError('SW_CAM_CODEC', { codec: format.codec });
  const open = (parameterSets: Uint8Array): CodecContext | undefined => {
    const context = new lib.CodecContext();
    context.allocContext3(codec);
    // One thread: a second one adds a frame of delay and, for pictures this small, no speed (measured also at 4K).
    context.threadCount = 1;
    if (parameterSets.length > 0) context.extraData = bufferOver(parameterSets);
    if (context.open2Sync(codec) >= 0) return context;
    context.freeContext();
    return undefined;
  };
  // Parameter sets of the SDP may be damaged; the stream usually repeats them in-band.
  const context = open(format.parameterSets) ?? open(new Uint8Array(0));
  if (!context) throw new StillwatchError('SW_CAM_CODEC', { codec: format.codec });
  return context;
};

/** Points the library's packet at one of ours; its bytes are copied by the library. */
export const fillPacket = (lib: Av, target: InstanceType<Av['Packet']>, packet: Packet): void => {
  target.unref();
  target.data = bufferOver(packet.bytes);
  target.pts = BigInt(Math.round(packet.pts * TICKS_PER_MS));
  target.dts = lib.AV_NOPTS_VALUE;
  target.isKeyframe = packet.isKey;
};

export const framePts = (lib: Av, frame: InstanceType<Av['Frame']>, otherwise: Ms): Ms => {
  const pts = frame.pts === lib.AV_NOPTS_VALUE ? frame.bestEffortTimestamp : frame.pts;
  return pts === lib.AV_NOPTS_VALUE ? otherwise : ms(Number(pts) / TICKS_PER_MS);
};

/** True when the picture's claimed size can be believed before anything is allocated or scaled from it. */
export const isUsable = (frame: InstanceType<Av['Frame']>): boolean =>
  frame.width > 0 && frame.height > 0 && frame.width <= MAX_SIDE && frame.height <= MAX_SIDE && frame.format >= 0;
