// The System page: what is not about single photos or cameras, each place with its state in one line.

import { storageView } from '../api/storage-routes.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, sizeText } from '../time-text.ts';
import type { PageView, SentencePart } from '../wire-pages.ts';
import type { SystemEntry } from '../wire-system.ts';
import { CONFIG_PAGE } from './config.ts';
import type { Visit } from './frame.ts';
import { NOTIFICATIONS_PAGE } from './notifications.ts';
import { systemFrame } from './system-frame.ts';

const said = (text: string, tone: SentencePart['tone'] = null): SentencePart => ({ text, tone, href: null });

const storageState = async ({ deps, language, request }: Visit): Promise<SentencePart | null> => {
  const texts = TEXTS[language].system.storage;
  const storage = await storageView(deps, request).catch(() => undefined);
  if (!storage) return null;
  const { total, free } = storage.disk;
  const room = texts.used(sizeText(total - free, language), sizeText(total, language));
  const { fullOn, takesFrom } = storage.forecast;
  if (fullOn === null || takesFrom !== null) return said(room);
  return said(`${room}. ${texts.fullOn(dayShort(fullOn, language))}`, 'bad');
};

export const systemPage = async (visit: Visit): Promise<PageView<'system'>> => {
  const { deps, language, request } = visit;
  const texts = TEXTS[language].system;
  const { permissions } = request.principal;
  const { isReady } = await deps.vitals.readiness();
  const health = isReady ? said(texts.health.allWell, 'good') : said(texts.health.notWell, 'bad');
  const administers = deps.auth !== undefined && permissions.includes('administer');
  const entries: SystemEntry[] = [
    { place: 'health', href: '/health', state: health },
    { place: 'storage', href: '/storage', state: await storageState(visit) },
    { place: 'ledger', href: '/ledger', state: null },
  ];
  if (deps.auth && permissions.includes('self')) {
    entries.push({ place: 'account', href: '/account', state: said(request.principal.name) });
  }
  if (administers && deps.auth) {
    const users = await deps.auth.accounts.users();
    const shares = await deps.auth.accounts.shares();
    entries.push({ place: 'users', href: '/users', state: said(texts.users.count(users.length, shares.length)) });
    entries.push({ place: 'audit', href: '/audit', state: null });
  }
  const { config, notifier } = deps.api;
  if (config && notifier && permissions.includes('configure')) {
    const receivers = notifier.receivers();
    const waiting = receivers.reduce((sum, one) => sum + one.waiting, 0);
    const names = receivers.map(({ receiver }) => receiver.name).join(', ');
    const state = waiting > 0 ? said(TEXTS[language].notifications.waiting(waiting), 'bad') : said(names);
    entries.push({ place: 'notifications', href: NOTIFICATIONS_PAGE, state: names === '' ? null : state });
  }
  if (config && permissions.includes('configure')) {
    const { isInForce } = config.read();
    const texts = TEXTS[language].config;
    entries.push({ place: 'config', href: CONFIG_PAGE, state: isInForce ? null : said(texts.notInForce, 'bad') });
  }
  const frame = systemFrame(visit, TEXTS[language].nav.system, '/system');
  return { page: 'system', frame, data: { entries, canLogIn: frame.canLogIn } };
};
