// What each window of the picture does all the time (leaves, water, flicker): a running high quantile of its changed pixels,
// subtracted before anything counts as motion.

/** Steps up and down whose ratio makes the quantile: 0.12 / (0.12 + 0.01) = 92 %. In changed pixels per sample at 5 fps. */
const UP = 0.12;
const DOWN = 0.01;
/** Multiple of the quantile that a window must exceed. */
const FACTOR = 1.5;

export interface ChronicFloor {
  readonly levels: Float32Array;
}

export const chronicFloor = (windows: number): ChronicFloor => ({ levels: new Float32Array(windows) });

/** Changed pixels of a window beyond what it always does; may be negative. */
export const excessOf = (floor: ChronicFloor, window: number, changed: number): number =>
  changed - FACTOR * (floor.levels[window] ?? 0);

export const teachFloor = (floor: ChronicFloor, window: number, changed: number): void => {
  const level = floor.levels[window] ?? 0;
  floor.levels[window] = changed > level ? level + UP : Math.max(0, level - DOWN);
};
