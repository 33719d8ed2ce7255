// Watches one camera: keeps its sub stream open, folds what motion detection says into episodes, has stills taken.
// runOnce throws, run decides: nothing below run loops on errors.

import { assertNever } from '../domain/assert-never.ts';
import type { Camera } from '../domain/camera.ts';
import {
  type EpisodeState,
  newEpisodeState,
  type OpenEpisode,
  type Order,
  resumedEpisodeState,
  step,
} from '../domain/episode.ts';
import { newSetState, resumedSetState, type SetState, stepSet } from '../domain/episode-set.ts';
import { StillwatchError, type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import { triggerId } from '../domain/ledger.ts';
import type { Signal } from '../domain/signal.ts';
import { between, type Instant, later, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import type { PacketRing } from './packet-ring.ts';
import type { Photographer } from './photographer.ts';
import { reconnect } from './reconnect-policy.ts';
import { anchorRun, instantOfPts, type RunAnchor } from './run-clock.ts';

export interface WatcherParts {
  readonly camera: Camera;
  /** The episode that was open when an earlier process of this camera ended. */
  readonly resume?: OpenEpisode;
  readonly packets: PacketSource;
  readonly engine: MotionEngineFactory;
  readonly photographer: Photographer;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Told whenever the open episode changes, so that a restart can resume it. */
  readonly onEpisode?: (open: OpenEpisode | undefined) => void;
  /** The sub stream's latest packets, for stills of its own frames. */
  readonly ring?: PacketRing;
}

export interface Watcher {
  /** Watches until `signal` aborts; then the session is closed and the photo in flight is finished. Never throws. */
  run(signal: AbortSignal): Promise<void>;
  /** Takes a still that somebody asked for, whatever goes on in front of the camera. */
  photograph(kind: 'manual' | 'scheduled'): void;
  /** True while it sees and no episode is open. */
  readonly isCalm: boolean;
}

/** A run that lasted this long was a good one: the next failure is a first failure. */
const GOOD_RUN: Ms = seconds(30);
const TELL_MOVING_EVERY: Ms = seconds(1);
const TELL_LOST_EVERY: Ms = seconds(10);
/** Confirmed motion holds for up to 3 s after its last reading; a longer rest is a rest. */
const NEW_TRIGGER_AFTER: Ms = seconds(4);

export const watcher = (parts: WatcherParts): Watcher => {
  const { camera, packets, engine, photographer, clock, random, telemetry } = parts;
  let state: EpisodeState = parts.resume ? resumedEpisodeState(camera.id, parts.resume) : newEpisodeState(camera.id);
  let set: SetState = parts.resume ? resumedSetState(parts.resume) : newSetState();
  /** Since when the camera has been seen without a gap. */
  let seenSince: Instant | undefined;
  let pixelsMovedAt: MonoMs | undefined;
  let hasLoggedIn = false;
  let toldMovingAt: MonoMs | undefined;

  const carryOut = (order: Order): void => {
    switch (order.type) {
      case 'episode-opened':
        telemetry.tell({
          type: 'episode-opened',
          camera: camera.id,
          at: order.episode.startedAt.wall,
          episode: order.episode.id,
          cause: order.episode.cause,
        });
        return;
      case 'take-still':
        photographer.take({ kind: order.kind, episode: order.episode, wantedAt: order.wantedAt, seenSince });
        return;
      case 'episode-ended':
        telemetry.tell({
          type: 'episode-ended',
          camera: camera.id,
          at: order.at.wall,
          episode: order.episode.id,
          end: order.end,
          peakScore: order.episode.peakScore,
        });
        return;
      default:
        assertNever(order);
    }
  };

  const tellMoving = (open: OpenEpisode, at: Instant): void => {
    if (toldMovingAt !== undefined && between(toldMovingAt, at.mono) < TELL_MOVING_EVERY) return;
    toldMovingAt = at.mono;
    telemetry.tell({
      type: 'moving',
      camera: camera.id,
      at: at.wall,
      episode: open.id,
      score: open.peakScore,
      calmAt: later(open.lastMotionAt.wall, camera.rules.calmPeriod),
    });
  };

  /** One trigger for one stretch of motion: pixels that move again after a rest are a new one. */
  const tellTrigger = ({ at, cause }: Signal & { type: 'motion' }): void => {
    if (cause !== 'pixels') return;
    const isNew = pixelsMovedAt === undefined || between(pixelsMovedAt, at.mono) >= NEW_TRIGGER_AFTER;
    pixelsMovedAt = at.mono;
    if (!isNew || !state.open) return;
    const trigger = triggerId(camera.id, 'pixels', at.wall);
    telemetry.tell({
      type: 'trigger',
      camera: camera.id,
      at: at.wall,
      trigger,
      origin: 'pixels',
      episode: state.open.id,
    });
  };

  const fold = (signal: Signal): void => {
    const before = state.open;
    const { next, orders } = step(state, signal, camera.rules);
    state = next;
    if (next.open !== before) parts.onEpisode?.(next.open);
    const made = stepSet(set, { open: next.open, made: orders, at: signal.at });
    set = made.next;
    // The pictures of a set are ordered before the calm one that completes it, and after the word that it began.
    for (const order of orders) if (order.type === 'episode-opened') carryOut(order);
    if (signal.type === 'motion') tellTrigger(signal);
    for (const order of made.orders) photographer.take({ ...order, seenSince });
    for (const order of orders) if (order.type !== 'episode-opened') carryOut(order);
    if (signal.type === 'motion' && next.open) tellMoving(next.open, signal.at);
  };

  const lostTeller = (run: PacketRun): ((at: Instant) => void) => {
    let toldAt = clock.now().mono;
    let told = 0;
    return (at) => {
      const passed = between(toldAt, at.mono);
      if (passed < TELL_LOST_EVERY) return;
      const { lost } = run.counters();
      if (lost > told) {
        telemetry.tell({
          type: 'packets-lost',
          camera: camera.id,
          at: at.wall,
          lost: lost - told,
          seconds: Math.round(passed / 1000),
        });
      }
      toldAt = at.mono;
      told = lost;
    };
  };

  /** One unbroken connection. Throws when it breaks. */
  const runOnce = async (signal: AbortSignal): Promise<void> => {
    await using run = await packets.open(camera.streams.sub, { signal });
    hasLoggedIn = true;
    using motion = engine(run.format);
    const tellLost = lostTeller(run);
    let anchor: RunAnchor | undefined;
    for await (const batch of run.batches) {
      const now = clock.now();
      for (const packet of batch) anchor = anchorRun(anchor, packet);
      const last = batch.at(-1);
      if (!anchor || !last) continue;
      const settled = anchor;
      parts.ring?.push(run.format, batch, (pts) => instantOfPts(settled, pts, now));
      seenSince ??= instantOfPts(anchor, last.pts, now);
      if (state.isBlind) {
        fold({ type: 'seeing', at: instantOfPts(anchor, last.pts, now) });
        telemetry.tell({ type: 'seeing', camera: camera.id, at: now.wall, codec: run.format.codec });
      }
      for (const reading of motion.feed(batch)) {
        const at = instantOfPts(anchor, reading.pts, now);
        if (reading.isMotion) fold({ type: 'motion', at, score: reading.score, cause: 'pixels' });
      }
      // Time passes by what was seen, not by the clock: a stalled stream is not a calm scene.
      fold({ type: 'tick', at: instantOfPts(anchor, last.pts, now) });
      // While the calm period runs, its end must be seen at once.
      run.pace(state.open ? 'eager' : motion.pace);
      tellLost(now);
    }
    signal.throwIfAborted();
    throw new StillwatchError('SW_CAM_LOST', {}, { where: `${camera.id}/sub` });
  };

  const blind = (error: StillwatchError, code: StillwatchErrorCode, after: Ms): void => {
    const at = clock.now();
    seenSince = undefined;
    fold({ type: 'blind', at, reason: code });
    telemetry.tell({
      type: 'blind',
      camera: camera.id,
      at: at.wall,
      code,
      facts: error.facts,
      retryAt: later(at.wall, after),
    });
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = clock.now().mono;
      try {
        await runOnce(signal);
      } catch (thrown) {
        if (signal.aborted) break;
        const error = toStillwatchError(thrown);
        failures = between(startedAt, clock.now().mono) >= GOOD_RUN ? 1 : failures + 1;
        const again = reconnect({ code: error.code, failures, hasLoggedIn }, random());
        blind(error, again.code, again.after);
        await clock.sleep(ms(again.after), signal).catch(() => undefined);
      }
    }
    await photographer.close();
  };

  return {
    run,
    photograph(kind) {
      const at = clock.now();
      const origin = kind === 'manual' ? 'owner' : 'schedule';
      const trigger = triggerId(camera.id, origin, at.wall);
      telemetry.tell({ type: 'trigger', camera: camera.id, at: at.wall, trigger, origin, episode: undefined });
      photographer.take({ kind, episode: undefined, wantedAt: at, seenSince, trigger });
    },
    get isCalm() {
      return !state.isBlind && state.open === undefined;
    },
  };
};
