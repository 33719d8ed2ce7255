// What a kept film is called: when it was taken, in UTC, and the beginning of its content's hash. Both directions, nowhere else.

import { civilTime, instantOf } from './civil-time.ts';
import type { EpochMs } from './units.ts';

export type FilmEnding = 'mp4' | 'avi';

/** Names are unique within a camera, and safe in a path and in an address. */
export interface FilmName {
  readonly day: string;
  /** Within the day's folder. */
  readonly file: string;
  readonly takenAt: EpochMs;
  readonly ending: FilmEnding;
}

const FILM = /^(\d{4}-\d\d-\d\d)_((\d\d-\d\d-\d\d)-[0-9a-f]{8}\.(mp4|avi))$/;

/** @param hash of its bytes, lower-case hex: two films of one second have two names, one film sent twice has one */
export const filmName = (takenAt: EpochMs, hash: string, ending: FilmEnding): string => {
  const { day, time } = civilTime(takenAt, 'UTC');
  return `${day}_${time}-${hash.slice(0, 8)}.${ending}`;
};

/** undefined: not a name of a film. */
export const parseFilmName = (name: string): FilmName | undefined => {
  const [, day, file, time, ending] = FILM.exec(name) ?? [];
  if (day === undefined || file === undefined || time === undefined) return undefined;
  const at = instantOf(day, time, 'UTC');
  return at === undefined ? undefined : { day, file, takenAt: at, ending: ending === 'avi' ? 'avi' : 'mp4' };
};
