// When a dead event subscription is opened again. A pure decision; its truth table is beside it.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import { type Ms, ms, seconds } from '../domain/units.ts';

export interface ReopenFacts {
  readonly code: StillwatchErrorCode;
  /** Failures in a row, this one included; a subscription that brought something ends the row. */
  readonly failures: number;
  /** How long the last subscription lived; undefined when none came about. */
  readonly lived: Ms | undefined;
  readonly hasLoggedIn: boolean;
}

export interface Reopen {
  readonly code: StillwatchErrorCode;
  readonly after: Ms;
  /** Whether the owner and the episodes hear of it: the ordinary end of a lease is nobody's business. */
  readonly isTold: boolean;
}

/** A reboot of a small camera takes 30 s and more; a lost lease is back at once. */
const FIRST: Ms = ms(250);
const LONGEST: Ms = seconds(60);
/** Tapo locks for 30 minutes and each further wrong login renews it (Tapo-Control#436). */
const LOCK: Ms = seconds(31 * 60);
/** What only the owner can mend is looked at now and then all the same: he mends it in the camera, not here. */
const OWNER: Ms = seconds(300);
/** A subscription that lived this long was a good one: its end says nothing about the next. */
const GOOD_LIFE: Ms = seconds(30);

/** `random` is uniform in [0, 1): the farm's cameras must not all come back at the same moment after a power cut. */
export const reopen = (facts: ReopenFacts, random: number): Reopen => {
  const { code, failures, lived, hasLoggedIn } = facts;
  if (code === 'SW_CAM_AUTH' || code === 'SW_CAM_LOCKED') {
    return { code: hasLoggedIn ? 'SW_CAM_LOCKED' : 'SW_CAM_AUTH', after: LOCK, isTold: true };
  }
  if (failures <= 1 && lived !== undefined && lived >= GOOD_LIFE) return { code, after: FIRST, isTold: false };
  const doubled = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 12));
  // A camera without events at all says so every time: asking it each minute helps nobody. One that has given a
  // subscription before is out of slots, or has forgotten the last one; that passes.
  const hasNone = code === 'SW_ONVIF_REFUSED' || code === 'SW_ONVIF_OFF';
  const base = hasNone && failures > 5 && !hasLoggedIn ? OWNER : doubled;
  return { code, after: ms(Math.round(base * (0.5 + random / 2))), isTold: lived === undefined || failures > 1 };
};
