// Finds a burnt-in clock by its ticking seconds and says which pixels it covers. The clock is the largest single source of
// false motion: without a mask its tens digit alone triggers every ten seconds.

import type { Ms } from '../domain/units.ts';

/** Cells of 4 × 4 pixels: one digit of a clock in a 640 × 360 picture is about 3 × 4 pixels here. */
const CELL_SHIFT = 2;
/** Share of the picture's height, above and below, where cameras write. */
const STRIP = 0.17;
/** Grey levels between two samples that make a tick: digits are white on black or on the scene. */
const TICK_LEVELS = 14;
/** Grey levels that a digit stays within between its ticks; leaves and traffic do not. */
const QUIET_LEVELS = 7;
/** A seconds digit changes once a second; encoders may need a second picture to finish it. */
const MOST_TICKS = 2;
/** Samples a second in which it may stir otherwise: the encoder sharpens a fresh digit. */
const MOST_UNQUIET = 1;
/** Seconds before a verdict: so few are believed only when every one of them ticked. */
const FIRST_VERDICT = 4;
/** Share of seconds with a tick that makes a clock: not every step of a digit changes every cell of it. */
const LEAST_SHARE = 0.55;
/** A clock's ticks come at one phase of the stream's second, or astride two; traffic and leaves come at all of them. */
const PHASES = 5;
const LEAST_IN_PHASE = 0.8;
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

/** A second counts from its beginning: this much of it may be missing. */
const WHOLE_MS = 250;

const UNQUIET = 1;
const TICKED = 2;

export interface ClockMask {
  /** Folds one sample. @returns true when the mask changed */
  fold(previous: Uint8Array, now: Uint8Array, pts: Ms): boolean;
  /** Clears the covered pixels of `strictness`. */
  apply(strictness: Uint8Array): void;
  /** The next sample does not continue the last: the second that was begun says nothing. */
  interrupt(): void;
  /** The ticking cells, to begin another mask with. */
  seeds(): Uint8Array;
  seed(cells: Uint8Array): void;
}

export const clockMask = (width: number, height: number): ClockMask => {
  const columns = Math.ceil(width / (1 << CELL_SHIFT));
  const rows = Math.ceil(height / (1 << CELL_SHIFT));
  const strip = Math.ceil(height * STRIP);
  const ticked = new Uint8Array(columns * rows);
  const ticks = new Uint8Array(columns * rows);
  const unquiet = new Uint8Array(columns * rows);
  const seconds = new Uint16Array(columns * rows);
  const phases = new Uint16Array(columns * rows * PHASES);
  const seeds = new Uint8Array(columns * rows);
  let second = -1;
  let counted = 0;
  let sinceSeed = 0;
  let isFound = false;
  /** False for a second of which the beginning was not seen. */
  let isWhole = false;

  const tick = (previous: Uint8Array, now: Uint8Array, phase: number): void => {
    ticked.fill(0);
    for (let y = 0; y < height; y++) {
      if (y === strip) y = height - strip;
      const firstCell = (y >> CELL_SHIFT) * columns;
      for (let x = 0; x < width; x++) {
        const off = (now[y * width + x] ?? 0) - (previous[y * width + x] ?? 0);
        const change = off < 0 ? -off : off;
        if (change <= QUIET_LEVELS) continue;
        const cell = firstCell + (x >> CELL_SHIFT);
        if (change > TICK_LEVELS) ticked[cell] = TICKED;
        else if (ticked[cell] === 0) ticked[cell] = UNQUIET;
      }
    }
    for (let cell = 0; cell < ticked.length; cell++) {
      if (ticked[cell] === TICKED) {
        ticks[cell] = (ticks[cell] ?? 0) + 1;
        const slot = cell * PHASES + phase;
        phases[slot] = (phases[slot] ?? 0) + 1;
      } else if (ticked[cell] === UNQUIET) unquiet[cell] = (unquiet[cell] ?? 0) + 1;
    }
  };

  const isInPhase = (cell: number): boolean => {
    let total = 0;
    let best = 0;
    for (let phase = 0; phase < PHASES; phase++) {
      const here = phases[cell * PHASES + phase] ?? 0;
      const next = phases[cell * PHASES + ((phase + 1) % PHASES)] ?? 0;
      total += here;
      best = Math.max(best, here + next);
    }
    return best >= total * LEAST_IN_PHASE;
  };

  const isTicking = (cell: number): boolean => {
    // Few seconds need a larger share: 4 of 4, 5 of 6, 7 of 10, then the lasting one.
    const least = Math.max(LEAST_SHARE * counted, Math.min(counted, 3 + 0.4 * counted));
    return (seconds[cell] ?? 0) >= least && isInPhase(cell);
  };

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
      if (times > 0 && times <= MOST_TICKS && (unquiet[cell] ?? 0) <= MOST_UNQUIET)
        seconds[cell] = (seconds[cell] ?? 0) + 1;
    }
    if (counted >= MEMORY) {
      counted >>= 1;
      for (let cell = 0; cell < seconds.length; cell++) seconds[cell] = (seconds[cell] ?? 0) >> 1;
      for (let slot = 0; slot < phases.length; slot++) phases[slot] = (phases[slot] ?? 0) >> 1;
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
    fold(previous, now, pts) {
      const at = Math.floor(pts / 1000);
      let isChanged = false;
      if (at !== second) {
        if (second >= 0) {
          if (isWhole && at === second + 1) isChanged = endSecond();
          ticks.fill(0);
          unquiet.fill(0);
        }
        isWhole = second >= 0 || pts - at * 1000 < WHOLE_MS;
        second = at;
      }
      tick(previous, now, Math.floor(((pts - at * 1000) * PHASES) / 1000));
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
    seeds: () => seeds.slice(),
    seed(cells) {
      seeds.set(cells);
      isFound = seeds.includes(1);
    },
    interrupt() {
      second = -1;
      isWhole = false;
      ticks.fill(0);
      unquiet.fill(0);
    },
  };
};
