// Tries another setting on what was seen before: the same rules for episodes, over the seconds that were kept. An estimate:
// the past knows changed pixels per cell at the sensitivity of its time, and nothing at all of what was masked then.

import type { CameraRules } from './camera.ts';
import { type EpisodeState, newEpisodeState, type OpenEpisode, step } from './episode.ts';
import { type Area, isInside, type Sensitivity } from './geometry.ts';
import { cameraId } from './ids.ts';
import {
  isEnough,
  type KeptReading,
  type MovingSecond,
  pixelsOfScore,
  READING_CELLS,
  READING_COLUMNS,
  READING_ROWS,
} from './readings.ts';
import type { Signal } from './signal.ts';
import { type EpochMs, epochMs, type Instant, monoMs } from './units.ts';

/** As kept: two bits a cell. */
const CODES: readonly Sensitivity[] = ['ignored', 'low', 'normal', 'high'];
const NORMAL = CODES.indexOf('normal');

/**
 * Share of the pixels that count at normal sensitivity which still count at another: `low` doubles a pixel's threshold,
 * `high` takes it to 11/16. Medians over the labelled streams; a tenth keep less than 0.3 and gain more than 3.2: faint things.
 */
const COUNTED: Readonly<Record<Sensitivity, number>> = { ignored: 0, low: 0.63, normal: 1, high: 1.36 };

/** Points looked at along each side of a cell. */
const POINTS = 4;

const sensitivityAt = (areas: readonly Area[], x: number, y: number): Sensitivity =>
  areas.findLast(({ polygon }) => isInside(polygon, { x, y }))?.sensitivity ?? 'normal';

/** Each cell's points, by sensitivity. */
const pointsOf = (areas: readonly Area[], cell: number): readonly Sensitivity[] => {
  const column = cell % READING_COLUMNS;
  const row = Math.floor(cell / READING_COLUMNS);
  return Array.from({ length: POINTS * POINTS }, (_, point) =>
    sensitivityAt(
      areas,
      (column + ((point % POINTS) + 0.5) / POINTS) / READING_COLUMNS,
      (row + (Math.floor(point / POINTS) + 0.5) / POINTS) / READING_ROWS,
    ),
  );
};

/** The owner's areas as they are noted beside readings: the sensitivity of most of each cell. */
export const areaCells = (areas: readonly Area[]): Uint8Array =>
  Uint8Array.from({ length: READING_CELLS }, (_, cell) => {
    if (areas.length === 0) return NORMAL;
    const counts = CODES.map((code) => pointsOf(areas, cell).filter((point) => point === code).length);
    return counts.indexOf(Math.max(...counts));
  });

export interface Tuning {
  readonly areas: readonly Area[];
  /** Factor on the change that is needed: 2 asks for twice as much, 0.75 for a little less. Default 1. */
  readonly threshold?: number;
}

export interface TunedEpisode {
  readonly start: EpochMs;
  readonly lastMotion: EpochMs;
  /** When it would have been photographed; for one that was still open, the end of what is kept. */
  readonly end: EpochMs;
  readonly score: number;
  /** Changed pixels per cell of its strongest second, as they were kept; undefined when only faint change was seen. */
  readonly cells: Uint8Array | undefined;
}

export interface TunedPast {
  readonly episodes: readonly TunedEpisode[];
  readonly seenSeconds: number;
  readonly movingSeconds: number;
  /** Share of the cells that the new setting looks at and that were masked for part of the time: what happened there is lost. */
  readonly unknownShare: number;
}

const instant = (at: EpochMs): Instant => ({ mono: monoMs(at), wall: at });

/** Pixels that would have counted in a second. */
const counted = (second: MovingSecond, factors: Float64Array): number => {
  let pixels = 0;
  for (let cell = 0; cell < READING_CELLS; cell++) {
    const here = second.cells[cell];
    if (here) pixels += here * (factors[cell] ?? 0);
  }
  return pixels;
};

/** Folds kept readings, part by part, so that fourteen days never have to be in memory at once. */
export interface PastReplay {
  /** @param readings in order of time, behind those of the call before */
  take(readings: readonly KeptReading[]): void;
  finish(): TunedPast;
}

/** @param onChange told each second in which something changed: how many pixels counted under the setting that is tried */
export const pastReplay = (
  tuning: Tuning,
  rules: CameraRules,
  onChange?: (at: EpochMs, pixels: number) => void,
): PastReplay => {
  const { areas, threshold = 1 } = tuning;
  const wanted = Float64Array.from({ length: READING_CELLS }, (_, cell) =>
    areas.length === 0 ? 1 : pointsOf(areas, cell).reduce((sum, point) => sum + COUNTED[point], 0) / POINTS ** 2,
  );
  const factors = wanted.slice();
  const unknown = new Uint8Array(READING_CELLS);
  const episodes: TunedEpisode[] = [];
  let state: EpisodeState = newEpisodeState(cameraId('past'));
  let seenUntil: EpochMs | undefined;
  let seenSeconds = 0;
  let movingSeconds = 0;
  /** The strongest second of the open episode. */
  let strongest: { readonly pixels: number; readonly cells: Uint8Array } | undefined;

  const ended = (open: OpenEpisode, end: EpochMs): TunedEpisode => {
    const cells = strongest?.cells;
    strongest = undefined;
    return {
      start: open.startedAt.wall,
      lastMotion: open.lastMotionAt.wall,
      end,
      score: open.peakScore,
      cells,
    };
  };
  const fold = (signal: Signal): void => {
    const { next, orders } = step(state, signal, rules);
    state = next;
    for (const order of orders) {
      if (order.type === 'episode-ended') episodes.push(ended(order.episode, order.at.wall));
    }
  };
  /** Seconds that were seen: one by one where an episode is open, for its end must be found. */
  const pass = (from: EpochMs, seconds: number): void => {
    if (seenUntil === undefined || from > seenUntil) {
      if (seenUntil !== undefined) fold({ type: 'blind', at: instant(seenUntil), reason: 'SW_CAM_LOST' });
      fold({ type: 'seeing', at: instant(from) });
    }
    seenSeconds += seconds;
    seenUntil = epochMs(from + seconds * 1000);
    for (let at = from + 1000; at <= seenUntil && state.open; at += 1000) {
      fold({ type: 'tick', at: instant(epochMs(at)) });
    }
  };
  const note = (recorded: Uint8Array): void => {
    for (let cell = 0; cell < READING_CELLS; cell++) {
      const was = CODES[recorded[cell] ?? NORMAL] ?? 'normal';
      const now = wanted[cell] ?? 0;
      if (was === 'ignored' && now > 0) unknown[cell] = 1;
      factors[cell] = was === 'ignored' ? 0 : now / COUNTED[was];
    }
  };

  const takeOne = (reading: KeptReading): void => {
    // A clock that was set back has written some seconds twice: the first time counts.
    if (seenUntil !== undefined && reading.from < seenUntil && reading.type !== 'areas') return;
    switch (reading.type) {
      case 'areas':
        note(reading.cells);
        break;
      case 'audit':
        break;
      case 'calm':
        pass(reading.from, reading.seconds);
        break;
      case 'faint':
      case 'moving': {
        const pixels =
          reading.type === 'moving'
            ? counted(reading, factors)
            : pixelsOfScore(reading.score) * (factors[reading.cell] ?? 0);
        if (pixels > 0) onChange?.(reading.from, pixels);
        if (isEnough(pixels, threshold)) {
          movingSeconds += 1;
          pass(reading.from, 0);
          fold({ type: 'motion', at: instant(reading.from), score: reading.score, cause: 'pixels' });
          if (reading.type === 'moving' && pixels > (strongest?.pixels ?? 0))
            strongest = { pixels, cells: reading.cells };
        }
        pass(reading.from, 1);
        break;
      }
      default:
        reading satisfies never;
    }
  };

  return {
    take(readings) {
      for (const reading of readings) takeOne(reading);
    },
    finish() {
      const open = state.open && seenUntil !== undefined ? [ended(state.open, seenUntil)] : [];
      const watched = wanted.filter((factor) => factor > 0).length;
      const lost = unknown.reduce((sum, cell) => sum + cell, 0);
      return {
        episodes: [...episodes, ...open],
        seenSeconds,
        movingSeconds,
        unknownShare: watched === 0 ? 0 : lost / watched,
      };
    },
  };
};

/** @param readings in order of time, as an archive gives them */
export const replayReadings = (readings: readonly KeptReading[], tuning: Tuning, rules: CameraRules): TunedPast => {
  const replaying = pastReplay(tuning, rules);
  replaying.take(readings);
  return replaying.finish();
};
