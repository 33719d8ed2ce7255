// Notifications by the API: who is told, what became of it, a test, and receivers added and taken out. A webhook's address and its
// secret each lie in a file of their own; the secret is made here and shown once.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { StillwatchError } from '../../domain/errors.ts';
import { isPlainHttpUrl } from '../../domain/http-address.ts';
import { NOTICE_TYPES, PHOTO_CAUSES, TEST_TYPE } from '../../domain/notice.ts';
import { receiverUnknown } from '../../domain/notification.ts';
import { Secret } from '../../domain/secret.ts';
import { WEBHOOK_SECRET_PREFIX } from '../../domain/webhook.ts';
import type { ConfigDocument, ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { CAMERA_ID, ERROR_CODE, INSTANT } from '../api/schemas.ts';
import { changeWithSecrets, isAlone } from '../settings/document-secret.ts';
import { sendChangeTrouble } from '../settings/settings-routes.ts';
import { changeDocument, mapAt } from '../settings/settings-view.ts';
import { requestLanguage } from '../visit.ts';
import type { NotificationView, ReceiverView, WebhookSecretView } from '../wire-notifications.ts';
import { formatPlace, notificationView, parsePlace, receiverViews, webhooksOf } from './receivers.ts';

const text = z.string();
/** As cameras are named. */
const RECEIVER = CAMERA_ID;

const NOTIFICATION: z.ZodType<NotificationView> = z
  .object({
    id: text,
    receiver: RECEIVER,
    type: z.enum([...NOTICE_TYPES, TEST_TYPE]),
    at: INSTANT,
    state: z.enum(['waiting', 'sent', 'given-up']),
    tries: z.int(),
    nextTry: INSTANT.nullable(),
    lastTry: INSTANT.nullable(),
    status: z.int().nullable(),
    trouble: z.object({ code: ERROR_CODE, text }).nullable(),
  })
  .meta({ id: 'Notification' });

const RECEIVER_VIEW: z.ZodType<ReceiverView> = z
  .object({
    name: RECEIVER,
    channel: z.literal('webhook'),
    state: z.enum(['told', 'gone', 'off', 'broken']),
    origin: text.nullable(),
    events: z.array(z.enum(NOTICE_TYPES)),
    cameras: z.array(text).nullable(),
    causes: z.array(z.enum(PHOTO_CAUSES)),
    hours: z.array(text).nullable(),
    onlyLasting: z.boolean(),
    waiting: z.int(),
  })
  .meta({ id: 'Receiver' });

const SECRET_VIEW: z.ZodType<WebhookSecretView> = z
  .object({ name: RECEIVER, secret: text })
  .meta({ id: 'WebhookSecret' });

const NEW_WEBHOOK = z.strictObject({
  name: RECEIVER,
  url: z
    .string()
    .max(2000)
    .refine(isPlainHttpUrl, { error: 'http:// or https://, without user and password' })
    .meta({ description: 'It is kept in a file of its own, and never answered.' }),
  settings: z.record(z.string(), z.unknown()).default({}).meta({
    description: 'More of the document’s words for it (`notifications.webhooks.<name>`), without `url` and `secret`.',
  }),
});

const QUERY = z.object({
  receiver: RECEIVER.optional(),
  cursor: z.string().max(200).optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const SECRET_BYTES = 32;
const newSecret = (): string => `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

const tags = ['notifications'];
const params = z.object({ receiver: RECEIVER });
const access = { config: { access: { may: 'configure', of: 'site' } } } as const;

export const notificationsApi = (api: Api, { deps, parts }: ApiContext): void => {
  const { notifier, config } = parts;
  if (!notifier || !config) return;

  api.get(
    '/api/v1/notifications',
    {
      ...access,
      schema: {
        operationId: 'listNotifications',
        tags,
        summary: 'What was told to whom and what waits, newest first: tries, the last answer, the next try',
        querystring: QUERY,
        response: { 200: z.object({ items: z.array(NOTIFICATION), next: text.nullable() }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { receiver, cursor, limit } = request.query;
      const language = requestLanguage(request, deps.language);
      const before = cursor === undefined ? undefined : parsePlace(cursor);
      if (cursor !== undefined && !before) {
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'cursor', detail: 'no place in this list' }]);
      }
      const rows = await notifier.list({
        limit: limit + 1,
        ...(receiver === undefined ? {} : { receiver }),
        ...(before ? { before } : {}),
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return reply.send({
        items: shown.map((one) => notificationView(one, deps.zone, language)),
        next: rows.length > limit && last ? formatPlace(last) : null,
      });
    },
  );

  api.get(
    '/api/v1/notifications/receivers',
    {
      ...access,
      schema: {
        operationId: 'listReceivers',
        tags,
        summary: 'Who is told of what; of an address its origin only',
        response: { 200: z.object({ items: z.array(RECEIVER_VIEW) }), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send({ items: [...receiverViews(parts)] }),
  );

  api.post(
    '/api/v1/notifications/receivers/:receiver/test',
    {
      ...access,
      schema: {
        operationId: 'testReceiver',
        tags,
        summary: 'Sends a test, once and now; the answer says what became of it',
        params,
        response: { 200: NOTIFICATION, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const tried = await notifier.test(request.params.receiver);
      return reply.send(notificationView(tried, deps.zone, requestLanguage(request, deps.language)));
    },
  );

  changes(api, deps, config);
};

const changes = (api: Api, deps: ApiContext['deps'], document: ConfigDocument): void => {
  const placesOf = (reading: ConfigReading, name: string): Readonly<Record<string, ConfigValue>> =>
    mapAt(webhooksOf(reading.value), name);
  const unknown = (reading: ConfigReading, name: string): StillwatchError =>
    receiverUnknown(name, Object.keys(webhooksOf(reading.value)));

  /** Nothing that nobody names is kept, and nothing that another receiver names is taken away. */
  const drop = async (
    reading: ConfigReading,
    name: string,
    key: 'url' | 'secret',
    place: ConfigValue | undefined,
  ): Promise<void> => {
    if (isAlone(webhooksOf(reading.value), name, key, place)) await document.dropSecret(place);
  };

  api.post(
    '/api/v1/notifications/webhooks',
    {
      ...access,
      schema: {
        operationId: 'addWebhook',
        tags,
        summary:
          'A receiver over HTTP, told from now on; the secret that it verifies with is made here and answered once',
        body: NEW_WEBHOOK,
        response: { 201: SECRET_VIEW, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { name, url, settings } = request.body;
      const path = ['notifications', 'webhooks', name];
      const secret = newSecret();
      try {
        await changeWithSecrets(
          document,
          { id: name, of: 'webhook', secrets: [new Secret(url), new Secret(secret)] },
          ([urlPlace = null, secretPlace = null]) => ({
            edits: (reading) => {
              if (Object.hasOwn(webhooksOf(reading.value), name)) {
                throw new StillwatchError('SW_RECEIVER_EXISTS', { receiver: name });
              }
              const words = settings as Readonly<Record<string, ConfigValue>>;
              return [{ path, value: { ...words, url: urlPlace, secret: secretPlace } }];
            },
          }),
        );
        return await reply.code(201).send({ name, secret });
      } catch (thrown) {
        return sendChangeTrouble(reply, thrown, path, requestLanguage(request, deps.language));
      }
    },
  );

  api.post(
    '/api/v1/notifications/webhooks/:receiver/secret',
    {
      ...access,
      schema: {
        operationId: 'renewWebhookSecret',
        tags,
        summary: 'A new secret, in force at once; the one before verifies nothing any more',
        params,
        response: { 201: SECRET_VIEW, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { receiver: name } = request.params;
      const { secret: former } = placesOf(document.read(), name);
      if (former === undefined) throw unknown(document.read(), name);
      const secret = newSecret();
      const path = ['notifications', 'webhooks', name, 'secret'];
      const changed = await changeWithSecrets(
        document,
        { id: name, of: 'webhook', secrets: [new Secret(secret)] },
        ([place]) => ({ edits: () => [{ path, value: place }] }),
      );
      await drop(changed, name, 'secret', former);
      return reply.code(201).send({ name, secret });
    },
  );

  api.delete(
    '/api/v1/notifications/webhooks/:receiver',
    {
      ...access,
      schema: {
        operationId: 'removeWebhook',
        tags,
        summary: 'Takes the receiver out of the configuration, and its secrets with it',
        params,
        response: { 204: z.undefined(), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { receiver: name } = request.params;
      const before = document.read();
      if (!Object.hasOwn(webhooksOf(before.value), name)) throw unknown(before, name);
      const { url, secret } = placesOf(before, name);
      const changed = await changeDocument(document, {
        edits: () => [{ path: ['notifications', 'webhooks', name], value: undefined }],
      });
      await drop(changed, name, 'url', url);
      await drop(changed, name, 'secret', secret);
      return reply.code(204).send();
    },
  );
};
