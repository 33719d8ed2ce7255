// Photos from one store to another by the rows of a catalogue: a backup and its way back. Done again it goes on where it was
// cut short, and a photo that is there is only looked at. Memory does not grow with the number of photos.

import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { StoredStill } from '../domain/still.ts';
import { formatStillPath, parseStillPath } from '../domain/still-path.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';

export interface CopySum {
  /** Rows of the catalogue. */
  readonly photos: number;
  /** Copied now. */
  readonly copied: number;
  readonly bytes: number;
  /** There already, from an earlier run. */
  readonly there: number;
  /** Swept while the copying went on: no longer wanted. */
  readonly gone: number;
  /** Named by the catalogue and not to be had, or not the bytes that were recorded. */
  readonly missing: number;
  /** The first few of those. */
  readonly examples: readonly { readonly path: string; readonly detail: string }[];
}

const ROWS_AT_ONCE = 500;
/** Rows of one transaction of the backup's index; after a power cut so many photos are hashed once more. */
const INDEX_AT_ONCE = 200;
const MOST_EXAMPLES = 10;
/** `still-path.ts` has names for so many photos of one second. */
const MOST_COPIES = 9999;

/** All rows, in order of path. */
async function* rowsOf(catalog: Pick<Catalog, 'byPath'>): AsyncGenerator<StoredStill> {
  for (let after = ''; ; ) {
    const page = await catalog.byPath(after, ROWS_AT_ONCE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < ROWS_AT_ONCE) return;
    after = last.path;
  }
}

export interface CopyWish {
  readonly signal?: AbortSignal;
  /** Told now and then. */
  readonly onProgress?: (sum: CopySum) => void;
}

interface Counter {
  readonly snapshot: () => CopySum;
  readonly count: (what: 'copied' | 'there' | 'gone' | 'missing', still: StoredStill, detail?: string) => void;
}

const counter = (onProgress: CopyWish['onProgress']): Counter => {
  const sum = { photos: 0, copied: 0, bytes: 0, there: 0, gone: 0, missing: 0 };
  const examples: { path: string; detail: string }[] = [];
  const snapshot = (): CopySum => ({ ...sum, examples: [...examples] });
  return {
    snapshot,
    count: (what, still, detail = '') => {
      sum.photos++;
      sum[what]++;
      if (what === 'copied') sum.bytes += still.bytes;
      if (what === 'missing' && examples.length < MOST_EXAMPLES) examples.push({ path: still.path, detail });
      onProgress?.(snapshot());
    },
  };
};

/** Trouble with one photo, or undefined when it is the disk: then nothing more can be copied. */
const photoTrouble = (error: StillwatchError): string | undefined =>
  error.code === 'SW_SPOOL_DAMAGED' ? 'not the bytes that were recorded' : undefined;

export interface BackupCopyParts {
  /** The catalogue's copy: what is to be in the backup. */
  readonly catalog: Pick<Catalog, 'byPath'>;
  /** The living catalogue, asked about what is not found. */
  readonly living: Pick<Catalog, 'find'>;
  /** What the backup holds, kept beside its photos, so that not every byte is read again. Losing it costs time only. */
  readonly index: Pick<Catalog, 'find' | 'findByPath' | 'record' | 'retire' | 'forget'>;
  readonly from: Pick<BlobStore, 'info' | 'hash'>;
  /** The local file of a path in `from`. */
  readonly fileAt: (path: string) => string;
  readonly to: Pick<BlobStore, 'info' | 'put' | 'remove'>;
}

/**
 * Every photo of the catalogue into the backup's folder. Other bytes at a photo's place are an older photo's whose name was
 * used again: they give way.
 * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE; the signal's reason when it aborts
 */
export const copyToBackup = async (parts: BackupCopyParts, wish: CopyWish = {}): Promise<CopySum> => {
  const { from, to, index, fileAt } = parts;
  const { count, snapshot } = counter(wish.onProgress);
  let fresh: StoredStill[] = [];

  const forgetIndexed = async (still: StoredStill): Promise<void> => {
    const holders = [await index.findByPath(still.path), await index.find(still.id)];
    const ids = holders.filter((holder) => holder !== undefined).map(({ id }) => id);
    if (ids.length > 0) await index.forget((await index.retire(ids)).map(({ path }) => path));
  };
  /** 9., for the backup's own index: after the photo, so that it never names what is not there. */
  const flush = async (): Promise<void> => {
    for (const still of fresh) await forgetIndexed(still);
    if (fresh.length > 0) await index.record(fresh);
    fresh = [];
  };
  const note = async (still: StoredStill): Promise<void> => {
    fresh.push(still);
    if (fresh.length === INDEX_AT_ONCE) await flush();
  };

  const copy = async (still: StoredStill): Promise<void> => {
    const { path, sha256 } = still;
    const there = await to.info(path);
    if (there?.bytes === still.bytes && (await index.findByPath(path))?.sha256 === sha256) return count('there', still);
    if (!(await from.info(path))) {
      const isWanted = (await parts.living.find(still.id))?.path === path;
      return isWanted ? count('missing', still, 'not in the photo folder') : count('gone', still);
    }
    try {
      const source = { file: fileAt(path), sha256, isForeign: true };
      let outcome = await to.put(path, source);
      if (outcome === 'taken') {
        if ((await from.hash(path)) !== sha256) return count('missing', still, 'not the bytes that were recorded');
        await to.remove([{ path }]);
        outcome = await to.put(path, source);
      }
      await note(still);
      return count(outcome === 'stored' ? 'copied' : 'there', still);
    } catch (thrown) {
      const error = toStillwatchError(thrown);
      const isGone = !(await from.info(path)) && !(await parts.living.find(still.id));
      const detail = photoTrouble(error);
      if (isGone) return count('gone', still);
      if (detail === undefined) throw error;
      return count('missing', still, detail);
    }
  };
  for await (const still of rowsOf(parts.catalog)) {
    wish.signal?.throwIfAborted();
    await copy(still);
  }
  await flush();
  return snapshot();
};

export interface RestoreCopyParts {
  /** The catalogue that was restored and is not in use yet; rows of photos that find their place taken are changed. */
  readonly catalog: Pick<Catalog, 'byPath' | 'retire' | 'forget' | 'record'>;
  readonly from: Pick<BlobStore, 'info'>;
  readonly fileAt: (path: string) => string;
  readonly to: Pick<BlobStore, 'put'>;
}

/** The same second's next name: `12-00-00-2.jpg`. undefined for a path that is no photo's. */
const nextName = (path: string): string | undefined => {
  const place = parseStillPath(path);
  return place && place.copy < MOST_COPIES ? formatStillPath({ ...place, copy: place.copy + 1 }) : undefined;
};

/**
 * Every photo of the backup back into a photo folder, each one's hash checked on the way. Nothing that lies there is
 * overwritten: a photo whose place is taken gets the next name of its second.
 * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE; the signal's reason when it aborts
 */
export const copyFromBackup = async (parts: RestoreCopyParts, wish: CopyWish = {}): Promise<CopySum> => {
  const { catalog, from, to, fileAt } = parts;
  const { count, snapshot } = counter(wish.onProgress);
  /** Recorded after the walk, since the walk goes by path. */
  const moved: StoredStill[] = [];

  const place = async (still: StoredStill): Promise<void> => {
    if (!(await from.info(still.path))) return count('missing', still, 'not in the backup');
    const source = { file: fileAt(still.path), sha256: still.sha256, isForeign: true };
    for (let path: string | undefined = still.path; path !== undefined; path = nextName(path)) {
      const outcome = await to.put(path, source);
      if (outcome === 'taken') continue;
      if (path !== still.path) moved.push({ ...still, path });
      return count(outcome === 'stored' ? 'copied' : 'there', still);
    }
    return count('missing', still, 'its place is taken');
  };

  for await (const still of rowsOf(catalog)) {
    wish.signal?.throwIfAborted();
    try {
      await place(still);
    } catch (thrown) {
      const error = toStillwatchError(thrown);
      const detail = photoTrouble(error);
      if (detail === undefined) throw error;
      count('missing', still, detail);
    }
  }
  for (const still of moved) {
    await catalog.forget((await catalog.retire([still.id])).map(({ path }) => path));
    await catalog.record([still]);
  }
  return snapshot();
};

/**
 * A backup that names its photos only: whether they lie where the catalogue says.
 * @param isHash reads every byte
 */
export const checkPhotos = async (
  parts: { readonly catalog: Pick<Catalog, 'byPath'>; readonly store: Pick<BlobStore, 'info' | 'hash'> },
  wish: CopyWish & { readonly isHash?: boolean } = {},
): Promise<CopySum> => {
  const { count, snapshot } = counter(wish.onProgress);
  for await (const still of rowsOf(parts.catalog)) {
    wish.signal?.throwIfAborted();
    const there = await parts.store.info(still.path);
    if (!there) count('missing', still, 'not in the photo folder');
    else if (there.bytes !== still.bytes) count('missing', still, 'of another length');
    else if (wish.isHash && (await parts.store.hash(still.path)) !== still.sha256) {
      count('missing', still, 'not the bytes that were recorded');
    } else count('there', still);
  }
  return snapshot();
};
