// Decoder and scaler of one stream with the native memory between them: packets in, small brightness planes out.
// Synchronous on purpose: the calls are about 1 ms and an asynchronous one costs a quarter more CPU (docs/reference/motion-bench.md).

import type { CodecContext } from 'node-av/lib';
import type { Luma, Packet } from '../../domain/camera.ts';
import { ms } from '../../domain/units.ts';
import { lumaScaler } from './luma-scaler.ts';
import type { Av } from './native.ts';
import { fillPacket, framePts } from './video-decoder.ts';

export interface LumaPipeline extends Disposable {
  decode(packet: Packet): Luma | undefined;
  /** The newest picture still held back for reordering. */
  drain(): Luma | undefined;
  /** Forgets all pictures. */
  flush(): void;
  /** False once the decoder refused a packet: what it is made of then is not for another stream. */
  readonly isSound: boolean;
}

/** Takes over `decoder` and frees it. */
export const lumaPipeline = (
  lib: Av,
  decoder: CodecContext,
  size: { readonly width: number; readonly height: number },
): LumaPipeline => {
  const scaler = lumaScaler(lib, size);
  const frame = new lib.Frame();
  frame.alloc();
  const packet = new lib.Packet();
  packet.alloc();
  let isSound = true;

  /** The newest picture that the decoder has ready. */
  const receive = (fallback: Packet['pts']): Luma | undefined => {
    let luma: Luma | undefined;
    while (decoder.receiveFrameSync(frame) >= 0) {
      const pixels = scaler.scale(frame);
      if (pixels) {
        const isKey = frame.hasFlags(lib.AV_FRAME_FLAG_KEY);
        luma = { width: size.width, height: size.height, pixels, pts: framePts(lib, frame, fallback), isKey };
      }
      frame.unref();
    }
    return luma;
  };

  return {
    decode(input) {
      fillPacket(lib, packet, input);
      const isTaken = decoder.sendPacketSync(packet) >= 0;
      packet.unref();
      if (isTaken) return receive(input.pts);
      isSound = false;
      return undefined;
    },
    drain() {
      decoder.sendPacketSync(null);
      const luma = receive(ms(0));
      decoder.flushBuffers();
      return luma;
    },
    flush: () => decoder.flushBuffers(),
    get isSound() {
      return isSound;
    },
    [Symbol.dispose]() {
      scaler[Symbol.dispose]();
      frame.free();
      packet.free();
      decoder.freeContext();
    },
  };
};
