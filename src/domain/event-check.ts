// What comes of checking a camera's word against our pixels: figures and doubts, for pages, metrics and the log.

import type { ErrorFacts, StillwatchErrorCode } from './errors.ts';
import { type EpochMs, type Ms, seconds } from './units.ts';

/** Sums of the last 24 hours but for `total`, which counts since the watching began. */
export interface CheckFigures {
  readonly agreed: number;
  readonly onlyPixels: number;
  readonly onlyCamera: number;
  /** Share of all motions that both saw, 0..1; undefined before the first. */
  readonly agreement: number | undefined;
  /** Share of the watched time during which the camera claimed motion. */
  readonly claimedShare: number | undefined;
  readonly watched: Ms;
  /** Motions of the pixels in a row of which the camera said nothing. */
  readonly unheard: number;
  readonly isStandIn: boolean;
  readonly total: { readonly agreed: number; readonly onlyPixels: number; readonly onlyCamera: number };
}

/** One camera's event subscriptions since the watching began. */
export interface LineCounters {
  /** Subscriptions that came about. */
  readonly opened: number;
  readonly failed: number;
  /** Answers of the camera, with or without messages: each proves that the line lives. */
  readonly answers: number;
  readonly messages: number;
  readonly lastAnswerAt: EpochMs | undefined;
  readonly lastMessageAt: EpochMs | undefined;
}

/** `silent`: it says nothing of what we see; `cries`: it claims motion most of the day, most of it alone. */
export type EventDoubt = 'silent' | 'cries';

/** The doubt as it is told to the owner, with its remedy. @param figures what was seen when the doubt arose */
export const doubtError = (
  doubt: EventDoubt,
  figures: { readonly rebuilds: number; readonly claimedShare: number | undefined },
): { readonly code: StillwatchErrorCode; readonly facts: ErrorFacts } =>
  doubt === 'silent'
    ? { code: 'SW_ONVIF_EVENTS_SILENT', facts: { rebuilds: figures.rebuilds } }
    : { code: 'SW_ONVIF_EVENTS_CRY', facts: { share: Math.round((figures.claimedShare ?? 0) * 100) } };

/** Beyond this a camera's clock misleads whoever reads the time in its picture. Source: issue 6, section 7. */
export const CLOCK_TOLERANCE: Ms = seconds(5);

/** Cameras report 0.5..5 s late, and pixels confirm up to 2 s late; ten seconds hold both. */
export const AGREE_WITHIN: Ms = seconds(10);
