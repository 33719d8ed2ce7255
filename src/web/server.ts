// The web of Stillwatch: puts the plugins together. It listens nowhere; the composition root does.

import { createServer as createHttpsServer } from 'node:https';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyServerFactory } from 'fastify';
import { toStillwatchError } from '../domain/errors.ts';
import { guardAccess } from './access.ts';
import { apiRoutes } from './api/api.ts';
import { assetRoutes } from './asset-routes.ts';
import { loginPages } from './auth/pages.ts';
import { viewingLog } from './auth/viewing.ts';
import { cameraPageRoutes } from './camera-page-routes.ts';
import type { WebDeps } from './deps.ts';
import { filmRoutes } from './film-routes.ts';
import { securityHeaders, sendSecurityHeaders } from './headers.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { notifyRoutes } from './notify-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { configPages } from './pages/config.ts';
import { reportRoutes } from './report-routes.ts';
import { sharePages } from './share/share-pages.ts';
import { photoSender, stillRoutes } from './stills.ts';
import { systemRoutes } from './system-routes.ts';
import { sendTrouble } from './trouble.ts';
import { vitalRoutes } from './vitals.ts';

export type { WebDeps } from './deps.ts';

/** Nothing is uploaded here yet. */
const BODY_LIMIT = 1024;
/** Time for a client to send its request; not for the answer. */
const REQUEST_TIMEOUT_MS = 15_000;
/** A phone that went out of range is forgotten after this. */
const KEEP_ALIVE_MS = 20_000;
/** Longer than any path of ours with a camera's name in it. */
const LONGEST_PARAMETER = 256;

/** Node's own floor and order of ciphers; TLS 1.2 for old tablets. The framework times requests on either server alike. */
const httpsServer =
  (tls: NonNullable<WebDeps['tls']>): FastifyServerFactory =>
  (handler) => {
    const server = createHttpsServer({ key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' }, handler);
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    return server;
  };

export const buildWeb = (deps: WebDeps): FastifyInstance => {
  const { tls } = deps;
  const app = Fastify({
    ...(tls && { serverFactory: httpsServer(tls) }),
    logger: false,
    // Who asks is decided by the socket; a header could say anything.
    trustProxy: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // An address that cannot be decoded (`/%`) comes past no hook.
    frameworkErrors: (_, request, reply) => {
      reply.headers(securityHeaders(deps));
      sendTrouble(deps, request, reply, 'badRequest');
    },
  });
  sendSecurityHeaders(app, deps);
  guardAccess(app, deps);
  app.setNotFoundHandler((request, reply) => sendTrouble(deps, request, reply, 'notFound'));
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const status = thrown.statusCode ?? 500;
    if (status >= 400 && status < 500) return sendTrouble(deps, request, reply, 'badRequest');
    const error = toStillwatchError(thrown);
    deps.log.error(`${request.method} ${request.routeOptions.url ?? '?'}: ${error.message}`, { code: error.code });
    return sendTrouble(deps, request, reply, 'failed');
  });
  pageRoutes(app, deps);
  configPages(app, deps);
  reportRoutes(app, deps);
  cameraPageRoutes(app, deps);
  vitalRoutes(app, deps);
  const viewings = deps.auth && viewingLog(app, deps, deps.auth);
  systemRoutes(app, deps, viewings);
  const sendPhoto = photoSender(deps, viewings);
  stillRoutes(app, deps, sendPhoto, viewings);
  apiRoutes(app, deps, deps.api, viewings);
  if (deps.auth) {
    loginPages(app, deps, deps.auth);
    sharePages(app, deps, deps.auth, sendPhoto);
  }
  assetRoutes(app, deps);
  inboxRoutes(app, deps);
  filmRoutes(app, deps);
  if (deps.notify) notifyRoutes(app, deps.notify);
  return app;
};
