// The pages for people, and the status for programs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isDay } from '../domain/civil-time.ts';
import { type CameraId, type EpisodeId, isCameraId } from '../domain/ids.ts';
import { isPhotoFilter, type PhotoFilter } from '../domain/photo-filter.ts';
import { SEARCH_PAGE_QUERY } from './api/schemas.ts';
import type { WebDeps } from './deps.ts';
import { sendView, VARY, wantsView } from './document.ts';
import { prefersJson } from './language.ts';
import { camerasPage } from './pages/cameras.ts';
import { episodePage } from './pages/episode.ts';
import { visitOf } from './pages/frame.ts';
import { ledgerPage } from './pages/ledger.ts';
import { nowPage } from './pages/now.ts';
import { stillPage } from './pages/photo.ts';
import { type From, photosPage } from './pages/photos.ts';
import { searchPage } from './pages/search.ts';
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

/** null: not what a sheet can be narrowed to. */
const requestNarrowing = (
  request: FastifyRequest,
): { readonly cameras: readonly CameraId[] | undefined; readonly what: PhotoFilter | undefined } | null => {
  const { camera = '', what = '' } = request.query as Readonly<Record<string, string | readonly string[] | undefined>>;
  const cameras = [camera].flat().filter((id) => id !== '');
  if (!cameras.every(isCameraId) || (what !== '' && !isPhotoFilter(what))) return null;
  return { cameras: cameras.length > 0 ? cameras : undefined, what: what === '' ? undefined : what };
};

const photoRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    day?: string,
    camera?: CameraId,
  ): Promise<FastifyReply> => {
    const [from, narrowing] = [requestFrom(request), requestNarrowing(request)];
    if (from === 'invalid' || !narrowing) return sendTrouble(all, request, reply, 'badRequest');
    const page = await photosPage(visitOf(request, seenBy(request, all)), {
      day,
      ...narrowing,
      ...(camera ? { cameras: [camera] } : {}),
      from,
    });
    if (!('to' in page)) return sendView(request, reply, page, all.assets);
    rememberLanguage(request, reply);
    return reply.redirect(page.to, 302);
  };

  app.get('/photos', { config: { access: { may: 'view', of: 'site' } } }, (request, reply) => {
    const day = queryValue(request, 'day');
    if (day === undefined || day === '') return answer(request, reply);
    // From the date field: a day has its own address.
    if (day === null || !isDay(day)) return sendTrouble(all, request, reply, 'badRequest');
    const { search } = new URL(request.url, 'http://localhost');
    const rest = new URLSearchParams(
      [...new URLSearchParams(search)].filter(([name, value]) => name !== 'day' && value !== ''),
    );
    return reply.redirect(rest.size > 0 ? `/photos/${day}?${rest.toString()}` : `/photos/${day}`, 302);
  });
  app.get<{ Params: { day: string } }>(
    '/photos/:day',
    { config: { access: { may: 'view', of: 'site' } } },
    (request, reply) => {
      const { day } = request.params;
      return isDay(day) ? answer(request, reply, day) : sendTrouble(all, request, reply, 'notFound');
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
        ? answer(request, reply, day, camera)
        : sendTrouble(all, request, reply, 'notFound');
    },
  );
  // A photo's place leads to its page: what a sheet of many small pictures knows of each.
  app.get('/photo/at/*', { config: { access: { may: 'view', of: 'still' } } }, (request, reply) => {
    const { still } = request;
    return still ? reply.redirect(stillPage(still), 302) : sendTrouble(all, request, reply, 'notFound');
  });
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

/** undefined: not a search. A field that was left empty is none. */
const searchFields = (request: FastifyRequest): z.output<typeof SEARCH_PAGE_QUERY> | undefined => {
  const filled = Object.entries(request.query as Readonly<Record<string, unknown>>).filter(([, value]) => value !== '');
  const { data } = SEARCH_PAGE_QUERY.safeParse(Object.fromEntries(filled));
  return data && { ...data, ...(data.q === undefined ? {} : { q: data.q.trim() }) };
};

const findingRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/ledger', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const [day, missed] = [queryValue(request, 'day'), queryValue(request, 'missed')];
    if (day === null || (day !== undefined && !isDay(day))) return sendTrouble(all, request, reply, 'badRequest');
    const visit = visitOf(request, seenBy(request, all));
    return sendView(request, reply, await ledgerPage(visit, { day, missedOnly: missed === '1' }), all.assets);
  });

  app.get('/search', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const { before, ...fields } = searchFields(request) ?? { before: null };
    const cursor = typeof before === 'string' ? parseCursor(before) : undefined;
    if (before === null || (before !== undefined && !cursor)) return sendTrouble(all, request, reply, 'badRequest');
    const page = await searchPage(visitOf(request, seenBy(request, all)), fields, cursor);
    // A form sends its empty fields too; the address that is kept and sent to others has only what was asked.
    if (page && /=(&|$)/.test(request.url)) return reply.redirect(page.frame.address, 302);
    return page ? sendView(request, reply, page, all.assets) : sendTrouble(all, request, reply, 'badRequest');
  });
};

export const pageRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  statusRoutes(app, deps);
  photoRoutes(app, deps);
  episodeRoutes(app, deps);
  findingRoutes(app, deps);
};
