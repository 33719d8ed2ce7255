// Takes the stills that the episode orders: tries the ways to take one, has the bytes made durable, tells the outcome.
// One photo at a time per camera; an order ends in an accepted still or in a named reason, never in silence.

import type { Camera } from '../domain/camera.ts';
import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { stillId } from '../domain/ids.ts';
import type { Shot, StillKind } from '../domain/still.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { between, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Spool } from '../ports/spool.ts';
import type { StillSource } from '../ports/still-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';

export interface StillOrder {
  readonly kind: StillKind;
  readonly episode: OpenEpisode | undefined;
}

export interface Photographer {
  take(order: StillOrder): void;
  /** Finishes the photo in flight, within five seconds, and refuses the rest with their reason. */
  close(): Promise<void>;
}

export interface PhotographerParts {
  readonly camera: Camera;
  /** In order of preference. */
  readonly sources: readonly StillSource[];
  readonly spool: Spool;
  readonly clock: Clock;
  readonly random: Random;
  readonly zone: TimeZone;
  readonly telemetry: Telemetry;
}

/** A photo of a calm scene is worth waiting for, but not past the next happening. */
const TAKE_WITHIN: Ms = seconds(30);
/** One way gets this long: a 10 s key-frame interval plus connecting, rounded up. */
const ONE_WAY_WITHIN: Ms = seconds(13);
const PAUSES: readonly Ms[] = [ms(300), seconds(1), seconds(3), seconds(6)];
/** More waiting orders than this mean that the camera gives nothing: the oldest is given up. */
const MOST_WAITING = 4;
/** systemd and pm2 kill after 20 s and 1.6 s by default; five is what a photo in flight may need. */
const FINISH_WITHIN: Ms = seconds(5);

export const photographer = (parts: PhotographerParts): Photographer => {
  const { camera, sources, spool, clock, random, zone, telemetry } = parts;
  const closing = new AbortController();
  const cut = new AbortController();
  let waiting: StillOrder[] = [];
  let working: Promise<void> | undefined;

  const missed = (order: StillOrder, error: StillwatchError): void =>
    telemetry.tell({
      type: 'still-missed',
      camera: camera.id,
      at: clock.now().wall,
      episode: order.episode?.id,
      kind: order.kind,
      code: error.code,
      facts: error.facts,
    });

  const shoot = async (source: StillSource): Promise<Shot> => {
    const tooLate = new AbortController();
    const timer = new AbortController();
    const late = new StillwatchError(
      'SW_CAM_SILENT',
      { seconds: ONE_WAY_WITHIN / 1000 },
      { where: `${camera.id} ${source.name}` },
    );
    const alarm = clock.sleep(ONE_WAY_WITHIN, timer.signal).then(
      () => tooLate.abort(late),
      () => undefined,
    );
    try {
      return await source.take({ signal: AbortSignal.any([tooLate.signal, cut.signal]) });
    } finally {
      timer.abort();
      await alarm;
    }
  };

  /** Tries every way, then again after a pause, until one gives a photo or the time is up. */
  const shot = async (): Promise<Shot> => {
    const startedAt = clock.now().mono;
    let last = new StillwatchError('SW_CAM_SILENT', { seconds: TAKE_WITHIN / 1000 });
    for (let round = 0; ; round += 1) {
      for (const source of sources) {
        try {
          return await shoot(source);
        } catch (thrown) {
          if (cut.signal.aborted) throw last;
          last = toStillwatchError(thrown);
        }
      }
      const pause = PAUSES[round];
      const hasTime = pause !== undefined && between(startedAt, clock.now().mono) + pause < TAKE_WITHIN;
      if (!hasTime || last.remedy !== 'retry' || last.code === 'SW_CAM_LOCKED') throw last;
      await clock.sleep(ms(pause * (0.75 + random() / 2)), cut.signal);
    }
  };

  const takeOne = async (order: StillOrder): Promise<void> => {
    try {
      const taken = await shot();
      const draft = {
        id: stillId(camera.id, taken.takenAt, order.kind, order.episode?.id ?? ''),
        camera: camera.id,
        kind: order.kind,
        cause: order.episode?.cause,
        episode: order.episode?.id,
        takenAt: taken.takenAt,
        offsetMinutes: civilTime(taken.takenAt, zone).offsetMinutes,
        width: taken.width,
        height: taken.height,
        source: taken.source,
        delay: taken.delay,
        isDemo: camera.isDemo,
      };
      await spool.accept(draft, withStillFacts(taken.jpeg, draft));
      telemetry.tell({
        type: 'still-accepted',
        camera: camera.id,
        at: clock.now().wall,
        episode: order.episode?.id,
        still: draft.id,
        kind: order.kind,
        source: taken.source,
        width: taken.width,
        height: taken.height,
        delay: taken.delay,
      });
    } catch (thrown) {
      missed(order, toStillwatchError(thrown));
    }
  };

  const work = async (): Promise<void> => {
    for (let order = waiting.shift(); order; order = waiting.shift()) await takeOne(order);
    working = undefined;
  };

  return {
    take(order) {
      if (closing.signal.aborted) {
        missed(order, new StillwatchError('SW_CAPTURE_DIED', { detail: 'stopping' }));
        return;
      }
      waiting.push(order);
      if (waiting.length > MOST_WAITING) {
        const [oldest, ...rest] = waiting;
        waiting = rest;
        if (oldest) missed(oldest, new StillwatchError('SW_STILL_BACKLOG', { waiting: MOST_WAITING }));
      }
      working ??= work();
    },
    async close() {
      closing.abort();
      const refused = waiting;
      waiting = [];
      for (const order of refused) missed(order, new StillwatchError('SW_CAPTURE_DIED', { detail: 'stopping' }));
      if (!working) return;
      const done = new AbortController();
      const deadline = clock.sleep(FINISH_WITHIN, done.signal).then(
        () => cut.abort(),
        () => undefined,
      );
      await working;
      done.abort();
      await deadline;
    },
  };
};
