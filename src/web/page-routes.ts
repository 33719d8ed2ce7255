// The pages for people, and the status for programs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDay } from '../domain/civil-time.ts';
import { type CameraId, type EpisodeId, isCameraId } from '../domain/ids.ts';
import type { WebDeps } from './deps.ts';
import { sendView, VARY, wantsView } from './document.ts';
import { prefersJson } from './language.ts';
import { episodePage } from './pages/episode.ts';
import { visitOf } from './pages/frame.ts';
import { nowPage } from './pages/now.ts';
import { type From, photosPage } from './pages/photos.ts';
import { healthView, statusView } from './status-view.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';
import { parseCursor, queryValue, rememberLanguage, requestLanguage } from './visit.ts';

const statusRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    if (!wantsView(request) && prefersJson(request.headers.accept)) {
      const language = requestLanguage(request, deps.language);
      return reply.headers({ 'cache-control': 'no-store', vary: VARY }).send(await statusView(deps, language));
    }
    return sendView(request, reply, await nowPage(visitOf(request, deps)), deps.assets);
  });

  app.get('/healthz', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const health = await healthView(seenBy(request, all));
    return reply
      .code(health.status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(health);
  });
};

/** `invalid`: not a place on any page. */
const requestFrom = (request: FastifyRequest): From | 'invalid' => {
  const [before, after] = [queryValue(request, 'before'), queryValue(request, 'after')];
  if (before === undefined && after === undefined) return undefined;
  const cursor = parseCursor(before ?? after ?? '');
  if (!cursor || (before !== undefined && after !== undefined)) return 'invalid';
  return before === undefined ? { after: cursor } : { before: cursor };
};

const photoRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    place: { readonly day?: string; readonly camera?: CameraId } = {},
  ): Promise<FastifyReply> => {
    const from = requestFrom(request);
    if (from === 'invalid') return sendTrouble(all, request, reply, 'badRequest');
    const page = await photosPage(visitOf(request, seenBy(request, all)), {
      day: place.day,
      camera: place.camera,
      from,
    });
    if (!('to' in page)) return sendView(request, reply, page, all.assets);
    rememberLanguage(request, reply);
    return reply.redirect(page.to, 302);
  };

  app.get('/photos', { config: { access: { may: 'view', of: 'site' } } }, (request, reply) => answer(request, reply));
  app.get<{ Params: { day: string } }>(
    '/photos/:day',
    { config: { access: { may: 'view', of: 'site' } } },
    (request, reply) => {
      const { day } = request.params;
      return isDay(day) ? answer(request, reply, { day }) : sendTrouble(all, request, reply, 'notFound');
    },
  );
  app.get<{ Params: { day: string; camera: string } }>(
    '/photos/:day/:camera',
    { config: { access: { may: 'view', of: 'camera' } } },
    async (request, reply) => {
      const { day, camera } = request.params;
      const { cameras } = request.visible.status();
      const isKnown =
        cameras.some(({ id }) => id === camera) ||
        (await request.visible.catalog.days()).some((row) => row.camera === camera);
      return isDay(day) && isCameraId(camera) && isKnown
        ? answer(request, reply, { day, camera })
        : sendTrouble(all, request, reply, 'notFound');
    },
  );
};

const episodeRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get<{ Params: { episode: string } }>(
    '/e/:episode',
    { config: { access: { may: 'view', of: 'episode' } } },
    async (request, reply) => {
      const visit = visitOf(request, seenBy(request, all));
      const page = await episodePage(visit, { episode: request.params.episode as EpisodeId });
      return page ? sendView(request, reply, page, all.assets) : sendTrouble(all, request, reply, 'notFound');
    },
  );
  app.get('/photo/:still', { config: { access: { may: 'view', of: 'still' } } }, async (request, reply) => {
    const { still } = request;
    if (!still) return sendTrouble(all, request, reply, 'notFound');
    const page = await episodePage(visitOf(request, seenBy(request, all)), { still });
    return page ? sendView(request, reply, page, all.assets) : sendTrouble(all, request, reply, 'notFound');
  });
};

export const pageRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  statusRoutes(app, deps);
  photoRoutes(app, deps);
  episodeRoutes(app, deps);
};
