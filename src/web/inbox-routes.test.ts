import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { newContact, stepContact } from '../domain/contact.ts';
import { cameraId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxSettings } from '../domain/inbox.ts';
import { type Principal, ROLE_PERMISSIONS } from '../domain/permission.ts';
import { Secret } from '../domain/secret.ts';
import { ms } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { webStage } from '../testing/web-stage.ts';
import type { WebDeps } from './deps.ts';
import { inboxRoutes } from './inbox-routes.ts';

const FOREST = cameraId('forest');
const settings: InboxSettings = {
  cameras: [{ id: FOREST, name: 'Forest <1>', key: new Secret('key-of-forest-canary'), limits: INBOX_LIMITS }],
  bind: '0.0.0.0',
  host: 'photos.example',
  mail: { port: 2525, plain: 'no' },
  burstGap: ms(60_000),
  burstWait: ms(20_000),
};
const owner: Principal = { kind: 'user', id: 'o', name: 'o', permissions: ROLE_PERMISSIONS.owner, cameras: 'all' };

describe('the pages of cameras that send', () => {
  it('wait for the first picture, and never show the key to those who may only look', async () => {
    const stage = await webStage({ inbox: { settings, contactOf: newContact } });
    const page = await stage.app.inject({ url: '/inbox', headers: { host: 'localhost', accept: 'text/html' } });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Waiting for the first picture');
    expect(page.body).toContain('Forest &lt;1&gt;');
    expect(page.body).toContain('http-equiv="refresh"');
    const json = await stage.app.inject({ url: '/inbox', headers: { host: 'localhost', accept: 'application/json' } });
    expect(json.json()).toMatchObject({ items: [{ id: 'forest', state: 'waiting', nextExpected: null }] });
    const setUp = await stage.app.inject({ url: '/inbox/forest', headers: { host: 'localhost' } });
    expect(setUp.statusCode).toBeGreaterThanOrEqual(400);
    for (const { body } of [page, json, setUp]) expect(body).not.toContain('canary');
  });

  it('say to its owner what to type into the camera', async () => {
    const heard = (id: typeof FOREST) =>
      stepContact(newContact(id), { type: 'report', report: { battery: 60, imei: '356938035643809' } }, 'UTC');
    const app = Fastify();
    app.decorateRequest('principal');
    app.addHook('onRequest', async (request) => {
      request.principal = owner;
    });
    const assets = { icon: '/icon', style: '/style' };
    const deps = { inbox: { settings, contactOf: heard }, clock: fakeClock(), zone: 'UTC', language: 'en', assets };
    inboxRoutes(app, deps as unknown as WebDeps);
    const { body, statusCode } = await app.inject({ url: '/inbox/forest' });
    expect(statusCode).toBe(200);
    for (const text of ['photos.example', '2525', 'key-of-forest-canary', '60 %']) expect(body).toContain(text);
    await app.close();
  });
});
