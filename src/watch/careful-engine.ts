// Every picture is decoded and looked at, five times a second: the surest and the dearest way.

import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { lumaDetector } from '../motion/luma-detector.ts';
import { LUMA_SIZE } from '../motion/plane-layout.ts';
import { sampler } from '../motion/sampler.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import type { MotionEngineFactory } from './motion-engine.ts';

export interface CarefulParts {
  readonly decoder: LumaDecoder;
  readonly areas?: readonly Area[];
}

export const carefulEngine =
  ({ decoder, areas = [] }: CarefulParts): MotionEngineFactory =>
  (format) => {
    const run = decoder.open(format, LUMA_SIZE);
    const detector = lumaDetector({ areas });
    const isSample = sampler();
    let packets = 0;
    return {
      feed(batch) {
        const readings: Reading[] = [];
        for (const packet of batch) {
          packets += 1;
          const luma = run.decode(packet);
          if (luma && isSample.wants(luma.pts)) detector.fold(luma, readings);
        }
        return readings;
      },
      pace: 'eager',
      get decodedShare() {
        return packets === 0 ? 0 : 1;
      },
      [Symbol.dispose]() {
        run[Symbol.dispose]();
      },
    };
  };
