// Learns a scene from samples that are all at hand (a recording), so that judging can begin with the first of them.
// Unlike the running maps it may look at all samples at once, and leaves out the busiest share of each pixel's: that is motion.

import type { Luma } from '../domain/camera.ts';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { clockMask } from './clock-mask.ts';
import { SAMPLED_RULES } from './detector-rules.ts';
import { lightFitter } from './light-fit.ts';
import { type Calibration, lumaDetector } from './luma-detector.ts';
import { NOISE_FRACTION } from './noise-map.ts';
import { LUMA_SIZE, PIXELS } from './plane-layout.ts';
import { doubted } from './return-map.ts';

/** Share of a pixel's samples that are believed to be calm, the quietest first. */
const CALM_SHARE = 0.7;
/** Mean of |x| over the mean of its quietest 70 %, for Gaussian noise. */
const TRIM_CORRECTION = 1.69;
/** Grey levels: a pixel that seems noisier than this is taken for one where something moves most of the time. */
const MOST_NOISE = 5;
/** Share of the chronic floor that is kept: it was learned from the very motion that is to be judged. */
const FLOOR_SHARE = 0.5;
/** Differences are counted up to this many grey levels. */
const LEVELS = 32;

/** Pairs of key frames from which their own noise is believed. */
const FEWEST_KEYS = 5;

interface Histogram {
  readonly counts: Uint16Array;
  samples: number;
}

const histogram = (): Histogram => ({ counts: new Uint16Array(PIXELS * LEVELS), samples: 0 });

const count = (into: Histogram, now: Uint8Array, reference: Uint8Array, table: Uint8Array): void => {
  for (let at = 0; at < PIXELS; at++) {
    const off = Math.abs((now[at] ?? 0) - (table[reference[at] ?? 0] ?? 0));
    const slot = at * LEVELS + (off < LEVELS ? off : LEVELS - 1);
    into.counts[slot] = (into.counts[slot] ?? 0) + 1;
  }
  into.samples += 1;
};

const trimmedMeans = ({ counts, samples }: Histogram): Int32Array => {
  const means = new Int32Array(PIXELS);
  const kept = Math.max(1, Math.floor(samples * CALM_SHARE));
  for (let at = 0; at < PIXELS; at++) {
    let left = kept;
    let sum = 0;
    for (let level = 0; level < LEVELS && left > 0; level++) {
      const here = Math.min(left, counts[at * LEVELS + level] ?? 0);
      sum += here * level;
      left -= here;
    }
    const mean = Math.min(MOST_NOISE, (sum / kept) * TRIM_CORRECTION);
    means[at] = Math.round(mean * (1 << NOISE_FRACTION));
  }
  return means;
};

/** @param samples in order, as the detector would get them; their pixels must stay valid */
export const calibrate = (samples: readonly Luma[], areas: readonly Area[] = []): Calibration => {
  const fitter = lightFitter(LUMA_SIZE.width, LUMA_SIZE.height);
  const clock = clockMask(LUMA_SIZE.width, LUMA_SIZE.height);
  const within = histogram();
  const across = histogram();
  const keys = histogram();
  let key: Luma | undefined;
  for (const [index, luma] of samples.entries()) {
    const previous = samples[index - 1];
    if (previous) clock.fold(previous.pixels, luma.pixels, luma.pts);
    if (luma.isKey) {
      if (key) count(keys, luma.pixels, key.pixels, fitter.fit(key.pixels, luma.pixels).table);
      key = luma;
    }
    let lag = 1;
    const isFar = (back: number): boolean => luma.pts - (samples[index - back]?.pts ?? 0) >= SAMPLED_RULES.lagMs;
    while (lag < SAMPLED_RULES.lag && index > lag && !isFar(lag)) lag += 1;
    const reference = samples[index - lag];
    if (!reference) continue;
    const crossesKey = samples.slice(index - lag + 1, index + 1).some((sample) => sample.isKey);
    const { table } = fitter.fit(reference.pixels, luma.pixels);
    count(crossesKey ? across : within, luma.pixels, reference.pixels, table);
  }
  // A map that saw nothing borrows the other's: every picture a key frame, or one key frame in the whole recording.
  const maps = {
    within: trimmedMeans(within.samples > 0 ? within : across),
    across: trimmedMeans(across.samples > 0 ? across : within),
    keys: trimmedMeans(keys.samples >= FEWEST_KEYS ? keys : across.samples > 0 ? across : within),
  };
  const first: Calibration = { ...maps, floor: new Float32Array(0), returns: undefined, clock: clock.seeds() };
  const detector = lumaDetector({ areas, prior: first });
  const readings: Reading[] = [];
  for (const luma of samples) detector.fold(luma, readings);
  const learned = detector.calibration();
  const floor = learned.floor.map((level) => level * FLOOR_SHARE);
  return { ...first, floor, returns: learned.returns && doubted(learned.returns) };
};
