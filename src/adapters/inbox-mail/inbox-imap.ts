// Pictures out of a mailbox at the owner's provider. A message is marked as read when everything in it is durable; until then
// it is read again. Nothing is deleted there.

import { ImapFlow } from 'imapflow';
import { StillwatchError } from '../../domain/errors.ts';
import type { ImapRule, InboxCamera } from '../../domain/inbox.ts';
import { type EpochMs, epochMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { deliverMessage } from './deliver-message.ts';

export interface InboxImapOptions {
  readonly rule: ImapRule;
  readonly door: InboxDoor;
  readonly clock: Clock;
}

export interface InboxImap {
  /** Looks once. @returns how many messages were taken @throws StillwatchError SW_INBOX_MAILBOX */
  poll(signal: AbortSignal): Promise<number>;
}

const MOST_BYTES = 64 * 1024 * 1024;
/** Messages of one look: the others come with the next, and other mail does not wait behind them. */
const MOST_MESSAGES = 100;

const detailOf = (thrown: unknown): string => {
  const { responseText, authenticationFailed, message } = thrown as {
    readonly responseText?: string;
    readonly authenticationFailed?: boolean;
    readonly message?: string;
  };
  if (authenticationFailed) return 'it refused user or password';
  return (responseText ?? message ?? 'no answer').slice(0, 200);
};

const loggedIn = (
  addresses: readonly { readonly address?: string | undefined }[],
  door: InboxDoor,
): InboxCamera | undefined => {
  for (const { address } of addresses) {
    const login = door.loginByAddress(address ?? '', '');
    if (login.state === 'welcome') return login.camera;
  }
  return undefined;
};

/** When the provider took the mail in, not when it was looked for: it may have lain there for days. */
const arrivedAt = (date: Date | string | undefined, clock: Clock): EpochMs => {
  const now = clock.now().wall;
  const at = date === undefined ? Number.NaN : date instanceof Date ? date.getTime() : Date.parse(date);
  return Number.isFinite(at) && at <= now ? epochMs(at) : now;
};

export const inboxImap = ({ rule, door, clock }: InboxImapOptions): InboxImap => ({
  async poll(signal) {
    const client = new ImapFlow({
      host: rule.host,
      port: rule.port,
      secure: rule.tls,
      ...(rule.tls ? {} : { doSTARTTLS: false }),
      auth: { user: rule.credentials.user, pass: rule.credentials.password.reveal() },
      logger: false,
      ...(rule.authority === undefined ? {} : { tls: { ca: rule.authority } }),
      connectionTimeout: 20_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
    });
    // Told by the rejected calls too.
    client.on('error', () => undefined);
    const stop = (): void => client.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      const lock = await client.getMailboxLock(rule.folder);
      let taken = 0;
      try {
        const found = await client.search({ seen: false }, { uid: true });
        for (const uid of (found === false || found === undefined ? [] : found).slice(0, MOST_MESSAGES)) {
          signal.throwIfAborted();
          const message = await client.fetchOne(
            String(uid),
            { source: { maxLength: MOST_BYTES }, envelope: true, internalDate: true },
            { uid: true },
          );
          if (message === false || !message.source) continue;
          const { to = [], cc = [], from = [] } = message.envelope ?? {};
          const camera =
            loggedIn([...to, ...cc], door) ??
            door.byMailbox([...from, ...to, ...cc].map(({ address }) => address ?? ''));
          // Other people's mail is left as it is.
          if (!camera) continue;
          const receivedAt = arrivedAt(message.internalDate, clock);
          await deliverMessage({ camera: camera.id, way: 'imap', raw: message.source, receivedAt }, door);
          await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
          taken++;
        }
      } finally {
        lock.release();
      }
      await client.logout();
      return taken;
    } catch (thrown) {
      client.close();
      if (thrown instanceof StillwatchError) throw thrown;
      throw new StillwatchError('SW_INBOX_MAILBOX', { host: rule.host, detail: detailOf(thrown) }, { cause: thrown });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  },
});
