// An owner's receivers, told by the running program: verified by the library that others verify with, over a kill between what
// happened and what was told, and never where requests do not go.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { archivePaths } from '../src/cli/archive-place.ts';
import { command, jsonLines } from './support/command.ts';
import { claim, owner } from './support/owner.ts';
import { order, quietCamera, watching } from './support/photo-site.ts';
import { eventually } from './support/program.ts';

interface Notice {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, Record<string, unknown> | null>;
}

interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** What came and is really from us, one for each try. */
  readonly heard: Notice[];
  readonly strangers: string[];
  answer: (response: ServerResponse) => void;
}

/** A server as somebody else would write it. */
const receiver = async (secret: () => string): Promise<Receiver> => {
  const made: Pick<Receiver, 'heard' | 'strangers' | 'answer'> = {
    heard: [],
    strangers: [],
    answer: (response) => void response.writeHead(204).end(),
  };
  const take = (request: IncomingMessage, body: string): void => {
    try {
      const headers = request.headers as Record<string, string>;
      const notice = new Webhook(secret()).verify(body, headers) as Omit<Notice, 'id'>;
      made.heard.push({ ...notice, id: headers['webhook-id'] ?? '' });
    } catch (thrown) {
      made.strangers.push(String(thrown));
    }
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      take(request, body);
      made.answer(response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return Object.assign(made, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/canary-address`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
};

const folderFor = async (): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), 'stillwatch-notify-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }),
  };
};

it('tells of photos and trouble, over a kill, by the same id; a receiver that hangs delays no photo', async () => {
  const secrets = { house: '', slow: '', pager: '' };
  await using house = await receiver(() => secrets.house);
  await using slow = await receiver(() => secrets.slow);
  await using pager = await receiver(() => secrets.pager);
  slow.answer = () => undefined;
  await using camera = await quietCamera();
  await using folder = await folderFor();
  await writeFile(join(folder.path, 'stillwatch.yml'), 'notifications:\n  blindAfter: 0s # at once\n');
  let cookie = '';
  let written = '';
  {
    await using program = await watching(camera, folder.path);
    cookie = await claim(program);
    const ask = owner(program, cookie);
    for (const [name, { url }] of Object.entries({ house, slow, pager })) {
      const events = name === 'pager' ? ['camera.blind'] : ['photo.taken'];
      const body = { name, url, settings: { allow: ['127.0.0.1'], events } };
      const added = await ask('POST', '/notifications/webhooks', body);
      expect(added.status).toBe(201);
      secrets[name as keyof typeof secrets] = String(added.body['secret']);
      // In force when the answer comes: the page that is drawn next says so.
      const { body: now } = await ask('GET', '/notifications/receivers');
      expect(now['items']).toContainEqual(expect.objectContaining({ name, state: 'told' }));
      expect((await ask('POST', '/notifications/webhooks', body)).body['code']).toBe('SW_RECEIVER_EXISTS');
    }
    const tested = await ask('POST', '/notifications/receivers/house/test');
    expect(tested.body).toMatchObject({ type: 'test', state: 'sent', status: 204, trouble: null });
    const { path = '' } = await order(program);
    const told = await eventually('the photo is told of', () => house.heard.find(({ type }) => type === 'photo.taken'));
    expect(told.data['photo']).toMatchObject({ kind: 'manual', picture: `/snapshots/${path}` });
    // What is told of can be fetched, at once.
    const picture = await fetch(`${program.url}${String(told.data['photo']?.['picture'])}`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    await eventually('the slow one was asked', () => (slow.heard.length > 0 ? true : undefined));
    expect((await order(program)).path).toBeDefined();
    // One more that nobody takes, and the power goes.
    house.answer = (response) => void response.writeHead(500).end();
    expect((await order(program)).path).toBeDefined();
    await eventually('the third is refused', async () => {
      const { body } = await ask('GET', '/notifications?receiver=house&limit=1');
      const [newest] = body['items'] as readonly Record<string, unknown>[];
      return newest?.['state'] === 'waiting' && Number(newest['tries']) > 0 ? true : undefined;
    });
    written = program.printed();
    await program.stop('SIGKILL');
  }
  const last = house.heard.at(-1)?.id;
  const before = house.heard.length;
  house.answer = (response) => void response.writeHead(204).end();
  // Its next try is due at once, as it is after hours without power.
  const outbox = new SqliteDatabase(archivePaths(join(folder.path, 'snapshots')).outbox);
  outbox.prepare(`update notification set next_at = 0 where state = 'waiting'`).run();
  outbox.close();
  {
    await using program = await watching(camera, folder.path);
    const ask = owner(program, cookie);
    await eventually('it is sent after the restart', () => house.heard.slice(before).find(({ id }) => id === last));
    const slowId = slow.heard[0]?.id;
    await eventually('and to the slow one', () => slow.heard.filter(({ id }) => id === slowId).at(1));
    await eventually('the list says so', async () => {
      const { body } = await ask('GET', '/notifications?receiver=house');
      const items = body['items'] as readonly Record<string, unknown>[];
      return items.length === 4 && items.every(({ state }) => state === 'sent') ? true : undefined;
    });
    // The receiver says that it wants nothing more: it is asked no more until it takes a test.
    house.answer = (response) => void response.writeHead(410).end();
    const gone = await ask('POST', '/notifications/receivers/house/test');
    expect(gone.body).toMatchObject({ state: 'given-up', trouble: { code: 'SW_NOTIFY_GONE' } });
    house.answer = (response) => void response.writeHead(204).end();

    const listed = await command(folder.path, ['notify', 'log', '--receiver', 'house', '--json']);
    expect(jsonLines(listed)[0]?.['notifications']).toHaveLength(5);
    const again = await command(folder.path, ['notify', 'test', 'house', '--json']);
    expect([again.code, jsonLines(again)[0]]).toMatchObject([0, { receiver: 'house', state: 'sent', status: 204 }]);
    expect((await command(folder.path, ['notify', 'test', 'nobody'])).stderr).toContain('SW_RECEIVER_UNKNOWN');

    // Settings change without a restart; secrets go with their receiver.
    expect((await ask('DELETE', '/notifications/webhooks/slow')).status).toBe(204);
    const { body } = await ask('GET', '/notifications/receivers');
    const origin = new URL(house.url).origin;
    expect(body['items']).toMatchObject([{ name: 'house', state: 'told', origin }, { name: 'pager' }]);
    const renewed = await ask('POST', '/notifications/webhooks/house/secret');
    secrets.house = String(renewed.body['secret']);
    expect((await ask('POST', '/notifications/receivers/house/test')).body['state']).toBe('sent');
    const heard = pager.heard.length;
    await camera[Symbol.asyncDispose]();
    const blind = await eventually('the camera is gone', () => pager.heard[heard]);
    expect(blind).toMatchObject({ type: 'camera.blind', data: { camera: { id: 'tapo' } } });
    written += program.printed() + (await readFile(join(folder.path, 'stillwatch.yml'), 'utf8'));
    expect(await program.stop()).toBe(0);
  }
  expect([...house.strangers, ...slow.strangers, ...pager.strangers]).toEqual([]);
  expect(written).toContain('# at once');
  expect(written).not.toMatch(/canary|whsec_/);
}, 180_000);

it('sends nothing to this machine or a cloud’s own, by number, by name or by redirect, unless the owner allows it', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await using inside = await receiver(() => secret);
  await using folder = await folderFor();
  const port = new URL(inside.url).port;
  await writeFile(join(folder.path, 'secret'), secret);
  const addresses = {
    number: `http://127.0.0.1:${port}/`,
    name: `http://localhost:${port}/`,
    six: `http://[::ffff:127.0.0.1]:${port}/`,
    any: `http://0.0.0.0:${port}/`,
    cloud: 'http://169.254.169.254/latest/meta-data/',
    odd: `http://2130706433:${port}/`,
  };
  const rows = Object.entries(addresses).map(([name, url]) => `    ${name}: {url: "${url}", secret: {file: secret}}`);
  const allowed = (name: string, allow: string): string =>
    `    ${name}: {url: "${inside.url}", secret: {file: secret}, allow: [${allow}]}`;
  const yml = `notifications:\n  webhooks:\n${[...rows, allowed('allowed', '127.0.0.1')].join('\n')}\n`;
  await writeFile(join(folder.path, 'stillwatch.yml'), yml);
  const refused = await command(folder.path, ['notify', 'test', '--json']);
  const outcomes = new Map(jsonLines(refused).map((row) => [row['receiver'], row['code']]));
  const refusals = Object.keys(addresses).map((name) => [name, 'SW_ADDRESS_REFUSED'] as const);
  expect(outcomes).toEqual(new Map<unknown, unknown>([...refusals, ['allowed', null]]));
  expect(inside.heard.map(({ data }) => data['receiver'])).toEqual(['allowed']);
  const elsewhere = ['http://169.254.169.254/latest/', `http://127.0.0.1:${port}/again`];
  for (const location of elsewhere) {
    inside.answer = (response) => void response.writeHead(307, { location }).end();
    const before = inside.heard.length;
    const redirected = await command(folder.path, ['notify', 'test', 'allowed']);
    expect([redirected.code, redirected.stderr]).toEqual([5, expect.stringContaining('redirects are not followed')]);
    expect(inside.heard).toHaveLength(before + 1);
  }
}, 90_000);
