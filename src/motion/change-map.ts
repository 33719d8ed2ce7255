// Counts changed pixels between two brightness planes, per block, against each pixel's own noise, and learns that noise.

import { NOISE_FRACTION, type NoiseMap, rateShiftOf } from './noise-map.ts';
import { BLOCK_COLUMNS, BLOCK_SIDE, BLOCKS, LUMA_SIZE } from './plane-layout.ts';
import { isReturn, type ReturnMap } from './return-map.ts';

const COLUMN_OF: Uint8Array = Uint8Array.from({ length: LUMA_SIZE.width }, (_, x) => Math.floor(x / BLOCK_SIDE));

/** Sensitivity is a threshold multiplier in sixteenths; 0 means ignored. */
export const NORMAL_STRICTNESS = 16;
const STRICTNESS_SHIFT = 4;

export interface ChangeMap {
  /** Changed pixels per block. */
  readonly changed: Uint16Array;
  /** Of those, pixels that do not show the long-known background now: something is there, not only gone. */
  readonly present: Uint16Array;
  /** Sum over changed pixels of the change since the sample just before, in grey levels. */
  readonly recent: Uint16Array;
  /** Sum over changed pixels of their mean change when nothing happens, in grey levels. */
  readonly usual: Uint16Array;
  /** Changed pixels in the whole picture. */
  total: number;
}

export const changeMap = (): ChangeMap => ({
  changed: new Uint16Array(BLOCKS),
  present: new Uint16Array(BLOCKS),
  recent: new Uint16Array(BLOCKS),
  usual: new Uint16Array(BLOCKS),
  total: 0,
});

export interface Planes {
  readonly now: Uint8Array;
  /** The sample just before. */
  readonly previous: Uint8Array;
  readonly reference: Uint8Array;
  /** Brightness in `reference` to brightness expected now. */
  readonly table: Uint8Array;
  /** The long-known scene. */
  readonly background: Uint8Array;
  /** Threshold multiplier per pixel. */
  readonly strictness: Uint8Array;
}

/**
 * Fills `into`; teaches `noise` when `isLearning`. The hot loop of the program: one pass, integers only, nothing allocated.
 * @param returns a restless pixel that only goes back and forth between levels it keeps coming back to did not change
 */
export const countChanges = (
  into: ChangeMap,
  { now, previous, reference, table, background, strictness }: Planes,
  noise: NoiseMap,
  isLearning: boolean,
  returns: ReturnMap | undefined,
): void => {
  const { changed, present, recent, usual } = into;
  const { means, rules } = noise;
  const { width, height } = LUMA_SIZE;
  const floor = rules.floor << NOISE_FRACTION;
  const factor = rules.factor;
  const reach = rules.reach << NOISE_FRACTION;
  // A shift of 31 leaves -1 or 0: nothing is learned, without a branch in the loop.
  const shift = isLearning ? rateShiftOf(noise) : 31;
  changed.fill(0);
  present.fill(0);
  recent.fill(0);
  usual.fill(0);
  let total = 0;
  let at = 0;
  for (let y = 0; y < height; y++) {
    const firstBlock = Math.floor(y / BLOCK_SIDE) * BLOCK_COLUMNS;
    for (let x = 0; x < width; x++, at++) {
      const strict = strictness[at] ?? 0;
      if (strict === 0) continue;
      const pixel = now[at] ?? 0;
      const before = table[reference[at] ?? 0] ?? 0;
      const off = pixel - before;
      const difference = (off < 0 ? -off : off) << NOISE_FRACTION;
      const mean = means[at] ?? 0;
      const own = mean * factor;
      const threshold = ((own > floor ? own : floor) >> STRICTNESS_SHIFT) * strict;
      if (difference > threshold && !(returns && isReturn(returns, at, pixel, before))) {
        const block = firstBlock + (COLUMN_OF[x] ?? 0);
        changed[block] = (changed[block] ?? 0) + 1;
        total += 1;
        const since = pixel - (previous[at] ?? 0);
        recent[block] = (recent[block] ?? 0) + (since < 0 ? -since : since);
        usual[block] = (usual[block] ?? 0) + (mean >> NOISE_FRACTION);
        const from = pixel - (background[at] ?? 0);
        if ((from < 0 ? -from : from) << NOISE_FRACTION > threshold) present[block] = (present[block] ?? 0) + 1;
      }
      const lesson = difference - mean < reach ? difference : mean + reach;
      means[at] = mean + ((lesson - mean) >> shift);
    }
  }
  into.total = total;
  if (isLearning) noise.samples += 1;
};
