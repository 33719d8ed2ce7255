// Who is told of what: a house automation that is well, a chat that is down, a pager that wants nothing more, and nobody yet.

import type { Notifier } from '../../src/archive/notifier.ts';
import { StillwatchError } from '../../src/domain/errors.ts';
import { type Notice, noticeId } from '../../src/domain/notice.ts';
import { afterTry, givenUp, type Notification, type TryOutcome } from '../../src/domain/notification.ts';
import { USUAL_CAUSES, USUAL_TYPES } from '../../src/domain/notification-rule.ts';
import type { Receiver } from '../../src/domain/receiver.ts';
import { Secret } from '../../src/domain/secret.ts';
import { LIVED, minutesAgo, type Scene, type Screen } from './screen-scenes.ts';
import { siteOf } from './screens-camera.ts';

const YML = `cameras:
  garden:
    address: 192.0.2.5
notifications:
  quietHours: "22:00-07:00"
  link: https://cam.example.org
  webhooks:
    home:
      url: https://home.example.org/hook
      secret: {file: home}
    chat:
      url: https://chat.example.org/hook
      secret: {file: chat}
      cameras: [garden, drive]
      causes: [person, vehicle]
      onlyLasting: true
    pager:
      url: https://pager.example.org/hook
      secret: {file: pager}
      events: [camera.blind, store.low]
      hours: ["22:00-07:00", "12:00-13:00"]
    lab:
      url: https://lab.example.org/hook
      secret: {file: lab}
      enabled: false
`;

const receiver = (name: string): Receiver => ({
  name,
  rule: { types: USUAL_TYPES, causes: USUAL_CAUSES },
  webhook: { url: new Secret(`https://${name}.example.org/hook`), secret: new Secret('whsec_'), allow: [] },
});

const refused: TryOutcome = { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 502, detail: 'HTTP 502' };

const notifications = (): readonly Notification[] => {
  const one = (name: string, type: Notice['type'], minutes: number): Notification => {
    const at = minutesAgo(minutes);
    const rest = { state: 'waiting', tries: 0, nextAt: at, last: undefined, body: '{}' } as const;
    return { receiver: name, id: noticeId(type, `${minutes}`), type, at, ...rest };
  };
  const sent = (which: Notification): Notification => afterTry(which, { type: 'taken', status: 204 }, which.at, 0);
  const tried = (which: Notification, times: number): Notification =>
    Array.from({ length: times }).reduce<Notification>((now) => afterTry(now, refused, now.nextAt, 0), which);
  return [
    sent(one('home', 'photo.taken', 4)),
    tried(one('chat', 'photo.taken', 4), 2),
    sent(one('home', 'test', 31)),
    tried(one('chat', 'photo.taken', 177), 4),
    afterTry(one('pager', 'camera.blind', 200), { type: 'gone', status: 410 }, minutesAgo(200), 0),
    tried(one('chat', 'store.low', 1600), 8),
    givenUp(one('chat', 'photo.taken', 1700), 'SW_NOTIFY_TOO_MANY', minutesAgo(1600)),
  ];
};

const notifier: Pick<Notifier, 'list' | 'receivers' | 'test'> = {
  list: async () => notifications(),
  receivers: () => [
    { receiver: receiver('home'), waiting: 0, isGone: false },
    { receiver: receiver('chat'), waiting: 2, isGone: false },
    { receiver: receiver('pager'), waiting: 0, isGone: true },
  ],
  test: async (name) => {
    throw new StillwatchError('SW_RECEIVER_UNKNOWN', { receiver: name, known: '–' });
  },
};

const told = (): Scene => ({ ...LIVED, options: { ...LIVED.options, ...siteOf(YML), notifier } });
const nobody = (): Scene => ({
  ...LIVED,
  options: {
    ...LIVED.options,
    ...siteOf('cameras:\n  garden:\n    address: 192.0.2.5\n'),
    notifier: { ...notifier, list: async () => [], receivers: () => [] },
  },
});

export const NOTIFICATION_SCREENS: readonly Screen[] = [
  { name: 'notifications', scene: told(), path: '/notifications', shows: '.row button' },
  {
    name: 'notifications-edit',
    scene: told(),
    path: '/notifications',
    shows: '#chat-hours',
    prepare: (page) => page.locator('.row details summary').nth(1).click(),
  },
  {
    name: 'notifications-added',
    scene: nobody(),
    path: '/notifications',
    shows: '.said .typed',
    prepare: async (page) => {
      await page.locator('#add summary').click();
      const { width } = page.viewportSize() ?? { width: 0 };
      await page.locator('#new-name').fill(`home-${width}`);
      await page.locator('#new-url').fill('https://home.example.org/hook');
      await page.locator('#add .is-main').click();
    },
  },
];
