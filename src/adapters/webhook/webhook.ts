// One try to tell a webhook: signed, to the very address that was judged, no redirect, an answer nobody reads but its status.

import { Agent, request } from 'undici';
import { StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import type { TryOutcome } from '../../domain/notification.ts';
import { ms } from '../../domain/units.ts';
import type { WebhookAddress } from '../../domain/webhook.ts';
import type { AddressGuard, PinnedAddress } from '../../ports/address-guard.ts';
import type { NotificationChannel } from '../../ports/notification-channel.ts';
import { signature } from './signature.ts';

export interface WebhookOptions {
  readonly address: WebhookAddress;
  readonly guard: AddressGuard;
  /** Program and version, as receivers find it in their logs. */
  readonly agent: string;
  /** Of one try in all. */
  readonly withinMs?: number;
}

/** Source: the specification suggests 15 to 30 s. */
const WITHIN_MS = 15_000;
/** What is read of an answer, so that the connection ends in order; the rest is not waited for. */
const MOST_ANSWER_BYTES = 16 * 1024;
const GONE = 410;

const retryAfter = (value: string | readonly string[] | undefined): { notBefore?: ReturnType<typeof ms> } => {
  const [text = ''] = [value].flat();
  return /^\d{1,6}$/.test(text ?? '') ? { notBefore: ms(Number(text) * 1000) } : {};
};

const causeOf = (thrown: unknown): StillwatchError | undefined => {
  for (let at = thrown; at instanceof Error; at = at.cause) if (at instanceof StillwatchError) return at;
  return undefined;
};

/** In a word, and never with the address: undici's messages may have it. */
const reasonOf = (thrown: unknown, isLate: boolean): string => {
  if (isLate) return 'no answer in time';
  for (let at = thrown; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'string') return code;
  }
  return 'no answer';
};

export const webhook = ({
  address,
  guard,
  agent: userAgent,
  withinMs = WITHIN_MS,
}: WebhookOptions): NotificationChannel => {
  const failed = (code: StillwatchErrorCode, detail: string): TryOutcome => ({
    type: 'failed',
    code,
    status: undefined,
    detail,
  });

  /** Resolved once, for this try: the connection goes to what was judged, whatever the name means a moment later. */
  const connectTo = (pinned: readonly PinnedAddress[]): Agent =>
    new Agent({
      connect: {
        timeout: withinMs,
        lookup: (_, options, done) => {
          if (options.all) done(null, [...pinned]);
          else done(null, pinned[0]?.address ?? '', pinned[0]?.family ?? 4);
        },
      },
      headersTimeout: withinMs,
      bodyTimeout: withinMs,
    });

  return {
    async send({ id, body }, at, signal) {
      const url = new URL(address.url.reveal());
      const late = AbortSignal.timeout(withinMs);
      let agent: Agent | undefined;
      try {
        agent = connectTo(await guard.pin(url.hostname));
        const timestamp = Math.floor(at / 1000);
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agent,
          signal: AbortSignal.any([signal, late]),
          headers: {
            'content-type': 'application/json',
            'user-agent': userAgent,
            'webhook-id': id,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': signature(address.secret, id, timestamp, body),
          },
          body,
        });
        const { statusCode: status } = answer;
        // The status is the answer: a body that drips or never ends changes nothing about it.
        await answer.body.dump({ limit: MOST_ANSWER_BYTES, signal: late }).catch(() => undefined);
        if (status >= 200 && status < 300) return { type: 'taken', status };
        if (status === GONE) return { type: 'gone', status };
        const isRedirect = status >= 300 && status < 400;
        return {
          type: 'failed',
          code: 'SW_NOTIFY_REFUSED',
          status,
          detail: isRedirect ? `HTTP ${status}, redirects are not followed` : `HTTP ${status}`,
          ...retryAfter(answer.headers['retry-after']),
        };
      } catch (thrown) {
        signal.throwIfAborted();
        const known = causeOf(thrown);
        if (known?.code === 'SW_ADDRESS_REFUSED') return failed(known.code, String(known.facts['kind']));
        if (known) return failed('SW_NOTIFY_UNREACHABLE', 'nobody knows this name');
        return failed('SW_NOTIFY_UNREACHABLE', reasonOf(thrown, late.aborted));
      } finally {
        await agent?.destroy();
      }
    },
  };
};
