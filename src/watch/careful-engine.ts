// Every picture is decoded and looked at, five times a second: the surest and the dearest way.

import { NO_AUDIT } from '../domain/audit.ts';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { type Ms, ms } from '../domain/units.ts';
import { SAMPLED_RULES } from '../motion/detector-rules.ts';
import { type Calibration, lumaDetector } from '../motion/luma-detector.ts';
import { LUMA_SIZE } from '../motion/plane-layout.ts';
import { sampler } from '../motion/sampler.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import type { LearningEngineFactory } from './motion-engine.ts';

export interface CarefulParts {
  readonly decoder: LumaDecoder;
  readonly areas?: readonly Area[];
  /** What is known of the scene already: with it there is no warm-up. */
  readonly prior?: Calibration;
}

export const carefulEngine =
  ({ decoder, areas = [], prior }: CarefulParts): LearningEngineFactory =>
  (format, memory) => {
    const run = decoder.open(format, LUMA_SIZE);
    const known = memory?.scene ?? prior;
    const detector = lumaDetector({ areas, prior: known });
    const isSample = sampler();
    let packets = 0;
    let startedAt: Ms | undefined;
    let seenUntil = ms(0);
    const isLearned = (): boolean =>
      known !== undefined || (startedAt !== undefined && seenUntil - startedAt >= SAMPLED_RULES.warmUpMs);

    return {
      feed(batch) {
        const readings: Reading[] = [];
        for (const packet of batch) {
          packets += 1;
          startedAt ??= packet.pts;
          seenUntil = packet.pts;
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
      // Nothing is skipped, so nothing can be audited; what an economical run counted is kept for the next one.
      audit: memory?.audit ?? NO_AUDIT,
      isCareful: true,
      remember: () => ({
        audit: memory?.audit ?? NO_AUDIT,
        scene: isLearned() ? detector.calibration() : undefined,
      }),
      [Symbol.dispose]() {
        run[Symbol.dispose]();
      },
    };
  };
