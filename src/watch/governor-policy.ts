// Who is decoded fully with CPU that nobody else wants: cameras at which the economical way is seen to miss something. A calm
// camera without misses is never raised, however idle the machine: nothing would be bought.

import { type Audit, missRate } from '../domain/audit.ts';
import type { CameraId } from '../domain/ids.ts';
import { between, type MonoMs, type Ms, seconds } from '../domain/units.ts';

export interface GovernedCamera {
  readonly id: CameraId;
  readonly audit: Audit;
  /** Share of the last hour in which something moved, 0..1. */
  readonly activity: number;
}

interface Raise {
  readonly id: CameraId;
  readonly since: MonoMs;
}

export interface GovernorState {
  readonly raised: readonly Raise[];
  /** Looks of the audit when a camera was put back: it is raised again only on new evidence. */
  readonly tried: ReadonlyMap<CameraId, number>;
}

export const NEW_GOVERNOR: GovernorState = { raised: [], tried: new Map() };

/** How often to decide: shorter would judge the machine by a single photo's encoding. */
export const GOVERN_EVERY: Ms = seconds(10);
/** Share of the machine's CPU that is idle: above, one more camera is raised; below, one is put back. Between, all stays. */
const PLENTY = 0.5;
const SCARCE = 0.25;
/** Below this share everything is put back at once: packets are about to be lost. */
const NONE_LEFT = 0.08;
/** Misses at this rate are worth a core's fiftieth: one hidden happening of two seconds in a hundred. */
const WORTH_RATE = 0.01;
const WORTH_MISSES = 2;
/** Full decoding hides whether it is still needed, so every hour the camera is tried economically again. */
const RETRY_AFTER: Ms = seconds(3600);
/** Looks of the audit that make new evidence. */
const NEW_LOOKS = 50;
/** A camera at which nothing moved for an hour is worth a little all the same. */
const LEAST_ACTIVITY = 0.001;

/** Happenings missed, in proportion: how often it misses times how much there is to miss. */
const worth = ({ audit, activity }: GovernedCamera): number =>
  missRate(audit).rate * Math.max(activity, LEAST_ACTIVITY);

export interface GovernorInput {
  readonly at: MonoMs;
  /** Share of the machine's CPU that was idle since the last step, 0..1. */
  readonly idle: number;
  /** Those that may be raised: set to `auto`. */
  readonly cameras: readonly GovernedCamera[];
}

export const govern = (state: GovernorState, { at, idle, cameras }: GovernorInput): GovernorState => {
  const byWorth = cameras.toSorted((a, b) => worth(b) - worth(a));
  const tried = new Map(state.tried);
  const putBack = (gone: readonly Raise[], kept: readonly Raise[]): GovernorState => {
    for (const { id } of gone) tried.set(id, cameras.find((camera) => camera.id === id)?.audit.looked ?? 0);
    return { raised: kept, tried };
  };
  const overdue = state.raised.filter(({ since }) => between(since, at) >= RETRY_AFTER);
  if (overdue.length > 0)
    return putBack(
      overdue,
      state.raised.filter((raise) => !overdue.includes(raise)),
    );
  // Given back under load: not tried out, so it may come again as soon as there is room.
  if (idle < NONE_LEFT) return state.raised.length === 0 ? state : { ...state, raised: [] };
  if (idle < SCARCE) {
    const least = byWorth.findLast(({ id }) => state.raised.some((raise) => raise.id === id));
    return least ? { ...state, raised: state.raised.filter(({ id }) => id !== least.id) } : state;
  }
  if (idle < PLENTY) return state;
  const next = byWorth.find(
    ({ id, audit }) =>
      !state.raised.some((raise) => raise.id === id) &&
      audit.missed >= WORTH_MISSES &&
      missRate(audit).rate >= WORTH_RATE &&
      audit.looked >= (tried.get(id) ?? -NEW_LOOKS) + NEW_LOOKS,
  );
  return next ? { ...state, raised: [...state.raised, { id: next.id, since: at }] } : state;
};
