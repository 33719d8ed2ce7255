// The disk under a folder: how much is free, and a few megabytes held back for the moment when nothing is.

import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '../../domain/storage-error.ts';
import type { Disk } from '../../ports/keeping.ts';

/** A catalogue transaction of a hundred photos writes about 2 MB of log; twice, and as much again for SQLite itself. */
const RESERVE_BYTES = 8 * 1024 * 1024;
/** Taken again only when there is clearly room, so that the reserve itself does not fill the disk. */
const ROOM_FACTOR = 4;

/**
 * @param folder on the disk that is meant; must exist
 * @param reserveFile undefined: nothing is held
 */
export const diskUnder = (folder: string, reserveFile?: string): Disk => {
  const space = async (): Promise<{ readonly free: number; readonly total: number }> => {
    try {
      // bavail: what this user may still write; the rest is root's.
      const { bavail, blocks, bsize } = await statfs(folder);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch (thrown) {
      throw storageError(thrown, folder);
    }
  };
  const file = reserveFile ?? join(folder, '.reserve');
  return {
    space,

    async releaseReserve() {
      if (reserveFile === undefined) return;
      await rm(file, { force: true }).catch((thrown: unknown) => {
        throw storageError(thrown, file);
      });
    },

    async holdReserve() {
      if (reserveFile === undefined) return;
      const there = await stat(file).catch(() => undefined);
      if (there && there.size >= RESERVE_BYTES) return;
      if ((await space()).free < ROOM_FACTOR * RESERVE_BYTES) return;
      try {
        const handle = await open(file, 'w', 0o640);
        try {
          // Real bytes, not a hole; random ones, because some file systems store zeros in no space at all.
          await handle.writeFile(randomBytes(RESERVE_BYTES));
          await handle.sync();
        } finally {
          await handle.close();
        }
      } catch (thrown) {
        await rm(file, { force: true }).catch(() => undefined);
        throw storageError(thrown, file);
      }
    },
  };
};
