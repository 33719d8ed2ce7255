// What readings and triggers become for one camera.

import type { ClaimKind } from './camera-message.ts';
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
  /** While something moves: how much of each of 16 × 9 cells changed where it was suspicious, in percent, row-major. */
  readonly cells?: Uint8Array;
  /** Where the change was strongest, as an index of those cells, when it is no motion. */
  readonly cell?: number;
}

export type Signal =
  | {
      readonly type: 'motion';
      readonly at: Instant;
      readonly score: number;
      readonly cause: Cause;
      /** What the camera says it is. */
      readonly claims?: readonly ClaimKind[];
    }
  /** We cannot see: nothing that follows is calm until `seeing`. */
  | { readonly type: 'blind'; readonly at: Instant; readonly reason: StillwatchErrorCode }
  | { readonly type: 'seeing'; readonly at: Instant }
  /** Time passes; nothing else happened. */
  | { readonly type: 'tick'; readonly at: Instant };
