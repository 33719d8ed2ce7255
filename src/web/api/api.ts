// /api/v1: one encapsulated plugin. Every route has schemas; the OpenAPI document is made of them, so that it cannot lie.

import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyError, FastifyInstance } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { accountsApi } from '../auth/accounts-api.ts';
import { auditWrites } from '../auth/audit.ts';
import { sessionApi } from '../auth/session-api.ts';
import type { ViewingLog } from '../auth/viewing.ts';
import type { WebDeps } from '../deps.ts';
import { inboxApi } from '../inbox-api.ts';
import { liveRoutes } from '../live.ts';
import { notificationsApi } from '../notifications/notifications-api.ts';
import { settingsApi } from '../settings/settings-api.ts';
import { shareApi } from '../share/share-api.ts';
import { requestLanguage } from '../visit.ts';
import { cameraApi } from './camera-routes.ts';
import { clockApi } from './clock-routes.ts';
import { demoApi } from './demo-routes.ts';
import { tagAnswers } from './etag.ts';
import { repeatAnswers } from './idempotency.ts';
import type { ApiParts } from './parts.ts';
import { sendRequestTrouble, sendTableTrouble, validationErrors } from './problem.ts';
import { reportApi } from './report-routes.ts';
import type { Api, ApiContext } from './route.ts';
import { selectionApi } from './selection-routes.ts';
import { siteApi } from './site-routes.ts';
import { stillApi } from './still-routes.ts';
import { supportApi } from './support-routes.ts';
import { timeApi } from './time-routes.ts';
import { tuneApi } from './tune-routes.ts';

/** Of one visitor in a minute: a page with its live updates needs a few dozen, a script that walks the archive a few hundred. */
const MOST_A_MINUTE = 600;
/** Writes hold an edit or a password, never a picture. */
const BODY_LIMIT = 256 * 1024;

const describe = async (api: FastifyInstance, deps: WebDeps): Promise<void> => {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Stillwatch',
        version: deps.version,
        description:
          'Photos, cameras and the ledger of a Stillwatch. Times are ISO 8601 with the site’s offset. Lists are paged by `cursor`. Errors are RFC 9457 problems; those of the error table carry its code. Writes may carry `Idempotency-Key`.',
      },
      tags: [
        { name: 'site', description: 'Status, health, the error table, live events' },
        { name: 'cameras', description: 'Cameras and photos on demand' },
        { name: 'photos', description: 'Photos, happenings, the owner’s word' },
        { name: 'finding', description: 'Timeline and search' },
        { name: 'ledger', description: 'Every trigger with its outcome' },
        { name: 'accounts', description: 'Logging in, accounts, tokens, the audit log' },
        { name: 'storage', description: 'Keep rules and room' },
        { name: 'finding cameras', description: 'Looking for cameras, trying them out' },
        { name: 'pushed cameras', description: 'Cameras that send by themselves' },
        { name: 'notifications', description: 'Who is told of what happens, and what became of it' },
        { name: 'settings', description: 'Cameras and the site, as `stillwatch.yml` has them' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
};

/** Wrong requests, table errors and the rest: each as a problem. */
const answerTroubles = (api: FastifyInstance, deps: WebDeps): void => {
  api.setErrorHandler((thrown: FastifyError, request, reply) => {
    const language = requestLanguage(request, deps.language);
    if (hasZodFastifySchemaValidationErrors(thrown)) {
      return sendRequestTrouble(reply, 'invalid', language, validationErrors(thrown));
    }
    if (thrown.statusCode === 429) return sendRequestTrouble(reply, 'tooMany', language);
    if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500) {
      return sendRequestTrouble(reply, 'invalid', language, [{ at: 'body', detail: thrown.message }]);
    }
    if (thrown instanceof StillwatchError) return sendTableTrouble(reply, thrown, language);
    const error = toStillwatchError(thrown);
    deps.log.error(`${request.method} ${request.routeOptions.url ?? '?'}: ${error.message}`, { code: error.code });
    return sendRequestTrouble(reply, 'failed', language);
  });
};

export const apiRoutes = (
  app: FastifyInstance,
  deps: WebDeps,
  parts: ApiParts,
  viewings: ViewingLog | undefined,
): void => {
  app.register(async (plain) => {
    plain.setValidatorCompiler(validatorCompiler);
    plain.setSerializerCompiler(serializerCompiler);
    answerTroubles(plain, deps);
    // A merge patch by its own name (RFC 7396) is JSON as well.
    plain.addContentTypeParser(
      'application/merge-patch+json',
      { parseAs: 'string' },
      plain.getDefaultJsonParser('error', 'error'),
    );
    await describe(plain, deps);
    await plain.register(rateLimit, {
      max: MOST_A_MINUTE,
      timeWindow: 60_000,
      keyGenerator: ({ principal, ip }) =>
        principal.kind === 'user' || principal.kind === 'token' ? principal.id : ip,
    });
    tagAnswers(plain);
    repeatAnswers(plain, deps);
    if (deps.auth) auditWrites(plain, deps, deps.auth);
    plain.addHook('onRoute', (route) => {
      route.bodyLimit ??= BODY_LIMIT;
    });
    const api: Api = plain.withTypeProvider<ZodTypeProvider>();
    const context: ApiContext = { deps, parts, viewings };
    siteApi(api, context);
    supportApi(api, context);
    cameraApi(api, context);
    clockApi(api, context);
    reportApi(api, context);
    stillApi(api, context);
    timeApi(api, context);
    tuneApi(api, context);
    demoApi(api, context);
    settingsApi(api, context);
    inboxApi(api, context);
    notificationsApi(api, context);
    selectionApi(api, context);
    if (deps.auth) {
      sessionApi(api, context, deps.auth);
      accountsApi(api, context, deps.auth);
      shareApi(api, context, deps.auth);
    }
    liveRoutes(plain, deps);
    plain.get(
      '/api/openapi.json',
      { config: { access: 'public' }, schema: { hide: true }, exposeHeadRoute: false },
      (_, reply) => reply.send(JSON.stringify(plain.swagger())),
    );
  });
};
