// The episode: from first motion until calm. A pure fold: step(state, signal, rules) gives the next state and orders as data.

import { assertNever } from './assert-never.ts';
import type { CameraRules } from './camera.ts';
import { type ClaimKind, sameClaims, withClaims } from './camera-message.ts';
import { type CameraId, type EpisodeId, episodeId } from './ids.ts';
import type { Cause, Signal } from './signal.ts';
import type { StillKind } from './still.ts';
import { between, type Instant } from './units.ts';

/** Why an episode ended. `longest`: it never calmed and was cut; the next one continues it. */
export type EpisodeEnd = 'calm' | 'longest';

export interface OpenEpisode {
  readonly id: EpisodeId;
  readonly cause: Cause;
  readonly startedAt: Instant;
  /** From here the longest length counts: the start, or the last time that sight came back. */
  readonly seenSince: Instant;
  readonly lastMotionAt: Instant;
  readonly peakAt: Instant;
  readonly peakScore: number;
  /** What the camera said it was, in the order of `CLAIM_KINDS`. */
  readonly claims?: readonly ClaimKind[];
}

export interface EpisodeState {
  readonly camera: CameraId;
  readonly isBlind: boolean;
  readonly open: OpenEpisode | undefined;
}

export type Order =
  | { readonly type: 'episode-opened'; readonly episode: OpenEpisode }
  | { readonly type: 'take-still'; readonly kind: StillKind; readonly episode: OpenEpisode; readonly wantedAt: Instant }
  | { readonly type: 'episode-ended'; readonly episode: OpenEpisode; readonly end: EpisodeEnd; readonly at: Instant };

export interface Step {
  readonly next: EpisodeState;
  readonly orders: readonly Order[];
}

const NONE: readonly Order[] = [];

/** A camera starts blind: nothing is known to be calm before the first picture. */
export const newEpisodeState = (camera: CameraId): EpisodeState => ({ camera, isBlind: true, open: undefined });

/**
 * The state after a restart in the middle of an episode: the episode goes on, and its calm period counts from the moment
 * the camera is seen again, so that it still ends in its photo.
 */
export const resumedEpisodeState = (camera: CameraId, open: OpenEpisode): EpisodeState => ({
  camera,
  isBlind: true,
  open,
});

const openAt = (
  camera: CameraId,
  at: Instant,
  cause: Cause,
  score: number,
  claims?: readonly ClaimKind[],
): OpenEpisode => ({
  id: episodeId(camera, at.wall),
  cause,
  startedAt: at,
  seenSince: at,
  lastMotionAt: at,
  peakAt: at,
  peakScore: score,
  ...(claims === undefined || claims.length === 0 ? {} : { claims: withClaims([], claims) }),
});

const end = (state: EpisodeState, episode: OpenEpisode, why: EpisodeEnd, at: Instant): Step => ({
  next: { ...state, open: undefined },
  orders: [
    { type: 'take-still', kind: 'calm', episode, wantedAt: at },
    { type: 'episode-ended', episode, end: why, at },
  ],
});

/** Ends the open episode if `at` says so. Motion at `at` has already been folded in. */
const endIfDue = (state: EpisodeState, at: Instant, rules: CameraRules): Step => {
  const episode = state.open;
  if (!episode || state.isBlind) return { next: state, orders: NONE };
  if (between(episode.lastMotionAt.mono, at.mono) >= rules.calmPeriod) return end(state, episode, 'calm', at);
  if (between(episode.seenSince.mono, at.mono) >= rules.longestEpisode) {
    const cut = end(state, episode, 'longest', at);
    const rest = openAt(state.camera, at, episode.cause, 0, episode.claims);
    // The continuation keeps the true last motion: if nothing moves any more, its calm period is already running.
    const open: OpenEpisode = { ...rest, lastMotionAt: episode.lastMotionAt };
    return { next: { ...state, open }, orders: [...cut.orders, { type: 'episode-opened', episode: open }] };
  }
  return { next: state, orders: NONE };
};

/**
 * Folds one signal. Signals of one witness come in order of `at.mono`; two witnesses may differ by a second.
 * The same state and a signal that changes nothing give the same state reference back.
 */
export const step = (state: EpisodeState, signal: Signal, rules: CameraRules): Step => {
  switch (signal.type) {
    case 'tick':
      return endIfDue(state, signal.at, rules);
    case 'blind':
      return { next: state.isBlind ? state : { ...state, isBlind: true }, orders: NONE };
    case 'seeing': {
      if (!state.isBlind) return { next: state, orders: NONE };
      // What happened while blind is unknown: an open episode's calm period starts again now.
      const open = state.open && { ...state.open, seenSince: signal.at, lastMotionAt: signal.at };
      return { next: { ...state, isBlind: false, open }, orders: NONE };
    }
    case 'motion': {
      const seeing = state.isBlind ? { ...state, isBlind: false } : state;
      const episode = seeing.open;
      if (!episode) {
        const open = openAt(state.camera, signal.at, signal.cause, signal.score, signal.claims);
        return { next: { ...seeing, open }, orders: [{ type: 'episode-opened', episode: open }] };
      }
      const isPeak = signal.score > episode.peakScore;
      const claims = withClaims(episode.claims ?? [], signal.claims ?? []);
      const open: OpenEpisode = {
        ...episode,
        // Pixels that were read together lie up to a second behind what the camera said meanwhile.
        lastMotionAt: signal.at.mono > episode.lastMotionAt.mono ? signal.at : episode.lastMotionAt,
        ...(sameClaims(claims, episode.claims ?? []) ? {} : { claims }),
        peakAt: isPeak ? signal.at : episode.peakAt,
        peakScore: isPeak ? signal.score : episode.peakScore,
      };
      return endIfDue({ ...seeing, open }, signal.at, rules);
    }
    default:
      return assertNever(signal);
  }
};

/** How long until the calm period of the open episode has passed, or undefined when nothing is counting down. */
export const calmIn = (state: EpisodeState, at: Instant, rules: CameraRules): number | undefined =>
  state.open && !state.isBlind
    ? Math.max(0, rules.calmPeriod - between(state.open.lastMotionAt.mono, at.mono))
    : undefined;
