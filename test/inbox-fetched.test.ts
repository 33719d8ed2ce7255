// Pictures that are fetched: from an address that answers as cameras and their clouds do, and from a mailbox on Dovecot; and the
// stills of a film that is sent.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressGuard } from '../src/adapters/address-guard/address-guard.ts';
import { httpFetch } from '../src/adapters/http-still/http-fetch.ts';
import { ownCertificate } from '../src/adapters/self-signed/self-signed.ts';
import type { FetchRule } from '../src/domain/inbox.ts';
import { Secret } from '../src/domain/secret.ts';
import { testJpeg } from '../src/testing/jpegs.ts';
import { startDovecot } from './support/dovecot.ts';
import { inboxPorts, keyOf, pictureHash, startInbox, storedPhotos } from './support/inbox.ts';
import { eventually } from './support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-fetched-'));
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
    closers.push(() => new Promise((done) => server.close(() => done(undefined))));
  });

describe('a picture at an address', () => {
  let picture: Uint8Array;
  let certificate: Awaited<ReturnType<typeof ownCertificate>>;
  let other: Awaited<ReturnType<typeof ownCertificate>>;
  let plain = 0;
  let secure = 0;
  const asked: IncomingMessage[] = [];
  const fetched = async (
    rule: Partial<FetchRule> & { readonly url: string },
    times = 1,
  ): Promise<(Uint8Array | undefined)[]> => {
    await using source = httpFetch(rule, addressGuard({ allow: ['127.0.0.1'] }));
    const results: (Uint8Array | undefined)[] = [];
    for (let at = 0; at < times; at++) results.push(await source.fetch(new AbortController().signal));
    return results;
  };

  beforeAll(async () => {
    picture = await testJpeg(77);
    certificate = await ownCertificate(join(folder, 'a'), '127.0.0.1');
    other = await ownCertificate(join(folder, 'b'), '127.0.0.1');
    const answer: Parameters<typeof createServer>[1] = (request, reply) => {
      asked.push(request);
      const { url = '/', headers } = request;
      const send = (extra: Record<string, string> = {}): void => {
        reply.writeHead(200, { 'content-type': 'image/jpeg', ...extra });
        reply.end(picture);
      };
      if (url === '/etag') {
        if (headers['if-none-match'] === '"one"') reply.writeHead(304).end();
        else send({ etag: '"one"' });
      } else if (url === '/bearer') {
        if (headers.authorization === 'Bearer secret-token-canary') send();
        else reply.writeHead(401).end();
      } else if (url === '/basic') {
        if (headers.authorization === `Basic ${Buffer.from('u:p').toString('base64')}`) send();
        else reply.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      } else if (url === '/digest') {
        const given = headers.authorization ?? '';
        const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? '';
        const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
        const expected = md5(`${md5('u:r:p')}:n1:${field('nc')}:${field('cnonce')}:auth:${md5('GET:/digest')}`);
        if (given.startsWith('Digest') && field('response') === expected) send();
        else
          reply.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n1", qop="auth", algorithm=MD5' }).end();
      } else if (url === '/away') reply.writeHead(302, { location: 'http://localhost:1/x' }).end();
      else send();
    };
    plain = await portOf(createServer(answer));
    secure = await portOf(createTlsServer({ key: certificate.key.reveal(), cert: certificate.certificate }, answer));
  });

  it('is asked for anew only when it has changed', async () => {
    const [first, second] = await fetched({ url: `http://127.0.0.1:${plain}/etag` }, 2);
    expect(first && Buffer.from(first).equals(picture)).toBe(true);
    expect(second).toBeUndefined();
  });

  it.each([
    ['basic', { credentials: { user: 'u', password: new Secret('p') } }],
    ['digest', { credentials: { user: 'u', password: new Secret('p') } }],
    ['bearer', { bearer: new Secret('secret-token-canary') }],
  ])('by %s login', async (path, rule) => {
    const [got] = await fetched({ url: `http://127.0.0.1:${plain}/${path}`, ...rule });
    expect(got && Buffer.from(got).equals(picture)).toBe(true);
  });

  it('is not followed to another host', async () => {
    await expect(fetched({ url: `http://127.0.0.1:${plain}/away` })).rejects.toMatchObject({
      code: 'SW_FETCH_REFUSED',
    });
  });

  it('is believed over TLS by its authority or its pinned certificate, and else not asked at all', async () => {
    const url = `https://127.0.0.1:${secure}/`;
    const print = (pem: string): string =>
      createHash('sha256')
        .update(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
        .digest('hex');
    expect((await fetched({ url, authority: certificate.certificate }))[0]).toBeDefined();
    expect((await fetched({ url, certificate: print(certificate.certificate) }))[0]).toBeDefined();
    const before = asked.length;
    await expect(fetched({ url })).rejects.toMatchObject({ code: 'SW_FETCH_REFUSED' });
    await expect(
      fetched({ url, certificate: print(other.certificate), bearer: new Secret('x') }),
    ).rejects.toMatchObject({
      code: 'SW_FETCH_REFUSED',
    });
    expect(asked.length).toBe(before);
  });
});

it('takes pictures from an address, a mailbox and a film into one gallery, each once', async () => {
  const [first, second, mailed] = await Promise.all(
    [201, 202, 203].map((seed) => testJpeg(seed, { width: 160, height: 120 })),
  );
  let now = first as Uint8Array;
  const fetchedPort = await portOf(createServer((_, reply) => reply.writeHead(200).end(now)));
  await using mailbox = await startDovecot('mailbox-password');
  const photosDir = join(folder, 'snapshots');
  const ports = await inboxPorts({ imap: mailbox.port, fetched: fetchedPort });
  await using site = await startInbox(photosDir, ports, { burstWait: 300 });
  const has = (bytes: Uint8Array | undefined): Promise<true> =>
    eventually('it is in the store', async () => {
      const wanted = pictureHash(bytes ?? new Uint8Array(0));
      return (await storedPhotos(photosDir)).some(({ picture }) => picture === wanted) || undefined;
    });
  await has(first);
  now = second as Uint8Array;
  await has(second);

  const body = (
    Buffer.from(mailed as Uint8Array)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
  const message = (to: string): string =>
    `From: a@b.example\r\nTo: ${to}\r\nSubject: Alarm\r\nMIME-Version: 1.0\r\nContent-Type: image/jpeg; name="x.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;
  await mailbox.put('1.private', message('friend@b.example'));
  await mailbox.put('2.camera', message(`cam-0+${keyOf('cam-0')}@b.example`));
  await has(mailed);
  const read = (): string[] =>
    readdirSync(join(mailbox.folder, 'cur')).concat(readdirSync(join(mailbox.folder, 'new')));
  await eventually('it is marked as read', () => read().some((name) => /^2\.camera.*:2,.*S/.test(name)) || undefined);
  expect(read().some((name) => /^1\.private.*:2,.*S/.test(name))).toBe(false);

  const film = join(folder, 'film.mp4');
  const made = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x360:rate=10:duration=6',
    '-g',
    '20',
    '-pix_fmt',
    'yuv420p',
    film,
  ]);
  expect(made.status, String(made.stderr)).toBe(0);
  const reply = await fetch(`http://127.0.0.1:${ports.http}/upload/cam-0/${keyOf('cam-0')}/20260506070809.mp4`, {
    method: 'PUT',
    body: readFileSync(film),
  });
  expect(reply.status, await reply.text()).toBe(201);
  const stills = await eventually('the stills of the film are in the store', async () => {
    const found = (await storedPhotos(photosDir)).filter(({ path }) => path.startsWith('cam-0/2026-05-06/'));
    // The film's calm picture, its cover, is the last of them to be stored.
    return found.length >= 2 && found.some(({ facts }) => facts.kind === 'calm') ? found : undefined;
  });
  for (const { facts } of stills) expect(facts).toMatchObject({ width: 640, height: 360 });
  expect(stills.filter(({ facts }) => facts.kind === 'calm')).toHaveLength(1);
  const all = (await storedPhotos(photosDir)).map(({ picture }) => picture);
  expect(new Set(all).size).toBe(all.length);
  expect(site.printed()).not.toContain('mailbox-password');
});
