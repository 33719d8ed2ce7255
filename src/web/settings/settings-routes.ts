// Settings of a camera and of the site: read with a revision, changed only upon it, in force when the answer comes.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, type StillwatchError } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import type { ConfigDocument, ConfigPath, ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import { sendRequestTrouble, sendTableTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { CAMERA_PARAMS } from '../api/schemas.ts';
import { requestLanguage } from '../visit.ts';
import { changeWithSecret, isAlone } from './document-secret.ts';
import type { SettingsSchemas } from './schemas.ts';
import {
  cameraEdits,
  cameraRevision,
  cameraSettings,
  changeDocument,
  isConfigured,
  mapAt,
  namesRevision,
  problemErrors,
  problemsIn,
  type Revised,
  settingsTag,
  siteEdits,
  siteRevision,
  siteSettings,
} from './settings-view.ts';

type Patch = Readonly<Record<string, ConfigValue>>;

const revision = z.object({
  'if-match': z.string().max(200).optional().meta({ description: 'The ETag that was read; needed.' }),
});

/** Each mistake by the name that a form has for it. */
export const sendChangeTrouble = (
  reply: FastifyReply,
  thrown: unknown,
  under: ConfigPath,
  language: Language,
): FastifyReply => {
  const problems = problemsIn(thrown);
  if (!problems) throw thrown;
  return sendTableTrouble(reply, thrown as StillwatchError, language, problemErrors(problems, under, language));
};

/** Changes one camera; a password in the patch goes to a file of its own first. */
export const patchCamera = async (
  document: ConfigDocument,
  camera: string,
  patch: Patch,
  isAsRead: (reading: ConfigReading) => boolean,
): Promise<ConfigReading> => {
  const before = mapAt(document.read().value, 'cameras', camera)['password'];
  const { password } = patch;
  const secret = typeof password === 'string' ? new Secret(password) : undefined;
  const changed = await changeWithSecret(document, { id: camera, of: 'camera', secret }, (place) => ({
    isAsRead,
    edits: (reading) => cameraEdits(reading, camera, place === undefined ? patch : { ...patch, password: place }),
  }));
  if ('password' in patch && isAlone(mapAt(changed.value, 'cameras'), camera, 'password', before)) {
    await document.dropSecret(before);
  }
  return changed;
};

export const settingsRoutes = (
  api: Api,
  { deps }: ApiContext,
  { document, schemas }: { readonly document: ConfigDocument; readonly schemas: SettingsSchemas },
): void => {
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);
  const tagged = <T>(reply: FastifyReply, revised: Revised<T>): T => {
    reply.header('etag', settingsTag(revised));
    return revised.view;
  };

  api.get(
    '/api/v1/cameras/:camera/settings',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'getCameraSettings',
        tags: ['settings'],
        summary: 'What the owner wrote about a camera, and what is in force; the password is never answered',
        params: CAMERA_PARAMS,
        response: { 200: schemas.camera, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const reading = document.read();
      const { camera } = request.params;
      if (!isConfigured(reading, camera)) return sendRequestTrouble(reply, 'notFound', languageOf(request));
      return reply.send(tagged(reply, cameraSettings(reading, camera, languageOf(request))));
    },
  );

  api.patch(
    '/api/v1/cameras/:camera/settings',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'changeCameraSettings',
        tags: ['settings'],
        summary:
          'Changes a camera: a merge patch (RFC 7396) of what the owner wrote, upon the revision in `If-Match`. Only this camera is opened anew, and only if it has to be',
        params: CAMERA_PARAMS,
        headers: revision,
        body: schemas.cameraPatch,
        response: { 200: schemas.camera, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const { camera } = request.params;
      const named = request.headers['if-match'];
      if (!isConfigured(document.read(), camera)) return sendRequestTrouble(reply, 'notFound', language);
      if (named === undefined) return sendRequestTrouble(reply, 'revisionMissing', language);
      const { password } = request.body;
      if (
        password !== undefined &&
        password !== null &&
        (typeof password !== 'string' || password === '' || password.length > 500)
      ) {
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'password', detail: '1 to 500 characters' }]);
      }
      try {
        const isAsRead = (reading: ConfigReading): boolean => namesRevision(named, cameraRevision(reading, camera));
        const changed = await patchCamera(document, camera, request.body as Patch, isAsRead);
        return await reply.send(tagged(reply, cameraSettings(changed, camera, language)));
      } catch (thrown) {
        return sendChangeTrouble(reply, thrown, ['cameras', camera], language);
      }
    },
  );

  api.get(
    '/api/v1/settings',
    {
      config: { access: { may: 'configure', of: 'site' } },
      schema: {
        operationId: 'getSettings',
        tags: ['settings'],
        summary: 'Everything but the cameras: site, store, keep rules, defaults, web',
        response: { 200: schemas.site, ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send(tagged(reply, siteSettings(document.read()))),
  );

  api.patch(
    '/api/v1/settings',
    {
      config: { access: { may: 'configure', of: 'site' } },
      schema: {
        operationId: 'changeSettings',
        tags: ['settings'],
        summary: 'Changes the site: a merge patch (RFC 7396), upon the revision in `If-Match`',
        headers: revision,
        body: schemas.sitePatch,
        response: { 200: schemas.site, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const named = request.headers['if-match'];
      if (named === undefined) return sendRequestTrouble(reply, 'revisionMissing', language);
      if ('cameras' in request.body) {
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'cameras', detail: '/api/v1/cameras' }]);
      }
      try {
        const changed = await changeDocument(document, {
          isAsRead: (reading) => namesRevision(named, siteRevision(reading)),
          edits: (reading) => siteEdits(reading, request.body as Patch),
        });
        return await reply.send(tagged(reply, siteSettings(changed)));
      } catch (thrown) {
        return sendChangeTrouble(reply, thrown, [], language);
      }
    },
  );
};
