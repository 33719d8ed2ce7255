// A clock that moves only when told: sleepers wake in order of their deadline.

import { type EpochMs, epochMs, type Instant, type Ms, monoMs } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export interface FakeClock extends Clock {
  /** Moves both clocks forward, waking sleepers on the way; resolves when what they started has settled. */
  advance(by: Ms): Promise<void>;
  /** The system clock jumps; the monotonic one does not. */
  jumpTo(wall: EpochMs): void;
  /** How many sleep now. */
  readonly sleepers: number;
}

/** Lets everything that is already resolvable run: macrotasks flush the whole microtask queue each time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const fakeClock = (start: EpochMs = epochMs(1_795_000_000_000)): FakeClock => {
  let mono = 0;
  let wallOffset: number = start;
  let sleeping: Sleeper[] = [];
  return {
    now: (): Instant => ({ mono: monoMs(mono), wall: epochMs(mono + wallOffset) }),
    sleep: (by, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const onAbort = (): void => {
          sleeping = sleeping.filter((other) => other !== sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          due: mono + Math.max(0, by),
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleeping.push(sleeper);
      }),
    async advance(by) {
      const end = mono + by;
      await settle();
      for (;;) {
        const next = sleeping.filter((sleeper) => sleeper.due <= end).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        sleeping = sleeping.filter((sleeper) => sleeper !== next);
        mono = Math.max(mono, next.due);
        next.wake();
        await settle();
      }
      mono = end;
      await settle();
    },
    jumpTo(wall) {
      wallOffset = wall - mono;
    },
    get sleepers() {
      return sleeping.length;
    },
  };
};
