// What the owner says, in memory.

import type { StillId } from '../domain/ids.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { Corrections, Favourites } from '../ports/keeping.ts';

export const memoryFavourites = (): Favourites => {
  const ids = new Set<StillId>();
  return {
    all: async () => new Set(ids),
    set: async (id, isFavourite) => void (isFavourite ? ids.add(id) : ids.delete(id)),
  };
};

export const memoryCorrections = (): Corrections => {
  const verdicts = new Map<StillId, ChangeVerdict>();
  return {
    all: async () => new Map(verdicts),
    set: async (id, verdict) => void (verdict ? verdicts.set(id, verdict) : verdicts.delete(id)),
  };
};
