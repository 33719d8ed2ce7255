// The screens of cameras that send by themselves.

import { systemClock } from '../../src/adapters/system/clock.ts';
import { type Contact, newContact, stepContact } from '../../src/domain/contact.ts';
import { filmName } from '../../src/domain/film.ts';
import { type CameraId, cameraId, episodeId } from '../../src/domain/ids.ts';
import { INBOX_LIMITS, type InboxSettings } from '../../src/domain/inbox.ts';
import { Secret } from '../../src/domain/secret.ts';
import { epochMs, ms } from '../../src/domain/units.ts';
import { drawnPhoto } from '../../src/testing/drawn-photo.ts';
import { memoryFilms } from '../../src/testing/memory-clip-store.ts';
import { ZONE } from '../../src/testing/web-stage.ts';
import { minutesAgo, newestEpisode, OWNER, type Scene, type Screen } from './screen-scenes.ts';

const FOREST = cameraId('forest');
const GATE = cameraId('gate');
const settings: InboxSettings = {
  cameras: [
    {
      id: FOREST,
      name: 'Forest edge',
      key: new Secret('p7RkXwTq9mZ2sVbNc4Hd'),
      limits: { ...INBOX_LIMITS, monthBudget: 500e6 },
    },
    {
      id: GATE,
      name: 'Field gate',
      key: new Secret('Qy3nFh8WkLr5TzJx2MdG'),
      limits: { ...INBOX_LIMITS, monthBudget: 12e6 },
    },
    { id: cameraId('meadow'), name: 'Meadow', key: new Secret('b6SvKp4XjYt9CgUe7RaN'), limits: INBOX_LIMITS },
  ],
  bind: '0.0.0.0',
  host: 'photos.example.org',
  http: { tlsPort: 8443, plain: 'no' },
  ftp: { port: 2121, tlsPort: 9990, passivePorts: [50_000, 50_099], allowsActive: false, plain: 'private' },
  mail: { port: 2525, tlsPort: 4650, plain: 'no' },
  burstGap: ms(60_000),
  burstWait: ms(20_000),
};

const HOUR = 3_600_000;
/** Heard of daily for a week, the last time `silent` hours ago. */
const heard = (camera: CameraId, silent: number): Contact => {
  const now = systemClock().now().wall;
  let contact = newContact(camera);
  for (let day = 7; day >= 0; day--) {
    const at = epochMs(now - silent * HOUR - day * 24 * HOUR);
    contact = stepContact(contact, { type: 'bytes', at, way: 'mail', bytes: 14e5 }, ZONE);
    contact = stepContact(contact, { type: 'picture', at }, ZONE);
  }
  const report = {
    battery: 62,
    signal: 80,
    temperature: -3,
    moon: 'waxing-gibbous',
    make: 'Reolink',
    model: 'Go PT Plus',
  } as const;
  const sources = { battery: 'text', signal: 'text', temperature: 'text', moon: 'exif', model: 'exif' } as const;
  return stepContact(contact, { type: 'report', at: epochMs(now - silent * HOUR), report, sources }, ZONE);
};

const contactOf = (camera: CameraId): Contact => {
  if (camera === FOREST) return heard(FOREST, 3);
  if (camera !== GATE) return newContact(camera);
  const at = minutesAgo(90);
  const refusal = { at, code: 'SW_UPLOAD_CUT', detail: '48211 bytes came' } as const;
  return stepContact(heard(GATE, 70), { type: 'refused', refusal }, ZONE);
};

const films = memoryFilms();

/** Three cameras that send, and none that is watched: one asleep, one silent for too long, one that has never sent. */
const SENDING: Scene = {
  options: { cameras: [], inbox: { settings, contactOf, films }, identify: async () => OWNER },
  fill: async (stage) => {
    const jpeg = await drawnPhoto({ hour: 7, visitor: true, width: 960, height: 540 });
    for (const [camera, minutes] of [
      [FOREST, 180],
      [FOREST, 1700],
      [GATE, 4200],
    ] as const) {
      const takenAt = minutesAgo(minutes);
      // What a film is of, nobody asks before it is played.
      if (camera === FOREST) await films.keep(camera, filmName(takenAt, 'c0ffee12', 'mp4'), new Uint8Array(4_200_000));
      await stage.add({
        camera,
        takenAt,
        kind: 'calm',
        episode: episodeId(camera, takenAt),
        jpeg,
        width: 960,
        height: 540,
        source: 'upload',
      });
    }
  },
};

export const INBOX_SCREENS: readonly Screen[] = [
  { name: 'senders-now', scene: SENDING, path: '/', shows: '#pushed-gate[data-state="quiet"]' },
  { name: 'senders', scene: SENDING, path: '/inbox', shows: '#pushed-forest' },
  { name: 'sender-set-up', scene: SENDING, path: '/inbox/meadow', shows: '.door .typed' },
  { name: 'sender-film', scene: SENDING, path: newestEpisode, shows: '.films video' },
  { name: 'sender-films', scene: SENDING, path: '/inbox/forest', shows: '.films a' },
  { name: 'sender-known', scene: SENDING, path: '/inbox/gate', shows: '.first-picture.has-come' },
];
