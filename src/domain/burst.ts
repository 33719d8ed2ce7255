// Several pictures of one happening, sent one by one: which belong together, and which of them is the before, the peak and the
// calm one. Pure; what differs is measured by the caller.

import type { StillKind } from './still.ts';
import { between, type EpochMs, type Ms } from './units.ts';

/** Splits pictures, oldest first, wherever more than `gap` lies between two. */
export const bursts = <T>(
  pictures: readonly T[],
  takenAt: (picture: T) => EpochMs,
  gap: Ms,
): readonly (readonly T[])[] => {
  const split: T[][] = [];
  for (const picture of pictures) {
    const last = split.at(-1)?.at(-1);
    if (last !== undefined && between(takenAt(last), takenAt(picture)) <= gap) split.at(-1)?.push(picture);
    else split.push([picture]);
  }
  return split;
};

/**
 * The kind of each picture of one burst, oldest first. The last is the calm one. The one that differs most from it is the
 * peak; the first is "before" only when the peak comes later, since a sensor that woke the camera has often seen the guest
 * already. The rest stay what they are: pictures that were sent. None is left out.
 * @param differences of each picture from the last one, any measure; undefined: could not be compared
 */
export const burstKinds = (differences: readonly (number | undefined)[]): readonly StillKind[] => {
  const count = differences.length;
  if (count <= 1) return differences.map(() => 'uploaded');
  let peak = -1;
  for (let at = 0; at < count - 1; at++) {
    const value = differences[at];
    if (value !== undefined && (peak < 0 || value > (differences[peak] ?? -1))) peak = at;
  }
  // Nothing could be compared: the middle one is as good as any.
  if (peak < 0) peak = Math.floor((count - 1) / 2);
  return differences.map((_, at): StillKind => {
    if (at === count - 1) return 'calm';
    if (at === peak) return 'peak';
    return at === 0 ? 'before' : 'uploaded';
  });
};

/** How much two small pictures differ: mean absolute difference of brightness, freed of a change of the whole light. */
export const lumaDifference = (a: Uint8Array, b: Uint8Array): number => {
  const count = Math.min(a.length, b.length);
  if (count === 0) return 0;
  let shift = 0;
  for (let at = 0; at < count; at++) shift += (a[at] ?? 0) - (b[at] ?? 0);
  shift /= count;
  let sum = 0;
  for (let at = 0; at < count; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0) - shift);
  return sum / count;
};
