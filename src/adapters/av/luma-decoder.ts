// H.264 and H.265 packets to small brightness planes. Synchronous on purpose: the calls are about 1 ms and an asynchronous
// one costs a quarter more CPU (docs/reference/motion-bench.md). Native memory is freed on dispose, never left to the collector.

import type { CodecContext } from 'node-av/lib';
import type { Luma, Packet } from '../../domain/camera.ts';
import { ms } from '../../domain/units.ts';
import type { LumaDecoder, LumaRun } from '../../ports/luma-decoder.ts';
import { lumaScaler } from './luma-scaler.ts';
import { type Av, av } from './native.ts';
import { fillPacket, framePts, openVideoDecoder } from './video-decoder.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Takes over `decoder` and frees it. */
export const lumaRun = (lib: Av, decoder: CodecContext, size: Size): LumaRun => {
  const scaler = lumaScaler(lib, size);
  const frame = new lib.Frame();
  frame.alloc();
  const packet = new lib.Packet();
  packet.alloc();
  let awaitsKey = true;
  let isOpen = true;

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
      if (!isOpen || input.bytes.length === 0) return undefined;
      if (awaitsKey && !input.isKey) return undefined;
      awaitsKey = false;
      fillPacket(lib, packet, input);
      if (decoder.sendPacketSync(packet) < 0) return undefined;
      return receive(input.pts);
    },
    drain() {
      if (!isOpen || awaitsKey) return undefined;
      decoder.sendPacketSync(null);
      const luma = receive(ms(0));
      decoder.flushBuffers();
      awaitsKey = true;
      return luma;
    },
    reset() {
      if (isOpen) decoder.flushBuffers();
      awaitsKey = true;
    },
    [Symbol.dispose]() {
      if (!isOpen) return;
      isOpen = false;
      scaler[Symbol.dispose]();
      frame.free();
      packet.free();
      decoder.freeContext();
    },
  };
};

export const avLumaDecoder = (): LumaDecoder => ({
  open(format, size) {
    const lib = av();
    return lumaRun(lib, openVideoDecoder(lib, format), size);
  },
});
