import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { noticeId } from '../../domain/notice.ts';
import type { TryOutcome } from '../../domain/notification.ts';
import { Secret } from '../../domain/secret.ts';
import { epochMs } from '../../domain/units.ts';
import type { AddressGuard } from '../../ports/address-guard.ts';
import { addressGuard } from '../address-guard/address-guard.ts';
import { signature } from './signature.ts';
import { webhook } from './webhook.ts';

interface Heard {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const servers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

const receiver = async (
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<{ readonly url: string; readonly port: number; readonly heard: Heard[] }> => {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(parts).toString() });
      answer(response, request);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  servers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook/canary`, port, heard };
};

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const secret = secretOf(7);
const notice = { id: noticeId('photo.taken', 'a1b2'), body: '{"type":"photo.taken","data":{"name":"Gården"}}' };
const here: AddressGuard = { pin: async () => [{ address: '127.0.0.1', family: 4 }] };
const AT = epochMs(Date.now());

const send = (
  url: string,
  { guard = here, withinMs = 5000 }: { guard?: AddressGuard; withinMs?: number } = {},
): Promise<TryOutcome> => {
  const address = { url: new Secret(url), secret: new Secret(secret), allow: [] };
  return webhook({ address, guard, agent: 'Stillwatch/test', withinMs }).send(notice, AT, new AbortController().signal);
};
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('whatever');

describe('a webhook', () => {
  it('is signed as the specification’s own example is', () => {
    // Source: standard-webhooks/standard-webhooks, libraries/javascript/src/index.test.ts, “sign function works”.
    const known = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(signature(known, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('arrives whole, and is verified by the library that others verify with', async () => {
    const { url, heard } = await receiver(status(204));
    expect(await send(url)).toEqual({ type: 'taken', status: 204 });
    const [got] = heard;
    if (!got) throw new Error('nothing was heard');
    expect(new Webhook(secret).verify(got.body, got.headers)).toEqual(JSON.parse(notice.body));
    expect(() => new Webhook(secretOf(8)).verify(got.body, got.headers)).toThrow('No matching signature');
    expect(() => new Webhook(secret).verify(got.body.replace('Går', 'Har'), got.headers)).toThrow();
    expect(got.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': notice.id });
  });

  it.each<[number, Record<string, string>, TryOutcome]>([
    [200, {}, { type: 'taken', status: 200 }],
    [410, {}, { type: 'gone', status: 410 }],
    [400, {}, { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 400, detail: 'HTTP 400' }],
    [500, {}, { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 500, detail: 'HTTP 500' }],
    [
      503,
      { 'retry-after': '120' },
      {
        type: 'failed',
        code: 'SW_NOTIFY_REFUSED',
        status: 503,
        detail: 'HTTP 503',
        notBefore: 120_000 as never,
      },
    ],
    [
      429,
      { 'retry-after': 'Mon, 23 Nov 2026 07:28:00 GMT' },
      { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 429, detail: 'HTTP 429' },
    ],
  ])('HTTP %i %o', async (code, headers, outcome) => {
    const { url } = await receiver(status(code, headers));
    expect(await send(url)).toEqual(outcome);
  });

  it('does not follow a redirect, wherever it leads', async () => {
    const elsewhere = await receiver(status(200));
    for (const code of [301, 302, 303, 307, 308])
      for (const location of [elsewhere.url, 'http://169.254.169.254/latest/meta-data/', '/other']) {
        const { url, heard } = await receiver(status(code, { location }));
        expect(await send(url)).toMatchObject({ type: 'failed', status: code });
        expect(heard).toHaveLength(1);
      }
    expect(elsewhere.heard).toEqual([]);
  });

  it('does not wait for ever: for a connection, for an answer, for the end of one', async () => {
    const silent = await receiver(() => undefined);
    expect(await send(silent.url, { withinMs: 200 })).toEqual({
      type: 'failed',
      code: 'SW_NOTIFY_UNREACHABLE',
      status: undefined,
      detail: 'no answer in time',
    });
    const endless = await receiver((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'.repeat(4096)), 1);
      response.on('close', () => clearInterval(drip));
    });
    expect(await send(endless.url, { withinMs: 2000 })).toEqual({ type: 'taken', status: 200 });
  });

  it('goes nowhere on this machine or a cloud’s own, by whatever name, and says why without the address', async () => {
    const { port, heard } = await receiver(status(200));
    const guard = addressGuard({ allow: [] }, async (host) =>
      host === 'rebound.invalid' ? [{ address: '127.0.0.1', family: 4 }] : Promise.reject(new Error('ENOTFOUND')),
    );
    for (const host of ['127.0.0.1', 'rebound.invalid', '[::1]', '[::ffff:7f00:1]', '0.0.0.0', '169.254.169.254'])
      expect(await send(`http://${host}:${port}/canary`, { guard }), host).toMatchObject({
        code: 'SW_ADDRESS_REFUSED',
        status: undefined,
      });
    expect(await send('http://unknown.invalid/canary', { guard })).toMatchObject({ code: 'SW_NOTIFY_UNREACHABLE' });
    expect(heard).toEqual([]);
  });

  it('connects to what was judged, once: a name that changes its mind in between gains nothing', async () => {
    const { port, heard } = await receiver(status(200));
    let asked = 0;
    const guard: AddressGuard = {
      pin: async () => {
        asked++;
        return [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }];
      },
    };
    expect(await send(`http://receiver.invalid:${port}/`, { guard })).toMatchObject({ type: 'taken' });
    expect([asked, heard.length]).toEqual([1, 1]);
  });

  it('goes where the owner allows it', async () => {
    const { url } = await receiver(status(200));
    expect(await send(url, { guard: addressGuard({ allow: ['127.0.0.1'] }) })).toMatchObject({ type: 'taken' });
  });

  it('names no part of its address in what it says of trouble', async () => {
    const { port } = await receiver((response) => response.destroy());
    for (const url of [`http://127.0.0.1:${port}/canary?token=canary`, 'http://127.0.0.1:1/canary']) {
      const outcome = await send(url);
      expect(outcome).toMatchObject({ code: 'SW_NOTIFY_UNREACHABLE' });
      expect(JSON.stringify(outcome)).not.toMatch(/canary|whsec/);
    }
  });

  it('stops when the program does', async () => {
    const stop = new AbortController();
    const { url } = await receiver(() => stop.abort());
    const address = { url: new Secret(url), secret: new Secret(secret), allow: [] };
    const sending = webhook({ address, guard: here, agent: 'x' }).send(notice, AT, stop.signal);
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
  });
});
