// Brightness planes at about 5 a second to readings. Pure: everything it knows came in through `fold`.
// All arrays are made once; a fold allocates nothing but the readings it returns.

import type { Luma } from '../domain/camera.ts';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { rasterAreas } from './area-raster.ts';
import { changeMap, countChanges } from './change-map.ts';
import { chronicFloor, excessOf, teachFloor } from './chronic-floor.ts';
import { clockMask } from './clock-mask.ts';
import { confirmation } from './confirmation.ts';
import { lightFitter } from './light-fit.ts';
import { type NoiseRules, noiseMap } from './noise-map.ts';
import {
  BLOCK_COLUMNS,
  BLOCKS,
  CELL_COLUMNS,
  CELLS,
  LUMA_SIZE,
  PIXELS,
  WINDOW_COLUMNS,
  WINDOW_ROWS,
  WINDOW_SIDE,
  WINDOWS,
} from './plane-layout.ts';

export interface DetectorRules {
  /** Samples between the two planes that are compared. */
  readonly lag: number;
  /** Noise between planes of one group of pictures, and across a key frame (whose coarser coding makes the picture pump). */
  readonly noise: { readonly within: NoiseRules; readonly across: NoiseRules };
  /** Changed pixels in a window, beyond its chronic floor, that make a sample suspicious. */
  readonly leastExcess: number;
  /** Time after the first sample in which nothing is reported: noise maps and clock mask are being learned. */
  readonly warmUpMs: number;
}

/** For every picture of a stream, sampled at 5 fps. */
export const SAMPLED_RULES: DetectorRules = {
  lag: 3,
  noise: {
    within: { floor: 7, factor: 5, rateShift: 6, reach: 255 },
    across: { floor: 7, factor: 5, rateShift: 5, reach: 255 },
  },
  leastExcess: 4,
  warmUpMs: 20_000,
};

/** Mean shift of light, in grey levels, that is a lamp or a cloud and not a scene: readings are muted for a moment. */
const LIGHT_SHIFT = 8;
/** Share of points that must agree before a change is believed to be light: big near objects look like light otherwise. */
const LIGHT_INLIERS = 0.8;
/** Share of changed pixels beyond which the whole picture changed: a switch of day and night, a camera that was turned. */
const WHOLE_PICTURE = 0.5;
/** How long a whole-picture change mutes: the lag plus two samples of settling. */
const MUTE_MS = 900;

/** The background follows by one grey level every third sample: 1.7 levels a second at 5 fps. */
const BACKGROUND_EVERY = 3;
/** Share of changed pixels that must show something new for the change to be motion now, not the gap it left. */
const PRESENT_SHARE = 0.2;
const CELL_PIXELS = PIXELS / CELLS;
const IDENTITY: Uint8Array = Uint8Array.from({ length: 256 }, (_, level) => level);

/** Changed pixels to 0..1, by their logarithm: 4 pixels (one far person) 0.2, 1000 (a car that fills the yard) 1. */
const scoreOf = (changed: number): number => (changed <= 0 ? 0 : Math.min(1, Math.log2(1 + changed) / 10));

/** What the last fold saw, for engines that decide how much to decode. */
export interface Sight {
  /** Largest excess over the chronic floor of any window, in pixels; 0 while muted or warming up. */
  readonly excess: number;
  readonly isSuspicious: boolean;
}

export interface LumaDetector {
  /** Folds the next sample (in order of `pts`) and appends the readings that became certain, oldest first. */
  fold(luma: Luma, readings: Reading[]): Sight;
  /** Appends what is still undecided: nothing will follow. */
  finish(readings: Reading[]): void;
}

export interface DetectorOptions {
  readonly areas?: readonly Area[];
  readonly rules?: DetectorRules;
}

export const lumaDetector = ({ areas = [], rules = SAMPLED_RULES }: DetectorOptions = {}): LumaDetector => {
  const ring = Array.from({ length: rules.lag + 1 }, () => new Uint8Array(PIXELS));
  const keys = new Uint8Array(rules.lag + 1);
  const within = noiseMap(PIXELS, rules.noise.within);
  const across = noiseMap(PIXELS, rules.noise.across);
  const background = new Uint8Array(PIXELS);
  const owner = new Uint8Array(PIXELS);
  const strictness = new Uint8Array(PIXELS);
  const changes = changeMap();
  const floor = chronicFloor(WINDOWS);
  const fitter = lightFitter(LUMA_SIZE.width, LUMA_SIZE.height);
  const clock = clockMask(LUMA_SIZE.width, LUMA_SIZE.height);
  const judge = confirmation();
  const sight = { excess: 0, isSuspicious: false };
  const lit = new Uint8Array(BLOCKS);
  let samples = 0;
  let startedAt = 0;
  let mutedUntil = Number.NEGATIVE_INFINITY;
  rasterAreas(owner, areas);
  strictness.set(owner);

  const slotOf = (back: number): number => (samples - back) % (rules.lag + 1);
  const planeAt = (back: number): Uint8Array => ring[slotOf(back)] ?? background;

  /** True when a key frame lies between the two compared planes. */
  const crossesKey = (): boolean => {
    for (let back = 0; back < rules.lag; back++) if (keys[slotOf(back)] === 1) return true;
    return false;
  };

  const followBackground = (now: Uint8Array): void => {
    for (let at = 0; at < PIXELS; at++) {
      const known = background[at] ?? 0;
      const seen = now[at] ?? 0;
      if (seen > known) background[at] = known + 1;
      else if (seen < known) background[at] = known - 1;
    }
  };

  /** Sums up the windows: the largest excess, the changed and present pixels under suspicious windows. */
  const sum = { excess: 0, changed: 0, present: 0 };
  const sumWindows = (): void => {
    sum.excess = 0;
    sum.changed = 0;
    sum.present = 0;
    lit.fill(0);
    const { changed, present } = changes;
    for (let row = 0; row < WINDOW_ROWS; row++) {
      for (let column = 0; column < WINDOW_COLUMNS; column++) {
        const corner = row * BLOCK_COLUMNS + column;
        let count = 0;
        for (let down = 0; down < WINDOW_SIDE; down++) {
          const block = corner + down * BLOCK_COLUMNS;
          count += (changed[block] ?? 0) + (changed[block + 1] ?? 0) + (changed[block + 2] ?? 0);
        }
        const window = row * WINDOW_COLUMNS + column;
        const excess = excessOf(floor, window, count);
        teachFloor(floor, window, count);
        if (excess < rules.leastExcess) continue;
        if (excess > sum.excess) sum.excess = excess;
        for (let down = 0; down < WINDOW_SIDE; down++) {
          const block = corner + down * BLOCK_COLUMNS;
          lit.fill(1, block, block + WINDOW_SIDE);
        }
      }
    }
    for (let block = 0; block < lit.length; block++) {
      if (lit[block] === 0) continue;
      sum.changed += changed[block] ?? 0;
      sum.present += present[block] ?? 0;
    }
  };

  /** Share of each cell that changed, 0..255. */
  const cellGrid = (): Uint8Array => {
    const cells = new Uint8Array(CELLS);
    for (let cell = 0; cell < CELLS; cell++) {
      const column = cell % CELL_COLUMNS;
      const block = 2 * (Math.floor(cell / CELL_COLUMNS) * BLOCK_COLUMNS + column);
      const { changed } = changes;
      const count =
        (changed[block] ?? 0) +
        (changed[block + 1] ?? 0) +
        (changed[block + BLOCK_COLUMNS] ?? 0) +
        (changed[block + BLOCK_COLUMNS + 1] ?? 0);
      cells[cell] = Math.round((count * 255) / CELL_PIXELS);
    }
    return cells;
  };

  const settleLight = (reference: Uint8Array, now: Uint8Array, at: number): Uint8Array => {
    const light = fitter.fit(reference, now);
    if (light.inliers < LIGHT_INLIERS) return IDENTITY;
    if (light.shift > LIGHT_SHIFT) mutedUntil = at + MUTE_MS;
    return light.table;
  };

  return {
    fold(luma, readings) {
      const now = planeAt(0);
      now.set(luma.pixels);
      keys[slotOf(0)] = luma.isKey ? 1 : 0;
      if (samples === 0) {
        background.set(now);
        startedAt = luma.pts;
      }
      sight.excess = 0;
      sight.isSuspicious = false;
      let score = 0;
      let isPresent = false;
      if (samples > 0 && clock.fold(planeAt(1), now, Math.floor(luma.pts / 1000))) {
        strictness.set(owner);
        clock.apply(strictness);
      }
      if (samples >= rules.lag) {
        const reference = planeAt(rules.lag);
        const table = settleLight(reference, now, luma.pts);
        const noise = crossesKey() ? across : within;
        countChanges(changes, { now, reference, table, background, strictness }, noise, true);
        if (changes.total > PIXELS * WHOLE_PICTURE) mutedUntil = luma.pts + MUTE_MS;
        const isMuted = luma.pts < mutedUntil;
        sumWindows();
        if (isMuted) background.set(now);
        if (!isMuted && luma.pts - startedAt >= rules.warmUpMs) {
          score = scoreOf(sum.changed);
          sight.excess = sum.excess;
          sight.isSuspicious = sum.excess > 0;
          isPresent = sum.present >= PRESENT_SHARE * sum.changed;
        }
      }
      judge.push(
        {
          pts: luma.pts,
          score,
          isSuspicious: sight.isSuspicious,
          isPresent,
          cells: sight.isSuspicious ? cellGrid() : undefined,
        },
        readings,
      );
      if (samples % BACKGROUND_EVERY === 0) followBackground(now);
      samples += 1;
      return sight;
    },
    finish(readings) {
      judge.finish(readings);
    },
  };
};
