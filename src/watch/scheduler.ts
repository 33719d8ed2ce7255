// Has stills taken by plan: waits for the time, then for a calm scene within the window. One per camera.

import type { TimeZone } from '../domain/civil-time.ts';
import { decideScheduled, nextDue, type Schedule, waitFor } from '../domain/schedule.ts';
import { between, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';

export interface SchedulerParts {
  readonly schedules: readonly Schedule[];
  readonly zone: TimeZone;
  readonly clock: Clock;
  readonly isCalm: () => boolean;
  readonly take: () => void;
}

/** While it waits for calm, and for the wall clock, which may be set: often enough to be on time by a second. */
const LOOK_EVERY: Ms = seconds(1);
/**
 * Plans that come due, or find the scene calm, this close together have one photo: "every hour" and "at noon" are one at noon.
 * As long as two that wait may look apart, and as much again.
 */
const TOGETHER: Ms = ms(2 * LOOK_EVERY);
/** The wall clock is looked at this often while nothing is due. */
const LONGEST_SLEEP: Ms = seconds(60);

const follow = async (schedule: Schedule, parts: SchedulerParts, signal: AbortSignal): Promise<void> => {
  const { clock, zone } = parts;
  for (let last = clock.now().wall; !signal.aborted; ) {
    const wait = waitFor(schedule, nextDue(schedule, last, zone));
    for (;;) {
      const now = clock.now().wall;
      const what = decideScheduled(wait, now, parts.isCalm());
      if (what === 'take') break;
      // A clock that was set back by more than a day waits for a time that is years away: plan anew.
      if (what === 'not-due' && between(now, wait.dueAt) > between(last, wait.dueAt) + seconds(86_400)) break;
      const left = what === 'wait' ? LOOK_EVERY : ms(Math.min(LONGEST_SLEEP, Math.max(20, between(now, wait.dueAt))));
      await clock.sleep(left, signal);
    }
    const now = clock.now().wall;
    if (now >= wait.dueAt) parts.take();
    last = now;
  }
};

/** Until `signal` aborts. Never throws. */
export const runSchedules = async (parts: SchedulerParts, signal: AbortSignal): Promise<void> => {
  const { clock } = parts;
  let lastAt: MonoMs | undefined;
  const take = (): void => {
    const { mono } = clock.now();
    if (lastAt !== undefined && between(lastAt, mono) < TOGETHER) return;
    lastAt = mono;
    parts.take();
  };
  const together = { ...parts, take };
  await Promise.all(parts.schedules.map((schedule) => follow(schedule, together, signal).catch(() => undefined)));
};
