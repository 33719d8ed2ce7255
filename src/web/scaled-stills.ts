// Scaled photos, each made once: what is being made is waited for, what was made is kept in memory, oldest use out first.

import type { Thumbnailer } from '../ports/thumbnailer.ts';

/** Bytes. About 1 500 photos at 320 px, or all thumbnails of 25 pages; small enough for a 1 GB Raspberry Pi. */
const KEPT = 32 * 1024 * 1024;
/** At once: the cores belong to the cameras, and a photo decodes to 11 MB at 2560×1440. */
const AT_ONCE = 2;

export type ReadJpeg = () => Promise<Uint8Array | undefined>;
/** @returns the JPEG that `sha256` names, scaled to `width`; undefined when `read` finds nothing */
export type ScaledStills = (sha256: string, width: number, read: ReadJpeg) => Promise<Uint8Array | undefined>;

export const scaledStills = (thumbnails: Thumbnailer, kept: number = KEPT): ScaledStills => {
  const made = new Map<string, Uint8Array>();
  const making = new Map<string, Promise<Uint8Array | undefined>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let size = 0;

  const keep = (key: string, small: Uint8Array): void => {
    made.set(key, small);
    size += small.length;
    for (const [oldest, bytes] of made) {
      if (size <= kept) break;
      made.delete(oldest);
      size -= bytes.length;
    }
  };

  const make = async (key: string, width: number, read: ReadJpeg): Promise<Uint8Array | undefined> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      // Read only now: those who wait hold no photo in memory.
      const jpeg = await read();
      if (!jpeg) return undefined;
      const small = await thumbnails.scale(jpeg, width);
      keep(key, small);
      return small;
    } finally {
      making.delete(key);
      // The turn is handed over, not given back: nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  return (sha256, width, read) => {
    const key = `${sha256}-${width}`;
    const ready = made.get(key);
    if (ready) {
      made.delete(key);
      made.set(key, ready);
      return Promise.resolve(ready);
    }
    const started = making.get(key) ?? make(key, width, read);
    making.set(key, started);
    return started;
  };
};
