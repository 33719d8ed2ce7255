// Stills by plan: when one is due, and how long it may wait for a calm scene. Pure; the clock on the wall decides.

import { civilTime, instantOf, type TimeZone } from './civil-time.ts';
import { type EpochMs, epochMs, later, type Ms, ms } from './units.ts';

/** `every`: at each whole multiple of it since local midnight. `at`: once a day, `HH-MM-SS` by the clock at the site. */
export type Schedule =
  | { readonly type: 'every'; readonly every: Ms; readonly window: Ms }
  | { readonly type: 'at'; readonly time: string; readonly window: Ms };

/** How long a photo "at noon" waits for people to be gone, unless the owner says otherwise: 15 minutes still is noon. */
export const CALM_WINDOW: Ms = ms(15 * 60_000);

const DAY: Ms = ms(86_400_000);

/** The local midnight that `at`'s day begins with. */
const midnight = (at: EpochMs, zone: TimeZone): EpochMs => {
  const { day } = civilTime(at, zone);
  // A zone that skips midnight itself begins its day after the jump; `instantOf` gives that instant.
  return instantOf(day, '00-00-00', zone) ?? at;
};

/**
 * The first time after `after` at which the schedule is due.
 * On the day clocks go back a time that comes twice is due once; on the day they go forward a skipped time is due after the jump.
 */
export const nextDue = (schedule: Schedule, after: EpochMs, zone: TimeZone): EpochMs => {
  const today = midnight(after, zone);
  if (schedule.type === 'every') {
    const passed = after - today;
    const due = epochMs(today + (Math.floor(passed / schedule.every) + 1) * schedule.every);
    // Counted from each midnight anew, so that "every 6 hours" is 0, 6, 12, 18 o'clock on every day of the year.
    const tomorrow = midnight(later(today, ms(DAY * 1.25)), zone);
    return due < tomorrow || after >= tomorrow ? due : tomorrow;
  }
  for (let days = 0; days < 3; days++) {
    // A quarter past noon of that day: within it whatever the clocks do.
    const { day } = civilTime(later(today, ms(days * DAY + DAY / 2)), zone);
    const due = instantOf(day, schedule.time, zone);
    if (due !== undefined && due > after) return due;
  }
  return later(after, DAY);
};

export interface ScheduledWait {
  readonly dueAt: EpochMs;
  /** Until then it waits for a calm scene. */
  readonly until: EpochMs;
}

export const waitFor = (schedule: Schedule, dueAt: EpochMs): ScheduledWait => ({
  dueAt,
  until: later(dueAt, schedule.window),
});

/** `take`: now; `wait`: somebody is in the picture and there is time left. */
export const decideScheduled = (wait: ScheduledWait, now: EpochMs, isCalm: boolean): 'not-due' | 'wait' | 'take' => {
  if (now < wait.dueAt) return 'not-due';
  return isCalm || now >= wait.until ? 'take' : 'wait';
};
