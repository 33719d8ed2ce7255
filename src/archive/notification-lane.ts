// The way to one receiver: what waits for it is tried in turn, one at a time, so that a receiver that hangs holds up nobody else.
// Memory is what is worked from; the outbox is what a kill leaves.

import { type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import type { NoticeId } from '../domain/notice.ts';
import {
  afterOnlyTry,
  afterTry,
  givenUp,
  MOST_WAITING,
  type Notification,
  type TryOutcome,
} from '../domain/notification.ts';
import { between, type EpochMs, type Ms, ms } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { NotificationChannel } from '../ports/notification-channel.ts';

export interface NotificationLaneParts {
  readonly channel: NotificationChannel;
  readonly clock: Clock;
  readonly random: Random;
  /** Until it aborts there is sending; what is in flight then waits for the next start. */
  readonly signal: AbortSignal;
  /** What became of one. Resolves when the outbox has it, or cannot have it. */
  readonly onChanged: (notification: Notification) => Promise<void>;
}

export interface NotificationLane {
  readonly waiting: number;
  /** The receiver said that it wants nothing more. */
  readonly isGone: boolean;
  add(notification: Notification): void;
  /** One try, now and once only, whatever else waits. */
  test(notification: Notification): Promise<Notification>;
  /** Nothing is tried any more; what waits is handed back. */
  close(): readonly Notification[];
}

/** The wall clock may be set meanwhile: it is looked at anew at least this often. */
const LONGEST_REST: Ms = ms(60_000);

export const notificationLane = (parts: NotificationLaneParts): NotificationLane => {
  const { channel, clock, random, onChanged } = parts;
  const closing = new AbortController();
  const signal = AbortSignal.any([parts.signal, closing.signal]);
  const waiting = new Map<NoticeId, Notification>();
  let isGone = false;
  let isAtWork = false;
  let wake: (() => void) | undefined;
  const wall = (): EpochMs => clock.now().wall;

  const next = (): Notification | undefined => {
    let first: Notification | undefined;
    for (const one of waiting.values()) if (!first || one.nextAt < first.nextAt) first = one;
    return first;
  };

  const finish = async (one: Notification): Promise<void> => {
    if (one.state === 'waiting') waiting.set(one.id, one);
    else waiting.delete(one.id);
    await onChanged(one);
  };

  const giveUp = async (which: readonly Notification[], code: StillwatchErrorCode): Promise<void> => {
    for (const one of which) await finish(givenUp(one, code, wall()));
  };

  const send = async (one: Notification): Promise<TryOutcome | undefined> => {
    try {
      return await channel.send(one, wall(), signal);
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const { message } = toStillwatchError(thrown);
      return { type: 'failed', code: 'SW_UNEXPECTED', status: undefined, detail: message };
    }
  };

  const tryOne = async (one: Notification): Promise<void> => {
    const outcome = await send(one);
    // Stopped, or given up meanwhile.
    if (!outcome || !waiting.has(one.id)) return;
    await finish(afterTry(one, outcome, wall(), random()));
    if (outcome.type !== 'gone') return;
    isGone = true;
    await giveUp([...waiting.values()], 'SW_NOTIFY_GONE');
  };

  const rest = async (by: Ms): Promise<void> => {
    const woken = new AbortController();
    wake = () => woken.abort();
    await clock.sleep(by, AbortSignal.any([woken.signal, signal])).catch(() => undefined);
    wake = undefined;
  };

  const work = async (): Promise<void> => {
    for (let one = next(); one && !signal.aborted; one = next()) {
      const wait = between(wall(), one.nextAt);
      if (wait > 0) await rest(ms(Math.min(wait, LONGEST_REST)));
      else await tryOne(one);
    }
    isAtWork = false;
  };

  const start = (): void => {
    wake?.();
    if (isAtWork || signal.aborted) return;
    isAtWork = true;
    void work();
  };

  return {
    get waiting() {
      return waiting.size;
    },
    get isGone() {
      return isGone;
    },
    add(notification) {
      waiting.set(notification.id, notification);
      const [oldest] = waiting.values();
      if (waiting.size > MOST_WAITING && oldest) void giveUp([oldest], 'SW_NOTIFY_TOO_MANY');
      start();
    },
    async test(notification) {
      const outcome = await send(notification);
      if (!outcome) return givenUp(notification, 'SW_NOTIFY_REMOVED', wall());
      if (outcome.type === 'taken') isGone = false;
      return afterOnlyTry(notification, outcome, wall());
    },
    close() {
      closing.abort();
      return [...waiting.values()];
    },
  };
};
