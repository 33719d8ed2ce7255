import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs } from '../domain/units.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { type WebStage, watched, webStage } from '../testing/web-stage.ts';

const HOST = { host: 'localhost' };
const later = (minutes: number) => epochMs(SOME_TIME + minutes * 60_000);
const shed = cameraId('shed');

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Over a socket, with the path as it is written: `inject` and `fetch` would tidy `..` away before it is sent. */
const raw = (stage: WebStage, path: string): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { port } = stage.app.server.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('latin1');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

describe('/latest', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await webStage({ cameras: [watched('Garden'), watched('Shed')] });
  });
  afterAll(() => stage.app.close());
  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    stage.app.inject({ url, headers: { ...HOST, ...headers } });

  it('says in a line of text that there is none yet', async () => {
    const answer = await get('/latest');
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
      404,
      'text/plain; charset=utf-8',
      'No photo has been taken yet.\n',
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const json = await get('/latest.json', { 'accept-language': 'da' });
    expect([json.statusCode, json.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(json.json()).toMatchObject({ status: 404, detail: 'Der er ikke taget noget billede endnu.' });
  });

  it('gives the newest photo, its time, and nothing to cache', async () => {
    await stage.add({ takenAt: later(0) });
    const newest = await stage.add({ takenAt: later(5), camera: shed });
    for (const url of ['/latest', '/latest?t=1700000000', '/latest?t=1&t=2', '/latest?camera=']) {
      const answer = await get(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'image/jpeg',
        'cache-control': 'no-store',
        'last-modified': 'Mon, 23 Nov 2026 13:37:07 GMT',
        'x-stillwatch-taken': '2026-11-23T14:37:07.120+01:00',
        'x-stillwatch-camera': 'shed',
        'content-location': `/snapshots/${newest.path}`,
        'x-content-type-options': 'nosniff',
      });
      expect(answer.headers['etag']).toBeUndefined();
      expect(answer.body).toBe(`jpeg of ${newest.path}`);
    }
  });

  it('gives one camera’s newest, and says when there is no such camera', async () => {
    expect((await get('/latest?camera=garden')).headers['x-stillwatch-camera']).toBe('garden');
    const unknown = await get('/latest?camera=attic');
    expect([unknown.statusCode, unknown.body]).toEqual([404, 'There is no camera by that name.\n']);
    for (const url of ['/latest?camera=../x', '/latest?camera=a&camera=b', '/latest.json?camera=%00']) {
      expect((await get(url)).statusCode).toBe(400);
    }
  });

  it('answers HEAD with the same headers and no body', async () => {
    const full = await get('/latest');
    const head = await stage.app.inject({ method: 'HEAD', url: '/latest', headers: HOST });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(full.headers['content-length']);
    expect(head.headers['last-modified']).toBe(full.headers['last-modified']);
  });

  it('never gives a sibling', async () => {
    await stage.add({ takenAt: later(30), kind: 'peak' });
    expect((await get('/latest')).headers['x-stillwatch-camera']).toBe('shed');
  });

  it('passes over photos that were removed from the folder', async () => {
    const gone = await stage.add({ takenAt: later(60) });
    stage.store.blobs.delete(gone.path);
    expect((await get('/latest')).headers['x-stillwatch-camera']).toBe('shed');
    expect((await get('/latest.json')).json()).toMatchObject({ camera: 'shed', cameraName: 'Shed' });
  });

  it('tells about the newest photo in JSON', async () => {
    const newest = await stage.add({ takenAt: later(90) });
    const answer = await get('/latest.json?camera=garden');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({
      id: newest.id,
      camera: 'garden',
      cameraName: 'Garden',
      kind: 'calm',
      takenAt: '2026-11-23T16:02:07.120+01:00',
      url: '/snapshots/2026-11-23/16-02-07.jpg',
      width: 2560,
      height: 1440,
      bytes: newest.bytes,
      sha256: newest.sha256,
      isDemo: false,
    });
  });
});

describe('/snapshots', () => {
  let stage: WebStage;
  let still: StoredStill;
  beforeAll(async () => {
    stage = await webStage();
    await stage.app.listen({ host: '127.0.0.1', port: 0 });
    still = await stage.add({});
    await stage.add({ camera: shed, takenAt: later(1) });
    // Bytes that lie in the folder and are nobody's photo.
    for (const path of [
      '.env',
      '.stillwatch/catalog.sqlite',
      '2026-11-23/14-32-08.jpg',
      '2026-11-23/notes.txt',
      'secret.jpg',
    ]) {
      stage.store.plant(path, new TextEncoder().encode('SECRET'));
    }
  });
  afterAll(() => stage.app.close());
  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    stage.app.inject({ url, headers: { ...HOST, ...headers } });

  it('gives the file, for good, under its hash', async () => {
    const answer = await get(`/snapshots/${still.path}`);
    expect([answer.statusCode, answer.body]).toEqual([200, `jpeg of ${still.path}`]);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      etag: `"${still.sha256}"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'last-modified': 'Mon, 23 Nov 2026 13:32:07 GMT',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await get('/snapshots/shed/2026-11-23/14-33-07.jpg')).statusCode).toBe(200);
  });

  it('lets shared caches keep it where everybody may look', async () => {
    const open = await webStage({ access: { publicView: true } });
    await open.add({});
    const answer = await open.app.inject({ url: `/snapshots/${still.path}`, headers: { host: 'photos.example' } });
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin');
    await open.app.close();
  });

  it.each([
    ['the same tag', (etag: string) => etag, 304],
    ['a weak form of it', (etag: string) => `W/${etag}`, 304],
    ['one of several', (etag: string) => `"x", ${etag}`, 304],
    ['anything', () => '*', 304],
    ['another', () => '"x"', 200],
    ['the tag without quotes', (etag: string) => etag.replaceAll('"', ''), 200],
  ])('If-None-Match with %s', async (_, tag, status) => {
    const answer = await get(`/snapshots/${still.path}`, { 'if-none-match': tag(`"${still.sha256}"`) });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['etag']).toBe(`"${still.sha256}"`);
    expect(answer.headers['cache-control']).toContain('immutable');
    if (status === 304) expect(answer.body).toBe('');
  });

  it('answers HEAD', async () => {
    const head = await stage.app.inject({ method: 'HEAD', url: `/snapshots/${still.path}`, headers: HOST });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(still.bytes)]);
    expect(head.headers['etag']).toBe(`"${still.sha256}"`);
  });

  it('scales to the widths there are, each with a tag of its own', async () => {
    const tags = new Set<unknown>();
    for (const width of [320, 640, 1280]) {
      const answer = await get(`/snapshots/${still.path}?w=${width}`);
      expect(answer.body).toBe(`${width}:jpeg of ${still.path}`);
      tags.add(answer.headers['etag']);
    }
    expect(tags).toEqual(new Set([320, 640, 1280].map((width) => `"${still.sha256}-${width}"`)));
    expect((await get(`/snapshots/${still.path}?w=320`, { 'if-none-match': `"${still.sha256}"` })).statusCode).toBe(
      200,
    );
    for (const query of ['w=321', 'w=', 'w=1e3', 'w=320&w=320', 'w=-320', 'w=0x140']) {
      expect((await get(`/snapshots/${still.path}?${query}`)).statusCode).toBe(400);
    }
  });

  it('sends a photo that cannot be scaled as it is', async () => {
    const damaged = await webStage({
      thumbnails: {
        scale: async () => {
          throw new StillwatchError('SW_STILL_DAMAGED', { detail: 'half a file' });
        },
      },
    });
    await damaged.add({});
    const answer = await damaged.app.inject({ url: `/snapshots/${still.path}?w=320`, headers: HOST });
    expect([answer.statusCode, answer.body]).toEqual([200, `jpeg of ${still.path}`]);
    await damaged.app.close();
  });

  it('does not hide any other failure of scaling, and does not tell it to the visitor', async () => {
    const broken = await webStage({
      thumbnails: {
        scale: async () => {
          throw new Error('no memory at 0xdead');
        },
      },
    });
    await broken.add({});
    const answer = await broken.app.inject({ url: `/snapshots/${still.path}?w=320`, headers: HOST });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('0xdead');
    expect(broken.errors.join()).toContain('0xdead');
    await broken.app.close();
  });

  it('knows nothing of a photo whose file is gone', async () => {
    const gone = await stage.add({ takenAt: later(7) });
    stage.store.blobs.delete(gone.path);
    expect((await get(`/snapshots/${gone.path}`)).statusCode).toBe(404);
    expect((await get(`/snapshots/${gone.path}?w=320`)).statusCode).toBe(404);
  });

  const escapes = [
    '',
    '/',
    '.',
    '..',
    '../.env',
    '.env',
    '%2eenv',
    '.stillwatch/catalog.sqlite',
    '2026-11-23',
    '2026-11-23/',
    '2026-11-23/notes.txt',
    '2026-11-23/14-32-08.jpg',
    '2026-11-23/14-32-07.jpg/',
    '2026-11-23//14-32-07.jpg',
    '/2026-11-23/14-32-07.jpg',
    './2026-11-23/14-32-07.jpg',
    '2026-11-23/./14-32-07.jpg',
    '2026-11-23/../2026-11-23/14-32-07.jpg',
    '2026-11-23/%2e%2e/.env',
    '2026-11-23%2f14-32-07.jpg%00.png',
    '2026-11-23/14-32-07.jpg%00',
    '2026-11-23/14-32-07.jpg%0a',
    '2026-11-23/14-32-07.jpg%20',
    '2026-11-23/14-32-07.jpg.',
    '2026-11-23/14-32-07.jpg::$DATA',
    '..%2f.env',
    '..%5c.env',
    '..\\.env',
    '%252e%252e%252f.env',
    '%c0%ae%c0%ae/.env',
    '..%c0%af.env',
    '%uff0e%uff0e/.env',
    '....//.env',
    '2026-11-23/..;/secret.jpg',
    'secret.jpg',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'C:%5c2026-11-23/14-32-07.jpg',
    'file:///2026-11-23/14-32-07.jpg',
    'GARDEN/2026-11-23/14-32-07.jpg',
    `${'a/'.repeat(500)}14-32-07.jpg`,
    '2026-02-30/14-32-07.jpg',
    '2026-11-23/24-00-00.jpg',
  ];
  it.each(escapes)('no way out: %s', async (path) => {
    const answer = await raw(stage, `/snapshots/${path}`);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('SECRET');
    expect(answer.body).not.toContain('jpeg of');
    expect(answer.headers['content-type']).not.toContain('image');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('asks the store for nothing but what the catalogue names', async () => {
    const asked: string[] = [];
    const careful = await webStage({
      store: {
        read: async (path) => {
          asked.push(path);
          return undefined;
        },
      },
    });
    await careful.app.listen({ host: '127.0.0.1', port: 0 });
    for (const path of escapes) await raw(careful, `/snapshots/${path}`);
    expect(asked).toEqual([]);
    await careful.app.close();
  });

  it('asks the store for nothing that has not a still’s form, even if the catalogue names it', async () => {
    const asked: string[] = [];
    const misled = await webStage({
      catalog: { ...stage.catalog, findByPath: async (path) => ({ ...still, path }) },
      store: {
        read: async (path) => {
          asked.push(path);
          return undefined;
        },
      },
    });
    await misled.app.listen({ host: '127.0.0.1', port: 0 });
    for (const path of ['.env', '../.env', '.stillwatch/catalog.sqlite', '2026-11-23/notes.txt', '%2e%2e/.env']) {
      await raw(misled, `/snapshots/${path}`);
    }
    expect(asked).toEqual([]);
    await misled.app.close();
  });

  it('takes a slash that was encoded for a slash, as every server does', async () => {
    expect((await get('/snapshots/2026-11-23%2F14-32-07.jpg')).statusCode).toBe(200);
  });
});
