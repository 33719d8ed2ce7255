// Cameras that send by themselves, by the API: when each was heard of, what is typed into it, added and taken out. Its key is
// made here, shown to whoever may configure the camera, and kept in a file of its own.

import { z } from 'zod';
import { isoText, type TimeZone } from '../domain/civil-time.ts';
import { contactState, habit } from '../domain/contact.ts';
import { type Language, StillwatchError } from '../domain/errors.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { doorSetups, SETUP_CHOICES, SETUP_DOORS, SETUP_TERMS } from '../domain/inbox-setup.ts';
import { allows } from '../domain/permission.ts';
import { Secret } from '../domain/secret.ts';
import type { EpochMs } from '../domain/units.ts';
import type { ConfigDocument, ConfigEdit, ConfigReading, ConfigValue } from '../ports/config-document.ts';
import { sendRequestTrouble } from './api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from './api/route.ts';
import { CAMERA_ID, CAMERA_PARAMS, ERROR_CODE, INSTANT } from './api/schemas.ts';
import type { InboxPages } from './inbox-pages.ts';
import { changeWithSecret, isAlone } from './settings/document-secret.ts';
import { sendChangeTrouble } from './settings/settings-routes.ts';
import { changeDocument, isConfigured, mapAt } from './settings/settings-view.ts';
import { newDeliveryKey } from './uploads/delivery-key.ts';
import { requestLanguage } from './visit.ts';
import type { DoorSetupView, NewKeyView, PushedCamera } from './wire-pushed.ts';

const text = z.string();
const instant = INSTANT.nullable();
const usage = z.object({ period: text, bytes: z.int(), pictures: z.int() });

const PUSHED_CAMERA: z.ZodType<PushedCamera> = z
  .object({
    id: CAMERA_ID,
    name: text,
    state: z.enum(['waiting', 'heard', 'quiet']),
    lastContact: instant,
    lastPicture: instant,
    nextExpected: instant,
    quietFrom: instant,
    pictures: z.int(),
    months: z.array(usage),
    monthBudget: z.number().nullable(),
    report: z.record(text, z.union([text, z.number()])),
    said: z.record(text, z.object({ at: z.string(), from: text })),
    refusal: z.object({ at: z.string(), code: ERROR_CODE, detail: text }).nullable(),
  })
  .meta({ id: 'PushedCamera' });

const DOORS: z.ZodType<DoorSetupView> = z
  .object({
    door: z.enum(SETUP_DOORS),
    fields: z.array(
      z.union([
        z.object({ term: z.enum(SETUP_TERMS), value: text }),
        z.object({ term: z.enum(SETUP_TERMS), choice: z.enum(SETUP_CHOICES) }),
      ]),
    ),
  })
  .meta({ id: 'DoorSetup' });

const NEW_KEY: z.ZodType<NewKeyView> = z
  .object({ id: CAMERA_ID, user: CAMERA_ID, key: text.nullable(), awaitsRestart: z.boolean() })
  .meta({ id: 'PushedCameraKey' });

export const pushedCamera = (camera: InboxCamera, pages: InboxPages, now: EpochMs, zone: TimeZone): PushedCamera => {
  const contact = pages.contactOf(camera.id);
  const usual = habit(contact);
  const iso = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, zone));
  // What names the modem and the camera itself is their owner's business.
  const { imei: _, serial: __, ...report } = contact.report;
  const { imei: ___, serial: ____, ...said } = contact.said;
  return {
    id: camera.id,
    name: camera.name,
    state: contactState(contact, now),
    lastContact: iso(contact.lastAt),
    lastPicture: iso(contact.lastPictureAt),
    nextExpected: iso(usual?.expectedAt),
    quietFrom: iso(usual?.quietAt),
    pictures: contact.pictures,
    months: contact.months,
    monthBudget: camera.limits.monthBudget ?? null,
    report,
    said: Object.fromEntries(
      Object.entries(said).map(([fact, { at, from }]) => [fact, { at: isoText(at, zone), from }]),
    ),
    refusal: contact.refusal ? { ...contact.refusal, at: isoText(contact.refusal.at, zone) } : null,
  };
};

type Words = Readonly<Record<string, ConfigValue>>;

/** Enough to be let in; ports, plain lines and the rest are the owner's to change. */
const OPENED = {
  http: { tlsPort: 8443 },
  ftp: {},
  mail: {},
} as const satisfies Readonly<Record<string, Words>>;
const DOOR_NAMES = ['http', 'ftp', 'mail'] as const;

const NEW_CAMERA = z.strictObject({
  id: CAMERA_ID,
  name: z.string().min(1).max(60).exactOptional(),
  doors: z
    .array(z.enum(DOOR_NAMES))
    .max(DOOR_NAMES.length)
    .default([])
    .meta({ description: 'Doors to open with it, where they are shut: HTTPS at 8443, FTP at 2121, SMTP at 2525.' }),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'More of the document’s words for it (`inbox.cameras.<name>`), without `key`.' }),
});

const camerasOf = (reading: Pick<ConfigReading, 'value'>): Words => mapAt(reading.value, 'inbox', 'cameras');

const placeOf = (reading: ConfigReading, id: string): ConfigValue | undefined => mapAt(camerasOf(reading), id)['key'];

const tags = ['pushed cameras'];
const params = CAMERA_PARAMS;
const ofCamera = { config: { access: { may: 'configure', of: 'camera' } } } as const;

export const inboxApi = (api: Api, { deps, parts }: ApiContext): void => {
  const { inbox: pages } = deps;

  api.get(
    '/api/v1/inbox/cameras',
    {
      config: { access: { may: 'view', of: 'some' } },
      schema: {
        operationId: 'listPushedCameras',
        tags,
        summary: 'Cameras that send by themselves: last contact, when expected again, what they say, what they cost',
        response: { 200: z.object({ items: z.array(PUSHED_CAMERA) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const seen = (pages?.settings.cameras ?? []).filter(({ id }) => allows(request.principal, 'view', id));
      const now = deps.clock.now().wall;
      return reply.send({ items: pages ? seen.map((camera) => pushedCamera(camera, pages, now, deps.zone)) : [] });
    },
  );

  api.get(
    '/api/v1/inbox/cameras/:camera/doors',
    {
      ...ofCamera,
      schema: {
        operationId: 'getPushedCameraDoors',
        tags,
        summary: 'What is typed into the camera for each open door, its key too',
        params,
        response: { 200: z.object({ items: z.array(DOORS) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const camera = pages?.settings.cameras.find(({ id }) => id === request.params.camera);
      if (!pages || !camera) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply
        .header('cache-control', 'no-store')
        .send({ items: [...doorSetups(pages.settings, camera, (key) => key.reveal())] as DoorSetupView[] });
    },
  );
  if (parts.config) changes(api, { deps, parts: { ...parts, config: parts.config } });
};

const changes = (
  api: Api,
  { deps, parts: { config: document } }: { deps: ApiContext['deps']; parts: { config: ConfigDocument } },
): void => {
  const awaitsRestart = (reading: ConfigReading): boolean => reading.awaitsRestart.includes('inbox');

  /** Nothing that nobody names is kept, and nothing that another camera names is taken away. */
  const dropKey = async (reading: ConfigReading, id: string, place: ConfigValue | undefined): Promise<void> => {
    if (isAlone(camerasOf(reading), id, 'key', place)) await document.dropSecret(place);
  };

  api.post(
    '/api/v1/inbox/cameras',
    {
      config: { access: { may: 'configure', of: 'site' } },
      schema: {
        operationId: 'addPushedCamera',
        tags,
        summary: 'A camera that will send by itself, with a key of its own unless it comes through another’s account',
        body: NEW_CAMERA,
        response: { 201: NEW_KEY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id, name, doors, settings } = request.body;
      const language: Language = requestLanguage(request, deps.language);
      const words: Words = { ...(name === undefined ? {} : { name }), ...(settings as Words) };
      const { through } = mapAt(words, 'recognise');
      const edits = (place: ConfigValue | undefined, reading: ConfigReading): readonly ConfigEdit[] => {
        if (isConfigured(reading, id) || Object.hasOwn(camerasOf(reading), id)) {
          throw new StillwatchError('SW_CAMERA_EXISTS', { camera: id });
        }
        const inbox = mapAt(reading.effective, 'inbox');
        const shut = doors.filter((door) => inbox[door] === undefined);
        return [
          { path: ['inbox', 'cameras', id], value: { ...words, ...(place === undefined ? {} : { key: place }) } },
          ...shut.map((door) => ({ path: ['inbox', door], value: OPENED[door] })),
        ];
      };
      const key = typeof through === 'string' ? null : newDeliveryKey();
      const secret = key === null ? undefined : new Secret(key);
      try {
        const changed = await changeWithSecret(document, { id, of: 'inbox', secret }, (place) => ({
          edits: (reading) => edits(place, reading),
        }));
        const user = typeof through === 'string' ? through : id;
        return await reply.code(201).send({ id, user, key, awaitsRestart: awaitsRestart(changed) });
      } catch (thrown) {
        return sendChangeTrouble(reply, thrown, ['inbox', 'cameras', id], language);
      }
    },
  );

  api.post(
    '/api/v1/inbox/cameras/:camera/key',
    {
      ...ofCamera,
      schema: {
        operationId: 'renewPushedCameraKey',
        tags,
        summary: 'A new key; the one before opens nothing any more',
        params,
        response: { 201: NEW_KEY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { camera } = request.params;
      const former = placeOf(document.read(), camera);
      if (former === undefined) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      const key = newDeliveryKey();
      const changed = await changeWithSecret(
        document,
        { id: camera, of: 'inbox', secret: new Secret(key) },
        (place) => ({
          edits: () => [{ path: ['inbox', 'cameras', camera, 'key'], value: place }],
        }),
      );
      await dropKey(changed, camera, former);
      return reply.code(201).send({ id: camera, user: camera, key, awaitsRestart: awaitsRestart(changed) });
    },
  );

  api.delete(
    '/api/v1/inbox/cameras/:camera',
    {
      ...ofCamera,
      schema: {
        operationId: 'removePushedCamera',
        tags,
        summary: 'Takes the camera out of the configuration, and its key with it; its photos stay',
        params,
        response: { 204: z.undefined(), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { camera } = request.params;
      const before = document.read();
      if (!Object.hasOwn(camerasOf(before), camera)) {
        return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      }
      const changed = await changeDocument(document, {
        edits: () => [{ path: ['inbox', 'cameras', camera], value: undefined }],
      });
      await dropKey(changed, camera, placeOf(before, camera));
      return reply.code(204).send();
    },
  );
};
