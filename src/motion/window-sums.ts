// From changed pixels per block to what is suspicious: windows over their chronic floor, and the blocks under them.

import type { ChangeMap } from './change-map.ts';
import { type ChronicFloor, excessOf, teachFloor } from './chronic-floor.ts';
import {
  BLOCK_COLUMNS,
  BLOCKS,
  CELL_COLUMNS,
  CELLS,
  WINDOW_COLUMNS,
  WINDOW_ROWS,
  WINDOW_SIDE,
} from './plane-layout.ts';

export interface WindowSums {
  /** Largest excess of any window over its floor, in pixels; 0 when none is suspicious. */
  excess: number;
  /** Largest excess of any window, suspicious or not, and which one that is. */
  strongest: number;
  window: number;
  /** Under suspicious windows: changed pixels, those that show something new, their change since the sample before, the usual. */
  changed: number;
  present: number;
  recent: number;
  usual: number;
  /** 1 for each block under a suspicious window. */
  readonly lit: Uint8Array;
}

export const windowSums = (): WindowSums => ({
  excess: 0,
  strongest: 0,
  window: 0,
  changed: 0,
  present: 0,
  recent: 0,
  usual: 0,
  lit: new Uint8Array(BLOCKS),
});

/** Fills `into` and teaches `floor`. */
export const sumWindows = (into: WindowSums, changes: ChangeMap, floor: ChronicFloor, leastExcess: number): void => {
  const { lit } = into;
  const { changed, present, recent, usual } = changes;
  into.excess = 0;
  into.strongest = 0;
  into.changed = 0;
  into.present = 0;
  into.recent = 0;
  into.usual = 0;
  lit.fill(0);
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
      if (excess > into.strongest) {
        into.strongest = excess;
        into.window = window;
      }
      if (excess < leastExcess) continue;
      for (let down = 0; down < WINDOW_SIDE; down++) {
        const block = corner + down * BLOCK_COLUMNS;
        lit.fill(1, block, block + WINDOW_SIDE);
      }
    }
  }
  if (into.strongest < leastExcess) return;
  into.excess = into.strongest;
  for (let block = 0; block < BLOCKS; block++) {
    if (lit[block] === 0) continue;
    into.changed += changed[block] ?? 0;
    into.present += present[block] ?? 0;
    into.recent += recent[block] ?? 0;
    into.usual += usual[block] ?? 0;
  }
};

/** The cell in the middle of a window. */
export const cellOfWindow = (window: number): number => {
  const row = (Math.floor(window / WINDOW_COLUMNS) + 1) >> 1;
  const column = ((window % WINDOW_COLUMNS) + 1) >> 1;
  return row * CELL_COLUMNS + column;
};

/** Changed pixels of each cell under suspicious windows: a cell has a hundred, so they are its percent. */
export const cellGrid = ({ changed }: ChangeMap, { lit }: WindowSums): Uint8Array => {
  const cells = new Uint8Array(CELLS);
  for (let block = 0; block < BLOCKS; block++) {
    if (lit[block] === 0) continue;
    const row = Math.floor(block / BLOCK_COLUMNS) >> 1;
    const cell = row * CELL_COLUMNS + ((block % BLOCK_COLUMNS) >> 1);
    cells[cell] = (cells[cell] ?? 0) + (changed[block] ?? 0);
  }
  return cells;
};
