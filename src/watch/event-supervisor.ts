// Keeps one camera's event subscription alive for as long as the camera is watched. It never ends by itself: whatever
// happens to a subscription, the next one is opened. Must not know what messages mean.

import type { CameraMessage } from '../domain/camera-message.ts';
import { type ErrorFacts, StillwatchError, type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import type { LineCounters } from '../domain/event-check.ts';
import { between, type EpochMs, type Instant, later, type Ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { TriggerChannel, TriggerSource } from '../ports/trigger-source.ts';
import { reopen } from './event-supervisor-policy.ts';

export type LineFact =
  | { readonly type: 'line-up'; readonly at: Instant }
  | {
      readonly type: 'line-down';
      readonly at: Instant;
      readonly reason: StillwatchErrorCode;
      readonly facts: ErrorFacts;
      readonly retryAt: EpochMs;
    };

export interface EventSupervisor {
  /** The cross-check doubts this subscription: extend it and have the states repeated; open a new one if that fails. */
  renew(): void;
  /** The cross-check has given this subscription up. */
  rebuild(): void;
  counters(): LineCounters;
  /** Gives the slot back and stops. */
  close(): Promise<void>;
}

export interface EventSupervisorParts {
  readonly source: TriggerSource;
  readonly clock: Clock;
  readonly random: Random;
  hear(messages: readonly CameraMessage[], at: Instant): void;
  line(fact: LineFact): void;
}

/** Creating takes four calls of 8 s at the very worst. */
const OPEN_WITHIN: Ms = seconds(60);
/** The longest pull is 60 s; whoever has not answered or failed by then never will. */
const NEXT_WITHIN: Ms = seconds(120);
const CLOSE_WITHIN: Ms = seconds(5);

const rebuildWanted = (): StillwatchError =>
  new StillwatchError('SW_CAM_LOST', {}, { where: 'event subscription, rebuilt' });

export const eventSupervisor = (parts: EventSupervisorParts): EventSupervisor => {
  const { source, clock, random } = parts;
  const closing = new AbortController();
  let opened = 0;
  let failed = 0;
  let answers = 0;
  let messages = 0;
  let lastAnswerAt: EpochMs | undefined;
  let lastMessageAt: EpochMs | undefined;
  let hasLoggedIn = false;
  let isUp = false;
  let live: { readonly channel: TriggerChannel; readonly cut: AbortController } | undefined;

  /** What does not settle within `limit` counts as failed, and is told to stop. Sources keep their own time; this is the fence. */
  const fenced = async <T>(work: (signal: AbortSignal) => Promise<T>, limit: Ms, cut: AbortController): Promise<T> => {
    const timer = new AbortController();
    let onCut: (() => void) | undefined;
    const late = clock.sleep(limit, timer.signal).then(
      () => {
        const error = new StillwatchError('SW_CAM_SILENT', { seconds: limit / 1000 });
        cut.abort(error);
        throw error;
      },
      () => new Promise<never>(() => {}),
    );
    const stopped = new Promise<never>((_, reject) => {
      onCut = () => reject(cut.signal.reason as Error);
      cut.signal.addEventListener('abort', onCut, { once: true });
    });
    try {
      cut.signal.throwIfAborted();
      return await Promise.race([work(cut.signal), late, stopped]);
    } finally {
      if (onCut) cut.signal.removeEventListener('abort', onCut);
      timer.abort();
    }
  };

  const dispose = async (channel: TriggerChannel): Promise<void> => {
    const cut = new AbortController();
    await fenced(async () => channel[Symbol.asyncDispose](), CLOSE_WITHIN, cut).catch(() => {
      // The lease frees the slot.
    });
  };

  const open = async (cut: AbortController): Promise<TriggerChannel> => {
    // A subscription that comes about after we stopped waiting must still be given back.
    const opening = source.open(cut.signal);
    try {
      return await fenced(() => opening, OPEN_WITHIN, cut);
    } catch (error) {
      const given = opening.then(dispose, () => {});
      // Whoever stops takes the sockets away: what is being made is waited for a moment.
      if (closing.signal.aborted) await fenced(() => given, CLOSE_WITHIN, new AbortController()).catch(() => {});
      throw error;
    }
  };

  /** One subscription's life; ends only by throwing. */
  const runOnce = async (cut: AbortController, onLife: () => void): Promise<never> => {
    const channel = await open(cut);
    opened += 1;
    hasLoggedIn = true;
    live = { channel, cut };
    onLife();
    try {
      for (;;) {
        const heard = await fenced((signal) => channel.next(signal), NEXT_WITHIN, cut);
        const at = clock.now();
        answers += 1;
        messages += heard.length;
        lastAnswerAt = at.wall;
        if (heard.length > 0) lastMessageAt = at.wall;
        if (!isUp) {
          isUp = true;
          parts.line({ type: 'line-up', at });
        }
        if (heard.length > 0) parts.hear(heard, at);
      }
    } finally {
      live = undefined;
      await dispose(channel);
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!closing.signal.aborted) {
      const cut = new AbortController();
      const stop = (): void => cut.abort(closing.signal.reason);
      closing.signal.addEventListener('abort', stop, { once: true });
      const answersBefore = answers;
      let openedAt: Instant | undefined;
      try {
        await runOnce(cut, () => {
          openedAt = clock.now();
        });
      } catch (thrown) {
        if (closing.signal.aborted) return;
        failed += 1;
        const at = clock.now();
        const lived = openedAt && answers > answersBefore ? between(openedAt.mono, at.mono) : undefined;
        failures = lived === undefined ? failures + 1 : 1;
        const error = toStillwatchError(thrown);
        const { code, after, isTold } = reopen({ code: error.code, failures, lived, hasLoggedIn }, random());
        if (isTold) {
          isUp = false;
          parts.line({ type: 'line-down', at, reason: code, facts: error.facts, retryAt: later(at.wall, after) });
        }
        await clock.sleep(after, closing.signal).catch(() => {});
      } finally {
        closing.signal.removeEventListener('abort', stop);
      }
    }
  };

  const running = run();
  return {
    renew() {
      const now = live;
      if (!now) return;
      now.channel.refresh(now.cut.signal).catch(() => now.cut.abort(rebuildWanted()));
    },
    rebuild() {
      live?.cut.abort(rebuildWanted());
    },
    counters: () => ({ opened, failed, answers, messages, lastAnswerAt, lastMessageAt }),
    async close() {
      closing.abort(new StillwatchError('SW_CAM_LOST', {}, { where: 'stopping' }));
      await running;
    },
  };
};
