// The camera's word and our pixels check each other. A channel that is silent while pixels move is renewed, then rebuilt,
// then reported, and pixels take over; a camera that cries all day is said so. A pure fold over moments.

import { assertNever } from '../domain/assert-never.ts';
import { AGREE_WITHIN, type CheckFigures } from '../domain/event-check.ts';
import { between, type Instant, type Ms, ms, seconds } from '../domain/units.ts';

export type CheckInput =
  /** Pixels confirm motion (repeated while it lasts). */
  | { readonly type: 'pixels'; readonly at: Instant }
  /** The camera claims that motion began, or a moment of it. */
  | { readonly type: 'camera'; readonly at: Instant }
  /** Time passes. `isClaiming`: the camera says motion right now; `isLineUp`: it answers. */
  | { readonly type: 'tick'; readonly at: Instant; readonly isClaiming: boolean; readonly isLineUp: boolean };

/** What is to be done about the channel. */
export type CheckOrder = 'renew' | 'rebuild' | 'stand-in' | 'stand-down' | 'tell-cries' | 'tell-quiet';

/** One hour's figures. */
interface Hour {
  readonly hour: number;
  readonly agreed: number;
  readonly onlyPixels: number;
  readonly onlyCamera: number;
  readonly claimed: Ms;
  readonly watched: Ms;
}

export interface CheckState {
  /** Latest 24 hours, oldest first. */
  readonly hours: readonly Hour[];
  readonly lastPixels: Instant | undefined;
  readonly lastCamera: Instant | undefined;
  /** Beginnings that wait for the other witness. */
  readonly openPixels: Instant | undefined;
  readonly openCamera: Instant | undefined;
  readonly lastTick: Instant | undefined;
  readonly wasClaiming: boolean;
  /** Motions of the pixels in a row of which the camera said nothing. */
  readonly unheard: number;
  readonly rebuilds: number;
  readonly isStandIn: boolean;
  readonly hasToldCries: boolean;
  /** Since the watching began. */
  readonly total: CheckFigures['total'];
}

export interface CheckStep {
  readonly next: CheckState;
  readonly orders: readonly CheckOrder[];
}

/** Motion that stopped for this long and starts again is another motion. */
const PAUSE: Ms = seconds(10);
/** Unheard motions in a row until something is done. One or two are a difference of opinion about a moth. */
export const RENEW_AFTER = 3;
export const REBUILD_AFTER = 5;
export const STAND_IN_AFTER = 8;
/** While pixels stand in, the subscription is rebuilt again each so many unheard motions: the camera may have been mended. */
const TRY_AGAIN_EVERY = 10;
/** Claiming more than this share of the watched time, most of it alone, is crying. */
const CRIES_SHARE = 0.5;
const CRIES_WATCHED: Ms = ms(6 * 3_600_000);

export const newCheckState = (): CheckState => ({
  hours: [],
  lastPixels: undefined,
  lastCamera: undefined,
  openPixels: undefined,
  openCamera: undefined,
  lastTick: undefined,
  wasClaiming: false,
  unheard: 0,
  rebuilds: 0,
  isStandIn: false,
  hasToldCries: false,
  total: { agreed: 0, onlyPixels: 0, onlyCamera: 0 },
});

const EMPTY = { agreed: 0, onlyPixels: 0, onlyCamera: 0, claimed: ms(0), watched: ms(0) };

const count = (
  state: CheckState,
  at: Instant,
  more: Partial<Omit<Hour, 'hour'>>,
): Pick<CheckState, 'hours' | 'total'> => {
  const { total } = state;
  const hour = Math.floor(at.mono / 3_600_000);
  const last = state.hours.at(-1);
  const isSame = last?.hour === hour;
  const into = isSame ? last : { hour, ...EMPTY };
  const counted: Hour = {
    hour,
    agreed: into.agreed + (more.agreed ?? 0),
    onlyPixels: into.onlyPixels + (more.onlyPixels ?? 0),
    onlyCamera: into.onlyCamera + (more.onlyCamera ?? 0),
    claimed: ms(into.claimed + (more.claimed ?? 0)),
    watched: ms(into.watched + (more.watched ?? 0)),
  };
  const hours = [...(isSame ? state.hours.slice(0, -1) : state.hours), counted];
  return {
    hours: hours.filter((one) => one.hour > hour - 24),
    total:
      more.watched === undefined
        ? {
            agreed: total.agreed + (more.agreed ?? 0),
            onlyPixels: total.onlyPixels + (more.onlyPixels ?? 0),
            onlyCamera: total.onlyCamera + (more.onlyCamera ?? 0),
          }
        : total,
  };
};

/** The last 24 hours, for the camera's page and the metric. */
export const checkFigures = (state: CheckState): CheckFigures => {
  const sum = (pick: (hour: Hour) => number): number => state.hours.reduce((total, hour) => total + pick(hour), 0);
  const [agreed, onlyPixels, onlyCamera] = [sum((h) => h.agreed), sum((h) => h.onlyPixels), sum((h) => h.onlyCamera)];
  const [all, watched] = [agreed + onlyPixels + onlyCamera, sum((h) => h.watched)];
  return {
    agreed,
    onlyPixels,
    onlyCamera,
    agreement: all === 0 ? undefined : agreed / all,
    claimedShare: watched === 0 ? undefined : sum((h) => h.claimed) / watched,
    watched: ms(watched),
    unheard: state.unheard,
    isStandIn: state.isStandIn,
    total: state.total,
  };
};

const near = (a: Instant | undefined, b: Instant): boolean =>
  a !== undefined && between(a.mono, b.mono) <= AGREE_WITHIN;

/** A motion that pixels saw and the camera did not mention. */
const unheardOrders = (unheard: number, isStandIn: boolean): readonly CheckOrder[] => {
  if (unheard === RENEW_AFTER) return ['renew'];
  if (unheard === REBUILD_AFTER) return ['rebuild'];
  if (unheard === STAND_IN_AFTER && !isStandIn) return ['rebuild', 'stand-in'];
  return unheard > STAND_IN_AFTER && (unheard - STAND_IN_AFTER) % TRY_AGAIN_EVERY === 0 ? ['rebuild'] : [];
};

const onTick = (state: CheckState, at: Instant, isClaiming: boolean, isLineUp: boolean): CheckStep => {
  const passed = state.lastTick ? between(state.lastTick.mono, at.mono) : ms(0);
  let next: CheckState = { ...state, lastTick: at, wasClaiming: isClaiming };
  const orders: CheckOrder[] = [];
  if (passed > 0) {
    next = { ...next, ...count(next, at, { watched: passed, claimed: state.wasClaiming ? passed : ms(0) }) };
  }
  const { openPixels, openCamera } = next;
  if (openPixels && isClaiming) {
    next = { ...next, openPixels: undefined, unheard: 0, ...count(next, at, { agreed: 1 }) };
  } else if (openPixels && !near(openPixels, at)) {
    // A line that is down is the supervisor's trouble, and known; it is no silence.
    const unheard = isLineUp ? next.unheard + 1 : next.unheard;
    const wanted = isLineUp ? unheardOrders(unheard, next.isStandIn) : [];
    next = {
      ...next,
      openPixels: undefined,
      unheard,
      rebuilds: next.rebuilds + wanted.filter((order) => order === 'rebuild').length,
      isStandIn: next.isStandIn || wanted.includes('stand-in'),
      ...count(next, at, { onlyPixels: 1 }),
    };
    orders.push(...wanted);
  }
  if (openCamera && !near(openCamera, at)) {
    next = { ...next, openCamera: undefined, ...count(next, at, { onlyCamera: 1 }) };
  }
  const { claimedShare, watched, agreed, onlyCamera } = checkFigures(next);
  const cries = watched >= CRIES_WATCHED && (claimedShare ?? 0) > CRIES_SHARE && onlyCamera >= agreed;
  if (cries !== next.hasToldCries && watched >= CRIES_WATCHED) {
    orders.push(cries ? 'tell-cries' : 'tell-quiet');
    next = { ...next, hasToldCries: cries };
  }
  return { next, orders };
};

/** Folds one moment. Moments of one camera come in order. */
export const checkStep = (state: CheckState, input: CheckInput): CheckStep => {
  switch (input.type) {
    case 'pixels': {
      const { at } = input;
      const isNew = !state.lastPixels || between(state.lastPixels.mono, at.mono) > PAUSE;
      const seen: CheckState = { ...state, lastPixels: at };
      if (!isNew) return { next: seen, orders: [] };
      if (state.wasClaiming || near(state.lastCamera, at)) {
        const next = { ...seen, openCamera: undefined, unheard: 0, ...count(seen, at, { agreed: 1 }) };
        return { next, orders: [] };
      }
      return { next: { ...seen, openPixels: at }, orders: [] };
    }
    case 'camera': {
      const { at } = input;
      const heard: CheckState = { ...state, lastCamera: at, unheard: 0, isStandIn: false, rebuilds: 0 };
      const orders: readonly CheckOrder[] = state.isStandIn ? ['stand-down'] : [];
      if (state.openPixels) {
        return { next: { ...heard, openPixels: undefined, ...count(heard, at, { agreed: 1 }) }, orders };
      }
      const isNew = !state.openCamera && !near(state.lastCamera, at) && !near(state.lastPixels, at);
      return { next: isNew ? { ...heard, openCamera: at } : heard, orders };
    }
    case 'tick':
      return onTick(state, input.at, input.isClaiming, input.isLineUp);
    default:
      return assertNever(input);
  }
};
