// When it is worth telling somebody that a camera cannot see: once it has lasted, once only, and that it sees again only to
// those who were told that it did not. A fold.

import type { ErrorFacts, StillwatchErrorCode } from './errors.ts';
import type { CameraId } from './ids.ts';
import { between, type EpochMs, type Ms } from './units.ts';

export interface Blindness {
  readonly since: EpochMs;
  readonly code: StillwatchErrorCode;
  readonly facts: ErrorFacts;
  readonly isTold: boolean;
}

/** The cameras that cannot see. */
export type Sights = ReadonlyMap<CameraId, Blindness>;

export const ALL_SEE: Sights = new Map();

export type SightEvent =
  | {
      readonly type: 'blind';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly code: StillwatchErrorCode;
      readonly facts: ErrorFacts;
    }
  | { readonly type: 'seeing'; readonly camera: CameraId; readonly at: EpochMs }
  /** Nobody wants to know any more. */
  | { readonly type: 'unwatched'; readonly camera: CameraId }
  | { readonly type: 'tick'; readonly at: EpochMs };

/** What is to be told. */
export type SightNews =
  | { readonly type: 'camera.blind'; readonly camera: CameraId; readonly at: EpochMs; readonly blindness: Blindness }
  | { readonly type: 'camera.seeing'; readonly camera: CameraId; readonly at: EpochMs; readonly blindness: Blindness };

export interface SightStep {
  readonly next: Sights;
  readonly news: readonly SightNews[];
}

/** @param after how long a camera may be blind before somebody is told */
export const stepSights = (sights: Sights, event: SightEvent, after: Ms): SightStep => {
  if (event.type === 'tick') {
    const due = [...sights].filter(([, { since, isTold }]) => !isTold && between(since, event.at) >= after);
    if (due.length === 0) return { next: sights, news: [] };
    const told = due.map(([camera, blindness]) => [camera, { ...blindness, isTold: true }] as const);
    return {
      next: new Map([...sights, ...told]),
      news: told.map(([camera, blindness]) => ({ type: 'camera.blind', camera, at: event.at, blindness })),
    };
  }
  const { camera } = event;
  const known = sights.get(camera);
  if (event.type === 'blind') {
    // The newest reason is the one that helps; since when it is blind does not change with it.
    const { at, code, facts } = event;
    return {
      next: new Map([...sights, [camera, { since: known?.since ?? at, code, facts, isTold: known?.isTold ?? false }]]),
      news: [],
    };
  }
  if (!known) return { next: sights, news: [] };
  const next = new Map([...sights].filter(([id]) => id !== camera));
  const isNews = event.type === 'seeing' && known.isTold;
  return { next, news: isNews ? [{ type: 'camera.seeing', camera, at: event.at, blindness: known }] : [] };
};
