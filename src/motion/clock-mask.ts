// Finds a burnt-in clock by its ticking seconds and says which pixels it covers. The clock is the largest single source of
// false motion: without a mask its tens digit alone triggers every ten seconds.

/** Cells of 4 × 4 pixels: one digit of a clock in a 640 × 360 picture is about 3 × 4 pixels here. */
const CELL_SHIFT = 2;
/** Share of the picture's height, above and below, where cameras write. */
const STRIP = 0.17;
/** Grey levels between two samples that make a tick: digits are white on black or on the scene. */
const TICK_LEVELS = 14;
/** A seconds digit changes once a second; encoders may need a second picture to finish it. */
const MOST_TICKS = 2;
/** Seconds before a verdict. */
const FIRST_VERDICT = 6;
/** Share of seconds with a tick that makes a clock; leaves and traffic stay below or are not alone. */
const LEAST_SHARE = 0.55;
/** Ticking cells within two cells around: more is a moving scene, not a digit. */
const MOST_NEIGHBOURS = 9;
/** Seconds without a ticking cell after which the mask is dropped. */
const FORGET_AFTER = 60;
/** Counts are halved when they reach this many seconds, so that a scene may change. */
const MEMORY = 120;
/** Pixels that are masked around a ticking cell: the time stands left of its seconds. */
const LEFT = 44;
const RIGHT = 12;
const CELLS_ABOVE_AND_BELOW = 1;

export interface ClockMask {
  /** Folds one sample. @returns true when the mask changed */
  fold(previous: Uint8Array, now: Uint8Array, second: number): boolean;
  /** Clears the covered pixels of `strictness`. */
  apply(strictness: Uint8Array): void;
  readonly isFound: boolean;
}

export const clockMask = (width: number, height: number): ClockMask => {
  const columns = Math.ceil(width / (1 << CELL_SHIFT));
  const rows = Math.ceil(height / (1 << CELL_SHIFT));
  const strip = Math.ceil(height * STRIP);
  const ticked = new Uint8Array(columns * rows);
  const ticks = new Uint8Array(columns * rows);
  const seconds = new Uint16Array(columns * rows);
  const seeds = new Uint8Array(columns * rows);
  let second = -1;
  let counted = 0;
  let sinceSeed = 0;
  let isFound = false;

  const tick = (previous: Uint8Array, now: Uint8Array): void => {
    ticked.fill(0);
    for (let y = 0; y < height; y++) {
      if (y === strip) y = height - strip;
      const firstCell = (y >> CELL_SHIFT) * columns;
      for (let x = 0; x < width; x++) {
        const off = (now[y * width + x] ?? 0) - (previous[y * width + x] ?? 0);
        if (off > TICK_LEVELS || off < -TICK_LEVELS) ticked[firstCell + (x >> CELL_SHIFT)] = 1;
      }
    }
    for (let cell = 0; cell < ticked.length; cell++) ticks[cell] = (ticks[cell] ?? 0) + (ticked[cell] ?? 0);
  };

  const isTicking = (cell: number): boolean => (seconds[cell] ?? 0) > counted * LEAST_SHARE;

  const neighbours = (column: number, row: number): number => {
    let found = -1;
    for (let y = Math.max(0, row - 2); y <= Math.min(rows - 1, row + 2); y++) {
      for (let x = Math.max(0, column - 2); x <= Math.min(columns - 1, column + 2); x++) {
        if (isTicking(y * columns + x)) found += 1;
      }
    }
    return found;
  };

  /** @returns true when a seed appeared */
  const judge = (): boolean => {
    let isNew = false;
    let isAny = false;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        if (!isTicking(cell) || neighbours(column, row) > MOST_NEIGHBOURS) continue;
        isAny = true;
        if (seeds[cell] === 0) isNew = true;
        seeds[cell] = 1;
      }
    }
    sinceSeed = isAny ? 0 : sinceSeed + 1;
    return isNew;
  };

  const endSecond = (): boolean => {
    counted += 1;
    for (let cell = 0; cell < ticks.length; cell++) {
      const times = ticks[cell] ?? 0;
      if (times > 0 && times <= MOST_TICKS) seconds[cell] = (seconds[cell] ?? 0) + 1;
    }
    ticks.fill(0);
    if (counted >= MEMORY) {
      counted >>= 1;
      for (let cell = 0; cell < seconds.length; cell++) seconds[cell] = (seconds[cell] ?? 0) >> 1;
    }
    if (counted < FIRST_VERDICT) return false;
    const isNew = judge();
    if (isFound && sinceSeed >= FORGET_AFTER) {
      seeds.fill(0);
      isFound = false;
      return true;
    }
    isFound ||= isNew;
    return isNew;
  };

  return {
    fold(previous, now, at) {
      let isChanged = false;
      if (at !== second) {
        if (second >= 0) isChanged = endSecond();
        second = at;
      }
      tick(previous, now);
      return isChanged;
    },
    apply(strictness) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          if (seeds[row * columns + column] === 0) continue;
          const left = Math.max(0, (column << CELL_SHIFT) - LEFT);
          const right = Math.min(width, ((column + 1) << CELL_SHIFT) + RIGHT);
          const top = Math.max(0, (row - CELLS_ABOVE_AND_BELOW) << CELL_SHIFT);
          const bottom = Math.min(height, (row + 1 + CELLS_ABOVE_AND_BELOW) << CELL_SHIFT);
          for (let y = top; y < bottom; y++) strictness.fill(0, y * width + left, y * width + right);
        }
      }
    },
    get isFound() {
      return isFound;
    },
  };
};
