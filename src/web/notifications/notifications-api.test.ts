import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openConfigFile } from '../../config/config-file.ts';
import { isWebhookSecret } from '../../domain/webhook.ts';
import type { OutboxQuery } from '../../ports/outbox.ts';
import { type AccountStage, accountStages, own } from '../../testing/account-stage.ts';
import { memoryOutbox } from '../../testing/memory-outbox.ts';
import { notificationAt } from '../../testing/outbox-contract.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import type { NotificationView, WebhookSecretView } from '../wire-notifications.ts';
import { formatPlace, parsePlace } from './receivers.ts';

const accountStage = accountStages();
const folders = temporaryFolders();

interface Stage extends AccountStage {
  readonly folder: string;
  readonly outbox: ReturnType<typeof memoryOutbox>;
}

const stage = async (): Promise<Stage> => {
  const folder = folders();
  const outbox = memoryOutbox();
  const config = openConfigFile(folder, {});
  const notifier = {
    list: (query: OutboxQuery) => outbox.list(query),
    receivers: () =>
      (config.settings.notifications?.receivers ?? []).map((receiver) => ({ receiver, waiting: 3, isGone: false })),
    test: async () => notificationAt(0),
  };
  const made = await accountStage({ web: { config, notifier } });
  return Object.assign(made, { folder, outbox });
};
const secretsIn = (folder: string): readonly string[] =>
  existsSync(join(folder, 'secrets')) ? readdirSync(join(folder, 'secrets')).toSorted() : [];

describe('webhooks by the API', () => {
  it('are added with a secret of their own; address and secret lie in files that only the program reads', async () => {
    const { send, logIn, folder } = await stage();
    const headers = own(await logIn());
    const payload = { name: 'house', url: 'http://10.0.0.9/canary', settings: { onlyLasting: true } };
    const added = await send({ method: 'POST', url: '/api/v1/notifications/webhooks', payload, headers });
    expect(added.statusCode).toBe(201);
    expect(isWebhookSecret(added.json<WebhookSecretView>().secret)).toBe(true);
    const [secret = '', url = ''] = secretsIn(folder).map((name) => join(folder, 'secrets', name));
    expect([statSync(secret).mode & 0o777, statSync(url).mode & 0o777]).toEqual([0o600, 0o600]);
    const lying = [secret, url].map((file) => readFileSync(file, 'utf8').trim()).toSorted();
    expect(lying).toEqual(['http://10.0.0.9/canary', added.json<WebhookSecretView>().secret]);
    expect(readFileSync(join(folder, 'stillwatch.yml'), 'utf8')).not.toMatch(/canary|whsec/);
    const listed = await send({ url: '/api/v1/notifications/receivers', headers });
    expect(listed.json()).toMatchObject({
      items: [{ name: 'house', state: 'told', origin: 'http://10.0.0.9', onlyLasting: true, waiting: 3 }],
    });
    expect(listed.body).not.toMatch(/canary|whsec/);

    const renewed = await send({ method: 'POST', url: '/api/v1/notifications/webhooks/house/secret', headers });
    expect(renewed.json<WebhookSecretView>().secret).not.toBe(added.json<WebhookSecretView>().secret);
    expect(secretsIn(folder)).toHaveLength(2);
    const removed = await send({ method: 'DELETE', url: '/api/v1/notifications/webhooks/house', headers });
    expect([removed.statusCode, secretsIn(folder)]).toEqual([204, []]);
  });

  it('leave nothing behind when they are refused, and say what is wrong without the address', async () => {
    const { send, logIn, folder } = await stage();
    const headers = own(await logIn());
    const add = (payload: object) => send({ method: 'POST', url: '/api/v1/notifications/webhooks', payload, headers });
    const wrong = await add({ name: 'house', url: 'http://10.0.0.9/canary', settings: { hours: ['late'] } });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json()).toMatchObject({ errors: [{ at: 'hours[0]' }] });
    expect(wrong.body).not.toContain('canary');
    expect(secretsIn(folder)).toEqual([]);
    for (const url of ['canary', 'ftp://10.0.0.9/canary', 'http://u:canary@10.0.0.9/']) {
      const refused = await add({ name: 'house', url });
      expect([refused.statusCode, refused.body.includes('canary')], url).toEqual([400, false]);
    }
    expect((await add({ name: 'House!', url: 'http://10.0.0.9/' })).statusCode).toBe(400);
    await add({ name: 'house', url: 'http://10.0.0.9/' });
    expect((await add({ name: 'house', url: 'http://10.0.0.9/' })).json()).toMatchObject({
      code: 'SW_RECEIVER_EXISTS',
    });
    expect(secretsIn(folder)).toHaveLength(2);
    const url = '/api/v1/notifications/webhooks/barn';
    expect((await send({ method: 'DELETE', url, headers })).json()).toMatchObject({ code: 'SW_RECEIVER_UNKNOWN' });
  });

  it('are listed from places that any text is or is not', () => {
    const place = fc.record({
      at: fc.integer({ min: 0, max: 9e14 }),
      receiver: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      id: fc.stringMatching(/^[A-Za-z0-9_-]{1,120}$/),
    });
    fc.assert(
      fc.property(place, (one) => {
        expect(parsePlace(formatPlace(one as never))).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parsePlace(text);
        return parsed === undefined || formatPlace(parsed as never) === text.replace(/^0+(?=\d)/, '');
      }),
    );
  });

  it('have what became of their notifications listed in pages', async () => {
    const { send, logIn, outbox } = await stage();
    const headers = own(await logIn());
    for (let minutes = 0; minutes < 7; minutes++) await outbox.add(notificationAt(minutes));
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = (await send({ url: `/api/v1/notifications?limit=3${cursor}`, headers })).json<{
        items: readonly NotificationView[];
        next: string | null;
      }>();
      seen.push(...page.items.map(({ at }) => at));
      ({ next } = page);
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect((await send({ url: '/api/v1/notifications?cursor=nowhere', headers })).statusCode).toBe(400);
  });
});
