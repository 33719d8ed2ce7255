// Packets between the socket and their reader: one array per turn, bounded by telling the socket to stop.

import type { Packet } from '../../domain/camera.ts';

// Enough for a few key pictures of a 4K stream; a reader this far behind is not reading.
const HIGH_WATER = 4 * 1024 * 1024;

type Turn = IteratorResult<readonly Packet[], undefined>;

/** Iterable once. After `fail` or `end`, what is queued is still delivered. */
export class PacketQueue implements AsyncIterable<readonly Packet[]> {
  #packets: Packet[] = [];
  #bytes = 0;
  #waiting: { readonly resolve: (turn: Turn) => void; readonly reject: (error: unknown) => void } | undefined;
  #end: { readonly error: unknown } | 'ended' | undefined;
  #isTaken = false;
  readonly #onTaken: () => void;
  readonly #onReturn: () => Promise<void>;

  /** `onTaken`: the reader has emptied the queue. `onReturn`: the reader left its loop. */
  constructor(onTaken: () => void, onReturn: () => Promise<void>) {
    this.#onTaken = onTaken;
    this.#onReturn = onReturn;
  }

  get isFull(): boolean {
    return this.#bytes >= HIGH_WATER;
  }

  push(packet: Packet): void {
    if (this.#end) return;
    this.#packets.push(packet);
    this.#bytes += packet.bytes.length;
  }

  /** Wakes the reader, if there is something for it. */
  flush(): void {
    if (this.#waiting && this.#packets.length > 0) this.#settle(this.#waiting.resolve);
  }

  fail(error: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    this.#wakeForEnd();
  }

  end(): void {
    if (this.#end) return;
    this.#end = 'ended';
    this.#wakeForEnd();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly Packet[], undefined> {
    if (this.#isTaken) throw new TypeError('the batches of a run may be iterated once');
    this.#isTaken = true;
    return {
      next: () => this.#next(),
      return: async (): Promise<Turn> => {
        await this.#onReturn();
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (this.#packets.length > 0) this.#settle(resolve);
      else if (this.#end === 'ended') resolve({ done: true, value: undefined });
      else if (this.#end) {
        const { error } = this.#end;
        // Thrown once: an iterator that has thrown is over.
        this.#end = 'ended';
        reject(error);
      } else this.#waiting = { resolve, reject };
    });
  }

  #settle(resolve: (turn: Turn) => void): void {
    const batch = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    this.#waiting = undefined;
    resolve({ done: false, value: batch });
    this.#onTaken();
  }

  #wakeForEnd(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    this.#next().then(waiting.resolve, waiting.reject);
  }
}
