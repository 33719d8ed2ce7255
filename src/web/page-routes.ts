// The pages for people, and the status for programs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDay } from '../domain/civil-time.ts';
import { type CameraId, type EpisodeId, isCameraId } from '../domain/ids.ts';
import type { WebDeps } from './deps.ts';
import { sendView, VARY, wantsView } from './document.ts';
import { prefersJson } from './language.ts';
import { camerasPage } from './pages/cameras.ts';
import { episodePage } from './pages/episode.ts';
import { visitOf } from './pages/frame.ts';
import { ledgerPage } from './pages/ledger.ts';
import { nowPage } from './pages/now.ts';
import { type From, photosPage } from './pages/photos.ts';
import { isVerdict, searchPage } from './pages/search.ts';
import { healthView, statusView } from './status-view.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';
import { parseCursor, queryValue, rememberLanguage, requestCamera, requestLanguage } from './visit.ts';

/** Characters of a search, as the form allows. */
const LONGEST_SEARCH = 200;

const statusRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    if (!wantsView(request) && prefersJson(request.headers.accept)) {
      const language = requestLanguage(request, deps.language);
      return reply.headers({ 'cache-control': 'no-store', vary: VARY }).send(await statusView(deps, language));
    }
    return sendView(request, reply, await nowPage(visitOf(request, deps)), deps.assets);
  });

  app.get('/cameras', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) =>
    sendView(request, reply, await camerasPage(visitOf(request, seenBy(request, all))), all.assets),
  );

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

  app.get('/photos', { config: { access: { may: 'view', of: 'site' } } }, (request, reply) => {
    const day = queryValue(request, 'day');
    if (day === undefined) return answer(request, reply);
    // From the date field: a day has its own address.
    if (day === null || !isDay(day)) return sendTrouble(all, request, reply, 'badRequest');
    return reply.redirect(`/photos/${day}`, 302);
  });
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

const findingRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/ledger', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const [day, missed] = [queryValue(request, 'day'), queryValue(request, 'missed')];
    if (day === null || (day !== undefined && !isDay(day))) return sendTrouble(all, request, reply, 'badRequest');
    const visit = visitOf(request, seenBy(request, all));
    return sendView(request, reply, await ledgerPage(visit, { day, missedOnly: missed === '1' }), all.assets);
  });

  app.get('/search', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const camera = requestCamera(request);
    const [words, verdict, before] = ['q', 'verdict', 'before'].map((name) => queryValue(request, name) ?? '');
    const cursor = before ? parseCursor(before) : undefined;
    const isOdd = camera === null || (before && !cursor) || (verdict && !isVerdict(verdict));
    if (isOdd || (words ?? '').length > LONGEST_SEARCH) return sendTrouble(all, request, reply, 'badRequest');
    const page = await searchPage(visitOf(request, seenBy(request, all)), {
      words: (words ?? '').trim(),
      camera,
      verdict: isVerdict(verdict) ? verdict : undefined,
      isFavourite: queryValue(request, 'favourite') === '1',
      before: cursor,
    });
    return sendView(request, reply, page, all.assets);
  });
};

export const pageRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  statusRoutes(app, deps);
  photoRoutes(app, deps);
  episodeRoutes(app, deps);
  findingRoutes(app, deps);
};
