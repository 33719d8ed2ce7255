// What another setting would have meant for the photos of the past: those that would not have been taken, those that are new.
// Each happening is one photo, taken when it is calm again, so two happenings that a longer calm period joins are one photo less.

import type { TunedEpisode } from './readings-replay.ts';

export interface TuningEffect {
  /** Newest first. */
  readonly lost: readonly TunedEpisode[];
  readonly gained: readonly TunedEpisode[];
}

/**
 * @param now the happenings of the setting in force, oldest first, none overlapping another
 * @param tried the same for the setting that is tried
 */
export const tuningEffect = (now: readonly TunedEpisode[], tried: readonly TunedEpisode[]): TuningEffect => {
  const lost: TunedEpisode[] = [];
  const gained: TunedEpisode[] = [];
  let at = now.length - 1;
  // From the newest on: a photo is taken at the end, so the last of several that overlap is the one that stays.
  for (const other of tried.toReversed()) {
    for (let own = now[at]; own && own.start >= other.end; own = now[--at]) lost.push(own);
    const own = now[at];
    if (own && own.end > other.start) at -= 1;
    else gained.push(other);
  }
  for (let own = now[at]; own; own = now[--at]) lost.push(own);
  return { lost, gained };
};
