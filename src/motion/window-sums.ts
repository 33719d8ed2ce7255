// From changed pixels per block to what is suspicious: windows over their chronic floor, and the blocks under them.

import type { ChangeMap } from './change-map.ts';
import { type ChronicFloor, excessOf, teachFloor } from './chronic-floor.ts';
import {
  BLOCK_COLUMNS,
  BLOCKS,
  CELL_COLUMNS,
  CELLS,
  PIXELS,
  WINDOW_COLUMNS,
  WINDOW_ROWS,
  WINDOW_SIDE,
} from './plane-layout.ts';

export interface WindowSums {
  /** Largest excess of any window over its floor, in pixels; 0 when none is suspicious. */
  excess: number;
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
      if (excess < leastExcess) continue;
      if (excess > into.excess) into.excess = excess;
      for (let down = 0; down < WINDOW_SIDE; down++) {
        const block = corner + down * BLOCK_COLUMNS;
        lit.fill(1, block, block + WINDOW_SIDE);
      }
    }
  }
  if (into.excess === 0) return;
  for (let block = 0; block < BLOCKS; block++) {
    if (lit[block] === 0) continue;
    into.changed += changed[block] ?? 0;
    into.present += present[block] ?? 0;
    into.recent += recent[block] ?? 0;
    into.usual += usual[block] ?? 0;
  }
};

const CELL_PIXELS = PIXELS / CELLS;

/** Share of each cell that changed, 0..255. */
export const cellGrid = ({ changed }: ChangeMap): Uint8Array => {
  const cells = new Uint8Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const block = 2 * (Math.floor(cell / CELL_COLUMNS) * BLOCK_COLUMNS + (cell % CELL_COLUMNS));
    const count =
      (changed[block] ?? 0) +
      (changed[block + 1] ?? 0) +
      (changed[block + BLOCK_COLUMNS] ?? 0) +
      (changed[block + BLOCK_COLUMNS + 1] ?? 0);
    cells[cell] = Math.round((count * 255) / CELL_PIXELS);
  }
  return cells;
};
