// The thresholds of the luma detector, in two sets: for pictures five times a second, and for key frames only.

import { SUSPICIOUS_PIXELS } from '../domain/readings.ts';
import type { FloorRules } from './chronic-floor.ts';
import type { NoiseRules } from './noise-map.ts';
import type { ReturnRules } from './return-map.ts';

export interface DetectorRules {
  /** Most samples between the two planes that are compared; fewer when samples are sparse. */
  readonly lag: number;
  /** Time between them that is enough. */
  readonly lagMs: number;
  /** Noise between planes of one group of pictures, and across a key frame (whose coarser coding makes the picture pump). */
  readonly noise: { readonly within: NoiseRules; readonly across: NoiseRules };
  readonly floor: FloorRules;
  /** What pixels keep coming back to is no change; undefined: not looked at. */
  readonly returns: ReturnRules | undefined;
  /** Changed pixels in a window, beyond its chronic floor, that make a sample suspicious. */
  readonly leastExcess: number;
  /** Samples on each side among which a suspicious sample needs a second one; 0 believes each at once. */
  readonly confirmWithin: number;
  /** How long a change of the whole picture (light, day and night) mutes. */
  readonly muteMs: number;
  /** Time after the first sample in which nothing is reported: noise maps and clock mask are being learned. */
  readonly warmUpMs: number;
}

/** Grey levels under which a change is the encoder's quantiser. */
const QUANTISER_LEVELS = 7;
/** Multiple of a pixel's mean change: 5 keeps false triggers at 10 an hour of noisy night, 4 doubles them. */
const NOISE_FACTOR = 5;
/** No limit to what one sample teaches: leaves must be learned within seconds. */
const ANY_REACH = 255;

/** For every picture of a stream, sampled at 5 fps. */
export const SAMPLED_RULES: DetectorRules = {
  lag: 3,
  lagMs: 500,
  noise: {
    within: { floor: QUANTISER_LEVELS, factor: NOISE_FACTOR, rateShift: 6, reach: ANY_REACH },
    across: { floor: QUANTISER_LEVELS, factor: NOISE_FACTOR, rateShift: 5, reach: ANY_REACH },
  },
  // 0.12 / (0.12 + 0.01): the 92 % quantile; an event of 3 s raises it by less than two pixels.
  // Factor, measured on 34 min of calm, 9 of leaves and light, 84 happenings: 1.5 gave 6 false and 41 nuisance triggers, 2.5
  // gives 3 and 27, with the same happenings and drawn objects found; 3 gives 1 and 23, and loses 2 of 42 drawn ones. Since
  // what pixels come back to does not count, 2 finds two of 90 drawn ones more than 2.5, for one false trigger in 51 minutes.
  floor: { up: 0.12, down: 0.01, factor: 2 },
  // What each is worth: docs/reference/motion-bench.md, "What pixels come back to".
  returns: { stretchMs: 4000, forgetEvery: 16, teachStirredEvery: 6, restless: 1 },
  leastExcess: SUSPICIOUS_PIXELS,
  confirmWithin: 2,
  // The lag plus two samples of settling.
  muteMs: 900,
  warmUpMs: 20_000,
};

/**
 * For key frames only, some two seconds apart. The map must learn fast (at 1/64 it takes two minutes and the cascade stays
 * open), so it may not learn from moving pixels: six levels above its own mean at most.
 */
export const KEY_RULES: DetectorRules = {
  lag: 1,
  lagMs: 0,
  noise: {
    within: { floor: QUANTISER_LEVELS, factor: NOISE_FACTOR, rateShift: 4, reach: 6 },
    across: { floor: QUANTISER_LEVELS, factor: NOISE_FACTOR, rateShift: 4, reach: 6 },
  },
  // These only have pictures decoded: rather one time too often.
  floor: { up: 0.5, down: 0.05, factor: 1.5 },
  returns: undefined,
  leastExcess: SUSPICIOUS_PIXELS,
  confirmWithin: 0,
  // A key frame's suspicion only has pictures decoded: exposure that follows a car must not keep it from that.
  muteMs: 0,
  warmUpMs: 20_000,
};
