// Photos and happenings: reading, the owner's word, deleting with time to think again.

import { z } from 'zod';
import { correctVerdict, setFavourite } from '../../archive/owner-word.ts';
import { isoText } from '../../domain/civil-time.ts';
import { type EpisodeId, isCameraId, isStillId } from '../../domain/ids.ts';
import { allows } from '../../domain/permission.ts';
import type { StoredStill } from '../../domain/still.ts';
import { parseStillPath } from '../../domain/still-path.ts';
import { later, type Ms, seconds } from '../../domain/units.ts';
import { requestLanguage } from '../visit.ts';
import type { EpisodeResource } from '../wire-api.ts';
import { isMatched } from './etag.ts';
import { sendRequestTrouble } from './problem.ts';
import { episodeResource, stillResource, stillTag, triggerResource } from './resources.ts';
import { type Api, type ApiContext, cursorOf, PROBLEMS, pageOf } from './route.ts';
import {
  DELETED,
  DELETED_LIST,
  EPISODE_DETAIL,
  EPISODE_ID,
  EPISODE_PAGE,
  EPISODES_QUERY,
  STILL,
  STILL_ID,
  STILL_PAGE,
  STILLS_QUERY,
  VERDICT,
} from './schemas.ts';

/** Long enough to notice a slip, short enough that "deleted" is true soon. */
export const UNDO_WITHIN: Ms = seconds(600);
/** One way of saying it for a photo and for many: put where it is wanted, deleted where it is not. */
export const FAVOURITE_METHODS = [
  ['PUT', true],
  ['DELETE', false],
] as const;
/** Of one happening; a set has three, and photos asked for meanwhile may join it. */
const MOST_OF_A_SET = 50;
/** Tried on the way to the neighbouring happening: photos by plan and by hand lie between. */
const NEIGHBOURS = 50;

const stillParams = z.object({ still: STILL_ID });
const episodeParams = z.object({ episode: EPISODE_ID });

const readRoutes = (api: Api, { deps }: ApiContext): void => {
  api.get(
    '/api/v1/stills',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'listStills',
        tags: ['photos'],
        summary: 'Photos, newest first; without before and peak unless `siblings=true`',
        querystring: STILLS_QUERY,
        response: { 200: STILL_PAGE, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { camera, day, episode, path, siblings, cursor, after, limit } = request.query;
      const language = requestLanguage(request, deps.language);
      const [before, newer] = [cursorOf(cursor), cursorOf(after)];
      if (before === null || newer === null || (before && newer)) {
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'querystring/cursor', detail: 'no such place' }]);
      }
      const { catalog } = request.visible;
      if (path !== undefined) {
        const found = parseStillPath(path) ? await catalog.findByPath(path) : undefined;
        return reply.send({ items: found ? [stillResource(found)] : [], next: null });
      }
      const rows = await catalog.list({
        ...(camera !== undefined && isCameraId(camera) ? { camera } : {}),
        ...(day === undefined ? {} : { day }),
        ...(episode === undefined ? {} : { episode: episode as EpisodeId }),
        ...(before ? { before } : {}),
        ...(newer ? { after: newer } : {}),
        coversOnly: siblings !== 'true' && episode === undefined,
        limit: limit + 1,
      });
      // Read towards newer ones, the one too many is the first.
      const shown = newer && rows.length > limit ? rows.slice(1) : rows;
      const page = pageOf(shown, limit);
      return reply.send({ items: page.rows.map(stillResource), next: page.next });
    },
  );

  api.get(
    '/api/v1/stills/:still',
    {
      config: { access: { may: 'view', of: 'still' } },
      schema: {
        operationId: 'getStill',
        tags: ['photos'],
        summary: 'What is known of one photo',
        params: stillParams,
        response: { 200: STILL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { still } = request;
      if (!still) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply.header('etag', stillTag(still)).send(stillResource(still));
    },
  );

  api.get(
    '/api/v1/episodes',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'listEpisodes',
        tags: ['photos'],
        summary: 'Happenings that have their calm photo, newest first; a page may hold fewer than `limit`',
        querystring: EPISODES_QUERY,
        response: { 200: EPISODE_PAGE, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { camera, day, cursor, limit } = request.query;
      const before = cursorOf(cursor);
      if (before === null) {
        const errors = [{ at: 'querystring/cursor', detail: 'no such place' }];
        return sendRequestTrouble(reply, 'invalid', requestLanguage(request, deps.language), errors);
      }
      const { catalog } = request.visible;
      const covers = await catalog.list({
        ...(camera !== undefined && isCameraId(camera) ? { camera } : {}),
        ...(day === undefined ? {} : { day }),
        ...(before ? { before } : {}),
        coversOnly: true,
        limit: limit + 1,
      });
      const { rows, next } = pageOf(covers, limit);
      const items: EpisodeResource[] = [];
      for (const { episode } of rows) {
        if (episode === undefined) continue;
        const set = await catalog.list({ episode, limit: MOST_OF_A_SET });
        const item = episodeResource(episode, set, deps.zone);
        if (item) items.push(item);
      }
      return reply.send({ items, next });
    },
  );

  api.get(
    '/api/v1/episodes/:episode',
    {
      config: { access: { may: 'view', of: 'episode' } },
      schema: {
        operationId: 'getEpisode',
        tags: ['photos'],
        summary: 'One happening: its set of photos, what triggered it, and its neighbours at the same camera',
        params: episodeParams,
        response: { 200: EPISODE_DETAIL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const id = request.params.episode as EpisodeId;
      const language = requestLanguage(request, deps.language);
      const { catalog } = request.visible;
      const set = await catalog.list({ episode: id, limit: MOST_OF_A_SET });
      const episode = episodeResource(id, set, deps.zone);
      const cover = set.find((still) => still.id === episode?.cover.id);
      if (!episode || !cover) return sendRequestTrouble(reply, 'notFound', language);
      const near = { camera: cover.camera, coversOnly: true, limit: NEIGHBOURS };
      const other = (still: StoredStill): boolean => still.episode !== undefined && still.episode !== id;
      const older = (await catalog.list({ ...near, before: cover })).find(other);
      const newer = (await catalog.list({ ...near, after: cover })).findLast(other);
      const triggers = await deps.ledger.list({ work: id, limit: 500 });
      return reply.send({
        ...episode,
        triggers: triggers.map((row) => triggerResource(row, deps.zone, language)),
        older: older?.episode ?? null,
        newer: newer?.episode ?? null,
      });
    },
  );
};

const wordRoutes = (api: Api, { deps, parts }: ApiContext): void => {
  const refuseChanged = (ifMatch: string | undefined, still: StoredStill): boolean =>
    !isMatched(ifMatch, stillTag(still));

  for (const [method, isFavourite] of FAVOURITE_METHODS) {
    api.route({
      method,
      url: '/api/v1/stills/:still/favourite',
      config: { access: { may: 'favourite', of: 'still' } },
      schema: {
        operationId: isFavourite ? 'makeFavourite' : 'unmakeFavourite',
        tags: ['photos'],
        summary: isFavourite ? 'Keep this photo for ever' : 'Treat it like any other again',
        params: stillParams,
        response: { 200: STILL, ...PROBLEMS },
      },
      handler: async (request, reply) => {
        const language = requestLanguage(request, deps.language);
        const { still } = request;
        if (!still) return sendRequestTrouble(reply, 'notFound', language);
        if (refuseChanged(request.headers['if-match'], still)) return sendRequestTrouble(reply, 'changed', language);
        const said = await setFavourite(parts, still.id, isFavourite);
        if (!said) return sendRequestTrouble(reply, 'notFound', language);
        return reply.header('etag', stillTag(said)).send(stillResource(said));
      },
    });
  }

  api.put(
    '/api/v1/stills/:still/verdict',
    {
      config: { access: { may: 'correct', of: 'still' } },
      schema: {
        operationId: 'correctVerdict',
        tags: ['photos'],
        summary: 'Say what the photo really shows; null takes the word back. Nothing is ever deleted on a verdict',
        params: stillParams,
        body: z.object({ verdict: VERDICT.nullable() }),
        response: { 200: STILL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { still } = request;
      if (!still) return sendRequestTrouble(reply, 'notFound', language);
      if (refuseChanged(request.headers['if-match'], still)) return sendRequestTrouble(reply, 'changed', language);
      const said = await correctVerdict(parts, still.id, request.body.verdict ?? undefined);
      if (!said) return sendRequestTrouble(reply, 'notFound', language);
      return reply.header('etag', stillTag(said)).send(stillResource(said));
    },
  );
};

const deleteRoutes = (api: Api, { deps, parts }: ApiContext): void => {
  /** False: shipping is not done with one of them, and would bring it back. */
  const hold = async (stills: readonly StoredStill[]): Promise<string | undefined> => {
    const busy = await parts.unshipped();
    if (stills.some(({ id }) => busy.has(id))) return undefined;
    const until = later(deps.clock.now().wall, UNDO_WITHIN);
    await parts.catalog.hold(
      stills.map(({ id }) => id),
      until,
    );
    return isoText(until, deps.zone);
  };

  api.delete(
    '/api/v1/stills/:still',
    {
      config: { access: { may: 'delete', of: 'still' }, audit: 'deleted' },
      schema: {
        operationId: 'deleteStill',
        tags: ['photos'],
        summary: 'Delete one photo; it can be restored for ten minutes',
        params: stillParams,
        response: { 200: DELETED, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { still } = request;
      if (!still) return sendRequestTrouble(reply, 'notFound', language);
      const restorableUntil = await hold([still]);
      if (restorableUntil === undefined) return sendRequestTrouble(reply, 'inUse', language);
      return reply.send({ id: still.id, restorableUntil });
    },
  );

  api.delete(
    '/api/v1/episodes/:episode',
    {
      config: { access: { may: 'delete', of: 'episode' }, audit: 'deleted' },
      schema: {
        operationId: 'deleteEpisode',
        tags: ['photos'],
        summary: 'Delete all photos of a happening; each can be restored for ten minutes',
        params: episodeParams,
        response: { 200: DELETED_LIST, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const episode = request.params.episode as EpisodeId;
      const stills = await request.visible.catalog.list({ episode, limit: MOST_OF_A_SET });
      if (stills.length === 0) return sendRequestTrouble(reply, 'notFound', language);
      const restorableUntil = await hold(stills);
      if (restorableUntil === undefined) return sendRequestTrouble(reply, 'inUse', language);
      return reply.send({ items: stills.map(({ id }) => ({ id, restorableUntil })) });
    },
  );

  api.get(
    '/api/v1/deleted',
    {
      config: { access: { may: 'delete', of: 'site' } },
      schema: {
        operationId: 'listDeleted',
        tags: ['photos'],
        summary: 'Photos that were deleted and can still be restored',
        response: { 200: DELETED_LIST, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const held = await parts.catalog.held();
      const items = held
        .filter(({ still }) => allows(request.principal, 'delete', still.camera))
        .map(({ still, until }) => ({ id: still.id, restorableUntil: isoText(until, deps.zone) }));
      return reply.send({ items });
    },
  );

  api.post(
    '/api/v1/deleted/:id/restore',
    {
      config: { access: { may: 'delete', of: 'site' } },
      schema: {
        operationId: 'restoreStill',
        tags: ['photos'],
        summary: 'Bring a deleted photo back',
        params: z.object({ id: STILL_ID }),
        response: { 200: STILL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const held = (await parts.catalog.held()).find(({ still }) => still.id === id);
      const isTheirs = held !== undefined && allows(request.principal, 'delete', held.still.camera);
      const still = isTheirs && isStillId(id) ? await parts.catalog.restore(id) : undefined;
      if (!still) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply.header('etag', stillTag(still)).send(stillResource(still));
    },
  );
};

export const stillApi = (api: Api, context: ApiContext): void => {
  readRoutes(api, context);
  wordRoutes(api, context);
  deleteRoutes(api, context);
};
