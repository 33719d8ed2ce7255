// Another program's folder of photos, read and never touched. Links and hidden files are not followed.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import type { BlobInfo, BlobStore } from '../../ports/blob-store.ts';

const ifPresent = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

/** @throws StillwatchError SW_STORE_WRITE naming the folder that cannot be read, from each method */
export const photoFolder = (root: string): Pick<BlobStore, 'list' | 'read' | 'hash'> => {
  async function* walk(folder: string): AsyncGenerator<BlobInfo> {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((thrown: unknown) => {
      throw storageError(thrown, join(root, folder));
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* walk(path);
      if (!entry.isFile()) continue;
      const found = await ifPresent(lstat(join(root, path)));
      if (found) yield { path, bytes: found.size, changedAt: Math.floor(found.mtimeMs) };
    }
  }
  const ask = async <T>(path: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await ifPresent(work);
    } catch (thrown) {
      throw storageError(thrown, join(root, path));
    }
  };
  return {
    list: () => walk(''),
    read: async (path) => {
      const bytes = await ask(path, readFile(join(root, path)));
      return bytes && new Uint8Array(bytes);
    },
    hash: (path) =>
      ask(
        path,
        (async () => {
          const hash = createHash('sha256');
          for await (const chunk of createReadStream(join(root, path))) hash.update(chunk as Uint8Array);
          return hash.digest('hex');
        })(),
      ),
  };
};
