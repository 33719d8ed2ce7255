import type { Instant, Ms } from '../domain/units.ts';

/** Time as a parameter: the core has no other source of it. */
export interface Clock {
  now(): Instant;
  /** Resolves after `by` on the monotonic clock. Rejects with the signal's reason as soon as `signal` aborts. */
  sleep(by: Ms, signal?: AbortSignal): Promise<void>;
}

/** Uniform in [0, 1). A parameter, so that jitter and audits can be replayed. */
export type Random = () => number;
