// Another setting tried on a camera's past: what would have been photographed, which photos would not exist, and the graph of
// what changed. Reads a day at a time and lets others work between the days.

import type { CameraRules } from '../domain/camera.ts';
import { type CameraId, episodeStart } from '../domain/ids.ts';
import type { KeptReading } from '../domain/readings.ts';
import { pastReplay, type TunedEpisode, type Tuning } from '../domain/readings-replay.ts';
import type { StoredStill } from '../domain/still.ts';
import { tuningEffect } from '../domain/tuning-effect.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { ReadingArchive } from '../ports/readings.ts';

export interface PastParts {
  readonly readings: Pick<ReadingArchive, 'parts'>;
  readonly catalog: Pick<Catalog, 'list'>;
}

export interface Setting extends Tuning {
  readonly rules: CameraRules;
}

export interface PastWish {
  readonly camera: CameraId;
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** In force. */
  readonly now: Setting;
  readonly tried: Setting;
  /** True: a photo that the camera's own event asked for is taken whatever the pixels say. */
  readonly isCameraHeard: boolean;
  /** How many columns the graph has. */
  readonly columns: number;
}

/** Changed pixels under the setting that is tried, the most of any second of a column; null: not seen. */
export type ChangeGraph = readonly (number | null)[];

/** A photo that would not have been taken. */
export interface LostPhoto {
  readonly episode: TunedEpisode;
  /** undefined: it is not in the archive any more. */
  readonly still: StoredStill | undefined;
}

export interface TriedPast {
  readonly seenSeconds: number;
  readonly unknownShare: number;
  /** Photos under the setting in force, and under the one that is tried. */
  readonly photosNow: number;
  readonly photosTried: number;
  /** Newest first. */
  readonly lost: readonly LostPhoto[];
  readonly gained: readonly TunedEpisode[];
  readonly graph: ChangeGraph;
}

/** Photos of a span that are looked through: 14 days of a thousand a day. */
const MOST_PHOTOS = 14_000;
const ROWS_AT_ONCE = 500;

const changeGraph = (from: EpochMs, until: EpochMs, columns: number) => {
  const width = (until - from) / columns;
  const most: (number | null)[] = Array.from({ length: columns }, () => null);
  const columnOf = (at: number): number => Math.min(columns - 1, Math.max(0, Math.floor((at - from) / width)));
  const raise = (column: number, pixels: number): void => {
    most[column] = Math.max(most[column] ?? 0, pixels);
  };
  return {
    most,
    changed: (at: EpochMs, pixels: number) => raise(columnOf(at), pixels),
    saw(reading: KeptReading) {
      if (reading.type === 'areas' || reading.type === 'audit') return;
      const end = reading.from + (reading.type === 'calm' ? reading.seconds : 1) * 1000;
      for (let column = columnOf(reading.from); column <= columnOf(end - 1); column++) raise(column, 0);
    },
  };
};

/** The calm photos of the span, newest first. */
async function* calmPhotos({ catalog }: PastParts, { camera, from, until }: PastWish): AsyncGenerator<StoredStill> {
  const query = { camera, from, until, kinds: ['calm'], limit: ROWS_AT_ONCE } as const;
  let before: StoredStill | undefined;
  for (let seen = 0; seen < MOST_PHOTOS; seen += ROWS_AT_ONCE) {
    const rows = await catalog.list(before ? { ...query, before } : query);
    yield* rows;
    before = rows.at(-1);
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** Finds the photo of each lost happening; one that the camera itself asked for is not lost. */
const withPhotos = async (
  parts: PastParts,
  wish: PastWish,
  lost: readonly TunedEpisode[],
): Promise<readonly LostPhoto[]> => {
  const found: LostPhoto[] = [];
  let at = 0;
  if (lost.length > 0) {
    for await (const still of calmPhotos(parts, wish)) {
      const started = still.episode === undefined ? still.takenAt : episodeStart(still.episode);
      for (let own = lost[at]; own && own.start > still.takenAt; own = lost[++at])
        found.push({ episode: own, still: undefined });
      const own = lost[at];
      if (!own) break;
      // The kept seconds are whole ones: the first may begin up to a second before the motion that was seen in it.
      if (own.end + 1000 < started) continue;
      at += 1;
      if (!(wish.isCameraHeard && still.cause === 'camera')) found.push({ episode: own, still });
    }
  }
  return [...found, ...lost.slice(at).map((episode) => ({ episode, still: undefined }))];
};

/** @throws the signal's reason when it aborts: whoever asked is not there any more, or asks for something else */
export const tryOnPast = async (parts: PastParts, wish: PastWish, signal: AbortSignal): Promise<TriedPast> => {
  const { camera, from, until, columns } = wish;
  const graph = changeGraph(from, until, columns);
  const now = pastReplay(wish.now, wish.now.rules);
  const tried = pastReplay(wish.tried, wish.tried.rules, graph.changed);
  for await (const part of parts.readings.parts(camera, from, until)) {
    signal.throwIfAborted();
    for (const reading of part) graph.saw(reading);
    now.take(part);
    tried.take(part);
  }
  const [was, would] = [now.finish(), tried.finish()];
  const { lost, gained } = tuningEffect(was.episodes, would.episodes);
  const photos = await withPhotos(parts, wish, lost);
  signal.throwIfAborted();
  return {
    seenSeconds: was.seenSeconds,
    unknownShare: would.unknownShare,
    photosNow: was.episodes.length,
    photosTried: was.episodes.length - photos.length + gained.length,
    lost: photos,
    gained,
    graph: graph.most,
  };
};
