// Joins the two witnesses of one camera, its own events and our pixels, into the signals that episodes are made of.
// A pure fold. Must not know how either witness is reached.

import { assertNever } from '../domain/assert-never.ts';
import type { MotionWitness } from '../domain/camera.ts';
import { type CameraMessage, type ClaimKind, withClaims } from '../domain/camera-message.ts';
import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { Signal } from '../domain/signal.ts';
import type { Instant } from '../domain/units.ts';
import { believeUntil, type CameraWord, type Claimed, claimedNow, hear, SILENCE } from '../motion/onvif-state.ts';

export type MergeInput =
  /** What the pixels say: motion, blind, seeing, tick. */
  | { readonly type: 'pixels'; readonly signal: Signal }
  | { readonly type: 'camera'; readonly at: Instant; readonly messages: readonly CameraMessage[] }
  | { readonly type: 'line-up'; readonly at: Instant }
  | { readonly type: 'line-down'; readonly at: Instant; readonly reason: StillwatchErrorCode }
  /** The cross-check found the camera's events dead (or alive again): with `events`, pixels stand in. */
  | { readonly type: 'stand-in'; readonly at: Instant; readonly isOn: boolean }
  | { readonly type: 'tick'; readonly at: Instant };

export interface MergeState {
  readonly word: CameraWord;
  readonly pixelsBlind: StillwatchErrorCode | undefined;
  readonly isLineUp: boolean;
  readonly isStandIn: boolean;
}

export interface MergeStep {
  readonly next: MergeState;
  /** For `episode.step`, in order. */
  readonly signals: readonly Signal[];
  /** For the ledger, the episode's facts and the cross-check. */
  readonly claimed: readonly Claimed[];
}

/** A camera states no strength. Half: pixels that see more decide the peak, pixels that see less do not move it. */
export const CAMERA_SCORE = 0.5;

export const newMergeState = (): MergeState => ({
  word: SILENCE,
  pixelsBlind: 'SW_CAM_SILENT',
  isLineUp: false,
  isStandIn: false,
});

const motion = (at: Instant, claims: readonly ClaimKind[]): Signal => ({
  type: 'motion',
  at,
  score: CAMERA_SCORE,
  cause: 'camera',
  claims,
});

const usesPixels = (witness: MotionWitness, state: MergeState): boolean => witness !== 'events' || state.isStandIn;
const usesCamera = (witness: MotionWitness): boolean => witness !== 'pixels';

/** Motion by the camera's word. Where pixels are a witness and cannot see, it may begin an episode but not run down its calm. */
const byCamera = (
  state: MergeState,
  witness: MotionWitness,
  at: Instant,
  claims: readonly ClaimKind[],
): readonly Signal[] => {
  const { pixelsBlind } = state;
  if (witness !== 'both' || pixelsBlind === undefined) return [motion(at, claims)];
  return [motion(at, claims), { type: 'blind', at, reason: pixelsBlind }];
};

/** What passing time means: motion for as long as the camera says so and is believed, else a tick. */
const passing = (state: MergeState, witness: MotionWitness, at: Instant): readonly Signal[] => {
  const claims = usesCamera(witness) ? claimedNow(state.word) : [];
  return claims.length > 0 ? byCamera(state, witness, at, claims) : [{ type: 'tick', at }];
};

const onPixels = (state: MergeState, signal: Signal, witness: MotionWitness): MergeStep => {
  const pixelsBlind =
    signal.type === 'blind'
      ? signal.reason
      : signal.type === 'seeing' || signal.type === 'motion'
        ? undefined
        : state.pixelsBlind;
  const next = pixelsBlind === state.pixelsBlind ? state : { ...state, pixelsBlind };
  if (signal.type === 'tick') return onTime(next, signal.at, witness);
  return { next, signals: usesPixels(witness, next) ? [signal] : [], claimed: [] };
};

const onTime = (state: MergeState, at: Instant, witness: MotionWitness): MergeStep => {
  const { next: word, claimed } = believeUntil(state.word, at);
  const next = word === state.word ? state : { ...state, word };
  return { next, signals: passing(next, witness, at), claimed };
};

/** Folds one input. Inputs of one camera come in order of their time. */
export const mergeStep = (state: MergeState, input: MergeInput, witness: MotionWitness): MergeStep => {
  switch (input.type) {
    case 'pixels':
      return onPixels(state, input.signal, witness);
    case 'tick':
      return onTime(state, input.at, witness);
    case 'camera': {
      let { word } = state;
      const claimed: Claimed[] = [];
      for (const message of input.messages) {
        const heard = hear(word, message, input.at);
        word = heard.next;
        claimed.push(...heard.claimed);
      }
      const next = word === state.word ? state : { ...state, word };
      const begun = claimed.filter(({ type }) => type !== 'end').flatMap(({ kinds }) => kinds);
      const claims = withClaims(begun, claimedNow(word));
      const signals = claims.length > 0 && usesCamera(witness) ? byCamera(next, witness, input.at, claims) : [];
      return { next, signals, claimed };
    }
    case 'line-up': {
      const next = state.isLineUp ? state : { ...state, isLineUp: true };
      // Only where events are the one witness does the line decide whether we see at all.
      const signals: readonly Signal[] =
        witness === 'events' && !state.isLineUp ? [{ type: 'seeing', at: input.at }] : [];
      return { next, signals, claimed: [] };
    }
    case 'line-down': {
      const next = state.isLineUp ? { ...state, isLineUp: false } : state;
      const isBlind = witness === 'events' && !(state.isStandIn && state.pixelsBlind === undefined);
      const signals: readonly Signal[] = isBlind ? [{ type: 'blind', at: input.at, reason: input.reason }] : [];
      return { next, signals, claimed: [] };
    }
    case 'stand-in': {
      const next = state.isStandIn === input.isOn ? state : { ...state, isStandIn: input.isOn };
      const seesAgain = witness === 'events' && input.isOn && !state.isLineUp && state.pixelsBlind === undefined;
      return { next, signals: seesAgain ? [{ type: 'seeing', at: input.at }] : [], claimed: [] };
    }
    default:
      return assertNever(input);
  }
};
