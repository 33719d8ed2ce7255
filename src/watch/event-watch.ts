// Listens to one camera: a supervisor for each channel, the cross-check against our pixels, and what is told of both.
// Must not know what a message means for an episode; that is the watcher's, by trigger-merge.

import { assertNever } from '../domain/assert-never.ts';
import type { CameraMessage } from '../domain/camera-message.ts';
import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import type { LineCounters } from '../domain/event-check.ts';
import type { CameraId } from '../domain/ids.ts';
import { between, type EpochMs, type Instant, type MonoMs, type Ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import {
  type CheckInput,
  type CheckOrder,
  type CheckState,
  checkFigures,
  checkStep,
  newCheckState,
} from './event-cross-check.ts';
import { type EventSupervisor, eventSupervisor, type LineFact } from './event-supervisor.ts';

export interface EventWatchParts {
  readonly camera: CameraId;
  /** One subscription is kept alive for each. */
  readonly sources: readonly TriggerSource[];
  /** Nobody said that it speaks ONVIF. */
  readonly isGuessed: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  hear(messages: readonly CameraMessage[], at: Instant): void;
  /** The first channel came up. */
  up(at: Instant): void;
  /** The last channel went down, or fails for another reason than before. */
  down(at: Instant, reason: StillwatchErrorCode, facts: ErrorFacts, retryAt: EpochMs): void;
}

export interface EventWatch {
  /** Pixels confirm motion. */
  pixels(at: Instant): void;
  /** The camera claims that motion began, or a moment of it. */
  claimed(at: Instant): void;
  tick(at: Instant, isClaiming: boolean): void;
  /** Gives the slots back. */
  close(): Promise<void>;
}

/** Figures change slowly; a page or a scraper that looks once a minute misses nothing. */
const TELL_FIGURES_EVERY: Ms = seconds(60);
/** The cross-check thinks in tens of seconds. */
const CHECK_EVERY: Ms = seconds(1);

const latest = (some: readonly (EpochMs | undefined)[]): EpochMs | undefined =>
  some.reduce((last, one) => (last === undefined || (one ?? 0) > last ? one : last), undefined);

const sumOf = (lines: readonly LineCounters[]): LineCounters => {
  const sum = (pick: (line: LineCounters) => number): number => lines.reduce((total, line) => total + pick(line), 0);
  return {
    opened: sum((line) => line.opened),
    failed: sum((line) => line.failed),
    answers: sum((line) => line.answers),
    messages: sum((line) => line.messages),
    lastAnswerAt: latest(lines.map((line) => line.lastAnswerAt)),
    lastMessageAt: latest(lines.map((line) => line.lastMessageAt)),
  };
};

export const eventWatch = (parts: EventWatchParts): EventWatch => {
  const { camera, clock, random, telemetry, isGuessed } = parts;
  let check: CheckState = newCheckState();
  let checkedAt: MonoMs | undefined;
  let toldAt: MonoMs | undefined;
  let toldTotal: CheckState['total'] = check.total;
  let countedAt: MonoMs | undefined;
  let counted: LineCounters | undefined;
  const up = new Set<TriggerSource>();
  let reason: StillwatchErrorCode | undefined;

  const onLine = (source: TriggerSource, fact: LineFact): void => {
    if (fact.type === 'line-up') {
      up.add(source);
      if (up.size > 1) return;
      reason = undefined;
      telemetry.tell({ type: 'events-heard', camera, at: fact.at.wall, channel: source.name });
      countedAt = undefined;
      parts.up(fact.at);
      return;
    }
    up.delete(source);
    if (up.size > 0 || reason === fact.reason) return;
    reason = fact.reason;
    const { at, retryAt } = fact;
    telemetry.tell({ type: 'events-lost', camera, at: at.wall, code: reason, facts: fact.facts, retryAt, isGuessed });
    parts.down(at, reason, fact.facts, retryAt);
  };

  const supervisors: readonly EventSupervisor[] = parts.sources.map((source) =>
    eventSupervisor({
      source,
      clock,
      random,
      hear: (messages, at) => parts.hear(messages, at),
      line: (fact) => onLine(source, fact),
    }),
  );

  const tellFigures = (at: Instant): void => {
    toldAt = at.mono;
    toldTotal = check.total;
    telemetry.tell({ type: 'events-checked', camera, at: at.wall, figures: checkFigures(check) });
  };

  const tellCounters = (at: Instant): void => {
    if (countedAt !== undefined && between(countedAt, at.mono) < TELL_FIGURES_EVERY) return;
    const counters = sumOf(supervisors.map((one) => one.counters()));
    if (counters.answers === counted?.answers && counters.failed === counted.failed) return;
    countedAt = at.mono;
    counted = counters;
    telemetry.tell({ type: 'events-counted', camera, at: at.wall, counters });
  };

  const tellDoubt = (at: Instant, doubt: 'silent' | 'cries' | undefined): void => {
    const { claimedShare } = checkFigures(check);
    telemetry.tell({ type: 'events-doubted', camera, at: at.wall, doubt, rebuilds: check.rebuilds, claimedShare });
    tellFigures(at);
  };

  const carryOut = (order: CheckOrder, at: Instant): void => {
    switch (order) {
      case 'renew':
        for (const one of supervisors) one.renew();
        return;
      case 'rebuild':
        for (const one of supervisors) one.rebuild();
        return;
      case 'stand-in':
        return tellDoubt(at, 'silent');
      case 'tell-cries':
        return tellDoubt(at, 'cries');
      case 'stand-down':
      case 'tell-quiet':
        return tellDoubt(at, undefined);
      default:
        assertNever(order);
    }
  };

  const fold = (input: CheckInput): void => {
    const { next, orders } = checkStep(check, input);
    check = next;
    for (const order of orders) carryOut(order, input.at);
  };

  return {
    pixels: (at) => fold({ type: 'pixels', at }),
    claimed: (at) => fold({ type: 'camera', at }),
    tick(at, isClaiming) {
      if (checkedAt !== undefined && between(checkedAt, at.mono) < CHECK_EVERY) return;
      checkedAt = at.mono;
      fold({ type: 'tick', at, isClaiming, isLineUp: up.size > 0 });
      const isDue = toldAt === undefined || between(toldAt, at.mono) >= TELL_FIGURES_EVERY;
      if (isDue && check.total !== toldTotal) tellFigures(at);
      tellCounters(at);
    },
    async close() {
      await Promise.all(supervisors.map((one) => one.close()));
    },
  };
};
