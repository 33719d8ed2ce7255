// What readings and triggers become for one camera.

import type { StillwatchErrorCode } from './errors.ts';
import type { Instant, Ms } from './units.ts';

/** What set a signal off. `pixels`: our own detector; `camera`: the camera's event; `owner`: asked for by hand. */
export type Cause = 'pixels' | 'camera' | 'owner';

/** A detector's verdict on one picture. */
export interface Reading {
  /** Presentation time of the picture within its run. */
  readonly pts: Ms;
  /** 0 is a calm scene, 1 the strongest motion the detector can express. */
  readonly score: number;
  /** True when the detector confirms motion at this instant. */
  readonly isMotion: boolean;
  /** While something moves: how much of each of 16 × 9 cells changed, 0..255, row-major. */
  readonly cells?: Uint8Array;
}

export type Signal =
  | { readonly type: 'motion'; readonly at: Instant; readonly score: number; readonly cause: Cause }
  /** We cannot see: nothing that follows is calm until `seeing`. */
  | { readonly type: 'blind'; readonly at: Instant; readonly reason: StillwatchErrorCode }
  | { readonly type: 'seeing'; readonly at: Instant }
  /** Time passes; nothing else happened. */
  | { readonly type: 'tick'; readonly at: Instant };
