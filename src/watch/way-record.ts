// What is measured on one way to take a still: folded from its tries, read by the still policy.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import { later, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';
import type { WayRecord } from './still-policy.ts';

export interface WayMemory {
  readonly record: WayRecord | undefined;
  /** Not to be tried before: the camera refuses the password, and each further try prolongs its lock. */
  readonly blockedUntil: MonoMs | undefined;
}

export type Tried =
  | { readonly type: 'taken'; readonly pixels: number; readonly delay: Ms; readonly age: Ms }
  | { readonly type: 'failed'; readonly code: StillwatchErrorCode; readonly at: MonoMs };

export const NEVER_TRIED: WayMemory = { record: undefined, blockedUntil: undefined };

/** Tapo locks for 30 minutes and each further try renews it (HomeAssistant-Tapo-Control#436); one minute to spare. */
const LOCK: Ms = seconds(31 * 60);
/** How much the newest measurement counts: a camera that has become slow is known after three photos. */
const NEWEST = 0.4;

const eased = (known: Ms | undefined, now: Ms): Ms => (known === undefined ? now : ms(known + NEWEST * (now - known)));

export const recordTry = (memory: WayMemory, tried: Tried): WayMemory => {
  const { record } = memory;
  if (tried.type === 'taken') {
    return {
      record: {
        pixels: tried.pixels,
        delay: eased(record?.delay, tried.delay),
        age: eased(record?.age, tried.age),
        failuresInRow: 0,
      },
      blockedUntil: undefined,
    };
  }
  const isLocked = tried.code === 'SW_CAM_AUTH' || tried.code === 'SW_CAM_LOCKED';
  // That a moment is not in memory says nothing about the way.
  const counts = tried.code === 'SW_STILL_NOT_KEPT' ? 0 : 1;
  return {
    record: record && { ...record, failuresInRow: record.failuresInRow + counts },
    blockedUntil: isLocked ? later(tried.at, LOCK) : memory.blockedUntil,
  };
};
