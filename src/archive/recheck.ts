// The newest photos looked at once more when the program starts: a card that says "written" before it is true loses the last ones
// in a power cut. Such a photo is shown no longer, and named; what is left of its bytes stays where it is.

import { StillwatchError } from '../domain/errors.ts';
import { jpegDamage } from '../domain/jpeg.ts';
import type { StoredStill } from '../domain/still.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';

export interface RecheckParts {
  readonly store: Pick<BlobStore, 'hash' | 'info' | 'read'>;
  readonly catalog: Pick<Catalog, 'list' | 'find' | 'retire' | 'forget'>;
  /** Told of each photo that is not what it was. */
  readonly onLost: (error: StillwatchError, still: StoredStill) => void;
  readonly signal?: AbortSignal;
}

/** A card's own memory holds seconds, not days; two hundred photos are read in seconds even from a slow one. */
const NEWEST = 200;

type Loss = 'not there' | 'half a picture';

/** undefined: it is whole, though perhaps changed by its owner. */
const lossOf = async (store: RecheckParts['store'], still: StoredStill): Promise<Loss | undefined> => {
  const there = await store.info(still.path);
  if (!there) return 'not there';
  if (there.bytes === still.bytes && (await store.hash(still.path)) === still.sha256) return undefined;
  const bytes = await store.read(still.path);
  return bytes && jpegDamage(bytes) === undefined ? undefined : 'half a picture';
};

/** @returns how many are shown no longer. @throws StillwatchError when store or catalogue cannot be read */
export const recheckNewest = async (parts: RecheckParts): Promise<number> => {
  const { store, catalog } = parts;
  const lost: { readonly still: StoredStill; readonly detail: Loss }[] = [];
  const newest = await catalog.list({ limit: NEWEST });
  for (const still of newest) {
    parts.signal?.throwIfAborted();
    const detail = await lossOf(store, still);
    // Swept or deleted meanwhile: no loss.
    if (detail !== undefined && (await catalog.find(still.id))) lost.push({ still, detail });
  }
  // None of them there is a disk that is not mounted: the index of it is worth keeping.
  if (lost.length === newest.length && lost.every(({ detail }) => detail === 'not there')) return 0;
  for (const { still, detail } of lost) {
    await catalog.forget((await catalog.retire([still.id])).map(({ path }) => path));
    parts.onLost(new StillwatchError('SW_PHOTO_LOST', { path: still.path, detail }), still);
  }
  return lost.length;
};
