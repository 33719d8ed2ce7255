// What each camera has brought lately, by the names it gave: some ask for its size before they believe that it arrived, some rename
// it. In memory, a few: nothing is lost with it, since the pictures themselves are safe.

import type { CameraId, StillId } from '../../domain/ids.ts';
import type { EpochMs } from '../../domain/units.ts';

export interface Brought {
  readonly bytes: number;
  readonly stills: readonly StillId[];
  readonly receivedAt: EpochMs;
}

export interface BroughtBook {
  note(camera: CameraId, path: string, what: Brought): void;
  find(camera: CameraId, path: string): Brought | undefined;
  /** It is found by its new name from now on. */
  rename(camera: CameraId, from: string, to: string): void;
}

/** Of one camera: a burst and its retries. */
const MOST = 32;

export const broughtBook = (): BroughtBook => {
  const books = new Map<CameraId, Map<string, Brought>>();
  const note: BroughtBook['note'] = (camera, path, what) => {
    const book = books.get(camera) ?? new Map<string, Brought>();
    books.set(camera, book);
    book.delete(path);
    book.set(path, what);
    const [oldest] = book.keys();
    if (book.size > MOST && oldest !== undefined) book.delete(oldest);
  };
  return {
    note,
    find: (camera, path) => books.get(camera)?.get(path),
    rename(camera, from, to) {
      const what = books.get(camera)?.get(from);
      books.get(camera)?.delete(from);
      if (what) note(camera, to, what);
    },
  };
};
