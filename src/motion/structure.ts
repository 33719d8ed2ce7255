// Tells a patch of sunlight or a lamp's cone from an object: light changes brightness smoothly over an area, an object brings
// edges of its own. Looks only at blocks that are suspicious already.

import type { Planes } from './change-map.ts';
import { BLOCK_COLUMNS, BLOCK_ROWS, BLOCK_SIDE, BLOCKS, LUMA_SIZE } from './plane-layout.ts';

const PIXELS_PER_BLOCK = BLOCK_SIDE * BLOCK_SIDE;
/** Grey levels from which a pixel's change is looked at. */
const LEAST_CHANGE = 7;
/**
 * Mean departure, in grey levels, of changed pixels from the mean change around them, under which the change is smooth.
 * Measured: sun on a street 1.8–2.7, shadow of a hand 2.1, objects 4.7 and more, mostly above 15.
 */
const SMOOTH = 3.2;
/** A change of less than this many levels may be a little rougher and still be light: texture is lit as well. */
const FAINT = 25;
/** … up to this share of the change itself; the flattest object measured (a white coat) has 0.3. */
const SMOOTH_SHARE = 0.25;

const changeAt = ({ now, reference, table }: Planes, at: number): number =>
  (now[at] ?? 0) - (table[reference[at] ?? 0] ?? 0);

const firstPixelOf = (block: number): number =>
  Math.floor(block / BLOCK_COLUMNS) * BLOCK_SIDE * LUMA_SIZE.width + (block % BLOCK_COLUMNS) * BLOCK_SIDE;

export interface SmoothnessTest {
  /** True when what changed in the `lit` blocks is light and not an object. */
  isSmooth(planes: Planes, lit: Uint8Array): boolean;
}

export const smoothnessTest = (): SmoothnessTest => {
  const sums = new Int32Array(BLOCKS);

  const sumBlocks = (planes: Planes): void => {
    for (let block = 0; block < BLOCKS; block++) {
      const first = firstPixelOf(block);
      let sum = 0;
      for (let y = 0; y < BLOCK_SIDE; y++) {
        for (let x = 0; x < BLOCK_SIDE; x++) sum += changeAt(planes, first + y * LUMA_SIZE.width + x);
      }
      sums[block] = sum;
    }
  };

  /** Mean change over a block and its neighbours. */
  const meanAround = (block: number): number => {
    const row = Math.floor(block / BLOCK_COLUMNS);
    const column = block % BLOCK_COLUMNS;
    let sum = 0;
    let blocks = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(BLOCK_ROWS - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(BLOCK_COLUMNS - 1, column + 1); x++) {
        sum += sums[y * BLOCK_COLUMNS + x] ?? 0;
        blocks += 1;
      }
    }
    return sum / (blocks * PIXELS_PER_BLOCK);
  };

  return {
    isSmooth(planes, lit) {
      sumBlocks(planes);
      let changed = 0;
      let departure = 0;
      let amplitude = 0;
      for (let block = 0; block < BLOCKS; block++) {
        if (lit[block] === 0) continue;
        const mean = meanAround(block);
        const first = firstPixelOf(block);
        for (let y = 0; y < BLOCK_SIDE; y++) {
          for (let x = 0; x < BLOCK_SIDE; x++) {
            const at = first + y * LUMA_SIZE.width + x;
            if (planes.strictness[at] === 0) continue;
            const change = changeAt(planes, at);
            if (Math.abs(change) < LEAST_CHANGE) continue;
            changed += 1;
            amplitude += Math.abs(change);
            departure += Math.abs(change - mean);
          }
        }
      }
      if (changed === 0) return false;
      const rough = departure / changed;
      return rough < SMOOTH || (amplitude / changed < FAINT && rough < (SMOOTH_SHARE * amplitude) / changed);
    },
  };
};
