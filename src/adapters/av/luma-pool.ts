// Streams of one kind share what decodes them. A calm camera needs a decoder for one key frame in two seconds, and an H.264
// decoder of 640 × 360 holds some 3 MB: sixteen cameras that look in turn need one, not sixteen.

import type { LumaRun } from '../../ports/luma-decoder.ts';
import type { LumaPipeline } from './luma-pipeline.ts';

export interface LumaPool {
  /** Another stream. What the pool holds is freed with its last one. */
  open(): LumaRun;
  readonly isEmpty: boolean;
}

/** Kept for the next stream that looks; those of streams in which something moved are freed when it is over. */
const MOST_IDLE = 1;

/** @param make for streams of one codec, picture size and parameter sets only: decoders take habits from them */
export const lumaPool = (make: () => LumaPipeline): LumaPool => {
  const idle: LumaPipeline[] = [];
  let runs = 0;

  const putBack = (pipeline: LumaPipeline): void => {
    if (!pipeline.isSound || idle.length >= MOST_IDLE) return pipeline[Symbol.dispose]();
    pipeline.flush();
    idle.push(pipeline);
  };

  return {
    open() {
      // Made at once: a codec that is not there is refused here.
      let held: LumaPipeline | undefined = idle.pop() ?? make();
      let awaitsKey = true;
      let isOpen = true;
      runs += 1;

      const letGo = (): void => {
        if (held) putBack(held);
        held = undefined;
        awaitsKey = true;
      };

      return {
        decode(packet) {
          if (!isOpen || packet.bytes.length === 0) return undefined;
          if (awaitsKey && !packet.isKey) return undefined;
          awaitsKey = false;
          held ??= idle.pop() ?? make();
          return held.decode(packet);
        },
        drain() {
          if (awaitsKey) return undefined;
          awaitsKey = true;
          return held?.drain();
        },
        reset: letGo,
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          letGo();
          runs -= 1;
          if (runs === 0) for (const pipeline of idle.splice(0)) pipeline[Symbol.dispose]();
        },
      };
    },
    get isEmpty() {
      return runs === 0;
    },
  };
};
