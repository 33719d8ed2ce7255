// When the socket of one run is read: as packets come, together with other calm cameras, or not at all.

import { type MonoMs, type Ms, seconds } from '../../domain/units.ts';
import type { Pace } from '../../ports/packet-source.ts';
import type { RtspConnection } from './connection.ts';
import { partsFor, type SharedTick } from './shared-tick.ts';

// Long enough to hold a whole GOP of most cameras, so that key pictures do not swing the rate.
const RATE_WINDOW: Ms = seconds(4);
// At first a rough rate is better than none: a 4K stream must not lie in the kernel for four ticks.
const FIRST_WINDOW: Ms = seconds(1);

export class ReadPace {
  readonly #connection: RtspConnection;
  readonly #tick: SharedTick;
  readonly #read = (): void => this.#connection.readOnce();
  #wanted: Pace = 'eager';
  #isHeldBack = false;
  #isOver = false;
  #bytesPerSecond = 0;
  #measured: { readonly at: number; readonly bytes: number };

  constructor(connection: RtspConnection, tick: SharedTick, now: MonoMs) {
    this.#connection = connection;
    this.#tick = tick;
    this.#measured = { at: now, bytes: 0 };
  }

  /** Nothing is read: the reader of the packets is behind. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  want(pace: Pace): void {
    this.#wanted = pace;
    this.#apply();
  }

  holdBack(isHeldBack: boolean): void {
    this.#isHeldBack = isHeldBack;
    this.#apply();
  }

  /** Learns the stream's rate: one that would fill the kernel's buffer within a tick is read more often. */
  measure(bytes: number, now: MonoMs): void {
    const elapsed = now - this.#measured.at;
    if (elapsed < (this.#bytesPerSecond === 0 ? FIRST_WINDOW : RATE_WINDOW)) return;
    this.#bytesPerSecond = ((bytes - this.#measured.bytes) * 1000) / elapsed;
    this.#measured = { at: now, bytes };
    if (this.#wanted === 'coalesced') this.#apply();
  }

  /** Out of turn. */
  readNow(): void {
    if (!this.#isHeldBack && !this.#isOver) this.#read();
  }

  end(): void {
    this.#isOver = true;
    this.#tick.leave(this.#read);
  }

  #apply(): void {
    if (this.#isOver) return;
    const parts = this.#wanted === 'eager' ? 'eager' : partsFor(this.#bytesPerSecond, this.#tick.length);
    if (!this.#isHeldBack && parts !== 'eager') {
      this.#connection.stopReading();
      this.#tick.join(this.#read, parts);
      return;
    }
    this.#tick.leave(this.#read);
    if (this.#isHeldBack) this.#connection.stopReading();
    else this.#connection.flow();
  }
}
