// The store in memory, for tests of what stands on it.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StillwatchError } from '../domain/errors.ts';
import type { BlobStore } from '../ports/blob-store.ts';

export interface MemoryStore extends BlobStore {
  readonly blobs: Map<string, Uint8Array>;
  /** Puts bytes there as another program would. */
  plant(path: string, bytes: Uint8Array): void;
}

/** @param read how to read a `put`'s file; a memory spool's files are in memory */
export const memoryStore = (read: (file: string) => Promise<Uint8Array> = readFile): MemoryStore => {
  const blobs = new Map<string, Uint8Array>();
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const isPlain = (path: string): boolean => path.split('/').every((part) => part !== '' && !/^\.|[\0\\]/.test(part));
  const infoOf = (path: string, bytes: Uint8Array) => ({ path, bytes: bytes.length, changedAt: 0 });
  return {
    blobs,
    plant: (path, bytes) => void blobs.set(path, bytes),
    async put(path, { file, sha256 }) {
      if (!isPlain(path)) throw new RangeError(`not a path inside the store: ${path}`);
      const bytes = await read(file);
      if (hash(bytes) !== sha256) throw new StillwatchError('SW_SPOOL_DAMAGED', { path: file, detail: 'hash' });
      const there = blobs.get(path);
      if (there) return hash(there) === sha256 ? 'same' : 'taken';
      blobs.set(path, bytes);
      return 'stored';
    },
    read: async (path) => blobs.get(path),
    async info(path) {
      const bytes = blobs.get(path);
      return bytes && infoOf(path, bytes);
    },
    async hash(path) {
      const bytes = blobs.get(path);
      return bytes && hash(bytes);
    },
    async remove(wanted) {
      for (const { path, expected } of wanted) {
        const there = blobs.get(path);
        if (there && (expected === undefined || hash(there) === expected)) blobs.delete(path);
      }
      return { removed: wanted.map(({ path }) => path), failed: [] };
    },
    settle: async () => undefined,
    async *list() {
      for (const [path, bytes] of [...blobs].sort(([a], [b]) => (a < b ? -1 : 1))) yield infoOf(path, bytes);
    },
  };
};
