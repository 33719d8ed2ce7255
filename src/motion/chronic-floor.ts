// What each window of the picture does all the time (leaves, water, flicker): a running high quantile of its changed pixels,
// subtracted before anything counts as motion.

export interface FloorRules {
  /** Steps up and down, in changed pixels per sample; up / (up + down) is the quantile that is followed. */
  readonly up: number;
  readonly down: number;
  /** Multiple of the quantile that a window must exceed. */
  readonly factor: number;
}

export interface ChronicFloor {
  readonly levels: Float32Array;
  readonly rules: FloorRules;
}

export const chronicFloor = (windows: number, rules: FloorRules): ChronicFloor => ({
  levels: new Float32Array(windows),
  rules,
});

/** Changed pixels of a window beyond what it always does; may be negative. */
export const excessOf = (floor: ChronicFloor, window: number, changed: number): number =>
  changed - floor.rules.factor * (floor.levels[window] ?? 0);

export const teachFloor = (floor: ChronicFloor, window: number, changed: number): void => {
  const level = floor.levels[window] ?? 0;
  floor.levels[window] = changed > level ? level + floor.rules.up : Math.max(0, level - floor.rules.down);
};

/** What so many samples in which nothing moved would have taught. */
export const relaxFloor = ({ levels, rules }: ChronicFloor, samples: number): void => {
  const fallen = rules.down * samples;
  for (let window = 0; window < levels.length; window++) levels[window] = Math.max(0, (levels[window] ?? 0) - fallen);
};
