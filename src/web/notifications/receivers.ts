// The receivers as the document names them, with what is known of each that is told. What the page and the API have in common.

import { isoText } from '../../domain/civil-time.ts';
import type { Language } from '../../domain/errors.ts';
import type { NoticeType, PhotoCause } from '../../domain/notice.ts';
import { type Notification, notificationTrouble } from '../../domain/notification.ts';
import type { EpochMs } from '../../domain/units.ts';
import { webhookOrigin } from '../../domain/webhook.ts';
import type { ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import type { ApiParts } from '../api/parts.ts';
import { mapAt } from '../settings/settings-view.ts';
import type { NotificationView, ReceiverView } from '../wire-notifications.ts';

type Words = Readonly<Record<string, ConfigValue>>;

export const webhooksOf = (value: ConfigReading['value']): Words => mapAt(value, 'notifications', 'webhooks');

export const receiverViews = ({ config, notifier }: Pick<ApiParts, 'config' | 'notifier'>): readonly ReceiverView[] => {
  const told = new Map(notifier?.receivers().map((one) => [one.receiver.name, one]));
  const wanted = webhooksOf(config?.read().effective ?? {});
  return Object.keys(wanted).map((name): ReceiverView => {
    const words = mapAt(wanted, name);
    const found = told.get(name);
    const off = words['enabled'] === false ? 'off' : 'broken';
    return {
      name,
      channel: 'webhook',
      state: found ? (found.isGone ? 'gone' : 'told') : off,
      origin: found ? webhookOrigin(found.receiver.webhook) : null,
      // The document's schema checked them.
      events: words['events'] as readonly NoticeType[],
      cameras: (words['cameras'] ?? null) as readonly string[] | null,
      causes: words['causes'] as readonly PhotoCause[],
      hours: (words['hours'] ?? null) as readonly string[] | null,
      onlyLasting: words['onlyLasting'] === true,
      waiting: found?.waiting ?? 0,
    };
  });
};

export const notificationView = (one: Notification, zone: string, language: Language): NotificationView => {
  const trouble = notificationTrouble(one);
  const iso = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, zone));
  return {
    id: one.id,
    receiver: one.receiver,
    type: one.type,
    at: isoText(one.at, zone),
    state: one.state,
    tries: one.tries,
    nextTry: one.state === 'waiting' ? iso(one.nextAt) : null,
    lastTry: iso(one.last?.at),
    status: one.last?.status ?? null,
    trouble: trouble ? { code: trouble.code, text: trouble.text(language) } : null,
  };
};

/** A place in the list: time, receiver, id. */
export const formatPlace = ({ at, receiver, id }: Pick<Notification, 'at' | 'receiver' | 'id'>): string =>
  `${at}~${receiver}~${id}`;

export const parsePlace = (text: string): { at: number; receiver: string; id: string } | undefined => {
  const [, at = '', receiver = '', id = ''] = /^(\d{1,15})~([a-z0-9-]{1,40})~([A-Za-z0-9_-]{1,120})$/.exec(text) ?? [];
  return at === '' ? undefined : { at: Number(at), receiver, id };
};
