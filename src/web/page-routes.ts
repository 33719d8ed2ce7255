// The pages for people, and the status for programs.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDay, isoText } from '../domain/civil-time.ts';
import { errorText, type Language } from '../domain/errors.ts';
import type { StoredStill } from '../domain/still.ts';
import { between } from '../domain/units.ts';
import type { StillCursor } from '../ports/catalog.ts';
import type { WebDeps } from './deps.ts';
import { type Html, render } from './html.ts';
import { prefersJson } from './language.ts';
import type { Tile } from './pages/camera.ts';
import { nowPage } from './pages/now.ts';
import { photosPage } from './pages/photos.ts';
import { type CameraStatus, type Status, sceneOf, type Trouble } from './status.ts';
import { stillView } from './still-view.ts';
import { zoneMoment } from './time-text.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';
import { formatCursor, parseCursor, queryValue, rememberLanguage, requestLanguage } from './visit.ts';
import type { CameraView, HealthView, Sight, StatusView, TroubleView } from './wire.ts';

/** Photos on one page of the contact sheet. */
const PAGE = 60;
/** Photos under the newest one on the front page. */
const RECENT = 12;

const sendPage = (request: FastifyRequest, reply: FastifyReply, page: Html): FastifyReply => {
  rememberLanguage(request, reply);
  return reply
    .headers({ 'cache-control': 'no-cache', vary: 'Accept, Accept-Language, Cookie' })
    .type('text/html; charset=utf-8')
    .send(render(page));
};

interface Today {
  readonly day: string;
  readonly photos: ReadonlyMap<string, number>;
}

const tilesOf = async (deps: WebDeps, status: Status, today: Today): Promise<readonly Tile[]> =>
  Promise.all(
    status.cameras.map(async (camera) => {
      const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
      return { camera, latest, photosToday: today.photos.get(camera.id) ?? 0 };
    }),
  );

const todayOf = async (deps: WebDeps): Promise<Today> => {
  const { day } = zoneMoment(deps.clock.now().wall, deps.zone, 'en');
  const rows = await deps.catalog.days();
  return { day, photos: new Map(rows.filter((row) => row.day === day).map((row) => [row.camera, row.covers])) };
};

const troubleView = (trouble: Trouble, deps: WebDeps, language: Language): TroubleView => ({
  code: trouble.code,
  text: errorText(trouble.code, trouble.facts, language),
  at: isoText(trouble.at, deps.zone),
  retryAt: trouble.retryAt === undefined ? null : isoText(trouble.retryAt, deps.zone),
});

const cameraView = (tile: Tile, deps: WebDeps, status: Status, language: Language): CameraView => {
  const { camera } = tile;
  const scene = sceneOf(camera) ?? null;
  return {
    id: camera.id,
    name: camera.name,
    isDemo: camera.isDemo,
    state: camera.sight,
    since: isoText(camera.since, deps.zone),
    scene,
    calmAt: scene === 'moving' && camera.episode ? isoText(camera.episode.calmAt, deps.zone) : null,
    calmPeriodSeconds: camera.calmPeriod / 1000,
    trouble: camera.sight === 'blind' && camera.trouble ? troubleView(camera.trouble, deps, language) : null,
    missed: camera.missed ? troubleView(camera.missed, deps, language) : null,
    photosToday: tile.photosToday,
    latest: tile.latest ? stillView(tile.latest, status, language) : null,
  };
};

const statusView = async (deps: WebDeps, language: Language): Promise<StatusView> => {
  const status = deps.status();
  const now = deps.clock.now().wall;
  const today = await todayOf(deps);
  const tiles = await tilesOf(deps, status, today);
  const [latest] = await deps.catalog.list({ coversOnly: true, limit: 1 });
  return {
    name: 'Stillwatch',
    version: deps.version,
    isDemo: deps.isDemo,
    at: isoText(now, deps.zone),
    startedAt: isoText(status.startedAt, deps.zone),
    uptimeSeconds: Math.max(0, Math.round(between(status.startedAt, now) / 1000)),
    zone: deps.zone,
    photos: await deps.catalog.count(),
    photosToday: [...today.photos.values()].reduce((sum, photos) => sum + photos, 0),
    cameras: tiles.map((tile) => cameraView(tile, deps, status, language)),
    latest: latest ? stillView(latest, status, language) : null,
  };
};

const sightCounts = (cameras: readonly CameraStatus[]): Record<Sight, number> => {
  const counts = { starting: 0, seeing: 0, blind: 0 };
  for (const camera of cameras) counts[camera.sight] += 1;
  return counts;
};

const statusRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    const language = requestLanguage(request, deps.language);
    if (prefersJson(request.headers.accept)) {
      return reply
        .headers({ 'cache-control': 'no-store', vary: 'Accept, Accept-Language, Cookie' })
        .send(await statusView(deps, language));
    }
    const status = deps.status();
    const page = nowPage({
      language,
      assets: deps.assets,
      version: deps.version,
      isDemo: deps.isDemo,
      zone: deps.zone,
      now: deps.clock.now().wall,
      status,
      tiles: await tilesOf(deps, status, await todayOf(deps)),
      stills: await deps.catalog.list({ coversOnly: true, limit: RECENT + 1 }),
    });
    return sendPage(request, reply, page);
  });

  // Healthy is a program that answers and whose catalogue can be read. A blind camera is told, but no restart mends it.
  app.get('/healthz', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    const status = deps.status();
    let isOk = true;
    try {
      await deps.catalog.list({ limit: 1 });
    } catch (thrown) {
      isOk = false;
      deps.log.error('the catalogue cannot be read', { error: String(thrown) });
    }
    const health: HealthView = {
      status: isOk ? 'ok' : 'failing',
      version: deps.version,
      uptimeSeconds: Math.max(0, Math.round(between(status.startedAt, deps.clock.now().wall) / 1000)),
      cameras: sightCounts(status.cameras),
    };
    return reply
      .code(isOk ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(health);
  });
};

interface Sheet {
  readonly stills: readonly StoredStill[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** Where a page begins; undefined: at the newest photo. */
type From = { readonly before: StillCursor } | { readonly after: StillCursor } | undefined;

/** One photo more than a page is asked for: it says whether there is another page. */
const readSheet = async (deps: WebDeps, day: string | undefined, from: From): Promise<Sheet> => {
  const query = { ...(day === undefined ? {} : { day }), coversOnly: true, limit: PAGE + 1 };
  const found = await deps.catalog.list({ ...query, ...from });
  const hasMore = found.length > PAGE;
  // Coming from older photos, the one too many is the newest.
  return from && 'after' in from
    ? { stills: hasMore ? found.slice(1) : found, hasOlder: true, hasNewer: hasMore }
    : { stills: found.slice(0, PAGE), hasOlder: hasMore, hasNewer: from !== undefined };
};

const addressOf = (path: string, from: From): string => {
  if (!from) return path;
  return 'after' in from ? `${path}?after=${formatCursor(from.after)}` : `${path}?before=${formatCursor(from.before)}`;
};

/** `invalid`: not a place on any page. */
const requestFrom = (request: FastifyRequest): From | 'invalid' => {
  const [before, after] = [queryValue(request, 'before'), queryValue(request, 'after')];
  if (before === undefined && after === undefined) return undefined;
  const cursor = parseCursor(before ?? after ?? '');
  if (!cursor || (before !== undefined && after !== undefined)) return 'invalid';
  return before === undefined ? { after: cursor } : { before: cursor };
};

const dayCounts = async (deps: WebDeps): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const row of await deps.catalog.days()) counts.set(row.day, (counts.get(row.day) ?? 0) + row.covers);
  return counts;
};

const photoRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const answer = async (request: FastifyRequest, reply: FastifyReply, day?: string): Promise<FastifyReply> => {
    const deps = seenBy(request, all);
    const from = requestFrom(request);
    if (from === 'invalid') return sendTrouble(deps, request, reply, 'badRequest');
    const path = day ? `/photos/${day}` : '/photos';
    const { stills, hasOlder, hasNewer } = await readSheet(deps, day, from);
    // Back at the newest photos: that page has one address, and it is kept up to date.
    if (from && 'after' in from && !hasNewer) {
      rememberLanguage(request, reply);
      return reply.redirect(path, 302);
    }
    const [first, last] = [stills[0], stills.at(-1)];
    const counts = await dayCounts(deps);
    const days = [...counts.keys()].sort();
    const page = photosPage({
      language: requestLanguage(request, deps.language),
      assets: deps.assets,
      version: deps.version,
      isDemo: deps.isDemo,
      zone: deps.zone,
      now: deps.clock.now().wall,
      status: deps.status(),
      stills,
      older: hasOlder && last ? `${path}?before=${formatCursor(last)}` : undefined,
      newer: hasNewer ? (first ? `${path}?after=${formatCursor(first)}` : path) : undefined,
      address: addressOf(path, from),
      isNewest: from === undefined,
      counts,
      day: day
        ? { name: day, before: days.findLast((other) => other < day), after: days.find((other) => other > day) }
        : undefined,
    });
    return sendPage(request, reply, page);
  };

  app.get('/photos', { config: { access: { may: 'view', of: 'site' } } }, (request, reply) => answer(request, reply));
  app.get<{ Params: { day: string } }>(
    '/photos/:day',
    { config: { access: { may: 'view', of: 'site' } } },
    (request, reply) => {
      const { day } = request.params;
      return isDay(day) ? answer(request, reply, day) : sendTrouble(all, request, reply, 'notFound');
    },
  );
};

export const pageRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  statusRoutes(app, deps);
  photoRoutes(app, deps);
};
