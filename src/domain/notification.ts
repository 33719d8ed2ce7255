// A notification: a notice on its way to one receiver. When it is tried again, and when it is given up. Pure.

import { assertNever } from './assert-never.ts';
import { StillwatchError, type StillwatchErrorCode } from './errors.ts';
import type { Notice, NoticeId } from './notice.ts';
import { type EpochMs, later, type Ms, ms } from './units.ts';

export type NotificationState = 'waiting' | 'sent' | 'given-up';

/** What became of one try. */
export type TryOutcome =
  | { readonly type: 'taken'; readonly status: number }
  /** It may go better later. */
  | {
      readonly type: 'failed';
      readonly code: StillwatchErrorCode;
      /** Of the answer; undefined: none came. */
      readonly status: number | undefined;
      /** Says what happened, without the address. */
      readonly detail: string;
      /** The receiver asked not to be tried before. */
      readonly notBefore?: Ms;
    }
  /** The receiver wants nothing more, ever (HTTP 410). */
  | { readonly type: 'gone'; readonly status: number };

/** The last try, as it is kept. */
export interface LastTry {
  readonly at: EpochMs;
  readonly status: number | undefined;
  readonly code: StillwatchErrorCode | undefined;
  readonly detail: string;
}

export interface Notification {
  /** The receiver's name in the configuration. */
  readonly receiver: string;
  readonly id: NoticeId;
  readonly type: Notice['type'];
  /** When it happened. */
  readonly at: EpochMs;
  /** What is sent, the very same bytes at each try. */
  readonly body: string;
  readonly state: NotificationState;
  readonly tries: number;
  /** Not before; meaningless unless it waits. */
  readonly nextAt: EpochMs;
  readonly last: LastTry | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The pauses after the first, second … failed try: soon for a hiccup, hours for a receiver that is down over night. With the first
 * try that makes eight within 24 hours. Source: the schedule the Standard Webhooks specification suggests.
 */
export const PAUSES: readonly Ms[] = [
  5000,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  7 * HOUR,
  9 * HOUR + 25 * MINUTE,
].map(ms);
export const MOST_TRIES: number = PAUSES.length + 1;
/** More than this for one receiver and the oldest is given up: a thousand photos nobody was told of are in the gallery. */
export const MOST_WAITING = 1000;
/** A receiver may put itself off, but not for good. */
const LONGEST_PUT_OFF: Ms = ms(HOUR);

/** @param jitter 0..1, so that receivers that came back are not run over at one moment: up to a tenth longer */
const pauseAfter = (tries: number, notBefore: Ms | undefined, jitter: number): Ms | undefined => {
  const pause = PAUSES[tries - 1];
  if (pause === undefined) return undefined;
  return ms(Math.round(Math.max(pause * (1 + jitter / 10), Math.min(notBefore ?? 0, LONGEST_PUT_OFF))));
};

/** On its way, and not tried yet. @param body what is sent, as `noticeBody` makes it */
export const newNotification = (
  receiver: string,
  { id, type, at }: Pick<Notice, 'id' | 'type' | 'at'>,
  body: string,
  now: EpochMs,
): Notification => ({ receiver, id, type, at, body, state: 'waiting', tries: 0, nextAt: now, last: undefined });

export const afterTry = (
  notification: Notification,
  outcome: TryOutcome,
  at: EpochMs,
  jitter: number,
): Notification => {
  const tries = notification.tries + 1;
  switch (outcome.type) {
    case 'taken':
      return {
        ...notification,
        tries,
        state: 'sent',
        last: { at, status: outcome.status, code: undefined, detail: '' },
      };
    case 'gone': {
      const last: LastTry = { at, status: outcome.status, code: 'SW_NOTIFY_GONE', detail: `HTTP ${outcome.status}` };
      return { ...notification, tries, state: 'given-up', last };
    }
    case 'failed': {
      const { status, code, detail, notBefore } = outcome;
      const pause = pauseAfter(tries, notBefore, jitter);
      const last: LastTry = { at, status, code, detail };
      return pause === undefined
        ? { ...notification, tries, state: 'given-up', last }
        : { ...notification, tries, last, nextAt: later(at, pause) };
    }
    default:
      return assertNever(outcome);
  }
};

/** A test is tried once: what was not taken does not wait. */
export const afterOnlyTry = (notification: Notification, outcome: TryOutcome, at: EpochMs): Notification => {
  const tried = afterTry(notification, outcome, at, 0);
  return tried.state === 'waiting' ? { ...tried, state: 'given-up' } : tried;
};

/** It is not tried again, and why. */
export const givenUp = (notification: Notification, code: StillwatchErrorCode, at: EpochMs): Notification => ({
  ...notification,
  state: 'given-up',
  last: { at, status: undefined, code, detail: '' },
});

/** @param known the receivers there are */
export const receiverUnknown = (receiver: string, known: readonly string[]): StillwatchError =>
  new StillwatchError('SW_RECEIVER_UNKNOWN', { receiver, known: known.join(', ') || '–' });

/** Why it was not taken, in the words of the error table; undefined: it was, or was not tried yet. */
export const notificationTrouble = (notification: Notification): StillwatchError | undefined => {
  const { receiver, type, tries, state, last } = notification;
  if (!last?.code) return undefined;
  if (state === 'given-up' && tries === MOST_TRIES) {
    return new StillwatchError('SW_NOTIFY_GIVEN_UP', { receiver, type, tries });
  }
  // The receiver's name stands for its host: the address itself is nobody's business.
  const facts = { receiver, host: receiver, detail: last.detail, kind: last.detail, most: MOST_WAITING };
  return new StillwatchError(last.code, facts);
};
