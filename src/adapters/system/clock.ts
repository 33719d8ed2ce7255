import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { epochMs, type Instant, type Ms, monoMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** The machine's clocks. */
export const systemClock = (): Clock => ({
  now: (): Instant => ({ mono: monoMs(performance.now()), wall: epochMs(Date.now()) }),
  sleep: async (by: Ms, signal?: AbortSignal): Promise<void> => {
    try {
      await wait(by, undefined, signal ? { signal } : undefined);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw thrown;
    }
  },
});
