// Where a still lies in the store, in both directions. Nobody else knows the layout.
//   the `.env` camera:  YYYY-MM-DD/HH-MM-SS.jpg          (the first program's layout)
//   every other one:    <camera>/YYYY-MM-DD/HH-MM-SS.jpg
// Siblings share the calm photo's name: HH-MM-SS.before.jpg, HH-MM-SS.peak.jpg. A second photo in the same second: HH-MM-SS-2.jpg, -3, …

import { civilTime, isDay } from './civil-time.ts';
import { type CameraId, isCameraId } from './ids.ts';
import type { StillFacts } from './still.ts';
import { type EpochMs, later, ms } from './units.ts';

export interface StillPlace {
  /** undefined: the camera whose photos lie at the root. */
  readonly camera: CameraId | undefined;
  readonly day: string;
  /** `HH-MM-SS` */
  readonly time: string;
  readonly sibling: 'before' | 'peak' | undefined;
  /** 1 for the first of its second. */
  readonly copy: number;
}

const FILE = /^(\d{2}-\d{2}-\d{2})(?:-([2-9]|[1-9]\d{1,3}))?(?:\.(before|peak))?\.jpe?g$/i;

export const formatStillPath = (place: StillPlace): string => {
  const copy = place.copy > 1 ? `-${place.copy}` : '';
  const sibling = place.sibling ? `.${place.sibling}` : '';
  const folder = place.camera ? `${place.camera}/${place.day}` : place.day;
  return `${folder}/${place.time}${copy}${sibling}.jpg`;
};

/** undefined for any path that is not a still's: other files, dot files, escapes, impossible days and times. */
export const parseStillPath = (path: string): StillPlace | undefined => {
  const parts = path.split('/');
  const [camera, day, file] = parts.length === 3 ? parts : [undefined, ...parts];
  if (parts.length < 2 || parts.length > 3 || !day || !file) return undefined;
  if (camera !== undefined && !isCameraId(camera)) return undefined;
  const match = FILE.exec(file);
  if (!match || !isDay(day)) return undefined;
  const [, time = '', copy, sibling] = match;
  const [hour = 24, minute = 60, second = 60] = time.split('-').map(Number);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return {
    camera,
    day,
    time,
    sibling: sibling ? (sibling.toLowerCase() as 'before' | 'peak') : undefined,
    copy: copy ? Number(copy) : 1,
  };
};

const SET = /^(\d{4}-\d{2}-\d{2})\/(\d{2}-\d{2}-\d{2})$/;

/** True for a set's name: a real day and time. */
export const isSetName = (name: string): boolean => SET.test(name) && parseStillPath(`${name}.jpg`) !== undefined;

/** The name of the set whose calm photo was taken then. */
export const setName = (takenAt: EpochMs, offsetMinutes: number): string => {
  const civil = civilTime(later(takenAt, ms(offsetMinutes * 60_000)), 'UTC');
  return `${civil.day}/${civil.time}`;
};

/**
 * The place a still wants, asked of its own facts only: a later change of the site's time zone does not move it. On a clash
 * the store tries `copy` 2, 3, …
 * @param camera undefined: its photos lie at the root
 */
export const stillPlace = (
  camera: CameraId | undefined,
  facts: Pick<StillFacts, 'kind' | 'takenAt' | 'offsetMinutes' | 'set'>,
): StillPlace => {
  const [day = '', time = ''] = (facts.set ?? setName(facts.takenAt, facts.offsetMinutes)).split('/');
  const sibling = facts.kind === 'before' || facts.kind === 'peak' ? facts.kind : undefined;
  return { camera, day, time, sibling, copy: 1 };
};
