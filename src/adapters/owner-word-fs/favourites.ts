// Favourites, one still's id a line.

import { isStillId } from '../../domain/ids.ts';
import type { Favourites } from '../../ports/keeping.ts';
import { type OwnerListDisk, ownerList } from './owner-list.ts';

/** @param file its folder must exist */
export const fsFavourites = (file: string, disk?: OwnerListDisk): Favourites => {
  const list = ownerList<true>(
    file,
    {
      of: 'photos',
      read: (line) => (isStillId(line) ? [line, true] : undefined),
      line: (id) => id,
    },
    disk,
  );
  return {
    all: async () => new Set((await list.all()).keys()),
    set: (id, isFavourite) => list.set(id, isFavourite ? true : undefined),
  };
};
