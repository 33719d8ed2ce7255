// Who looked at photos, told once for each visit: a fold of single photos into "so many of this camera, from then until then".

import type { EpochMs } from './units.ts';

/** Photos of one camera that one person, token or link was sent in one go. */
export interface Viewing {
  readonly who: string;
  readonly address: string;
  readonly camera: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly photos: number;
}

export type ViewingBook = ReadonlyMap<string, Viewing>;

export const NO_VIEWINGS: ViewingBook = new Map();

export interface Look {
  readonly who: string;
  readonly address: string;
  readonly camera: string;
  readonly at: EpochMs;
}

export const looked = (book: ViewingBook, { at, ...look }: Look): ViewingBook => {
  const key = JSON.stringify([look.who, look.address, look.camera]);
  const before = book.get(key);
  const next = before
    ? { ...before, until: at, photos: before.photos + 1 }
    : { ...look, from: at, until: at, photos: 1 };
  return new Map(book).set(key, next);
};
