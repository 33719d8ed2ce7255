// The owner's word on how much change is needed, over what the detector says. It counts a reading the way `pastReplay` counts a
// kept second, so that what was tried on the past is what happens from now on.

import { isEnough, MOST_FAINT, pixelsOfScore } from '../domain/readings.ts';
import type { Reading } from '../domain/signal.ts';
import type { MotionEngineFactory } from './motion-engine.ts';

const pixelsOf = ({ isMotion, score, cells }: Reading): number => {
  if (!isMotion) return pixelsOfScore(Math.min(score, MOST_FAINT));
  return cells ? cells.reduce((sum, pixels) => sum + pixels, 0) : pixelsOfScore(score);
};

/** @param threshold factor on the change that is needed; 1 changes nothing */
export const thresholdEngine = (open: MotionEngineFactory, threshold: number): MotionEngineFactory => {
  if (threshold === 1) return open;
  return (format) => {
    const engine = open(format);
    return {
      feed: (batch) =>
        engine.feed(batch).map((reading) => {
          const isMotion = reading.score > 0 && isEnough(pixelsOf(reading), threshold);
          return isMotion === reading.isMotion ? reading : { ...reading, isMotion };
        }),
      get pace() {
        return engine.pace;
      },
      get decodedShare() {
        return engine.decodedShare;
      },
      [Symbol.dispose]() {
        engine[Symbol.dispose]();
      },
    };
  };
};
