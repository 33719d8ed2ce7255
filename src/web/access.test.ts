import { readFileSync } from 'node:fs';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebStage, webStage } from '../testing/web-stage.ts';
import type { DeclaredRoute } from './access.ts';

/** An address that works, for those whose pattern is none. */
const ADDRESSES: Readonly<Record<string, string>> = {
  '/photos/:day': '/photos/2026-11-23',
  '/snapshots/*': '/snapshots/2026-11-23/14-32-07.jpg',
  '/assets/:name': '/assets/style',
};

/** Pages and files: those of the API are walked from its own description. */
let ROUTES: readonly DeclaredRoute[] = [];
const pagesAndFiles = ({ method, url }: DeclaredRoute): boolean =>
  method === 'GET' && (url === '/api/v1/live' || !url.startsWith('/api/'));

const stranger: InjectOptions = { remoteAddress: '203.0.113.9', headers: { host: '198.51.100.1' } };
const proxied: InjectOptions = {
  remoteAddress: '127.0.0.1',
  headers: { host: 'localhost', 'x-forwarded-for': '192.168.1.7' },
};
const rebound: InjectOptions = { remoteAddress: '192.168.1.7', headers: { host: 'evil.example' } };
const neighbour: InjectOptions = { remoteAddress: '192.168.1.7', headers: { host: '192.168.1.20:10000' } };

describe('access', () => {
  let closed: WebStage;
  let open: WebStage;
  beforeAll(async () => {
    closed = await webStage();
    open = await webStage({ access: { publicView: true } });
    for (const stage of [closed, open]) await stage.add({});
    await closed.app.ready();
    ROUTES = closed.app.declaredRoutes.filter(pagesAndFiles);
  });
  afterAll(async () => {
    await closed.app.close();
    await open.app.close();
  });

  it('describes every page and file in the reference, and no other', () => {
    const reference = readFileSync(new URL('../../docs/reference/http.md', import.meta.url), 'utf8');
    const rows = [...reference.matchAll(/^\| `(\/[^`]*)` +\|.*\| (viewers|everybody|owners) +\|$/gm)];
    const described = new Map(rows.map(([, path = '', who = '']) => [path, who] as const));
    // Registered only where inboxes are open.
    described.delete('/inbox');
    described.delete('/inbox/:camera');
    // And where there is a configuration, or somebody who can be told.
    described.delete('/system/config');
    described.delete('/notifications');
    const real = ROUTES.filter(({ url }) => !url.startsWith('/inbox')).map(
      ({ url, access }) =>
        [url, access === 'public' ? 'everybody' : access.may === 'view' ? 'viewers' : 'owners'] as const,
    );
    expect(described).toEqual(new Map(real));
    expect(new Set(rows.map(([, path]) => path)).size).toBe(rows.length);
  });

  it('refuses a route that does not say who may use it', async () => {
    const stage = await webStage();
    expect(() => stage.app.get('/forgotten', () => 'x')).toThrow('/forgotten does not say who may use it');
    await stage.app.close();
  });

  it.each([
    ['camera', '/x/:ids'],
    ['camera', '/x/:cameras'],
    ['still', '/x'],
    ['episode', '/x/:episodes/y'],
  ] as const)('refuses a route of a %s that names none: %s', async (of, url) => {
    const stage = await webStage();
    const route = { config: { access: { may: 'view', of } } } as const;
    expect(() => stage.app.get(url, route, () => 'x')).toThrow(`names no ${of}`);
    await stage.app.close();
  });

  it('is for the local network, each page and file', async () => {
    expect(ROUTES.length).toBeGreaterThan(9);
    for (const { url, access } of ROUTES) {
      // What is the owners' is nobody's who only looks, wherever they are.
      if (access !== 'public' && access.may !== 'view') {
        expect((await open.app.inject({ url, ...neighbour })).statusCode).toBe(403);
      } else if (url !== '/api/v1/live') await isForTheLocalNetwork(ADDRESSES[url] ?? url, access !== 'public');
    }
  });

  const isForTheLocalNetwork = async (url: string, isClosed: boolean): Promise<void> => {
    for (const who of [stranger, proxied, rebound]) {
      const answer = await closed.app.inject({ url, ...who });
      if (isClosed) expect(answer.statusCode).toBe(403);
      else expect(answer.statusCode).not.toBe(403);
      expect(answer.body).not.toContain('jpeg of');
      expect((await open.app.inject({ url, ...who })).statusCode).not.toBe(403);
    }
    expect((await closed.app.inject({ url, ...neighbour })).statusCode).not.toBe(403);
  };

  it('refuses live events and unknown addresses too', async () => {
    for (const url of ['/api/v1/live', '/nothing', '/snapshots/x']) {
      expect((await closed.app.inject({ url, ...stranger })).statusCode).toBe(403);
    }
    expect((await open.app.inject({ url: '/nothing', ...stranger })).statusCode).toBe(404);
  });

  it('refuses HEAD as it refuses GET', async () => {
    const answer = await closed.app.inject({ method: 'HEAD', url: '/snapshots/2026-11-23/14-32-07.jpg', ...stranger });
    expect([answer.statusCode, answer.headers['etag']]).toEqual([403, undefined]);
  });

  it.each([
    ['elsewhere', stranger, 'not on the network'],
    ['proxied', proxied, 'came through a proxy'],
    ['host', rebound, 'also exists on the internet'],
  ] as const)('explains to people why: %s', async (_, who, text) => {
    const answer = await closed.app.inject({ url: '/', ...who, headers: { ...who.headers, accept: 'text/html' } });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain(text);
    expect(answer.body).toContain('PUBLIC_VIEW=1');
    expect(answer.body).not.toContain('Garden');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('explains it to programs in their form, and to others in a line', async () => {
    const json = await closed.app.inject({ url: '/', ...stranger, headers: { accept: 'application/json' } });
    expect([json.statusCode, json.headers['content-type']]).toEqual([403, 'application/problem+json; charset=utf-8']);
    expect(json.json()).toMatchObject({ type: 'about:blank', status: 403, title: 'Only for this network' });
    const text = await closed.app.inject({ url: '/latest', ...stranger });
    expect([text.headers['content-type'], text.body.includes('PUBLIC_VIEW=1')]).toEqual([
      'text/plain; charset=utf-8',
      true,
    ]);
  });
});

describe('every answer', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await webStage();
    await stage.add({});
  });
  afterAll(() => stage.app.close());

  it.each([
    '/',
    '/photos',
    '/latest',
    '/latest.json',
    '/nothing',
    '/healthz',
    '/%',
    '/%zz',
    '/photos/x',
    '/assets/none',
    '/?lang=%',
  ])('%s carries the security headers', async (url) => {
    const { headers } = await stage.app.inject({ url, headers: { host: 'localhost' } });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    if (url !== '/latest') expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['server']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('%s changes nothing anywhere', async (method) => {
    for (const { url } of ROUTES) {
      const answer = await stage.app.inject({ method, url, headers: { host: 'localhost' } });
      expect([404, 405, 415]).toContain(answer.statusCode);
    }
  });

  it('holds no inline script or style on any page', async () => {
    for (const url of ['/', '/photos', '/photos/2026-11-23', '/nothing']) {
      const { body } = await stage.app.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });
      // A data block is not run (HTML 4.12.1): what the page was drawn from.
      expect(body).not.toMatch(/<script(?![^>]* (?:src=|type="application\/json"))/);
      expect(body).not.toMatch(/<style|\sstyle=|\son\w+=/);
      expect(body).not.toContain('javascript:');
    }
  });
});
