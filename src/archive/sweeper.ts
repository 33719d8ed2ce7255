// When to sweep: once a day, and whenever the disk runs low. It decides the moment only; what goes is the plan's.

import { type ClockWatch, isClockSteady, newClockWatch, stepClockWatch } from '../domain/clock-watch.ts';
import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { isSpaceLow, type KeepRules } from '../domain/retention.ts';
import { between, type Instant, type MonoMs, type Ms, ms } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import { finishRetired, type SweepParts, type SweepSum, sweep } from './sweep.ts';

export interface SweeperOptions {
  readonly parts: SweepParts;
  readonly rules: KeepRules;
  readonly clock: Clock;
  readonly onSwept: (sum: SweepSum) => void;
  /** Sweeping goes on by itself. */
  readonly onTrouble: (error: StillwatchError) => void;
  /** The system's clock was set; photos taken before bear the old time. */
  readonly onClockJump: (jump: Ms, now: Instant) => void;
}

export interface Sweeper {
  /** A photo found no room: look now. */
  wake(): void;
  /** Until `signal` aborts; a page in hand is finished first. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

/** One call to the file system every five minutes: a camera fills half a gigabyte in hours, not in minutes. */
const LOOK_EVERY: Ms = ms(5 * 60_000);
const SWEEP_EVERY: Ms = ms(24 * 3_600_000);
/** The first daily sweep waits until the clock has been steady for an hour, so that age can count. */
const FIRST_SWEEP_AFTER: Ms = ms(3_660_000);
/** A sweep that could not free enough is not repeated at every look. */
const LOW_SPACE_EVERY: Ms = ms(3_600_000);
/** A wake is somebody meeting a full disk; every photo may cause one. */
const WOKEN_EVERY: Ms = ms(60_000);

export const sweeper = (options: SweeperOptions): Sweeper => {
  const { parts, rules, clock } = options;
  let isWoken = false;
  let stopWaiting: (() => void) | undefined;

  const rest = async (signal: AbortSignal): Promise<void> => {
    if (isWoken || signal.aborted) return;
    const woken = new AbortController();
    stopWaiting = () => woken.abort();
    try {
      await clock.sleep(LOOK_EVERY, AbortSignal.any([woken.signal, signal]));
    } catch {
      // woken or stopped: the caller looks which
    } finally {
      stopWaiting = undefined;
    }
  };

  return {
    wake() {
      isWoken = true;
      stopWaiting?.();
    },

    async run(signal) {
      const startedAt = clock.now().mono;
      let watch: ClockWatch = newClockWatch(clock.now());
      let dueAt: number = startedAt + FIRST_SWEEP_AFTER;
      let lastForSpace: MonoMs | undefined;
      const isSince = (at: MonoMs | undefined, by: Ms): boolean =>
        at === undefined || between(at, clock.now().mono) >= by;
      while (!signal.aborted) {
        const now = clock.now();
        const step = stepClockWatch(watch, now);
        watch = step.next;
        if (step.jump !== undefined) options.onClockJump(step.jump, now);
        const wasWoken = isWoken;
        isWoken = false;
        try {
          // What a person deleted is past its time to be brought back.
          if ((await parts.catalog.retireHeld(now.wall)) > 0) await finishRetired(parts, signal);
          const isLow = isSince(lastForSpace, wasWoken ? WOKEN_EVERY : LOW_SPACE_EVERY)
            ? isSpaceLow(rules, await parts.disk.space())
            : false;
          const isDue = now.mono >= dueAt;
          if (isLow) lastForSpace = now.mono;
          // With a clock that was just set, age did not count: once more as soon as it may.
          if (isDue) dueAt = now.mono + (isClockSteady(watch) ? SWEEP_EVERY : FIRST_SWEEP_AFTER);
          if (isLow || isDue) {
            options.onSwept(await sweep(parts, { rules, now: now.wall, isClockSteady: isClockSteady(watch), signal }));
          }
        } catch (thrown) {
          if (!signal.aborted) options.onTrouble(toStillwatchError(thrown));
        }
        await rest(signal);
      }
    },
  };
};
