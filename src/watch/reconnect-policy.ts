// When a camera that failed is tried again. A pure decision; its truth table is beside it.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import { type Ms, ms, seconds } from '../domain/units.ts';

export interface ReconnectFacts {
  readonly code: StillwatchErrorCode;
  /** Failures in a row, this one included: 1 for the first. */
  readonly failures: number;
  /** True when this user and password have been accepted since they were configured. */
  readonly hasLoggedIn: boolean;
}

export interface Reconnect {
  /** What to tell: a refused password that worked before is a lock. */
  readonly code: StillwatchErrorCode;
  readonly after: Ms;
}

/** Shortest pause: a camera that drops a connection needs a moment to free the session. */
const FIRST: Ms = seconds(1);
/** Longest pause of a passing trouble: an owner who mends something expects to see it work within a minute. */
const LONGEST: Ms = seconds(60);
/** A pause after trouble that only the owner can mend, apart from logins. */
const OWNER: Ms = seconds(300);
/** Tapo locks for 30 minutes and each further try renews it (HomeAssistant-Tapo-Control#436); one minute to spare. */
const LOCK: Ms = seconds(31 * 60);

/** Exponential with full jitter above half: 0.5..1 of min(60 s, 1 s · 2^(failures-1)). `random` is uniform in [0, 1). */
const backOff = (failures: number, random: number): Ms =>
  ms(Math.round(Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 10)) * (0.5 + random / 2)));

export const reconnect = (facts: ReconnectFacts, random: number): Reconnect => {
  switch (facts.code) {
    case 'SW_CAM_AUTH':
    case 'SW_CAM_LOCKED':
      return { code: facts.hasLoggedIn ? 'SW_CAM_LOCKED' : 'SW_CAM_AUTH', after: LOCK };
    case 'SW_CAM_NO_PATH':
    case 'SW_CAM_CODEC':
    case 'SW_CAM_NO_VIDEO':
    case 'SW_DECODER_MISSING':
      // A rebooting camera may answer 404 for a moment: the first tries are quick.
      return { code: facts.code, after: facts.failures <= 3 ? backOff(facts.failures, random) : OWNER };
    case 'SW_CAM_STREAM_CHANGED':
      return { code: facts.code, after: facts.failures <= 1 ? ms(0) : backOff(facts.failures, random) };
    default:
      return { code: facts.code, after: backOff(facts.failures, random) };
  }
};
