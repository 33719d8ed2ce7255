// What the owner says of photos: kept for good beside the catalogue, and noted in it so that it can be searched. The catalogue
// may be rebuilt at any time; then everything is noted anew from what is kept.

import type { StillId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { Catalog, OwnerNote } from '../ports/catalog.ts';
import type { Corrections, Favourites } from '../ports/keeping.ts';

export interface OwnerWordParts {
  readonly catalog: Pick<Catalog, 'note'>;
  readonly favourites: Favourites;
  readonly corrections: Corrections;
}

/** Kept first, then noted: a crash in between is mended by `noteAll`. @returns undefined when the catalogue does not know it */
export const setFavourite = async (
  { catalog, favourites }: OwnerWordParts,
  id: StillId,
  isFavourite: boolean,
): Promise<StoredStill | undefined> => {
  await favourites.set(id, isFavourite);
  return catalog.note(id, { isFavourite });
};

/** @param verdict undefined: the owner's word is taken back, and the comparison's counts again */
export const correctVerdict = async (
  { catalog, corrections }: OwnerWordParts,
  id: StillId,
  verdict: ChangeVerdict | undefined,
): Promise<StoredStill | undefined> => {
  await corrections.set(id, verdict);
  return catalog.note(id, { verdict: verdict ?? null });
};

/** Notes everything that is kept. Those of photos that are no longer there are passed over. */
export const noteAll = async ({ catalog, favourites, corrections }: OwnerWordParts): Promise<void> => {
  const notes = new Map<StillId, OwnerNote>();
  for (const id of await favourites.all()) notes.set(id, { isFavourite: true });
  for (const [id, verdict] of await corrections.all()) notes.set(id, { ...notes.get(id), verdict });
  for (const [id, note] of notes) await catalog.note(id, note);
};
