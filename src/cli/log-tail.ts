// What the program's log says, handed on as it is said to whoever follows it (`stillwatch tail`). A reader that does not
// keep up loses its place, never the program's time: lines are dropped and counted, and the count is said.

import type { Log, LogLevel } from '../adapters/log/log.ts';
import { redact } from '../domain/secret.ts';
import type { Clock } from '../ports/clock.ts';

export interface TailLine {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A line is some 200 bytes: a reader may be this far behind, 200 kB, before lines are dropped for it. */
const MOST_WAITING = 1000;

export interface LogTail {
  /** Says everything `log` says. */
  readonly log: Log;
  /** Every line from now on, until `signal` aborts. */
  follow(signal: AbortSignal): AsyncIterable<TailLine>;
}

export const logTail = (log: Log, clock: Pick<Clock, 'now'>): LogTail => {
  const followers = new Set<(line: TailLine) => void>();
  const saying =
    (level: LogLevel) =>
    (text: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      log[level](text, facts);
      if (followers.size === 0) return;
      const line = { at: clock.now().wall, level, text: redact(text), facts };
      for (const tell of followers) tell(line);
    };
  return {
    log: {
      info: saying('info'),
      warn: saying('warn'),
      error: saying('error'),
      debug: saying('debug'),
      get level() {
        return log.level;
      },
      set level(wanted) {
        log.level = wanted;
      },
    },
    async *follow(signal) {
      const waiting: TailLine[] = [];
      let dropped = 0;
      let wake = (): void => undefined;
      const tell = (line: TailLine): void => {
        if (waiting.length >= MOST_WAITING) dropped += 1;
        else waiting.push(line);
        wake();
      };
      const end = (): void => wake();
      signal.addEventListener('abort', end, { once: true });
      followers.add(tell);
      try {
        while (!signal.aborted) {
          const line = waiting.shift();
          if (line) yield line;
          else if (dropped > 0) {
            const text = `${dropped} lines left out: this reader was too slow`;
            dropped = 0;
            yield { at: clock.now().wall, level: 'warn', text, facts: {} };
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        followers.delete(tell);
        signal.removeEventListener('abort', end);
      }
    },
  };
};
