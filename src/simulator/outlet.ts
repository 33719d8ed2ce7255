// The way out of one connection: whole at once, or as thin as the 'slow' fault makes it.

import type { Socket } from 'node:net';

export interface Outlet {
  write(bytes: Uint8Array): void;
  /** Bytes that are waiting here or in the socket. */
  backlog(): number;
  close(): void;
}

/** How often a thin outlet lets something through, in ms: fine enough that 100 B/s still trickles. */
const TRICKLE = 100;

/** @param bytesPerSecond the limit now, undefined for none; asked at every write */
export const outlet = (socket: Socket, bytesPerSecond: () => number | undefined): Outlet => {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    for (const bytes of waiting) socket.write(bytes);
    waiting = [];
    waitingBytes = 0;
  };
  const trickle = (): void => {
    const limit = bytesPerSecond();
    let allowance = limit === undefined ? Infinity : Math.max(1, Math.round((limit * TRICKLE) / 1000));
    if (allowance === Infinity) flush();
    while (allowance > 0 && waiting.length > 0) {
      const first = waiting[0] ?? new Uint8Array();
      const part = first.subarray(0, allowance);
      socket.write(part);
      allowance -= part.length;
      waitingBytes -= part.length;
      if (part.length === first.length) waiting.shift();
      else waiting[0] = first.subarray(part.length);
    }
    if (waiting.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    write: (bytes) => {
      if (socket.destroyed || !socket.writable) return;
      if (waiting.length === 0 && bytesPerSecond() === undefined) {
        socket.write(bytes);
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      timer ??= setInterval(trickle, TRICKLE);
    },
    backlog: () => waitingBytes + socket.writableLength,
    close: () => {
      clearInterval(timer);
      waiting = [];
      waitingBytes = 0;
    },
  };
};
