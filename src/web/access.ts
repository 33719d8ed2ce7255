// Deny by default: a route that does not say who may use it cannot be registered.

import type { FastifyInstance } from 'fastify';
import { type Access, refusal } from './access-policy.ts';
import type { WebDeps } from './deps.ts';
import { sendTrouble } from './trouble.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
}

export const guardAccess = (app: FastifyInstance, deps: WebDeps): void => {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new TypeError(`the route ${String(route.method)} ${route.url} does not say who may use it (config.access)`);
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    // Where no route matches, there is nothing to show; but whether something is there is not told to strangers either.
    const access = request.routeOptions.config.access ?? 'view';
    const visitor = {
      peer: request.socket.remoteAddress,
      httpVersion: request.raw.httpVersion,
      headers: request.raw.headers,
    };
    const why = refusal(access, visitor, deps.access);
    if (why) return sendTrouble(deps, request, reply, 'refused', why);
    return undefined;
  });
};
