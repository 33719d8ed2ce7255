// Who is told of what, in this role: rules from the settings of the moment, the outbox in the photo folder, webhooks.

import type { Log } from '../../../adapters/log/log.ts';
import { sqlOutbox } from '../../../adapters/outbox-sql/outbox-sql.ts';
import { type Notifier, notifier } from '../../../archive/notifier.ts';
import type { Settings } from '../../../config/settings.ts';
import type { StillwatchError } from '../../../domain/errors.ts';
import type { Notification } from '../../../domain/notification.ts';
import { webhookOrigin } from '../../../domain/webhook.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { Status } from '../../../web/status.ts';
import { cameraName } from '../../../web/still-view.ts';
import type { RoleVitals } from '../../vitals.ts';
import { webhookChannel } from '../../webhook-channel.ts';
import type { OpenArchive } from './archive.ts';

export interface NotificationParts {
  readonly archive: Pick<OpenArchive, 'paths' | 'catalog' | 'disk'>;
  /** Those in force. */
  readonly settings: () => Settings;
  readonly status: () => Status;
  readonly vitals: Pick<RoleVitals, 'readiness' | 'counters'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface Notifications {
  readonly notifier: Notifier;
  /** From here on others are told; before it nothing runs that would keep alive a program that cannot start. */
  start(): void;
  /** Puts the settings of the moment in force. */
  configure(): void;
  /** Nothing more is sent; what waits is sent after the next start. */
  stop(): Promise<void>;
}

const OUTCOMES = { waiting: 'failed', sent: 'sent', 'given-up': 'given-up' } as const;

export const notificationsOf = (parts: NotificationParts): Notifications => {
  const { archive, vitals, log } = parts;
  const { zone, language } = parts.settings();
  const stopping = new AbortController();
  const onChanged = ({ receiver, id, type, state, tries, last }: Notification): void => {
    vitals.counters.notified(receiver, OUTCOMES[state]);
    const facts = { receiver, id, type, tries, status: last?.status };
    if (state === 'sent') log.info(`${receiver} was told of ${type}`, facts);
    else log.debug(`${receiver} was not told of ${type}: ${last?.code} ${last?.detail}`, facts);
  };
  const one = notifier({
    outbox: () => sqlOutbox({ file: archive.paths.outbox }),
    channel: webhookChannel,
    catalog: archive.catalog,
    cameraName: (camera) => cameraName(camera, parts.status()),
    keeps: async () => (await vitals.readiness()).keeps,
    space: () => archive.disk.space().catch(() => undefined),
    clock: parts.clock,
    random: parts.random,
    zone,
    language,
    signal: stopping.signal,
    onTrouble: parts.onTrouble,
    onChanged,
  });

  /** A name that is no camera's is a typing mistake, or a camera that was taken out: nobody would ever be told of it. */
  const warnOfUnknown = ({ cameras, inbox, notifications }: Settings): void => {
    const known = new Set([...cameras, ...(inbox?.cameras ?? [])].map(({ id }) => id));
    for (const { name, rule } of notifications?.receivers ?? [])
      for (const camera of rule.cameras ?? [])
        if (!known.has(camera)) log.warn(`notifications: ${name} names ${camera}, and there is no such camera`);
  };

  const configure = (): void => {
    const settings = parts.settings();
    one.configure(settings.notifications);
    warnOfUnknown(settings);
  };

  let running: Promise<void> | undefined;
  return {
    notifier: one,
    start() {
      configure();
      for (const { name, webhook } of parts.settings().notifications?.receivers ?? [])
        log.info(`${name} is told what happens, at ${webhookOrigin(webhook)}`);
      running = one.run();
    },
    configure,
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
