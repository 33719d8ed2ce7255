// Which pictures make an episode's set besides the calm one, and when they are ordered. A pure fold over the episode:
// what the place looked like before, and at the instant of the strongest reading.

import type { OpenEpisode, Order } from './episode.ts';
import type { EpisodeId } from './ids.ts';
import { between, type Instant, type Ms, ms, seconds, shift } from './units.ts';

export interface SetState {
  /** The episode whose pictures were ordered; undefined: none yet. */
  readonly episode: EpisodeId | undefined;
  /** Strength of the reading whose peak was ordered last. */
  readonly peakOrdered: number | undefined;
  /** The same for the picture that is wanted at once, before it is known whether something stronger follows. */
  readonly peakTried: number | undefined;
}

export interface SetOrder {
  readonly kind: 'before' | 'peak';
  readonly episode: OpenEpisode;
  readonly wantedAt: Instant;
  /** A peak that has stood for a while, or the last one: it must be accounted for. Else it is a try on the spot. */
  readonly isSettled: boolean;
}

export interface SetStep {
  readonly next: SetState;
  readonly orders: readonly SetOrder[];
}

/** Confirming motion takes up to two seconds (p90 of the detector, docs/reference): "before" lies safely ahead of that. */
export const BEFORE_LEAD: Ms = seconds(3);
/** A peak that nothing has exceeded for so long is taken; it must still lie in the ring. */
export const PEAK_STANDS: Ms = seconds(2);
/** A later peak replaces an earlier one when it is a quarter stronger: at most a dozen pictures however long it lasts. */
const STRONGER = 1.25;

const NONE: readonly SetOrder[] = [];

export const newSetState = (): SetState => ({ episode: undefined, peakOrdered: undefined, peakTried: undefined });

/** After a restart: what was ordered before it is not ordered again, since those moments are over. */
export const resumedSetState = (open: OpenEpisode): SetState => ({
  episode: open.id,
  peakOrdered: open.peakScore,
  peakTried: open.peakScore,
});

const isStronger = (score: number, than: number | undefined): boolean => than === undefined || score >= than * STRONGER;

/**
 * Folds what one step of the episode did.
 * @param open the episode that is open now
 * @param made the orders of that step
 */
export const stepSet = (
  state: SetState,
  { open, made, at }: { readonly open: OpenEpisode | undefined; readonly made: readonly Order[]; readonly at: Instant },
): SetStep => {
  const orders: SetOrder[] = [];
  let next = state;
  const ended = made.find((order) => order.type === 'episode-ended')?.episode;
  if (ended && ended.id === state.episode && isStronger(ended.peakScore, state.peakOrdered)) {
    orders.push({ kind: 'peak', episode: ended, wantedAt: ended.peakAt, isSettled: true });
  }
  if (open && open.id !== state.episode) {
    // An episode that continues one that never calmed has no "before": the scene was not calm then.
    const isContinued = ended !== undefined;
    if (!isContinued) {
      const wantedAt = shift(open.startedAt, ms(-BEFORE_LEAD));
      orders.push({ kind: 'before', episode: open, wantedAt, isSettled: true });
    }
    next = { episode: open.id, peakOrdered: undefined, peakTried: undefined };
  }
  if (open && isStronger(open.peakScore, next.peakTried) && open.peakAt.mono === at.mono) {
    orders.push({ kind: 'peak', episode: open, wantedAt: open.peakAt, isSettled: false });
    next = { ...next, peakTried: open.peakScore };
  }
  if (open && isStronger(open.peakScore, next.peakOrdered) && between(open.peakAt.mono, at.mono) >= PEAK_STANDS) {
    orders.push({ kind: 'peak', episode: open, wantedAt: open.peakAt, isSettled: true });
    next = { ...next, peakOrdered: open.peakScore };
  }
  return orders.length === 0 && next === state ? { next: state, orders: NONE } : { next, orders };
};
