// What motion detection saw, second by second, as it is kept for tuning on the past: the types. Coding is in readings-codec.ts,
// trying another setting on it in readings-replay.ts.

import type { Audit } from './audit.ts';
import type { EpochMs } from './units.ts';

/** The picture is divided into so many cells, row-major. */
export const READING_COLUMNS = 16;
export const READING_ROWS = 9;
export const READING_CELLS: number = READING_COLUMNS * READING_ROWS;

/** Pixels of 160 × 90, over what always changes there, from which a change is suspicious, and their score. */
export const SUSPICIOUS_PIXELS = 4;
/** Changed pixels to 0..1, by their logarithm: 4 pixels (one far person) 0.23, 1000 (a car that fills the yard) 1. */
export const scoreOfPixels = (pixels: number): number => (pixels <= 0 ? 0 : Math.min(1, Math.log2(1 + pixels) / 10));
export const pixelsOfScore = (score: number): number => 2 ** (10 * score) - 1;
export const SUSPICIOUS_SCORE: number = scoreOfPixels(SUSPICIOUS_PIXELS);
/** Kept scores have 255 steps: a faint one stays below the suspicious one by more than that. */
export const MOST_FAINT: number = SUSPICIOUS_SCORE - 0.004;
/** Sums of fractions of pixels are inexact by less than this. */
const ROUNDING = 1e-6;

/** @param threshold factor on the change that is needed */
export const isEnough = (pixels: number, threshold: number): boolean =>
  pixels >= SUSPICIOUS_PIXELS * threshold - ROUNDING;

/** Nothing changed for this many seconds. */
export interface CalmSeconds {
  readonly type: 'calm';
  readonly from: EpochMs;
  readonly seconds: number;
}

/** A second with a change too small to be motion; `cell` is where it was strongest. */
export interface FaintSecond {
  readonly type: 'faint';
  readonly from: EpochMs;
  /** 0..1, under `SUSPICIOUS_SCORE`. */
  readonly score: number;
  readonly cell: number;
}

/** A second with motion. `cells`: changed pixels of each cell, 0..100 (its percent), where it was suspicious. */
export interface MovingSecond {
  readonly type: 'moving';
  readonly from: EpochMs;
  /** 0..1, the strongest of the second. */
  readonly score: number;
  readonly cells: Uint8Array;
}

/** From here on the owner's areas were these, as a sensitivity per cell: see `areaCells`. */
export interface AreasNote {
  readonly type: 'areas';
  readonly from: EpochMs;
  readonly cells: Uint8Array;
}

/** What the audit of skipped pictures had counted by then. */
export interface AuditNote {
  readonly type: 'audit';
  readonly from: EpochMs;
  readonly audit: Audit;
}

/** In order of `from`, which is a whole second. A hole between two seconds is time in which nothing was seen. */
export type KeptReading = CalmSeconds | FaintSecond | MovingSecond | AreasNote | AuditNote;
