import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CameraMessage } from '../../domain/camera-message.ts';
import { Secret } from '../../domain/secret.ts';
import { ms, seconds, shift } from '../../domain/units.ts';
import type { TriggerChannel, TriggerSource } from '../../ports/trigger-source.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../../simulator/onvif/camera.ts';
import { PERSONA_NAMES, PERSONAS, type PersonaName } from '../../simulator/onvif/persona.ts';
import { systemClock } from '../system/clock.ts';
import { type OnvifClient, onvifClient } from './client.ts';
import { pullPointSource } from './pull-point.ts';
import { pushInbox } from './push.ts';

const clock = systemClock();
const signal = new AbortController().signal;
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

const camera = async (persona: PersonaName): Promise<[SimulatedOnvif, OnvifClient]> => {
  const made = await simulatedOnvif({ persona, second: 20 });
  const client = onvifClient({
    device: new URL(made.deviceUrl),
    credentials: { user: made.account.user, password: new Secret(made.account.password) },
    clock,
  });
  open.push(made, client);
  return [made, client];
};
const opened = async (source: TriggerSource): Promise<TriggerChannel> => {
  const channel = await source.open(signal);
  open.push(channel);
  return channel;
};
/** Pulls until `wanted` messages have come. */
const collect = async (channel: TriggerChannel, wanted: number): Promise<readonly CameraMessage[]> => {
  const messages: CameraMessage[] = [];
  while (messages.length < wanted) messages.push(...(await channel.next(signal)));
  return messages;
};
const talking = PERSONA_NAMES.filter((name) => name !== 'liar');

describe('pull point', () => {
  it.each(talking)('%s: states first, then what happens, and the slot is given back', async (name) => {
    const [from, client] = await camera(name);
    const topics = PERSONAS[name].topics;
    expect(await client.events.topics(signal)).toEqual(topics.map(({ topic }) => topic));
    const channel = await pullPointSource(client, clock).open(signal);
    const states = await collect(channel, topics.length);
    expect(states.every(({ operation }) => operation === 'Initialized')).toBe(true);
    const [motion] = topics.filter(({ scene }) => scene === 'motion');
    from.scene('motion', true);
    const [message] = await collect(channel, 1);
    expect(message).toMatchObject({
      topic: motion?.topic,
      operation: 'Changed',
      source: motion?.source,
      data: { [motion?.item ?? '']: motion?.values[0] },
    });
    expect(from.subscriptions.live()).toHaveLength(1);
    await channel[Symbol.asyncDispose]();
    expect(from.subscriptions.live()).toHaveLength(0);
  });

  it('a camera that refuses relative times is asked in absolute ones', async () => {
    const [from, client] = await camera('generic');
    await opened(pullPointSource(client, clock));
    expect(from.requests.get('CreatePullPointSubscription')).toBe(2);
    await opened(pullPointSource(client, clock));
    expect(from.requests.get('CreatePullPointSubscription')).toBe(3);
  });

  it('a camera without slots is not asked again in other words', async () => {
    const [from, client] = await camera('tapo');
    from.faults.set([{ fault: 'slots-full' }]);
    await expect(pullPointSource(client, clock).open(signal)).rejects.toThrow(/SW_ONVIF_REFUSED.*maximum number/);
    expect(from.requests.get('CreatePullPointSubscription')).toBe(1);
  });

  it('a slot taken by an answer that broke off is given back', async () => {
    const [from, client] = await camera('dahua');
    from.faults.set([{ fault: 'truncated', on: /CreatePullPoint/ }]);
    await expect(pullPointSource(client, clock).open(signal)).rejects.toThrow(/SW_ONVIF_REPLY/);
    const isFree = async (): Promise<void> => {
      while (from.subscriptions.unsubscribed === 0) await clock.sleep(ms(5));
    };
    await isFree();
    expect(from.subscriptions.live()).toHaveLength(0);
  });

  it('a broken answer’s reference parameters are echoed all the same', async () => {
    const [from, client] = await camera('axis');
    from.faults.set([{ fault: 'truncated', on: /CreatePullPoint/ }]);
    await expect(pullPointSource(client, clock).open(signal)).rejects.toThrow(/SW_ONVIF_REPLY/);
    while (from.subscriptions.unsubscribed === 0) await clock.sleep(ms(5));
    expect(from.subscriptions.live()).toHaveLength(0);
  });

  it.each(['reset', 'html-503'] as const)(
    'a slot that %s kept from being given back is given back before the next',
    async (fault) => {
      const [from, client] = await camera('hikvision');
      const source = pullPointSource(client, clock, { lease: seconds(6000), pull: seconds(1) });
      const first = await source.open(signal);
      from.faults.set([{ fault, on: /Unsubscribe/ }]);
      await first[Symbol.asyncDispose]();
      expect(from.subscriptions.live()).toHaveLength(1);
      from.faults.set([]);
      const second = await source.open(signal);
      expect(from.subscriptions.live()).toHaveLength(1);
      expect(from.subscriptions.unsubscribed).toBe(1);
      await second[Symbol.asyncDispose]();
      expect(from.subscriptions.live()).toHaveLength(0);
    },
  );

  it('a refused login is not tried again to give a slot back', async () => {
    const [from, client] = await camera('hikvision');
    const source = pullPointSource(client, clock);
    const first = await source.open(signal);
    from.faults.set([{ fault: 'auth-401', on: /Unsubscribe/ }]);
    await first[Symbol.asyncDispose]();
    const asked = from.requests.get('Unsubscribe');
    await opened(source);
    expect(from.requests.get('Unsubscribe')).toBe(asked);
  });

  it('whoever stops while a slot is being made gives it back', async () => {
    const [from, client] = await camera('dahua');
    from.faults.set([{ fault: 'slow', on: /CreatePullPoint/ }]);
    const cut = new AbortController();
    const opening = pullPointSource(client, clock).open(cut.signal);
    while (!from.requests.has('CreatePullPointSubscription')) await clock.sleep(ms(2));
    cut.abort(new Error('stopping'));
    await expect(opening).rejects.toThrow('stopping');
    expect(from.subscriptions.created).toBe(1);
    expect(from.subscriptions.live()).toHaveLength(0);
  });

  it('a camera that cannot renew is not told off for it', async () => {
    const [from, client] = await camera('tapo');
    const channel = await opened(pullPointSource(client, clock));
    expect(await channel.refresh(signal)).toBe(false);
    from.scene('motion', true);
    expect((await collect(channel, 4)).at(-1)?.operation).toBeDefined();
  });

  it('a lease is renewed where pulling does not move it', async () => {
    const [from, client] = await camera('hikvision');
    let skew = ms(0);
    const shifted = { ...clock, now: () => shift(clock.now(), skew) };
    const channel = await opened(pullPointSource(client, shifted, { lease: seconds(60), pull: seconds(1) }));
    await channel.next(signal);
    expect(from.requests.get('Renew') ?? 0).toBe(0);
    skew = seconds(25);
    await channel.next(signal);
    expect(from.requests.get('Renew')).toBe(1);
  });

  it('empty answers at once are asked for once a second, not without end', async () => {
    const [from, client] = await camera('dahua');
    const channel = await opened(pullPointSource(client, clock));
    await collect(channel, 1);
    from.faults.set([{ fault: 'pull-at-once' }]);
    const before = from.subscriptions.pulls;
    const startedAt = clock.now().mono;
    await channel.next(signal);
    await channel.next(signal);
    expect(from.subscriptions.pulls - before).toBe(2);
    expect(clock.now().mono - startedAt).toBeGreaterThan(1900);
  });

  it('a subscription that is gone throws', async () => {
    const [from, client] = await camera('axis');
    const channel = await opened(pullPointSource(client, clock));
    await collect(channel, 1);
    from.reboot();
    await expect(channel.next(signal)).rejects.toThrow(/SW_/);
  });
});

describe('push', () => {
  /** The web server's part: hands bodies of the path to the inbox. */
  const endpoint = async (take: (secret: string, from: string, body: Uint8Array) => number): Promise<URL> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const secret = (request.url ?? '').split('/').at(-1) ?? '';
        response.writeHead(take(secret, request.socket.remoteAddress ?? '', Buffer.concat(chunks)));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/onvif/notify/`);
  };

  it.each(['reolink', 'hikvision', 'axis'] as const)('%s: states and events arrive', async (name) => {
    const [from, client] = await camera(name);
    let take: (secret: string, from: string, body: Uint8Array) => number = () => 404;
    const url = await endpoint((secret, address, body) => take(secret, address, body));
    const inbox = pushInbox(client, clock, { endpoint: url, lease: seconds(600), from: ['127.0.0.1'] });
    take = (...post) => inbox.receive(...post);
    const channel = await opened(inbox.source);
    const { length } = PERSONAS[name].topics;
    expect((await collect(channel, length)).every(({ operation }) => operation === 'Initialized')).toBe(true);
    from.scene('motion', true);
    expect((await collect(channel, 1))[0]?.operation).toBe('Changed');
  });

  it('takes nothing without the secret, from elsewhere, too much, or what is no notification', async () => {
    const [, client] = await camera('reolink');
    const url = new URL('http://127.0.0.1:9/onvif/notify/');
    const inbox = pushInbox(client, clock, { endpoint: url, lease: seconds(600), from: ['10.0.0.5'] });
    const body = Buffer.from('<e:Envelope xmlns:e="x"><e:Body><Notify/></e:Body></e:Envelope>');
    expect(inbox.receive(inbox.secret, '10.0.0.5', body)).toBe(404);
    await opened(inbox.source);
    expect(inbox.receive(inbox.secret, '::ffff:10.0.0.5', body)).toBe(202);
    expect(inbox.receive('0'.repeat(32), '10.0.0.5', body)).toBe(404);
    expect(inbox.receive('', '10.0.0.5', body)).toBe(404);
    expect(inbox.receive(inbox.secret, '10.0.0.6', body)).toBe(404);
    expect(inbox.receive(inbox.secret, '10.0.0.5', Buffer.alloc(600_000))).toBe(413);
    expect(inbox.receive(inbox.secret, '10.0.0.5', Buffer.from('hello'))).toBe(400);
    expect(inbox.receive(inbox.secret, '10.0.0.5', Buffer.from('<a/>'))).toBe(400);
  });

  it('a camera that offers no push says so', async () => {
    const [, client] = await camera('tapo');
    const inbox = pushInbox(client, clock, { endpoint: new URL('http://127.0.0.1:9/'), lease: seconds(60), from: [] });
    await expect(inbox.source.open(signal)).rejects.toThrow(/SW_ONVIF_REFUSED/);
  });
});
