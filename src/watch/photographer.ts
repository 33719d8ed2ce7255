// Takes the stills that are ordered, one at a time per camera, has them made durable and tells the outcome.
// An order ends in an accepted still or in a named reason, never in silence; only a peak's try on the spot may come to nothing.

import type { Camera } from '../domain/camera.ts';
import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { stillId } from '../domain/ids.ts';
import type { TriggerId } from '../domain/ledger.ts';
import type { StillKind } from '../domain/still.ts';
import type { StillWords } from '../domain/still-facts.ts';
import { between, type EpochMs, type Instant, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { Spool, StillDraft } from '../ports/spool.ts';
import type { StillSource, WantedMoment } from '../ports/still-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { LinkFacts } from './still-policy.ts';
import { type SetShelf, stillSets } from './still-set.ts';
import { stillWays, type TakenStill } from './still-ways.ts';

export interface StillOrder {
  readonly kind: StillKind;
  readonly episode: OpenEpisode | undefined;
  /** Default: now. */
  readonly wantedAt?: Instant;
  /** False: a try on the spot. Default true. */
  readonly isSettled?: boolean;
  /** Since when the camera has been seen without a gap. */
  readonly seenSince?: Instant | undefined;
  /** What asked for it, when it is no episode. */
  readonly trigger?: TriggerId;
}

export interface Photographer {
  take(order: StillOrder): void;
  /** Finishes the photo in flight, within five seconds, and refuses the rest with their reason. */
  close(): Promise<void>;
}

export interface PhotographerParts {
  readonly camera: Camera;
  readonly sources: readonly StillSource[];
  readonly spool: Spool;
  readonly shelf: SetShelf;
  readonly reader: PictureReader;
  /** What the connection to the camera costs and allows right now. */
  readonly link: () => LinkFacts;
  /** The episode that goes on after a restart: its pictures go on waiting. */
  readonly resume?: OpenEpisode | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly zone: TimeZone;
  readonly telemetry: Telemetry;
  /** What people read in the files: the camera's name, and its make and model once it said them. */
  readonly words: () => StillWords;
  /** The camera's clock minus ours, where it is known. */
  readonly clockOffset?: (() => Ms | undefined) | undefined;
}

/** More waiting orders than this mean that the camera gives nothing: the least is given up. */
const MOST_WAITING = 4;
/** systemd and pm2 kill after 20 s and 1.6 s by default; five is what a photo in flight may need. */
const FINISH_WITHIN: Ms = seconds(5);
/** For "before" a key frame up to this much earlier is as good, and costs a tenth. */
const BEFORE_KEY_WITHIN: Ms = seconds(2);
/** In a calm scene the nearest key frame shows the same, as long as it lies well within the calm period. */
const CALM_KEY_WITHIN: Ms = seconds(2);
/** A picture of the peak already taken this near to it is of it. */
const SAME_PEAK: Ms = ms(1500);

const isOfASet = (kind: StillKind): boolean => kind === 'before' || kind === 'peak';

export const photographer = (parts: PhotographerParts): Photographer => {
  const { camera, clock, zone, telemetry } = parts;
  const closing = new AbortController();
  const cut = new AbortController();
  const ways = stillWays({ ...parts, where: camera.id, cut: cut.signal });
  const sets = stillSets({ ...parts, camera: camera.id });
  let waiting: StillOrder[] = [];
  let working: Promise<void> | undefined;
  /** When the picture of the present episode's peak was taken that is kept. */
  let peak: { readonly episode: string; readonly at: EpochMs } | undefined;

  const missed = (order: StillOrder, error: StillwatchError): void =>
    telemetry.tell({
      type: 'still-missed',
      camera: camera.id,
      at: clock.now().wall,
      episode: order.episode?.id,
      ...(order.trigger === undefined ? {} : { trigger: order.trigger }),
      kind: order.kind,
      code: error.code,
      facts: error.facts,
    });

  const momentOf = ({ kind }: StillOrder, at: Instant): WantedMoment => {
    if (kind === 'before') return { at, keyWithin: BEFORE_KEY_WITHIN, notAfter: true };
    if (kind === 'peak') return { at, keyWithin: ms(0), notAfter: false };
    const keyWithin = kind === 'calm' ? ms(Math.min(CALM_KEY_WITHIN, camera.rules.calmPeriod / 2)) : ms(0);
    return { at, keyWithin, notAfter: false };
  };

  /** True when a full-resolution picture of this very peak was taken on the spot. */
  const hasPeak = ({ kind, episode, wantedAt }: StillOrder): boolean =>
    kind === 'peak' &&
    wantedAt !== undefined &&
    peak !== undefined &&
    peak.episode === episode?.id &&
    between(wantedAt.wall, peak.at) >= -SAME_PEAK / 3 &&
    between(wantedAt.wall, peak.at) <= SAME_PEAK;

  const claimsOf = ({ episode }: StillOrder): Pick<StillDraft, 'claims'> =>
    episode?.claims ? { claims: episode.claims } : {};

  const offsetNow = (): Pick<StillDraft, 'clockOffset'> => {
    const clockOffset = parts.clockOffset?.();
    return clockOffset === undefined ? {} : { clockOffset };
  };

  const draftOf = (order: StillOrder, { shot, choice }: TakenStill): StillDraft => ({
    id: stillId(camera.id, shot.takenAt, order.kind, order.episode?.id ?? ''),
    camera: camera.id,
    kind: order.kind,
    cause: order.episode?.cause ?? (order.kind === 'manual' ? 'owner' : undefined),
    episode: order.episode?.id,
    takenAt: shot.takenAt,
    offsetMinutes: civilTime(shot.takenAt, zone).offsetMinutes,
    width: shot.width,
    height: shot.height,
    source: shot.source,
    delay: shot.delay,
    isDemo: camera.isDemo,
    choice,
    ...claimsOf(order),
    ...offsetNow(),
  });

  /** An episode without its calm photo keeps what there is of it. */
  const withoutCalm = async (order: StillOrder): Promise<void> => {
    ways.remember(undefined);
    if (!order.episode) return;
    const { wall } = order.wantedAt ?? clock.now();
    await sets.giveUp(order.episode.id, { takenAt: wall, offsetMinutes: civilTime(wall, zone).offsetMinutes });
  };

  const takeOne = async (order: StillOrder): Promise<void> => {
    const { kind, isSettled = true } = order;
    if (hasPeak(order)) return;
    try {
      const moment = momentOf(order, order.wantedAt ?? clock.now());
      const taken = await ways.take({ kind, moment, seenSince: order.seenSince, isSettled });
      if (!taken) return;
      const { shot } = taken;
      let draft = draftOf(order, taken);
      if (isOfASet(kind)) await sets.keep(draft, shot.jpeg);
      else draft = await sets.complete(draft, shot.jpeg);
      if (kind === 'peak' && order.episode) {
        peak = { episode: order.episode.id, at: shot.takenAt };
      }
      if (!isOfASet(kind)) ways.remember(shot);
      telemetry.tell({
        type: 'still-accepted',
        camera: camera.id,
        at: clock.now().wall,
        episode: order.episode?.id,
        ...(order.trigger === undefined ? {} : { trigger: order.trigger }),
        still: draft.id,
        kind,
        source: shot.source,
        width: shot.width,
        height: shot.height,
        delay: shot.delay,
        choice: taken.choice,
        ...(draft.change ? { change: draft.change.verdict } : {}),
      });
    } catch (thrown) {
      if (!isSettled) return;
      if (kind === 'calm') await withoutCalm(order).catch(() => undefined);
      missed(order, toStillwatchError(thrown));
    }
  };

  const work = async (): Promise<void> => {
    for (let order = waiting.shift(); order; order = waiting.shift()) await takeOne(order);
    working = undefined;
  };

  /** What an earlier process left behind comes first; a disk in trouble must not keep new photos from being taken. */
  const start = async (): Promise<void> => {
    await sets.recover(parts.resume?.id).catch(() => undefined);
    await work();
  };

  /** Pictures of a set before photos that were asked for; of equals the oldest. */
  const giveUpOne = (): void => {
    const least =
      waiting.find(({ isSettled = true }) => !isSettled) ?? waiting.find(({ kind }) => isOfASet(kind)) ?? waiting[0];
    waiting = waiting.filter((order) => order !== least);
    if (least && (least.isSettled ?? true))
      missed(least, new StillwatchError('SW_STILL_BACKLOG', { waiting: MOST_WAITING }));
  };

  working = start();
  return {
    take(order) {
      if (closing.signal.aborted) {
        if (order.isSettled ?? true) missed(order, new StillwatchError('SW_CAPTURE_DIED', { detail: 'stopping' }));
        return;
      }
      waiting.push({ ...order, wantedAt: order.wantedAt ?? clock.now() });
      if (waiting.length > MOST_WAITING) giveUpOne();
      working ??= work();
    },
    async close() {
      closing.abort();
      const refused = waiting;
      waiting = [];
      for (const order of refused) {
        if (order.isSettled ?? true) missed(order, new StillwatchError('SW_CAPTURE_DIED', { detail: 'stopping' }));
      }
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
