// Deny by default: a route that does not say who may use it cannot be registered, and what it says is enforced here, before
// its handler runs. A handler finds in the request who asks, what that one can see, and the object it was asked for.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../domain/errors.ts';
import { type CameraId, isCameraId, isStillId } from '../domain/ids.ts';
import { allows, type Permission, type Principal } from '../domain/permission.ts';
import type { StoredStill } from '../domain/still.ts';
import { parseStillPath } from '../domain/still-path.ts';
import { sendRequestTrouble } from './api/problem.ts';
import { type Identity, identify } from './auth/gate.ts';
import { sentBy } from './auth/visitor.ts';
import type { WebDeps } from './deps.ts';
import { prefersJson, ranked } from './language.ts';
import { sendTrouble } from './trouble.ts';
import { type Visible, visibleTo } from './visible.ts';
import { requestLanguage } from './visit.ts';

/**
 * `public`: everybody, and nothing about the site in the answer beyond what the handler itself allows.
 * Otherwise the permission, and whose object it is asked of:
 * The route has `:camera`, `:still` or `:episode`, or `:id` for short; a photo's path is `*`.
 * `some`: the permission for at least one camera; the handler asks again, with the camera it finds in the body.
 * An object that whoever asks may not see answers as one that does not exist.
 */
export type RouteAccess =
  | 'public'
  | { readonly may: Permission; readonly of: 'site' | 'some' | 'camera' | 'still' | 'episode' };

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
    identity: Identity;
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

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** People get the login page, programs the plain answer. */
const wantsPage = (request: FastifyRequest): boolean =>
  !prefersJson(request.headers.accept) && ranked(request.headers.accept ?? '').some(({ name }) => name === 'text/html');

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
  if (access === 'public' || access.of === 'site' || access.of === 'some') return access;
  if (!PLACE[access.of].test(url)) throw new TypeError(`the route ${method} ${url} names no ${access.of}`);
  return access;
};

/** `0v8k2m1x9-garden`: the start, then the camera (see `episodeId`). */
export const cameraOfEpisode = (episode: string): CameraId | undefined => {
  const camera = /^[0-9a-z]{9,11}-(.+)$/.exec(episode)?.[1] ?? '';
  return isCameraId(camera) ? camera : undefined;
};

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
  const camera = of === 'episode' ? cameraOfEpisode(id) : isCameraId(id) ? id : undefined;
  return camera !== undefined && allows(request.principal, may, camera);
};

export const guardAccess = (app: FastifyInstance, deps: WebDeps): void => {
  const declared: DeclaredRoute[] = [];
  app.decorate('declaredRoutes', declared);
  app.decorateRequest('still', undefined);
  app.decorateRequest('identity');
  app.decorateRequest('principal');
  app.decorateRequest('visible');

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      declared.push({ method, url: route.url, access: checkDeclaration(method, route.url, route.config?.access) });
    }
  });

  const refuse = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { principal, why } = request.identity;
    const isUnknown = deps.auth !== undefined && principal.permissions.length === 0;
    const isKnown = principal.kind === 'user' || principal.kind === 'token';
    if (isUnknown && request.url.startsWith('/api/')) return sendRequestTrouble(reply, 'login', languageOf(request));
    if (deps.auth && !isKnown && request.method === 'GET' && wantsPage(request)) {
      return reply.header('cache-control', 'no-store').redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
    }
    return sendTrouble(deps, request, reply, isKnown ? 'forbidden' : 'refused', why);
  };
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);

  app.addHook('onRequest', async (request, reply) => {
    const found = await identify(deps, request);
    const told = await deps.identify?.(request);
    request.identity = told ? { ...found, principal: told } : found;
    const { principal } = request.identity;
    request.principal = principal;
    request.visible = visibleTo(deps, principal);
    // A foreign page can make a browser send our cookie along; it cannot make it say that the page was ours (CSRF).
    // Whoever shows a token is no browser; whoever has neither cookie nor page is a program that may log in.
    if (!SAFE_METHODS.has(request.method) && principal.kind !== 'token') {
      const by = sentBy(request.raw.headers);
      if (by === 'other-page' || (by === 'unknown' && principal.kind === 'user')) {
        return sendRequestTrouble(reply, 'otherPage', languageOf(request));
      }
    }
    // Where no route matches, there is nothing to show; but whether something is there is not told to strangers either.
    const access = request.routeOptions.config.access ?? { may: 'view', of: 'site' };
    if (access === 'public') return undefined;
    const { may, of } = access;
    if (!principal.permissions.includes(may)) return refuse(request, reply);
    if (of === 'some') return undefined;
    if (of === 'site') return allows(principal, may) ? undefined : refuse(request, reply);
    return (await findObject(request, of, may)) ? undefined : sendTrouble(deps, request, reply, 'notFound');
  });
};
