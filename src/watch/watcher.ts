// Watches one camera: keeps its sub stream open, folds what motion detection says into episodes, has stills taken.
// runOnce throws, run decides: nothing below run loops on errors.

import { assertNever } from '../domain/assert-never.ts';
import type { Camera } from '../domain/camera.ts';
import type { CameraMessage } from '../domain/camera-message.ts';
import {
  type EpisodeState,
  newEpisodeState,
  type OpenEpisode,
  type Order,
  resumedEpisodeState,
  step,
} from '../domain/episode.ts';
import { newSetState, resumedSetState, type SetState, stepSet } from '../domain/episode-set.ts';
import { type ErrorFacts, StillwatchError, type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import { type TriggerId, triggerId } from '../domain/ledger.ts';
import type { Signal } from '../domain/signal.ts';
import { between, type EpochMs, type Instant, later, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';
import { type Claimed, claimedNow } from '../motion/onvif-state.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import { type EventWatch, eventWatch } from './event-watch.ts';
import { keyInterval } from './key-interval.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import type { PacketRing } from './packet-ring.ts';
import type { Photographer } from './photographer.ts';
import { reconnect } from './reconnect-policy.ts';
import { anchorRun, instantOfPts, type RunAnchor } from './run-clock.ts';
import { type MergeInput, type MergeState, mergeStep, newMergeState } from './trigger-merge.ts';

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
  /** True while somebody looks at the newest of them. */
  readonly isLookedAt?: () => boolean;
  /** How the camera's own word is heard; unused where `motionBy` is `pixels`. */
  readonly events?: readonly TriggerSource[];
}

export interface Watcher {
  /** Watches until `signal` aborts; then the session is closed and the photo in flight is finished. Never throws. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Takes a still that somebody asked for, whatever goes on in front of the camera.
   * @param told the trigger, when whoever asks has told it already
   */
  photograph(kind: 'manual' | 'scheduled', told?: TriggerId): void;
  /** True while it sees and no episode is open. */
  readonly isCalm: boolean;
  /** True while the sub stream is held open. */
  readonly isStreaming: boolean;
}

/** A run that lasted this long was a good one: the next failure is a first failure. */
const GOOD_RUN: Ms = seconds(30);
const TELL_MOVING_EVERY: Ms = seconds(1);
const TELL_LOST_EVERY: Ms = seconds(10);
/** Confirmed motion holds for up to 3 s after its last reading; a longer rest is a rest. */
const NEW_TRIGGER_AFTER: Ms = seconds(4);
/** With the camera's word alone, time passes in steps this long while something goes on, and not at all else. */
const EVENT_TICK: Ms = ms(500);
/** What the streams' page and the log call the codec of a camera that is watched by its word alone. */
const BY_EVENTS = 'ONVIF events';
/** Nothing is going on; only the cross-check's clock moves. */
const IDLE_TICK: Ms = seconds(60);

const isClaiming = ({ word }: MergeState): boolean => claimedNow(word).length > 0;

export const watcher = (parts: WatcherParts): Watcher => {
  const { camera, packets, engine, photographer, clock, random, telemetry } = parts;
  let state: EpisodeState = parts.resume ? resumedEpisodeState(camera.id, parts.resume) : newEpisodeState(camera.id);
  let set: SetState = parts.resume ? resumedSetState(parts.resume) : newSetState();
  /** Since when the camera has been seen without a gap. */
  let seenSince: Instant | undefined;
  let pixelsMovedAt: MonoMs | undefined;
  let hasLoggedIn = false;
  let toldMovingAt: MonoMs | undefined;
  const sources = parts.events ?? [];
  const witness = sources.length === 0 ? 'pixels' : (camera.motionBy ?? 'pixels');
  let merge: MergeState = newMergeState();
  let events: EventWatch | undefined;
  let isStreaming = false;
  /** Wakes who waits for something to happen at a camera that is watched by its word alone. */
  let wake: AbortController | undefined;
  /** Ends the pixels that stand in. */
  let standIn: AbortController | undefined;
  let triggersAt: { readonly at: number; copies: number } | undefined;

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
      ...(open.claims ? { claims: open.claims } : {}),
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

  /** What the camera claims is a trigger each time it begins, or is told of for a moment. */
  const tellClaim = ({ type, at, kinds }: Claimed): void => {
    if (type === 'end') return;
    events?.claimed(at);
    const copies = triggersAt?.at === at.wall ? triggersAt.copies + 1 : 0;
    triggersAt = { at: at.wall, copies };
    telemetry.tell({
      type: 'trigger',
      camera: camera.id,
      at: at.wall,
      trigger: triggerId(camera.id, 'camera', at.wall, copies),
      origin: 'camera',
      episode: state.open?.id,
      claims: kinds,
    });
  };

  /** Both witnesses' words go through here. */
  const take = (input: MergeInput): void => {
    const { next, signals, claimed } = mergeStep(merge, input, witness);
    merge = next;
    for (const signal of signals) fold(signal);
    for (const claim of claimed) tellClaim(claim);
    if (input.type === 'pixels' && input.signal.type === 'motion') events?.pixels(input.signal.at);
    else if (input.type === 'tick' || (input.type === 'pixels' && input.signal.type === 'tick')) {
      events?.tick(input.type === 'tick' ? input.at : input.signal.at, isClaiming(merge));
    }
  };
  const pixels = (signal: Signal): void => take({ type: 'pixels', signal });

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

  const tellSeeing = (at: Instant, codec: string): void =>
    telemetry.tell({ type: 'seeing', camera: camera.id, at: at.wall, codec });

  const tellBlind = (at: Instant, code: StillwatchErrorCode, facts: ErrorFacts, retryAt: EpochMs): void =>
    telemetry.tell({ type: 'blind', camera: camera.id, at: at.wall, code, facts, retryAt });

  /** One unbroken connection. Throws when it breaks. */
  const runOnce = async (signal: AbortSignal, onSeen: () => void): Promise<void> => {
    await using run = await packets.open(camera.streams.sub, { signal });
    hasLoggedIn = true;
    using motion = engine(run.format);
    const tellLost = lostTeller(run);
    const keys = keyInterval((every) =>
      telemetry.tell({ type: 'keys-measured', camera: camera.id, at: clock.now().wall, every }),
    );
    let anchor: RunAnchor | undefined;
    for await (const batch of run.batches) {
      const now = clock.now();
      for (const packet of batch) {
        anchor = anchorRun(anchor, packet);
        keys.fold(packet);
      }
      const last = batch.at(-1);
      if (!anchor || !last) continue;
      const settled = anchor;
      parts.ring?.push(run.format, batch, (pts) => instantOfPts(settled, pts, now));
      seenSince ??= instantOfPts(anchor, last.pts, now);
      if (merge.pixelsBlind !== undefined) {
        const wasBlind = state.isBlind;
        pixels({ type: 'seeing', at: instantOfPts(anchor, last.pts, now) });
        if (wasBlind) tellSeeing(now, run.format.codec);
        onSeen();
      }
      for (const reading of motion.feed(batch)) {
        const at = instantOfPts(anchor, reading.pts, now);
        if (reading.isMotion) pixels({ type: 'motion', at, score: reading.score, cause: 'pixels' });
      }
      // Time passes by what was seen, not by the clock: a stalled stream is not a calm scene.
      pixels({ type: 'tick', at: instantOfPts(anchor, last.pts, now) });
      // While the calm period runs, its end must be seen at once; and whoever looks sees more than a picture a second.
      run.pace(state.open || parts.isLookedAt?.() ? 'eager' : motion.pace);
      tellLost(now);
    }
    signal.throwIfAborted();
    throw new StillwatchError('SW_CAM_LOST', {}, { where: `${camera.id}/sub` });
  };

  const blind = (error: StillwatchError, code: StillwatchErrorCode, after: Ms): void => {
    const at = clock.now();
    if (witness !== 'events' || !merge.isLineUp) seenSince = undefined;
    pixels({ type: 'blind', at, reason: code });
    // Where the camera's word is what counts, its own trouble is told instead.
    if (witness !== 'events' || merge.isStandIn) tellBlind(at, code, error.facts, later(at.wall, after));
  };

  /** Keeps the sub stream open until `signal` aborts. */
  const watchPixels = async (
    signal: AbortSignal,
    onVerdict: (code: StillwatchErrorCode | undefined) => void,
  ): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = clock.now().mono;
      try {
        isStreaming = true;
        await runOnce(signal, () => onVerdict(undefined));
      } catch (thrown) {
        isStreaming = false;
        if (signal.aborted) break;
        const error = toStillwatchError(thrown);
        failures = between(startedAt, clock.now().mono) >= GOOD_RUN ? 1 : failures + 1;
        const again = reconnect({ code: error.code, failures, hasLoggedIn }, random());
        blind(error, again.code, again.after);
        onVerdict(again.code);
        await clock.sleep(ms(again.after), signal).catch(() => undefined);
      }
    }
    isStreaming = false;
  };

  const setStandIn = (isOn: boolean, at: Instant): void => {
    if (merge.isStandIn === isOn) return;
    take({ type: 'stand-in', at, isOn });
    if (!isOn) standIn?.abort();
  };

  const listen = (): EventWatch =>
    eventWatch({
      camera: camera.id,
      sources,
      isGuessed: camera.onvif?.isGuessed ?? false,
      clock,
      random,
      telemetry,
      hear(messages: readonly CameraMessage[], at) {
        take({ type: 'camera', at, messages });
        wake?.abort();
      },
      up(at) {
        const wasBlind = state.isBlind;
        take({ type: 'line-up', at });
        if (witness !== 'events') return;
        setStandIn(false, at);
        seenSince ??= at;
        if (wasBlind) tellSeeing(at, BY_EVENTS);
        wake?.abort();
      },
      down(at, reason, facts, retryAt) {
        take({ type: 'line-down', at, reason });
        if (witness !== 'events' || !state.isBlind) return;
        seenSince = undefined;
        tellBlind(at, reason, facts, retryAt);
        // Nobody else looks at this camera: the pixels do until it speaks again, unless they would knock with a refused password.
        if (reason !== 'SW_CAM_AUTH' && reason !== 'SW_CAM_LOCKED') setStandIn(true, at);
        wake?.abort();
      },
    });

  /** Waits, at most so long, until something happens. */
  const nap = async (by: Ms, signal: AbortSignal): Promise<void> => {
    const woken = new AbortController();
    const stop = (): void => woken.abort();
    wake = woken;
    signal.addEventListener('abort', stop, { once: true });
    await clock.sleep(by, woken.signal).catch(() => undefined);
    signal.removeEventListener('abort', stop);
    wake = undefined;
  };

  /** Watches by the camera's word alone: nothing is opened or decoded while it speaks. */
  const watchWord = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      if (merge.isStandIn) {
        standIn = new AbortController();
        await watchPixels(AbortSignal.any([signal, standIn.signal]), () => undefined);
        standIn = undefined;
        pixels({ type: 'blind', at: clock.now(), reason: 'SW_CAM_SILENT' });
        continue;
      }
      const isBusy = merge.isLineUp && (state.open !== undefined || isClaiming(merge));
      await nap(isBusy ? EVENT_TICK : IDLE_TICK, signal);
      if (merge.isLineUp && !signal.aborted) take({ type: 'tick', at: clock.now() });
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    if (witness === 'events') {
      events = listen();
      await watchWord(signal);
    } else {
      await watchPixels(signal, (code) => {
        // One login is tried at a time: a password that the stream refuses is not sent to another port as well.
        const isRefused = code === 'SW_CAM_AUTH' || code === 'SW_CAM_LOCKED';
        if (witness === 'both' && !isRefused && !signal.aborted) events ??= listen();
      });
    }
    await Promise.all([events?.close(), photographer.close()]);
  };

  return {
    run,
    photograph(kind, told) {
      const at = clock.now();
      const origin = kind === 'manual' ? 'owner' : 'schedule';
      const trigger = told ?? triggerId(camera.id, origin, at.wall);
      if (told === undefined)
        telemetry.tell({ type: 'trigger', camera: camera.id, at: at.wall, trigger, origin, episode: undefined });
      photographer.take({ kind, episode: undefined, wantedAt: at, seenSince, trigger });
    },
    get isCalm() {
      return !state.isBlind && state.open === undefined;
    },
    get isStreaming() {
      return isStreaming;
    },
  };
};
