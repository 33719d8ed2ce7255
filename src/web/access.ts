// Deny by default: a route that does not say who may use it cannot be registered, and what it says is enforced here, before
// its handler runs. A handler finds in the request who asks, what that one can see, and the object it was asked for.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isCameraId, isStillId } from '../domain/ids.ts';
import { allows, NOBODY, type Permission, type Principal, VISITOR } from '../domain/permission.ts';
import type { StoredStill } from '../domain/still.ts';
import { parseStillPath } from '../domain/still-path.ts';
import { type Refusal, refusal } from './access-policy.ts';
import type { WebDeps } from './deps.ts';
import { sendTrouble } from './trouble.ts';
import { type Visible, visibleTo } from './visible.ts';

/**
 * `public`: everybody, and nothing about the site in the answer beyond what the handler itself allows.
 * Otherwise the permission, and whose object it is asked of:
 * The route has `:camera`, `:still` or `:episode`, or `:id` for short; a photo's path is `*`.
 * An object that whoever asks may not see answers as one that does not exist.
 */
export type RouteAccess = 'public' | { readonly may: Permission; readonly of: 'site' | 'camera' | 'still' | 'episode' };

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: RouteAccess;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    principal: Principal;
    visible: Visible;
    /** The photo of a route `of: 'still'`. */
    still: StoredStill | undefined;
  }
  interface FastifyInstance {
    /** Every route with what it declares: for the tests that walk them. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
}

/** The parameter that names the object, so that a route cannot declare one it does not have. */
const PLACE: Readonly<Record<'camera' | 'still' | 'episode', RegExp>> = {
  camera: /\/:(?:camera|id)(?=\/|$)/,
  still: /\/(?::still|:id|\*)(?=\/|$)/,
  episode: /\/:(?:episode|id)(?=\/|$)/,
};

const checkDeclaration = (method: string, url: string, access: RouteAccess | undefined): RouteAccess => {
  if (access === undefined) {
    throw new TypeError(`the route ${method} ${url} does not say who may use it (config.access)`);
  }
  if (access === 'public' || access.of === 'site') return access;
  if (!PLACE[access.of].test(url)) throw new TypeError(`the route ${method} ${url} names no ${access.of}`);
  return access;
};

/** `0v8k2m1x9-garden`: the start, then the camera (see `episodeId`). */
const cameraOfEpisode = (episode: string): string => /^[0-9a-z]{9}-(.+)$/.exec(episode)?.[1] ?? '';

/** Does the object exist for whoever asks? Finds the photo on the way. */
const findObject = async (
  request: FastifyRequest,
  of: 'camera' | 'still' | 'episode',
  may: Permission,
): Promise<boolean> => {
  const params = request.params as Readonly<Record<string, string | undefined>>;
  if (of === 'still') {
    const [id, path] = [params['still'] ?? params['id'], params['*']];
    const { catalog } = request.visible;
    // Two gates for a path: it has a photo's form, and the catalogue knows it. The disk is asked only after both.
    if (id !== undefined) request.still = isStillId(id) ? await catalog.find(id) : undefined;
    else request.still = path !== undefined && parseStillPath(path) ? await catalog.findByPath(path) : undefined;
    return request.still !== undefined && allows(request.principal, may, request.still.camera);
  }
  const id = params[of] ?? params['id'] ?? '';
  const camera = of === 'camera' ? id : cameraOfEpisode(id);
  return isCameraId(camera) && allows(request.principal, may, camera);
};

export const guardAccess = (app: FastifyInstance, deps: WebDeps): void => {
  const declared: DeclaredRoute[] = [];
  app.decorate('declaredRoutes', declared);
  app.decorateRequest('still', undefined);
  app.decorateRequest('principal');
  app.decorateRequest('visible');

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      declared.push({ method, url: route.url, access: checkDeclaration(method, route.url, route.config?.access) });
    }
  });

  const refuse = (request: FastifyRequest, reply: FastifyReply, why: Refusal | undefined): FastifyReply =>
    sendTrouble(deps, request, reply, 'refused', why);

  app.addHook('onRequest', async (request, reply) => {
    const visitor = {
      peer: request.socket.remoteAddress,
      httpVersion: request.raw.httpVersion,
      headers: request.raw.headers,
    };
    const why = refusal(visitor, deps.access);
    request.principal = (await deps.identify?.(request)) ?? (why ? NOBODY : VISITOR);
    request.visible = visibleTo(deps, request.principal);
    // Where no route matches, there is nothing to show; but whether something is there is not told to strangers either.
    const access = request.routeOptions.config.access ?? { may: 'view', of: 'site' };
    if (access === 'public') return undefined;
    const { may, of } = access;
    if (!request.principal.permissions.includes(may)) return refuse(request, reply, why);
    if (of === 'site') return allows(request.principal, may) ? undefined : refuse(request, reply, why);
    return (await findObject(request, of, may)) ? undefined : sendTrouble(deps, request, reply, 'notFound');
  });
};
