// Finding a moment: the timeline, a whole day in columns, and search by condition and by words.

import { z } from 'zod';
import { civilTime, instantOf, isDay, isoText } from '../../domain/civil-time.ts';
import type { CameraId } from '../../domain/ids.ts';
import { readSearchWords, type SearchWords } from '../../domain/search-words.ts';
import { STILL_KINDS } from '../../domain/still.ts';
import { CHANGE_VERDICTS } from '../../domain/still-change.ts';
import { type EpochMs, epochMs, later, ms } from '../../domain/units.ts';
import type { SheetRow, StillQuery } from '../../ports/catalog.ts';
import { requestLanguage } from '../visit.ts';
import type { DayView, SearchWishView, TimelineView } from '../wire-api.ts';
import { sendRequestTrouble } from './problem.ts';
import { stillResource } from './resources.ts';
import { type Api, type ApiContext, camerasOf, cursorOf, listOf, PROBLEMS, pageOf } from './route.ts';
import { DAY, DAY_SHEET, SEARCH, SEARCH_QUERY, TIMELINE } from './schemas.ts';

const columns = <T>(values: readonly T[]): { readonly of: (value: T) => number; readonly all: readonly T[] } => {
  const at = new Map(values.map((value, index) => [value, index]));
  return { of: (value) => at.get(value) ?? -1, all: values };
};

/** The columns of a day's sheet. Exported for its table test. */
export const dayColumns = (day: string, rows: readonly SheetRow[]): DayView => {
  const folderOf = ({ path }: SheetRow): string => path.slice(0, path.lastIndexOf('/') + 1);
  // A camera's photos may lie in two folders: one that gave its place at the root to another.
  const places = columns([...new Set(rows.map((row) => `${row.camera} ${folderOf(row)}`))].sort());
  const shapes = columns([...new Set(rows.map(({ width, height }) => `${width} ${height}`))]);
  const nameOf = ({ path }: SheetRow): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.jpe?g$/i, '');
  return {
    day,
    cameras: places.all.map((place) => place.slice(0, place.indexOf(' '))),
    folders: places.all.map((place) => place.slice(place.indexOf(' ') + 1)),
    shapes: shapes.all.map((shape) => {
      const [width = 0, height = 0] = shape.split(' ').map(Number);
      return [width, height] as const;
    }),
    verdicts: CHANGE_VERDICTS,
    kinds: STILL_KINDS,
    camera: rows.map((row) => places.of(`${row.camera} ${folderOf(row)}`)),
    names: rows.map(nameOf),
    shape: rows.map(({ width, height }) => shapes.of(`${width} ${height}`)),
    kind: rows.map((row) => STILL_KINDS.indexOf(row.kind)),
    verdict: rows.map((row) => (row.verdict === undefined ? -1 : CHANGE_VERDICTS.indexOf(row.verdict))),
    favourites: rows.flatMap((row, index) => (row.isFavourite ? [index] : [])),
  };
};

const timelineRoutes = (api: Api): void => {
  api.get(
    '/api/v1/timeline',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getTimeline',
        tags: ['finding'],
        summary: 'How many photos each camera has on each day, newest day first',
        response: { 200: TIMELINE, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const rows = (await request.visible.catalog.days()).filter(({ covers }) => covers > 0);
      const cameras = columns([...new Set(rows.map(({ camera }) => camera))].sort());
      const days = columns([...new Set(rows.map(({ day }) => day))]);
      const counts = days.all.map(() => cameras.all.map(() => 0));
      for (const { day, camera, covers } of rows) {
        const line = counts[days.of(day)];
        if (line) line[cameras.of(camera)] = covers;
      }
      const view: TimelineView = { cameras: cameras.all, days: days.all, counts };
      return reply.send(view);
    },
  );

  api.get(
    '/api/v1/timeline/:day',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getDay',
        tags: ['finding'],
        summary: 'Every photo of a day, in columns: for sheets of many small pictures',
        params: z.object({ day: DAY }),
        response: { 200: DAY_SHEET, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { day } = request.params;
      return reply.send(dayColumns(day, isDay(day) ? await request.visible.catalog.sheet(day) : []));
    },
  );
};

interface Conditions extends Omit<SearchWords, 'isFavourite' | 'unknown'> {
  readonly sources: NonNullable<StillQuery['sources']>;
  readonly isFavourite: boolean | undefined;
}

/** A condition that is empty is none. */
const unlessEmpty = (key: keyof StillQuery, values: readonly unknown[]): Partial<StillQuery> =>
  values.length > 0 ? { [key]: values } : {};

const queryOf = (wish: Conditions, cameras: readonly CameraId[] | undefined): Partial<StillQuery> => ({
  ...(cameras ? { cameras } : {}),
  ...(wish.from === undefined ? {} : { from: wish.from }),
  ...(wish.until === undefined ? {} : { until: wish.until }),
  ...(wish.hours ? { hours: wish.hours } : {}),
  ...unlessEmpty('kinds', wish.kinds),
  ...unlessEmpty('sources', wish.sources),
  ...unlessEmpty('verdicts', wish.verdicts),
  ...unlessEmpty('claims', wish.claims),
  ...(wish.isFavourite === undefined ? {} : { isFavourite: wish.isFavourite }),
});

const searchRoutes = (api: Api, { deps }: ApiContext): void => {
  const dayStart = (day: string): EpochMs => instantOf(day, '00-00-00', deps.zone) ?? epochMs(0);
  const dayEnd = (day: string): EpochMs => {
    const noon = later(dayStart(day), ms(36 * 3_600_000));
    return dayStart(civilTime(noon, deps.zone).day);
  };

  api.get(
    '/api/v1/search',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'search',
        tags: ['finding'],
        summary:
          'Photos by condition, and by words: `q=garden last night`, `q=i går aften bil`. `wish` says what was understood',
        querystring: SEARCH_QUERY,
        response: { 200: SEARCH, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { q = '', cursor, limit, ...asked } = request.query;
      const before = cursorOf(cursor);
      if (before === null || [asked.from, asked.until].some((day) => day !== undefined && !isDay(day))) {
        const errors = [{ at: 'querystring', detail: 'no such day, or no such place in the list' }];
        return sendRequestTrouble(reply, 'invalid', requestLanguage(request, deps.language), errors);
      }
      const { cameras } = request.visible.status();
      const words = readSearchWords(q, { now: deps.clock.now().wall, zone: deps.zone, cameras });
      const named = [...(listOf(asked.camera) ?? []), ...words.cameras];
      const hours =
        asked.hourFrom === undefined && asked.hourUntil === undefined
          ? words.hours
          : { from: (asked.hourFrom ?? 0) % 24, until: asked.hourUntil ?? 24 };
      const wish: Conditions = {
        cameras: camerasOf(named.length > 0 ? named : undefined, 'all') ?? [],
        from: asked.from === undefined ? words.from : dayStart(asked.from),
        until: asked.until === undefined ? words.until : dayEnd(asked.until),
        hours,
        kinds: listOf(asked.kind) ?? words.kinds,
        sources: listOf(asked.source) ?? [],
        verdicts: listOf(asked.verdict) ?? words.verdicts,
        claims: listOf(asked.claim) ?? words.claims,
        isFavourite: asked.favourite === undefined ? words.isFavourite : asked.favourite === 'true',
      };
      const rows = await request.visible.catalog.list({
        ...queryOf(wish, named.length > 0 ? wish.cameras : undefined),
        ...(before ? { before } : {}),
        // Siblings only when they are asked for by kind.
        coversOnly: wish.kinds.length === 0,
        limit: limit + 1,
      });
      const page = pageOf(rows, limit);
      const orNull = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, deps.zone));
      const view: SearchWishView = {
        cameras: wish.cameras,
        from: orNull(wish.from),
        until: orNull(wish.until),
        hours: wish.hours ?? null,
        kinds: wish.kinds,
        sources: wish.sources,
        verdicts: wish.verdicts,
        claims: wish.claims,
        isFavourite: wish.isFavourite ?? null,
        unknown: words.unknown,
      };
      return reply.send({ items: page.rows.map(stillResource), next: page.next, wish: view });
    },
  );
};

export const timeApi = (api: Api, context: ApiContext): void => {
  timelineRoutes(api);
  searchRoutes(api, context);
};
