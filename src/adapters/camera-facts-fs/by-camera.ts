// One thing known of each camera, as JSON beside the catalogue. What is in the file is believed only as far as it can be read.

import { open, readFile, rename, rm } from 'node:fs/promises';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import { storageError } from '../../domain/storage-error.ts';

export interface ByCamera<T> {
  /** What was kept; empty when nothing was, or nothing readable. */
  all(): Promise<ReadonlyMap<CameraId, T>>;
  /** @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE */
  put(camera: CameraId, value: T): Promise<void>;
}

/** Text, or nothing. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The fields of a JSON object, or nothing. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;

/**
 * @param file its folder must exist
 * @param read undefined for anything but what `put` wrote
 */
export const byCamera = <T>(file: string, read: (said: unknown) => T | undefined): ByCamera<T> => {
  const all = async (): Promise<Map<CameraId, T>> => {
    const found = new Map<CameraId, T>();
    const content = await readFile(file, 'utf8').catch(() => '');
    let said: unknown;
    try {
      said = JSON.parse(content);
    } catch {
      return found;
    }
    for (const [camera, value] of Object.entries(said ?? {})) {
      const known = read(value);
      if (known !== undefined && isCameraId(camera)) found.set(camera, known);
    }
    return found;
  };

  const write = async (camera: CameraId, value: T): Promise<void> => {
    const known = await all();
    known.set(camera, value);
    const draft = `${file}.new`;
    try {
      const handle = await open(draft, 'w', 0o640);
      try {
        await handle.writeFile(`${JSON.stringify(Object.fromEntries(known), undefined, 1)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (thrown) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw storageError(thrown, file);
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    put(camera, value) {
      const next = last.then(() => write(camera, value));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
