// One timer for all calm runs of a source: their packets lie in the kernel until it rings, so that a process with many
// cameras wakes once a second instead of hundreds of times (measured in docs/design/rtsp-client.md).

import { type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** How many of the four parts of a tick lie between two reads. */
export type Parts = 1 | 2 | 4;

// Linux gives a TCP connection a receive buffer of 128 kB to begin with, half of it usable, and then doubles it as needed.
// Macs and small routers are not as generous: 48 kB between two reads never fills it, so the camera is never held back.
const READ_BUDGET = 48 * 1024;

/** How often a stream of that rate must be read; `eager` if even a quarter of a tick is too long. */
export const partsFor = (bytesPerSecond: number, tick: Ms): Parts | 'eager' => {
  const perTick = (bytesPerSecond * tick) / 1000;
  if (perTick <= READ_BUDGET) return 4;
  if (perTick <= 2 * READ_BUDGET) return 2;
  return perTick <= 4 * READ_BUDGET ? 1 : 'eager';
};

export class SharedTick {
  readonly length: Ms;
  readonly #clock: Clock;
  readonly #members = new Map<() => void, Parts>();
  #part = 0;
  #stop: AbortController | undefined;

  constructor(clock: Clock, length: Ms) {
    this.#clock = clock;
    this.length = length;
  }

  /** Calls `read` every `parts` quarters from now on; again with other parts to change that. */
  join(read: () => void, parts: Parts): void {
    const shortest = this.#shortest();
    this.#members.set(read, parts);
    if (!this.#stop || parts < shortest) this.#restart();
  }

  leave(read: () => void): void {
    this.#members.delete(read);
    if (this.#members.size > 0) return;
    this.#stop?.abort();
    this.#stop = undefined;
  }

  #shortest(): Parts {
    return [...this.#members.values()].reduce<Parts>((least, parts) => (parts < least ? parts : least), 4);
  }

  #restart(): void {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#ring(stop.signal).catch((error: unknown) => {
      // Aborted: another loop, or nobody, has taken over. Anything else is a bug and must be heard.
      if (!stop.signal.aborted) throw error;
    });
  }

  async #ring(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const shortest = this.#shortest();
      const wait = shortest - (this.#part % shortest);
      await this.#clock.sleep(ms((this.length * wait) / 4), signal);
      this.#part += wait;
      for (const [read, parts] of this.#members) if (this.#part % parts === 0) read();
    }
  }
}
