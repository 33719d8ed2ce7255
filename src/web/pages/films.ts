// Films that a camera sent and that are kept, as they are offered beside the photos they gave.

import type { CameraId } from '../../domain/ids.ts';
import type { StoredStill } from '../../domain/still.ts';
import { type EpochMs, later, ms, seconds } from '../../domain/units.ts';
import type { KeptFilm } from '../../ports/inbox.ts';
import { bytesText } from '../time-text.ts';
import type { FilmView } from '../wire-parts.ts';
import type { Visit } from './frame.ts';
import { momentText } from './system-frame.ts';

/** A photo is of a moment in its film: the longest that a camera sends begins so much before its last photo. */
const LONGEST = seconds(120);
/** Names have whole seconds. */
const SLACK = ms(1000);
/** Beside one happening; a camera that sends more at once is listed on its own page. */
const MOST = 12;

export const filmView = (camera: CameraId, { name, ending, takenAt, bytes }: KeptFilm, visit: Visit): FilmView => ({
  href: `/cameras/${camera}/films/${name}`,
  name: `${camera}-${name}`,
  time: momentText(takenAt, visit),
  size: bytesText(bytes, visit.language),
  // No browser plays AVI.
  isPlayable: ending === 'mp4',
});

/** Those kept lately, newest first. */
export const filmsOf = async (camera: CameraId, visit: Visit): Promise<readonly FilmView[]> => {
  const films = (await visit.deps.inbox?.films.list(camera, { most: MOST })) ?? [];
  return films.map((film) => filmView(camera, film, visit));
};

/** Those that the photos of one happening were taken from. */
export const filmsBehind = async (set: readonly StoredStill[], visit: Visit): Promise<readonly FilmView[]> => {
  const sent = set.filter(({ source }) => source === 'upload');
  const [first] = sent;
  if (!first) return [];
  const times = sent.map(({ takenAt }) => takenAt);
  const from: EpochMs = later(
    times.reduce((a, b) => (b < a ? b : a)),
    ms(-LONGEST),
  );
  const until: EpochMs = later(
    times.reduce((a, b) => (b > a ? b : a)),
    SLACK,
  );
  const films = (await visit.deps.inbox?.films.list(first.camera, { from, until, most: MOST })) ?? [];
  return films.map((film) => filmView(first.camera, film, visit));
};
