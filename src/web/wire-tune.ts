// What `/api/v1/cameras/{camera}/readings` and `…/replay` give: a camera's past, and another setting tried on it. Types only.

import type { DrawnMask, DrawnZone, WholeSensitivity } from '../domain/drawn-areas.ts';
import type { StillResource } from './wire-api.ts';

/**
 * The past as a graph: columns of equal width from `from` to `until`. `pixels`: changed pixels of 160 × 90 that counted, the most
 * of any second of the column; null: the camera was not seen. Motion takes `4 × threshold` of them.
 */
export interface ReadingsView {
  readonly from: string;
  readonly until: string;
  readonly columnSeconds: number;
  readonly pixels: readonly (number | null)[];
}

/** In the words of the owner's document. Without sensitivity, masks and zones the areas in force are meant; with one, exactly those. */
export interface TriedSetting {
  readonly sensitivity?: WholeSensitivity | undefined;
  /** Factor on the change that is needed. */
  readonly threshold?: number | undefined;
  readonly calmPeriodSeconds?: number | undefined;
  readonly masks?: Readonly<Record<string, DrawnMask>> | undefined;
  readonly zones?: Readonly<Record<string, DrawnZone>> | undefined;
}

export interface LostPhotoView {
  readonly startedAt: string;
  readonly endedAt: string;
  /** `Mon 23 Nov 14:32:07`, in the visitor's language. */
  readonly text: string;
  /** null: it is not in the archive any more. */
  readonly still: StillResource | null;
}

export interface GainedPhotoView {
  readonly startedAt: string;
  /** When it would have been taken. */
  readonly endedAt: string;
  readonly text: string;
  /** Where it moved most: 16 × 9 cells, row-major, one hex digit each (0: nothing, f: all of it); null: too faint to know. */
  readonly cells: string | null;
}

export interface ReplayView extends ReadingsView {
  readonly seenSeconds: number;
  /** Share of what the setting looks at that was masked for part of the time: what happened there is not known. */
  readonly unknownShare: number;
  /** Photos of happenings under the setting in force, and under the one that is tried; an estimate, both from the readings. */
  readonly photosNow: number;
  readonly photosTried: number;
  readonly lostCount: number;
  readonly gainedCount: number;
  /** The newest of them. */
  readonly lost: readonly LostPhotoView[];
  readonly gained: readonly GainedPhotoView[];
}
