// Which grey levels each pixel keeps coming back to. Leaves, grass, flags and flickering light show few levels again and again;
// whoever comes brings levels that are new there. Levels are 32 bins of 8, so a set of them is one integer, and how often each was
// seen is counted for all 32 at once, bit by bit. Four pixels share a set: a leaf moves by a pixel, and it is a quarter of the memory.

import { NOISE_FRACTION } from './noise-map.ts';
import { BLOCK_COLUMNS, BLOCK_SIDE, BLOCKS, LUMA_SIZE, PIXELS } from './plane-layout.ts';

export interface ReturnRules {
  /** A level counts once in each stretch of time so long in which it was seen. Leaves are back in most of them. */
  readonly stretchMs: number;
  /** Levels that were not seen are forgotten by one count every so many stretches. */
  readonly forgetEvery: number;
  /** Where something was suspicious, only one stretch in so many teaches: who paces or works at one place stays new. */
  readonly teachStirredEvery: number;
  /** Mean change of a restless pixel, in grey levels. Sensor noise leaves 0.5 to 1. */
  readonly restless: number;
}

export interface ReturnMap {
  readonly rules: ReturnRules;
  /** Levels seen in the present stretch, of each quad. */
  readonly seen: Uint32Array;
  /** In how many stretches each level was seen, 3 at most: the bits worth one, and those worth two. */
  readonly ones: Uint32Array;
  readonly twos: Uint32Array;
  /** 1 for each pixel that was restless when the last stretch ended: what has just begun makes none so. */
  readonly restless: Uint8Array;
  /** Per block: in how many stretches, counting the present one, nothing may be taught; 2 where it is suspicious now. */
  readonly stirred: Uint8Array;
  stretches: number;
  startedAt: number | undefined;
}

/** What of a map outlives its detector. */
export type KnownReturns = Pick<ReturnMap, 'ones' | 'twos' | 'restless'>;

const LEVEL_SHIFT = 3;
/** Quads of 2 × 2 pixels. */
const QUAD_COLUMNS = LUMA_SIZE.width / 2;
const QUAD_ROWS = LUMA_SIZE.height / 2;
const QUADS = QUAD_COLUMNS * QUAD_ROWS;
/** A block is left alone in the stretch in which it was suspicious, and in the next. */
const STIRRED = 2;
const MOST_COUNTS = 3;

export const returnMap = (rules: ReturnRules, known?: KnownReturns): ReturnMap => ({
  rules,
  seen: new Uint32Array(QUADS),
  ones: known?.ones.slice() ?? new Uint32Array(QUADS),
  twos: known?.twos.slice() ?? new Uint32Array(QUADS),
  restless: known?.restless.slice() ?? new Uint8Array(PIXELS),
  stirred: new Uint8Array(BLOCKS),
  stretches: 0,
  startedAt: undefined,
});

/** Takes one count off every level, except those in `kept`. */
const takeOff = ({ ones, twos }: Pick<KnownReturns, 'ones' | 'twos'>, kept?: Uint32Array): void => {
  for (let at = 0; at < QUADS; at++) {
    const one = ones[at] ?? 0;
    const two = twos[at] ?? 0;
    const counted = (one | two) & ~(kept?.[at] ?? 0);
    ones[at] = one ^ counted;
    twos[at] = two ^ (counted & ~one);
  }
};

/** A copy of what is known. */
export const knownReturns = ({ ones, twos, restless }: KnownReturns): KnownReturns => ({
  ones: ones.slice(),
  twos: twos.slice(),
  restless: restless.slice(),
});

/** The same, one count less: it was learned from the very pictures that are to be judged by it. */
export const doubted = (known: KnownReturns): KnownReturns => {
  const less = knownReturns(known);
  takeOff(less);
  return less;
};

const endStretch = (map: ReturnMap, noise: Int32Array): void => {
  const { seen, ones, twos, restless, stirred, rules } = map;
  const least = rules.restless * (1 << NOISE_FRACTION);
  for (let at = 0; at < QUADS; at++) {
    const one = ones[at] ?? 0;
    const two = twos[at] ?? 0;
    const counted = (seen[at] ?? 0) & ~(one & two);
    ones[at] = one ^ counted;
    twos[at] = two ^ (counted & one);
  }
  for (let at = 0; at < PIXELS; at++) restless[at] = (noise[at] ?? 0) > least ? 1 : 0;
  map.stretches += 1;
  if (map.stretches % rules.forgetEvery === 0) takeOff(map, seen);
  seen.fill(0);
  for (let block = 0; block < BLOCKS; block++) stirred[block] = Math.max(0, (stirred[block] ?? 0) - 1);
};

/**
 * Folds one plane.
 * @param noise each pixel's mean change, as in a noise map
 * @param lit 1 for each block that is suspicious now; undefined when none is
 */
export const teachReturns = (
  map: ReturnMap,
  now: Uint8Array,
  at: number,
  noise: Int32Array,
  lit: Uint8Array | undefined,
): void => {
  const { seen, stirred, rules } = map;
  map.startedAt ??= at;
  if (at - map.startedAt >= rules.stretchMs) {
    endStretch(map, noise);
    map.startedAt = at;
  }
  if (lit) for (let block = 0; block < BLOCKS; block++) if (lit[block] === 1) stirred[block] = STIRRED;
  const teachesAll = (map.stretches + 1) % rules.teachStirredEvery === 0;
  const { width, height } = LUMA_SIZE;
  for (let y = 0; y < height; y++) {
    const firstBlock = Math.floor(y / BLOCK_SIDE) * BLOCK_COLUMNS;
    const firstQuad = (y >> 1) * QUAD_COLUMNS;
    for (let column = 0; column < BLOCK_COLUMNS; column++) {
      if (!teachesAll && stirred[firstBlock + column] !== 0) continue;
      for (let x = column * BLOCK_SIDE; x < (column + 1) * BLOCK_SIDE; x++) {
        const quad = firstQuad + (x >> 1);
        seen[quad] = (seen[quad] ?? 0) | (1 << ((now[y * width + x] ?? 0) >> LEVEL_SHIFT));
      }
    }
  }
};

/** Nobody looked for so long, and nothing came back meanwhile. */
export const forgetReturns = (map: ReturnMap, gapMs: number): void => {
  const counts = Math.floor(gapMs / (map.rules.stretchMs * map.rules.forgetEvery));
  for (let count = 0; count < Math.min(MOST_COUNTS, counts); count++) takeOff(map);
};

/** True when a restless pixel's levels were both seen in its quad, or those next to it, in two stretches at least. */
export const isReturn = ({ twos, restless }: ReturnMap, at: number, level: number, before: number): boolean => {
  if (restless[at] !== 1) return false;
  const wanted = (1 << (level >> LEVEL_SHIFT)) | (1 << (before >> LEVEL_SHIFT));
  const x = at % LUMA_SIZE.width;
  const y = (at - x) / LUMA_SIZE.width;
  const left = Math.max(0, x - 1) >> 1;
  const right = Math.min(QUAD_COLUMNS - 1, (x + 1) >> 1);
  const above = (Math.max(0, y - 1) >> 1) * QUAD_COLUMNS;
  const below = Math.min(QUAD_ROWS - 1, (y + 1) >> 1) * QUAD_COLUMNS;
  const known =
    (twos[above + left] ?? 0) | (twos[above + right] ?? 0) | (twos[below + left] ?? 0) | (twos[below + right] ?? 0);
  return (known & wanted) === wanted;
};
