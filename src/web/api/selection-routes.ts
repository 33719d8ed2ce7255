// Many photos at once: a selection that a person made, downloaded as a zip, kept, deleted and brought back together.
// A selection is a list of photos under a name that only who made it knows; it is forgotten after a while, the photos are not.

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { setFavourite } from '../../archive/owner-word.ts';
import { exportParts, type Selection } from '../../archive/selection-export.ts';
import { civilTime, isoText } from '../../domain/civil-time.ts';
import { type EpisodeId, isStillId, type StillId } from '../../domain/ids.ts';
import { allows, type Permission, type Principal } from '../../domain/permission.ts';
import type { StoredStill } from '../../domain/still.ts';
import { parseStillPath } from '../../domain/still-path.ts';
import { type EpochMs, later, type Ms } from '../../domain/units.ts';
import { searchWish } from '../search-wish.ts';
import { namedCameras } from '../status.ts';
import type { VisibleCatalog } from '../visible.ts';
import { requestLanguage } from '../visit.ts';
import type { SelectionView } from '../wire-api.ts';
import { sendRequestTrouble } from './problem.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import {
  DELETED_LIST,
  MOST_SELECTED,
  SELECTION,
  SELECTION_NAME,
  SELECTION_WISH,
  STILL_ID,
  ZIP_QUERY,
} from './schemas.ts';
import { FAVOURITE_METHODS, UNDO_WITHIN } from './still-routes.ts';

/** As long as a deletion can be taken back. */
const KEPT_FOR: Ms = UNDO_WITHIN;
/** Selections in memory: each some kilobytes, and a person makes a handful. The oldest goes first. */
const MOST_KEPT = 200;
/** Photos of one happening (see still-routes.ts). */
const MOST_OF_A_SET = 50;

interface Kept {
  readonly by: string;
  readonly until: EpochMs;
  readonly ids: readonly StillId[];
}

const selectionParams = z.object({ selection: SELECTION_NAME });

/** A photo stands for its happening: what is done to it is done to before and peak as well. */
const withSiblings = async (
  catalog: VisibleCatalog,
  stills: readonly StoredStill[],
): Promise<readonly StoredStill[]> => {
  const all = new Map<StillId, StoredStill>();
  for (const still of stills) {
    all.set(still.id, still);
    if (still.episode === undefined || still.kind === 'before' || still.kind === 'peak') continue;
    for (const sibling of await catalog.list({ episode: still.episode, limit: MOST_OF_A_SET })) {
      all.set(sibling.id, sibling);
    }
  }
  return [...all.values()];
};

export const selectionApi = (api: Api, { deps, parts }: ApiContext): void => {
  const kept = new Map<string, Kept>();
  const now = (): EpochMs => deps.clock.now().wall;

  const keep = (by: string, ids: readonly StillId[]): { readonly name: string; readonly until: EpochMs } => {
    for (const [name, { until }] of kept) if (until < now() || kept.size >= MOST_KEPT) kept.delete(name);
    const [name, until] = [randomBytes(16).toString('base64url'), later(now(), KEPT_FOR)];
    kept.set(name, { by, until, ids });
    return { name, until };
  };

  /** undefined: there is none of that name, or it is somebody else's. */
  const idsOf = (name: string, principal: Principal): readonly StillId[] | undefined => {
    const found = kept.get(name);
    return found && found.by === principal.id && found.until >= now() ? found.ids : undefined;
  };

  /** Those that are still there and that whoever asks may do this to. */
  const stillsOf = async (
    name: string,
    request: { readonly principal: Principal; readonly visible: { readonly catalog: VisibleCatalog } },
    may: Permission,
  ): Promise<readonly StoredStill[] | undefined> => {
    const ids = idsOf(name, request.principal);
    if (!ids) return undefined;
    const found = await Promise.all(ids.map((id) => request.visible.catalog.find(id)));
    return found.flatMap((still) => (still && allows(request.principal, may, still.camera) ? [still] : []));
  };

  api.post(
    '/api/v1/selections',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'makeSelection',
        tags: ['photos'],
        summary:
          'Name many photos at once, by id or by path, for a zip, a deletion or the favourites; kept for ten minutes',
        body: SELECTION_WISH,
        response: { 200: SELECTION, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { stills = [], paths = [] } = request.body;
      const { catalog } = request.visible;
      const found = await Promise.all([
        ...stills.map((id) => (isStillId(id) ? catalog.find(id) : undefined)),
        ...paths.map((path) => (parseStillPath(path) ? catalog.findByPath(path) : undefined)),
      ]);
      const known = [...new Map(found.flatMap((still) => (still ? [[still.id, still] as const] : []))).values()];
      const { name, until } = keep(
        request.principal.id,
        known.map(({ id }) => id),
      );
      const view: SelectionView = {
        selection: name,
        expiresAt: isoText(until, deps.zone),
        photos: known.length,
        bytes: known.reduce((sum, { bytes }) => sum + bytes, 0),
      };
      return reply.send(view);
    },
  );

  api.delete(
    '/api/v1/selections/:selection/stills',
    {
      config: { access: { may: 'delete', of: 'some' } },
      schema: {
        operationId: 'deleteSelection',
        tags: ['photos'],
        summary: 'Delete the photos of a selection with what stands beside them; each can be restored for ten minutes',
        params: selectionParams,
        response: { 200: DELETED_LIST, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const covers = await stillsOf(request.params.selection, request, 'delete');
      if (!covers) return sendRequestTrouble(reply, 'notFound', language);
      const stills = await withSiblings(request.visible.catalog, covers);
      const busy = await parts.unshipped();
      if (stills.some(({ id }) => busy.has(id))) return sendRequestTrouble(reply, 'inUse', language);
      const until = later(now(), UNDO_WITHIN);
      const gone = await parts.catalog.hold(
        stills.map(({ id }) => id),
        until,
      );
      return reply.send({ items: gone.map((id) => ({ id, restorableUntil: isoText(until, deps.zone) })) });
    },
  );

  api.post(
    '/api/v1/deleted/restore',
    {
      config: { access: { may: 'delete', of: 'some' } },
      schema: {
        operationId: 'restoreStills',
        tags: ['photos'],
        summary: 'Bring many deleted photos back',
        body: z.object({ stills: z.array(STILL_ID).max(MOST_SELECTED * 3) }),
        response: { 200: z.object({ restored: z.int() }), ...PROBLEMS },
      },
      // The ids of whole sets, 36 bytes each.
      bodyLimit: MOST_SELECTED * 3 * 40,
    },
    async (request, reply) => {
      const wanted = new Set(request.body.stills);
      let restored = 0;
      for (const { still } of await parts.catalog.held()) {
        if (!wanted.has(still.id) || !allows(request.principal, 'delete', still.camera)) continue;
        if (await parts.catalog.restore(still.id)) restored += 1;
      }
      return reply.send({ restored });
    },
  );

  for (const [method, isFavourite] of FAVOURITE_METHODS) {
    api.route({
      method,
      url: '/api/v1/selections/:selection/favourite',
      config: { access: { may: 'favourite', of: 'some' } },
      schema: {
        operationId: isFavourite ? 'favourSelection' : 'unfavourSelection',
        tags: ['photos'],
        summary: isFavourite ? 'Keep the photos of a selection for ever' : 'Treat them like any other again',
        params: selectionParams,
        response: { 200: z.object({ photos: z.int() }), ...PROBLEMS },
      },
      handler: async (request, reply) => {
        const stills = await stillsOf(request.params.selection, request, 'favourite');
        if (!stills) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
        for (const { id } of stills) await setFavourite(parts, id, isFavourite);
        return reply.send({ photos: stills.length });
      },
    });
  }

  api.get(
    '/api/v1/photos.zip',
    {
      config: { access: { may: 'export', of: 'some' }, audit: 'exported' },
      schema: {
        operationId: 'downloadPhotos',
        tags: ['finding'],
        summary: 'A zip of a selection, a happening or a whole search, with `photos.json`; it is made while it is sent',
        querystring: ZIP_QUERY,
        response: {
          200: {
            description: 'The zip, as it is made.',
            content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
          },
          ...PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { selection, episode, ...asked } = request.query;
      const { principal, visible } = request;
      let wanted: Selection;
      if (selection !== undefined) {
        const ids = idsOf(selection, principal);
        if (!ids) return sendRequestTrouble(reply, 'notFound', language);
        wanted = { ids };
      } else if (episode !== undefined) wanted = { episode: episode as EpisodeId };
      else {
        const wish = searchWish(asked, { deps, cameras: namedCameras(visible.status()) });
        if (!wish) return sendRequestTrouble(reply, 'invalid', language);
        wanted = wish.query;
      }
      const civil = civilTime(now(), deps.zone);
      reply.headers({
        'content-disposition': `attachment; filename="stillwatch-${civil.day}-${civil.time}.zip"`,
        'cache-control': 'no-store',
      });
      const zip = parts.zip(
        exportParts({ catalog: visible.catalog, store: deps.store, selection: wanted, now: now() }),
      );
      reply.type('application/zip');
      // The schema describes bytes; what is sent is the stream of them.
      return reply.send(Readable.from(zip) as unknown as string);
    },
  );
};
