// Notifications: who is told of what, whether it arrives, and what became of the last ones.

import { type Notification, notificationTrouble } from '../../domain/notification.ts';
import { formatPlace, parsePlace, receiverViews } from '../notifications/receivers.ts';
import { mapAt } from '../settings/settings-view.ts';
import { namedCameras } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { zoneMoment } from '../time-text.ts';
import type { NotificationRow } from '../wire-notifications.ts';
import type { PageView } from '../wire-pages.ts';
import type { Visit } from './frame.ts';
import { cameraNames, momentText, systemFrame } from './system-frame.ts';

export const NOTIFICATIONS_PAGE = '/notifications';

const PAGE = 50;

/** @param before a place in the list; undefined for one that is none, and for a program that tells nobody */
export const notificationsPage = async (
  visit: Visit,
  before: string | undefined,
): Promise<PageView<'notifications'> | undefined> => {
  const { deps, language } = visit;
  const { notifier, config } = deps.api;
  const place = before === undefined ? undefined : parsePlace(before);
  if (!notifier || !config || (before !== undefined && !place)) return undefined;
  const rowOf = (one: Notification): NotificationRow => ({
    key: formatPlace(one),
    receiver: one.receiver,
    type: one.type,
    time: momentText(one.at, visit),
    iso: zoneMoment(one.at, deps.zone, language).iso,
    state: one.state,
    tries: one.tries,
    nextTry: one.state === 'waiting' ? momentText(one.nextAt, visit) : null,
    trouble: notificationTrouble(one)?.text(language) ?? null,
  });
  const found = await notifier.list({ limit: PAGE + 1, ...(place ? { before: place } : {}) });
  const last = found[PAGE - 1];
  const words = mapAt(config.read().effective, 'notifications');
  const text = (key: string): string | null => (typeof words[key] === 'string' ? words[key] : null);
  return {
    page: 'notifications',
    frame: systemFrame(visit, TEXTS[language].system.names.notifications, NOTIFICATIONS_PAGE),
    data: {
      receivers: receiverViews(deps.api).map((one) => ({
        ...one,
        cameraNames: one.cameras && cameraNames(one.cameras, visit),
      })),
      rows: found.slice(0, PAGE).map(rowOf),
      older:
        found.length > PAGE && last ? `${NOTIFICATIONS_PAGE}?before=${encodeURIComponent(formatPlace(last))}` : null,
      quietHours: text('quietHours'),
      link: text('link'),
      cameras: namedCameras(deps.status()).map(({ id, name }) => ({ id, name })),
    },
  };
};
