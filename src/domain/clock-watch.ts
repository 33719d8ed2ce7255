// Whether the system's clock can be believed: it must have gone in step with the monotonic clock for a while.
// A Raspberry Pi starts in 1970 or at its last shutdown, and jumps when the network's time arrives.

import { between, type Instant, type MonoMs, type Ms, ms } from './units.ts';

export interface ClockWatch {
  readonly last: Instant;
  /** Since when the clock has not jumped. */
  readonly steadySince: MonoMs;
}

export interface ClockStep {
  readonly next: ClockWatch;
  /** How far the system's clock jumped since the last look; undefined: it did not. Positive: forward. */
  readonly jump: Ms | undefined;
}

/** NTP slews small errors; a step of a minute or more is somebody setting the clock. */
const JUMP: Ms = ms(60_000);
/** Long enough for network time to arrive after a start, short enough for a program that restarts daily to sweep at all. */
const STEADY_AFTER: Ms = ms(3_600_000);

export const newClockWatch = (now: Instant): ClockWatch => ({ last: now, steadySince: now.mono });

export const stepClockWatch = (watch: ClockWatch, now: Instant): ClockStep => {
  const jump = ms(between(watch.last.wall, now.wall) - between(watch.last.mono, now.mono));
  const hasJumped = Math.abs(jump) >= JUMP;
  return {
    next: { last: now, steadySince: hasJumped ? now.mono : watch.steadySince },
    jump: hasJumped ? jump : undefined,
  };
};

export const isClockSteady = (watch: ClockWatch): boolean =>
  between(watch.steadySince, watch.last.mono) >= STEADY_AFTER;
