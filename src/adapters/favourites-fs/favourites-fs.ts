// Favourites as a text file beside the catalogue: one still's id a line. Small enough to be read and written whole.

import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import { isStillId, type StillId } from '../../domain/ids.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import type { Favourites } from '../../ports/keeping.ts';

/** @param file its folder must exist */
export const fsFavourites = (file: string): Favourites => {
  const all = async (): Promise<ReadonlySet<StillId>> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return new Set();
      throw storageError(thrown, file);
    }
    const ids = new Set<StillId>();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      // A line that is no id may be what is left of one: better to take nothing away than the wrong photo.
      if (!isStillId(line)) throw new StillwatchError('SW_STORE_WRITE', { path: file, detail: 'not a list of photos' });
      ids.add(line);
    }
    return ids;
  };

  const write = async (ids: ReadonlySet<StillId>): Promise<void> => {
    const draft = `${file}.new`;
    try {
      const handle = await open(draft, 'w', 0o640);
      try {
        await handle.writeFile([...ids].map((id) => `${id}\n`).join(''));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
      const folder = await open(dirname(file), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (thrown) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw storageError(thrown, file);
    }
  };

  const change = async (id: StillId, isFavourite: boolean): Promise<void> => {
    const ids = new Set(await all());
    if (ids.has(id) === isFavourite) return;
    if (isFavourite) ids.add(id);
    else ids.delete(id);
    await write(ids);
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    set(id, isFavourite) {
      const next = last.then(() => change(id, isFavourite));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
