// Closed databases out of the way and into place. A file and its log go together: a log that is left beside a new database would
// be played into it (https://sqlite.org/howtocorrupt.html, 1.4).

import { rename, rm } from 'node:fs/promises';
import { storageError, systemCode } from '../../domain/storage-error.ts';

const moveIfThere = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return false;
    throw storageError(thrown, from);
  }
};

/** @returns whether there was a database. @throws StillwatchError SW_STORE_WRITE */
export const setDatabaseAside = async (file: string, aside: string): Promise<boolean> => {
  // The log first: cut short in between, the old database is read without it, and the next try takes it away too.
  for (const end of ['-wal', '-shm'])
    if (!(await moveIfThere(file + end, aside + end))) await rm(aside + end, { force: true });
  return moveIfThere(file, aside);
};

/**
 * Puts the closed database `fresh` in the place of `file`. A crash in between leaves none, which for the catalogue means that the
 * next start builds one from the photos.
 * @returns whether there was one before; it is kept as `aside`
 */
export const replaceDatabase = async (file: string, fresh: string, aside: string): Promise<boolean> => {
  const hadOne = await setDatabaseAside(file, aside);
  await moveIfThere(fresh, file);
  return hadOne;
};
