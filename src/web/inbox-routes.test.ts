import { describe, expect, it } from 'vitest';
import { type Contact, newContact, stepContact } from '../domain/contact.ts';
import { type CameraId, cameraId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxSettings } from '../domain/inbox.ts';
import { type Principal, ROLE_PERMISSIONS } from '../domain/permission.ts';
import { Secret } from '../domain/secret.ts';
import { epochMs, ms } from '../domain/units.ts';
import { memoryFilms } from '../testing/memory-clip-store.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { stoppedClock, type WebStage, webStage } from '../testing/web-stage.ts';
import type { PageView } from './wire-pages.ts';

const FOREST = cameraId('forest');
const YARD = cameraId('yard');
const settings: InboxSettings = {
  cameras: [
    {
      id: FOREST,
      name: 'Forest <1>',
      key: new Secret('key-of-forest-canary'),
      limits: { ...INBOX_LIMITS, monthBudget: 10e6 },
    },
    { id: YARD, name: 'Yard', limits: INBOX_LIMITS, recognise: { through: FOREST, path: 'yard' } },
  ],
  bind: '0.0.0.0',
  host: 'photos.example',
  ftp: { port: 2121, tlsPort: 2990, passivePorts: [50_000, 50_099], allowsActive: false, plain: 'no' },
  mail: { port: 2525, plain: 'no' },
  burstGap: ms(60_000),
  burstWait: ms(20_000),
};
const owner: Principal = { kind: 'user', id: 'o', name: 'o', permissions: ROLE_PERMISSIONS.owner, cameras: 'all' };

const HOUR = 3_600_000;
/** Heard of daily for a week, the last time `silent` hours ago. */
const heard = (camera: CameraId, silent: number): Contact => {
  let contact = newContact(camera);
  for (let day = 7; day >= 0; day--) {
    const at = epochMs(SOME_TIME - silent * HOUR - day * 24 * HOUR);
    contact = stepContact(contact, { type: 'bytes', at, way: 'ftp', bytes: 9e5 }, 'Europe/Copenhagen');
    contact = stepContact(contact, { type: 'picture', at }, 'Europe/Copenhagen');
  }
  const report = { battery: 60, imei: '356938035643809', moon: 'full' } as const;
  const sources = { battery: 'text', imei: 'name', moon: 'exif' } as const;
  return stepContact(contact, { type: 'report', at: epochMs(SOME_TIME - HOUR), report, sources }, 'UTC');
};

const get = (stage: WebStage, url: string, accept = 'text/html') =>
  stage.app.inject({ url, headers: { host: 'localhost', accept } });
const JSON_TYPE = 'application/json';
const VIEW = 'application/vnd.stillwatch.page+json';

describe('cameras that send by themselves', () => {
  it('wait for the first picture, and their keys are never shown to those who may only look', async () => {
    const stage = await webStage({ inbox: { settings, contactOf: newContact, films: memoryFilms() } });
    const page = await get(stage, '/inbox');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Waiting for its first picture');
    expect(page.body).toContain('Forest &lt;1');
    const json = await get(stage, '/inbox', JSON_TYPE);
    expect(json.json()).toMatchObject({ items: [{ id: 'forest', state: 'waiting', nextExpected: null }, {}] });
    const setUp = await get(stage, '/inbox/forest');
    expect(setUp.statusCode).toBeGreaterThanOrEqual(400);
    const view = await get(stage, '/inbox', VIEW);
    for (const { body } of [page, json, setUp, view]) expect(body).not.toContain('canary');
  });

  it('are shown to their owner with everything that is typed into them, and the page is not to be stored', async () => {
    const stage = await webStage({
      inbox: { settings, contactOf: (id) => heard(id, 2), films: memoryFilms() },
      identify: async () => owner,
      clock: stoppedClock(),
    });
    const { body, statusCode, headers } = await get(stage, '/inbox/forest');
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    for (const text of [
      'photos.example',
      '2525',
      '2121',
      '2990',
      'key-of-forest-canary',
      '60 %',
      'full moon',
      'It works',
    ]) {
      expect(body, text).toContain(text);
    }
    // A camera that comes through another's account is told that one's login, and the folder it is known by.
    const through = await get(stage, '/inbox/yard');
    for (const text of ['forest', 'key-of-forest-canary', '/yard']) expect(through.body, text).toContain(text);
    const danish = await get(stage, '/inbox/forest?lang=da');
    for (const text of ['Adgangskode', 'fuldmåne', 'Dækning'])
      expect(danish.body.includes(text), text).toBe(text !== 'Dækning');
    expect((await get(stage, '/inbox/nobody')).statusCode).toBe(404);
  });

  it('are asleep, not offline, until they are silent for longer than their own habit', async () => {
    for (const [silent, state] of [
      [30, 'heard'],
      [60, 'quiet'],
    ] as const) {
      const stage = await webStage({
        inbox: { settings, contactOf: (id) => heard(id, silent), films: memoryFilms() },
        cameras: [],
        identify: async () => owner,
        clock: stoppedClock(),
      });
      const { data, frame } = (await get(stage, '/', VIEW)).json<PageView<'now'>>();
      expect(data.pushed).toMatchObject([{ state, name: 'Forest <1>', setUp: '/inbox/forest' }, { state }]);
      const sentence = frame.sentence.map(({ text }) => text).join(' · ');
      expect(sentence).toContain('2 cameras send by themselves');
      expect(sentence.includes('silent')).toBe(state === 'quiet');
      expect(sentence).not.toMatch(/offline|blind|no camera/i);
      expect((await get(stage, '/cameras', VIEW)).json<PageView<'cameras'>>().data.pushed).toHaveLength(2);
    }
  });

  it('say what of the month’s budget is used', async () => {
    const stage = await webStage({
      inbox: { settings, contactOf: (id) => heard(id, 2), films: memoryFilms() },
      identify: async () => owner,
      clock: stoppedClock(),
    });
    const [forest] = (await get(stage, '/inbox', VIEW)).json<PageView<'inbox'>>().data.cameras;
    expect(forest?.budgetShare).toBeGreaterThan(0);
    expect(forest?.facts.find(({ fact }) => fact === 'month')?.text).toContain('10 MB');
  });
});
