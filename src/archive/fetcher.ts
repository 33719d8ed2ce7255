// Fetches a camera's picture by plan, and when the camera calls; what comes goes the same way as what is sent.

import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import { type Ms, ms } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { InboxDoor } from '../ports/inbox.ts';

export interface FetcherParts {
  readonly camera: CameraId;
  /** undefined: unchanged. */
  readonly fetch: (signal: AbortSignal) => Promise<Uint8Array | undefined>;
  /** What was fetched last was not kept: it is to be given again although it is unchanged. */
  readonly forget: () => void;
  /** undefined: only when called. */
  readonly every: Ms | undefined;
  readonly door: Pick<InboxDoor, 'deliver'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface Fetcher {
  /** The camera says that there is something to fetch. */
  call(): void;
  /** Until `signal` aborts. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

/** After trouble: half of it jitter, and never longer than the plan itself. */
const FIRST_WAIT: Ms = ms(15_000);
const LONGEST_WAIT: Ms = ms(30 * 60_000);
const NEVER: Ms = ms(24 * 3_600_000);

export const fetcher = ({ camera, fetch, forget, every, door, clock, random, onTrouble }: FetcherParts): Fetcher => {
  let isCalled = every !== undefined;
  let wake: (() => void) | undefined;

  const rest = async (by: Ms, signal: AbortSignal): Promise<void> => {
    if (isCalled || signal.aborted) return;
    const woken = new AbortController();
    wake = () => woken.abort();
    await clock.sleep(by, AbortSignal.any([woken.signal, signal])).catch(() => undefined);
    wake = undefined;
  };

  const once = async (signal: AbortSignal): Promise<void> => {
    const bytes = await fetch(signal);
    if (!bytes) return;
    try {
      await door.deliver({ camera, way: 'fetch', bytes, receivedAt: clock.now().wall });
    } catch (thrown) {
      forget();
      throw thrown;
    }
  };

  return {
    call() {
      isCalled = true;
      wake?.();
    },
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        const isDue = isCalled || every !== undefined || failures > 0;
        isCalled = false;
        if (isDue) {
          try {
            await once(signal);
            failures = 0;
          } catch (thrown) {
            if (signal.aborted) return;
            onTrouble(toStillwatchError(thrown));
            failures++;
          }
        }
        const planned = every ?? NEVER;
        const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 20)) * (0.5 + random() / 2);
        await rest(ms(failures > 0 ? Math.min(planned, wait) : planned), signal);
      }
    },
  };
};
