// Every picture is decoded and looked at, five times a second: the surest and the dearest way.

import type { VideoFormat } from '../domain/camera.ts';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { type Calibration, lumaDetector } from '../motion/luma-detector.ts';
import { LUMA_SIZE } from '../motion/plane-layout.ts';
import { sampler } from '../motion/sampler.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import type { ReplayEngine } from './motion-engine.ts';

export interface CarefulParts {
  readonly decoder: LumaDecoder;
  readonly areas?: readonly Area[];
  /** What is known of the scene already: with it there is no warm-up. */
  readonly prior?: Calibration;
}

export const carefulEngine =
  ({ decoder, areas = [], prior }: CarefulParts): ((format: VideoFormat) => ReplayEngine) =>
  (format) => {
    const run = decoder.open(format, LUMA_SIZE);
    const detector = lumaDetector({ areas, prior });
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
      finish() {
        const readings: Reading[] = [];
        const luma = run.drain();
        if (luma && isSample.wants(luma.pts)) detector.fold(luma, readings);
        detector.interrupt(readings);
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
