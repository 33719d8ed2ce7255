// Cameras added and taken out. What is saved is watched at once; no other camera is touched.

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, StillwatchError } from '../../domain/errors.ts';
import { cameraId } from '../../domain/ids.ts';
import { streamText, suggestId } from '../../domain/new-camera.ts';
import { Secret } from '../../domain/secret.ts';
import type { ConfigDocument, ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { CAMERA_PARAMS } from '../api/schemas.ts';
import { changeWithSecret, isAlone } from '../settings/document-secret.ts';
import { isMap } from '../settings/merge-patch.ts';
import type { SettingsSchemas } from '../settings/schemas.ts';
import { sendChangeTrouble } from '../settings/settings-routes.ts';
import {
  cameraRevision,
  cameraSettings,
  changeDocument,
  isConfigured,
  mapAt,
  namesRevision,
  settingsTag,
} from '../settings/settings-view.ts';
import { requestLanguage } from '../visit.ts';
import type { ConfiguredCamera } from '../wire-finding.ts';
import { camerasIn, type FindingParts } from './finding-routes.ts';
import { CONFIGURED, NEW_CAMERA } from './schemas.ts';
import type { TrialState } from './trials.ts';

type Keys = Readonly<Record<string, ConfigValue>>;

/** What a good trial found, in the document's words. */
const wordsOf = ({ wish, trial }: TrialState, name: string): Keys | undefined => {
  if (!trial?.isGood || !trial.camera) return undefined;
  const { main, sub } = trial.camera.streams;
  return {
    name,
    address: wish.address,
    main: streamText(main.url, wish.address),
    sub: streamText(sub.url, wish.address),
    ...(wish.onvif === undefined ? {} : { onvif: { device: wish.onvif } }),
  };
};

interface NewEntry {
  readonly id: string;
  readonly words: Keys;
  readonly login: { readonly user: string; readonly password: Secret } | undefined;
}

/** @throws StillwatchError SW_CAMERA_EXISTS, SW_CONFIG_PROBLEMS, SW_STORE_WRITE */
const addCamera = (document: ConfigDocument, { id, words, login }: NewEntry): Promise<ConfigReading> =>
  changeWithSecret(document, { id, of: 'camera', secret: login?.password }, (place) => ({
    edits(reading) {
      if (isConfigured(reading, id)) throw new StillwatchError('SW_CAMERA_EXISTS', { camera: id });
      const value: Keys = { ...words, ...(login && place !== undefined ? { user: login.user, password: place } : {}) };
      return [{ path: ['cameras', id], value }];
    },
  }));

const listed = (document: ConfigDocument, watched: ReadonlySet<string>): readonly ConfiguredCamera[] =>
  Object.entries(camerasIn(document)).map(([id, camera]) => ({
    id,
    name: typeof camera['name'] === 'string' ? camera['name'] : id,
    isEnabled: camera['enabled'] !== false,
    isWatched: watched.has(id),
    address: typeof camera['address'] === 'string' ? camera['address'] : null,
  }));

export const camerasRoutes = (
  api: Api,
  { deps }: ApiContext,
  { document, trials, trialJobs, schemas }: FindingParts & { readonly schemas: SettingsSchemas },
): void => {
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);

  api.get(
    '/api/v1/config/cameras',
    {
      config: { access: { may: 'configure', of: 'site' } },
      schema: {
        operationId: 'listConfiguredCameras',
        tags: ['settings'],
        summary: 'Every camera of the configuration, also those that rest',
        response: { 200: CONFIGURED, ...PROBLEMS },
      },
    },
    async (_, reply) => {
      const watched = new Set<string>(deps.status().cameras.map(({ id }) => id));
      return reply.send({ items: listed(document, watched) });
    },
  );

  api.post(
    '/api/v1/cameras',
    {
      config: { access: { may: 'configure', of: 'site' } },
      schema: {
        operationId: 'addCamera',
        tags: ['cameras'],
        summary:
          'Saves what a good trial found, with its login and its photo, or what you know without one; it is watched at once',
        body: NEW_CAMERA,
        response: { 201: schemas.camera, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const { body } = request;
      let entry: NewEntry;
      let keepPhoto = async (): Promise<void> => undefined;
      if ('trial' in body) {
        const job = trialJobs.get(body.trial);
        if (!job) return sendRequestTrouble(reply, 'notFound', language);
        const { trial, wish } = job.state;
        if (!trial) return sendRequestTrouble(reply, 'inUse', language);
        const identity = trial.identity;
        const words = body.name === undefined ? [identity?.make, identity?.model] : [body.name];
        const id = body.id ?? suggestId(words, Object.keys(camerasIn(document)));
        const name = body.name ?? trial.camera?.name ?? id;
        const found = wordsOf(job.state, name);
        if (!found)
          return sendRequestTrouble(reply, 'invalid', language, [{ at: 'body/trial', detail: 'the trial failed' }]);
        entry = { id, words: found, login: wish.credentials };
        const { shot } = trial;
        if (shot) keepPhoto = () => trials.keepPhoto({ id: cameraId(id), name }, shot);
      } else {
        const { user, password, ...rest } = body.settings as Keys;
        if (password !== undefined && (typeof password !== 'string' || typeof user !== 'string')) {
          return sendRequestTrouble(reply, 'invalid', language, [
            { at: 'body/settings/password', detail: 'text, with a user' },
          ]);
        }
        const words = { ...(body.name === undefined ? {} : { name: body.name }), ...rest };
        entry =
          typeof password === 'string' && typeof user === 'string'
            ? { id: body.id, words, login: { user, password: new Secret(password) } }
            : { id: body.id, words: user === undefined ? words : { ...words, user }, login: undefined };
      }
      try {
        const changed = await addCamera(document, entry);
        // The camera is saved; a photo that cannot be kept is no reason to say otherwise.
        await keepPhoto().catch((thrown: unknown) =>
          deps.log.error(`the first photo of ${entry.id}: ${String(thrown)}`),
        );
        const revised = cameraSettings(changed, entry.id, language);
        return await reply
          .code(201)
          .headers({ location: `/api/v1/cameras/${entry.id}`, etag: settingsTag(revised) })
          .send(revised.view);
      } catch (thrown) {
        return sendChangeTrouble(reply, thrown, ['cameras', entry.id], language);
      }
    },
  );

  api.delete(
    '/api/v1/cameras/:camera',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'removeCamera',
        tags: ['cameras'],
        summary: 'Takes a camera out of the configuration, and its password with it; its photos stay',
        params: CAMERA_PARAMS,
        headers: z.object({ 'if-match': z.string().max(200).optional() }),
        response: { 204: z.undefined(), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const { camera } = request.params;
      const before = document.read();
      if (!isConfigured(before, camera)) return sendRequestTrouble(reply, 'notFound', language);
      const cameras = mapAt(before.value, 'cameras');
      const written = cameras[camera];
      // `.env` and the environment name it: only there can it be taken out.
      if (!isMap(written) || before.fixed.some(([section, id]) => section === 'cameras' && id === camera)) {
        throw new StillwatchError('SW_CONFIG_FIXED', { key: `cameras.${camera}` });
      }
      const named = request.headers['if-match'];
      await changeDocument(document, {
        isAsRead: (reading) => named === undefined || namesRevision(named, cameraRevision(reading, camera)),
        edits: () => [{ path: ['cameras', camera], value: undefined }],
      });
      if (isAlone(cameras, camera, 'password', written['password'])) await document.dropSecret(written['password']);
      return reply.code(204).send();
    },
  );
};
