// Finding a moment: the timeline, a whole day in columns, and search by condition and by words.

import { z } from 'zod';
import { isDay, isoText } from '../../domain/civil-time.ts';
import type { CameraId } from '../../domain/ids.ts';
import { STILL_KINDS } from '../../domain/still.ts';
import { CHANGE_VERDICTS } from '../../domain/still-change.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { CoverCondition, SheetRow } from '../../ports/catalog.ts';
import { searchWish } from '../search-wish.ts';
import { namedCameras } from '../status.ts';
import { requestLanguage } from '../visit.ts';
import type { DayHoursView, DayView, SearchWishView, TimelineView } from '../wire-api.ts';
import { sendRequestTrouble } from './problem.ts';
import { stillResource } from './resources.ts';
import { type Api, type ApiContext, camerasOf, cursorOf, listOf, PROBLEMS, pageOf } from './route.ts';
import {
  COVERS_QUERY,
  type CoversQuery,
  DAY,
  DAY_HOURS,
  DAY_QUERY,
  DAY_SHEET,
  SEARCH,
  SEARCH_QUERY,
  TIMELINE,
} from './schemas.ts';

const columns = <T>(values: readonly T[]): { readonly of: (value: T) => number; readonly all: readonly T[] } => {
  const at = new Map(values.map((value, index) => [value, index]));
  return { of: (value) => at.get(value) ?? -1, all: values };
};

/** The columns of a day's sheet. Exported for its table test. */
export const dayColumns = (day: string, rows: readonly SheetRow[]): DayView => {
  // A camera's photos may lie in two folders: one that gave its place at the root to another.
  const placeOf = rows.map(({ camera, path }) => `${camera} ${path.slice(0, path.lastIndexOf('/') + 1)}`);
  const shapeOf = rows.map(({ width, height }) => `${width} ${height}`);
  const [places, shapes] = [columns([...new Set(placeOf)].sort()), columns([...new Set(shapeOf)])];
  // Without the usual ending; another one (`.JPG`, `.jpeg`: found photos) is part of the name.
  const nameOf = ({ path }: SheetRow): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.jpg$/, '');
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
    camera: placeOf.map(places.of),
    names: rows.map(nameOf),
    shape: shapeOf.map(shapes.of),
    kind: rows.map((row) => STILL_KINDS.indexOf(row.kind)),
    verdict: rows.map((row) => (row.verdict === undefined ? -1 : CHANGE_VERDICTS.indexOf(row.verdict))),
    favourites: rows.flatMap((row, index) => (row.isFavourite ? [index] : [])),
  };
};

const conditionOf = ({ camera, what }: CoversQuery): CoverCondition => {
  const cameras = camerasOf(listOf(camera), 'all');
  return { ...(cameras ? { cameras } : {}), ...(what ? { what } : {}) };
};

/** Covers by line and camera; where there are none stands a zero. */
const countTable = <Row extends { readonly camera: CameraId; readonly covers: number }>(
  rows: readonly Row[],
  lines: number,
  lineOf: (row: Row) => number,
): Pick<TimelineView, 'cameras' | 'counts'> => {
  const cameras = columns([...new Set(rows.map(({ camera }) => camera))].sort());
  const counts = Array.from({ length: lines }, () => cameras.all.map(() => 0));
  for (const row of rows) {
    const line = counts[lineOf(row)];
    if (line) line[cameras.of(row.camera)] = row.covers;
  }
  return { cameras: cameras.all, counts };
};

const timelineRoutes = (api: Api): void => {
  api.get(
    '/api/v1/timeline',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getTimeline',
        tags: ['finding'],
        summary: 'How many photos each camera has on each day, newest day first; all of them, or those of one kind',
        querystring: COVERS_QUERY,
        response: { 200: TIMELINE, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const rows = await request.visible.catalog.coverDays(conditionOf(request.query));
      const days = columns([...new Set(rows.map(({ day }) => day))]);
      const view: TimelineView = { days: days.all, ...countTable(rows, days.all.length, ({ day }) => days.of(day)) };
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
        summary: 'Every photo of a day, or of an hour of it, in columns: for sheets of many small pictures',
        params: z.object({ day: DAY }),
        querystring: DAY_QUERY,
        response: { 200: DAY_SHEET, ...PROBLEMS },
      },
      // The columns are written from typed rows just above; checking 86 400 of them again took longer than all the rest.
      serializerCompiler: () => (view) => JSON.stringify(view),
    },
    async (request, reply) => {
      const { day } = request.params;
      const { hour } = request.query;
      const only = { ...conditionOf(request.query), ...(hour === undefined ? {} : { hour }) };
      const rows = isDay(day) ? await request.visible.catalog.sheet(day, only) : [];
      return reply.send(dayColumns(day, rows));
    },
  );

  api.get(
    '/api/v1/timeline/:day/hours',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getDayHours',
        tags: ['finding'],
        summary: 'How many photos each camera has in each hour of a day: where to look in a day that has very many',
        params: z.object({ day: DAY }),
        querystring: COVERS_QUERY,
        response: { 200: DAY_HOURS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { day } = request.params;
      const rows = isDay(day) ? await request.visible.catalog.dayHours(day, conditionOf(request.query)) : [];
      const view: DayHoursView = { day, ...countTable(rows, 24, ({ hour }) => hour) };
      return reply.send(view);
    },
  );
};

const searchRoutes = (api: Api, { deps }: ApiContext): void => {
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
      const { cursor, limit, ...asked } = request.query;
      const before = cursorOf(cursor);
      const wish = searchWish(asked, { deps, cameras: namedCameras(request.visible.status()) });
      if (before === null || !wish) {
        const errors = [{ at: 'querystring', detail: 'no such day, or no such place in the list' }];
        return sendRequestTrouble(reply, 'invalid', requestLanguage(request, deps.language), errors);
      }
      const rows = await request.visible.catalog.list({
        ...wish.query,
        ...(before ? { before } : {}),
        limit: limit + 1,
      });
      const page = pageOf(rows, limit);
      const orNull = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, deps.zone));
      const { query } = wish;
      const view: SearchWishView = {
        cameras: query.cameras ?? [],
        from: orNull(query.from),
        until: orNull(query.until),
        hours: query.hours ?? null,
        kinds: query.kinds ?? [],
        sources: query.sources ?? [],
        verdicts: query.verdicts ?? [],
        claims: query.claims ?? [],
        isFavourite: query.isFavourite ?? null,
        unknown: wish.unknown,
      };
      return reply.send({ items: page.rows.map(stillResource), next: page.next, wish: view });
    },
  );
};

export const timeApi = (api: Api, context: ApiContext): void => {
  timelineRoutes(api);
  searchRoutes(api, context);
};
