// Work that takes a while and is asked about meanwhile: trials of cameras, searches for cameras. Kept in memory for a time.

import { randomBytes } from 'node:crypto';
import { later, type Ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Long enough to fetch the ladder and turn the camera; after that passwords and pictures are forgotten. */
const FORGOTTEN_AFTER: Ms = seconds(1800);
/** Finished ones that may wait to be looked at. */
const MOST_KEPT = 16;

export interface Job<State> {
  readonly id: string;
  readonly state: State;
  /** Grows with every change. */
  readonly version: number;
  readonly isRunning: boolean;
  /** Told after every change, and at the end. @returns stops it */
  follow(listener: () => void): () => void;
}

export interface Jobs<State> {
  get(id: string): Job<State> | undefined;
  readonly running: number;
  /** `work` folds what it learns into the state; when it returns or throws, it is over. */
  start(
    first: State,
    work: (change: (next: (state: State) => State) => void, signal: AbortSignal) => Promise<void>,
  ): Job<State>;
  /** Stops it if it runs, and forgets it. */
  end(id: string): boolean;
  stopAll(): void;
}

interface Entry<State> {
  state: State;
  version: number;
  isRunning: boolean;
  readonly stop: AbortController;
  readonly until: number;
  readonly listeners: Set<() => void>;
}

export const jobs = <State>(clock: Clock): Jobs<State> => {
  const entries = new Map<string, Entry<State>>();
  const end = (id: string): boolean => {
    const entry = entries.get(id);
    entries.delete(id);
    entry?.stop.abort();
    return entry !== undefined;
  };
  const forgetOld = (): void => {
    const now = clock.now().wall;
    for (const [id, { until, isRunning }] of entries) {
      if (until < now || (entries.size > MOST_KEPT && !isRunning)) end(id);
    }
  };
  const view = (id: string, entry: Entry<State>): Job<State> => ({
    id,
    get state() {
      return entry.state;
    },
    get version() {
      return entry.version;
    },
    get isRunning() {
      return entry.isRunning;
    },
    follow(listener) {
      entry.listeners.add(listener);
      return () => void entry.listeners.delete(listener);
    },
  });
  const tell = (entry: Entry<State>): void => {
    entry.version += 1;
    for (const listener of entry.listeners) listener();
  };

  return {
    get running() {
      return [...entries.values()].filter(({ isRunning }) => isRunning).length;
    },
    get(id) {
      forgetOld();
      const entry = entries.get(id);
      return entry && view(id, entry);
    },
    start(first, work) {
      forgetOld();
      const id = randomBytes(9).toString('hex');
      const entry: Entry<State> = {
        state: first,
        version: 1,
        isRunning: true,
        stop: new AbortController(),
        until: later(clock.now().wall, FORGOTTEN_AFTER),
        listeners: new Set(),
      };
      entries.set(id, entry);
      const change = (next: (state: State) => State): void => {
        entry.state = next(entry.state);
        tell(entry);
      };
      void work(change, entry.stop.signal)
        // What went wrong is in the state: see those who start work.
        .catch(() => undefined)
        .finally(() => {
          entry.isRunning = false;
          tell(entry);
        });
      return view(id, entry);
    },
    end,
    stopAll: () => {
      for (const id of entries.keys()) end(id);
    },
  };
};
