// Takes one still by the ways the policy names, in its order, until one gives a picture that is not refused.
// Knows time and tries; what the picture is for, and where it goes, is the photographer's business.

import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { Shot, StillKind } from '../domain/still.ts';
import type { StillChoice, WayName } from '../domain/still-choice.ts';
import { between, type Instant, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { StillSource, WantedMoment } from '../ports/still-source.ts';
import { type LinkFacts, planStill, type StillPlan, type WayFacts, type WayRecord } from './still-policy.ts';
import { NEVER_TRIED, recordTry, type WayMemory } from './way-record.ts';

export interface WantedStill {
  readonly kind: StillKind;
  readonly moment: WantedMoment;
  /** Since when the camera has been seen without a gap; a calm still from before that proves nothing. */
  readonly seenSince: Instant | undefined;
  /** False: one quick try, only by ways that look at the present. */
  readonly isSettled: boolean;
}

export interface TakenStill {
  readonly shot: Shot;
  readonly choice: StillChoice;
}

export interface StillWays {
  /**
   * @returns undefined when the still was only a try, and no way suits one
   * @throws StillwatchError the preferred way's trouble, when none gave a picture
   */
  take(wanted: WantedStill): Promise<TakenStill | undefined>;
  /** The latest picture of the calm scene, for the next "before"; undefined: nothing is known to be calm. */
  remember(shot: Shot | undefined): void;
}

export interface StillWaysParts {
  readonly where: string;
  readonly sources: readonly StillSource[];
  readonly reader: PictureReader;
  readonly link: () => LinkFacts;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts the try in hand: the process stops. */
  readonly cut: AbortSignal;
}

/** A photo of a calm scene is worth waiting for, but not past the next happening. */
const TAKE_WITHIN: Ms = seconds(30);
/** One way gets this long: a 10 s key-frame interval plus connecting, rounded up. */
const ONE_WAY_WITHIN: Ms = seconds(13);
/** A moment is over soon, and other pictures wait: its ways get this long each. */
const MOMENT_WITHIN: Ms = seconds(5);
const PAUSES: readonly Ms[] = [ms(300), seconds(1), seconds(3), seconds(6)];
/** A picture of "now" that shows a moment this long before the order is stale. */
const STALE: Ms = seconds(5);
/** Contrast, in grey levels, below which a camera's JPEG shows nothing at all: cameras send grey while they start. */
const BLANK = 1;

const isOfAMoment = (kind: StillKind): boolean => kind === 'before' || kind === 'peak';

const damaged = (detail: string): StillwatchError => new StillwatchError('SW_STILL_DAMAGED', { detail });

export const stillWays = (parts: StillWaysParts): StillWays => {
  const { where, sources, reader, link, clock, random, cut } = parts;
  const memory = new Map<WayName, WayMemory>();
  let calm: Shot | undefined;

  const memoryOf = (name: WayName): WayMemory => memory.get(name) ?? NEVER_TRIED;

  const shoot = async (source: StillSource, moment: WantedMoment, within: Ms): Promise<Shot> => {
    const tooLate = new AbortController();
    const timer = new AbortController();
    const late = new StillwatchError('SW_CAM_SILENT', { seconds: within / 1000 }, { where: `${where} ${source.name}` });
    const alarm = clock.sleep(within, timer.signal).then(
      () => tooLate.abort(late),
      () => undefined,
    );
    try {
      return await source.take({ signal: AbortSignal.any([tooLate.signal, cut]), wanted: moment });
    } finally {
      timer.abort();
      await alarm;
    }
  };

  /** Refuses what is no picture of the wanted moment. @throws StillwatchError SW_STILL_DAMAGED */
  const inspect = async (shot: Shot, { kind, moment }: WantedStill): Promise<void> => {
    const lag = between(shot.takenAt, moment.at.wall);
    if (!isOfAMoment(kind) && lag > STALE) throw damaged(`it shows a moment ${Math.round(lag / 1000)} s too early`);
    // Our own decoder has looked at its pictures; a camera's JPEG may be whole and yet show nothing.
    if (shot.source !== 'http-snapshot') return;
    const { luma } = await reader.read(shot.jpeg);
    const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
    const contrast = Math.sqrt(luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length);
    if (contrast < BLANK) throw damaged('it is blank');
  };

  const lastCalm = ({ seenSince, moment }: WantedStill): Shot | undefined =>
    calm && seenSince && calm.takenAt >= seenSince.wall && calm.takenAt <= moment.at.wall ? calm : undefined;

  const plan = (wanted: WantedStill): StillPlan => {
    const now = clock.now();
    const free = sources.filter(({ name }) => {
      const { blockedUntil } = memoryOf(name as WayName);
      return blockedUntil === undefined || now.mono >= blockedUntil;
    });
    const looksNow = new Set<string>(['http-snapshot', 'main-stream']);
    const recordOf = ({ name, measured }: StillSource): WayRecord | undefined => {
      const tried = measured?.();
      return memoryOf(name as WayName).record ?? (tried && { ...tried, failuresInRow: 0 });
    };
    const ways = free
      .filter(({ name }) => wanted.isSettled || looksNow.has(name))
      .map((source): WayFacts => ({ name: source.name as WayName, record: recordOf(source) }));
    const old = lastCalm(wanted);
    if (old && wanted.isSettled) {
      const record = { pixels: old.width * old.height, delay: ms(0), age: ms(0), failuresInRow: 0 };
      ways.push({ name: 'last-calm', record, before: between(old.takenAt, wanted.moment.at.wall) });
    }
    return planStill({ kind: wanted.kind, ago: between(wanted.moment.at.mono, now.mono) }, ways, link());
  };

  /** Why there is no way at all. */
  const noWay = ({ leftOut }: StillPlan, { moment }: WantedStill): StillwatchError => {
    if (leftOut.some(({ because }) => because === 'stream-limit')) return new StillwatchError('SW_CAM_STREAM_LIMIT');
    if (sources.length > 0 && leftOut.length === 0) return new StillwatchError('SW_CAM_LOCKED');
    const ago = `${(between(moment.at.mono, clock.now().mono) / 1000).toFixed(1)} s`;
    return new StillwatchError('SW_STILL_NOT_KEPT', { kept: '0.0 s', ago });
  };

  const tryWay = async (name: WayName, wanted: WantedStill): Promise<Shot> => {
    const source = sources.find((each) => each.name === name);
    const old = name === 'last-calm' ? lastCalm(wanted) : undefined;
    if (old) return old;
    if (!source) throw new StillwatchError('SW_UNEXPECTED', { detail: `no way ${name}` });
    try {
      const shot = await shoot(source, wanted.moment, isOfAMoment(wanted.kind) ? MOMENT_WITHIN : ONE_WAY_WITHIN);
      await inspect(shot, wanted);
      const age = ms(Math.max(0, between(shot.takenAt, wanted.moment.at.wall)));
      memory.set(
        name,
        recordTry(memoryOf(name), { type: 'taken', pixels: shot.width * shot.height, delay: shot.delay, age }),
      );
      return shot;
    } catch (thrown) {
      const { code } = toStillwatchError(thrown);
      if (!cut.aborted) memory.set(name, recordTry(memoryOf(name), { type: 'failed', code, at: clock.now().mono }));
      throw thrown;
    }
  };

  return {
    async take(wanted) {
      const startedAt = clock.now().mono;
      const failed: { way: WayName; code: StillwatchError['code'] }[] = [];
      for (let round = 0; ; round += 1) {
        // The ring will have the very moment: nothing is to be gained by hurrying.
        if (!wanted.isSettled && sources.some(({ name }) => name === 'main-ring')) return undefined;
        const planned = plan(wanted);
        if (planned.ways.length === 0 && !wanted.isSettled) return undefined;
        let first: StillwatchError | undefined;
        let mayPass = false;
        for (const { name, reason } of planned.ways) {
          try {
            const shot = await tryWay(name, wanted);
            return { shot, choice: { way: name, reason, failed } };
          } catch (thrown) {
            const error = toStillwatchError(thrown);
            if (cut.aborted) throw first ?? new StillwatchError('SW_CAPTURE_DIED', { detail: 'stopping' });
            first ??= error;
            failed.push({ way: name, code: error.code });
            mayPass ||= error.remedy === 'retry' && error.code !== 'SW_CAM_LOCKED';
          }
        }
        const trouble = first ?? noWay(planned, wanted);
        const pause = PAUSES[round];
        const hasTime = pause !== undefined && between(startedAt, clock.now().mono) + pause < TAKE_WITHIN;
        if (!hasTime || !mayPass || isOfAMoment(wanted.kind)) throw trouble;
        await clock.sleep(ms(pause * (0.75 + random() / 2)), cut);
      }
    },
    remember(shot) {
      calm = shot;
    },
  };
};
