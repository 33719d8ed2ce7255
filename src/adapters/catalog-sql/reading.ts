// What is asked of the catalogue's photos. SQLite answers in the thread that answers everybody, so nothing here reads many rows
// at one go: what has an index is read in its order, and what has none is walked in steps, with room for others in between.

import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { isDay } from '../../domain/civil-time.ts';
import type { CameraId } from '../../domain/ids.ts';
import { filterAround, type PhotoFilter } from '../../domain/photo-filter.ts';
import type { StillKind } from '../../domain/still.ts';
import type { ChangeVerdict } from '../../domain/still-change.ts';
import type {
  CoverCondition,
  CoverCount,
  HourCount,
  SheetCondition,
  SheetRow,
  StillQuery,
} from '../../ports/catalog.ts';
import { COVER_SQL, type Db, FILTER_SQL, HOUR_SQL, type StillRow, type Tables } from './schema.ts';

/** Rows walked at one go: some milliseconds. */
const STEP = 2000;
/** A local day lies within 14 hours (UTC+14, UTC−12 rounded up) of the UTC day of the same name. */
const MOST_OFFSET_MS = 14 * 3_600_000;
const DAY_MS = 86_400_000;

type Stills<Row> = SelectQueryBuilder<Tables, 'still', Row>;
type Edge = Pick<StillRow, 'taken_at' | 'id'>;

const isCoverSql = sql<boolean>`${sql.raw(COVER_SQL)}`;
const hourSql = sql<number>`${sql.raw(HOUR_SQL)}`;
const passes = (filter: PhotoFilter): RawBuilder<boolean> => sql<boolean>`${sql.raw(FILTER_SQL[filter])}`;

/** One JSON argument: SQLite allows 32766 words, and an empty list has no SQL form. */
const among = (column: string, cameras: readonly CameraId[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.raw(column)} in (select value from json_each(${JSON.stringify(cameras)}))`;

/** Bounds an order by time to a local day; the day itself then decides. */
const aroundDay = <Row>(rows: Stills<Row>, day: string): Stills<Row> => {
  if (!isDay(day)) return rows;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return rows
    .where('taken_at', '>=', midnight - MOST_OFFSET_MS)
    .where('taken_at', '<', midnight + DAY_MS + MOST_OFFSET_MS);
};

/** The filter whose index gives what is asked for, in order. */
const filterOf = (query: StillQuery): PhotoFilter | undefined => (query.coversOnly ? filterAround(query) : undefined);

/** Where the rows stand in an index, in the order they are wanted in. */
const ordered = <Row>(all: Stills<Row>, query: StillQuery): Stills<Row> => {
  let rows = all;
  const filter = filterOf(query);
  if (filter) rows = rows.where(passes(filter)).where(isCoverSql);
  const isBounded = filter !== undefined || query.camera !== undefined;
  // A unary plus keeps the planner from another index than the one that is meant.
  if (query.day !== undefined) {
    rows = isBounded
      ? aroundDay(rows, query.day).where(sql<boolean>`+day = ${query.day}`)
      : rows.where('day', '=', query.day);
  }
  if (query.camera !== undefined) {
    const isBeside = filter !== undefined || query.episode !== undefined;
    rows = isBeside ? rows.where(sql<boolean>`+camera = ${query.camera}`) : rows.where('camera', '=', query.camera);
  }
  if (query.cameras) rows = rows.where(among('+camera', query.cameras));
  if (query.episode !== undefined) rows = rows.where('episode', '=', query.episode);
  if (query.verdict !== undefined) rows = rows.where('verdict', '=', query.verdict);
  if (query.from !== undefined) rows = rows.where('taken_at', '>=', query.from);
  if (query.until !== undefined) rows = rows.where('taken_at', '<', query.until);
  const edge = query.after ?? query.before;
  if (edge) {
    rows = rows.where((row) =>
      row(row.refTuple('taken_at', 'id'), query.after ? '>' : '<', row.tuple(edge.takenAt, edge.id)),
    );
  }
  // After another one: the nearest first; `listStills` turns them round.
  const order = query.after ? 'asc' : 'desc';
  return rows.orderBy('taken_at', order).orderBy('id', order);
};

/** Conditions without an index: they are looked at row by row. */
const unordered = <Row>(all: Stills<Row>, query: StillQuery): Stills<Row> => {
  let rows = all;
  for (const [column, values] of [
    ['verdict', query.verdicts],
    ['kind', query.kinds],
    ['source', query.sources],
  ] as const) {
    if (values)
      rows = rows.where(sql<boolean>`+${sql.ref(column)} in (${sql.join(values.length > 0 ? values : [null])})`);
  }
  if (query.claims) {
    const some = query.claims.map((claim) => sql<boolean>`' ' || claims || ' ' like ${`% ${claim} %`}`);
    rows = rows.where(sql<boolean>`(${some.length > 0 ? sql.join(some, sql` or `) : sql`0`})`);
  }
  if (query.isFavourite !== undefined) rows = rows.where(sql<boolean>`+favourite = ${query.isFavourite ? 1 : 0}`);
  if (query.coversOnly) rows = rows.where(isCoverSql);
  if (query.hours) {
    const { from, until } = query.hours;
    rows = rows.where(
      from <= until
        ? sql<boolean>`${hourSql} >= ${from} and ${hourSql} < ${until}`
        : sql<boolean>`(${hourSql} >= ${from} or ${hourSql} < ${until})`,
    );
  }
  return rows;
};

/** One page, however far it has to be walked for. */
export const page = (db: Db, query: StillQuery): Stills<StillRow> =>
  unordered(ordered(db.selectFrom('still').selectAll(), query), query).limit(query.limit);

/** True when few of the rows in the order may be meant. */
const isSparse = (query: StillQuery): boolean =>
  query.episode === undefined &&
  [query.hours, query.kinds, query.sources, query.verdicts, query.claims, query.isFavourite].some(
    (condition) => condition !== undefined,
  );

const walk = async (db: Db, query: StillQuery): Promise<readonly StillRow[]> => {
  const found: StillRow[] = [];
  let from = query;
  for (;;) {
    const step = ordered(db.selectFrom('still').select(['taken_at', 'id']), from)
      .limit(1)
      .offset(STEP);
    const edge: Edge | undefined = await step.executeTakeFirst();
    let rows = page(db, { ...from, limit: query.limit - found.length });
    if (edge) {
      rows = rows.where((row) =>
        row(row.refTuple('taken_at', 'id'), query.after ? '<=' : '>=', row.tuple(edge.taken_at, edge.id)),
      );
    }
    found.push(...(await rows.execute()));
    if (!edge || found.length >= query.limit) return found;
    const { before: _before, after: _after, ...rest } = query;
    const cursor = { takenAt: edge.taken_at, id: edge.id as NonNullable<StillQuery['before']>['id'] };
    from = { ...rest, ...(query.after ? { after: cursor } : { before: cursor }) };
    await setImmediate();
  }
};

const newestFirst = (a: Edge, b: Edge): number => b.taken_at - a.taken_at || (a.id < b.id ? 1 : -1);

const inOrder = async (db: Db, query: StillQuery): Promise<readonly StillRow[]> => {
  const { cameras, camera, ...rest } = query;
  // A filter's index is in the order wanted, and an episode is few rows; some cameras' photos are only so camera by camera.
  if (cameras && filterOf(query) === undefined && query.episode === undefined) {
    const rows: StillRow[] = [];
    for (const one of new Set(cameras)) {
      if (camera === undefined || camera === one) rows.push(...(await inOrder(db, { ...rest, camera: one })));
    }
    const sorted = rows.sort(newestFirst);
    return (query.after ? sorted.reverse() : sorted).slice(0, query.limit);
  }
  return isSparse(query) ? walk(db, query) : page(db, query).execute();
};

/** Newest first. */
export const listStills = async (db: Db, query: StillQuery): Promise<readonly StillRow[]> => {
  const rows = await inOrder(db, query);
  return query.after ? rows.toReversed() : rows;
};

export const coverDays = async (db: Db, { cameras, what }: CoverCondition): Promise<readonly CoverCount[]> => {
  const columns = ['day', 'camera', 'covers'] as const;
  const counts = what
    ? await db
        .selectFrom('filter_count')
        .select(columns)
        .where('filter', '=', what)
        .orderBy('day', 'desc')
        .orderBy('camera')
        .execute()
    : await db
        .selectFrom('day_count')
        .select(columns)
        .where('covers', '>', 0)
        .orderBy('day', 'desc')
        .orderBy('camera')
        .execute();
  const all = counts.map((row) => ({ ...row, camera: row.camera as CameraId }));
  return cameras ? all.filter(({ camera }) => cameras.includes(camera)) : all;
};

/** The covers of a day that are meant. */
const ofDay = <Row>(all: Stills<Row>, day: string, { cameras, what, hour }: SheetCondition): Stills<Row> => {
  let rows = all.where(isCoverSql);
  rows = what
    ? aroundDay(rows.where(passes(what)), day).where(sql<boolean>`+day = ${day}`)
    : rows.where('day', '=', day);
  if (hour !== undefined) rows = rows.where(sql<boolean>`${hourSql} = ${hour}`);
  return cameras ? rows.where(among('+camera', cameras)) : rows;
};

export const dayHours = async (db: Db, day: string, only: CoverCondition): Promise<readonly HourCount[]> => {
  const rows = ofDay(
    db.selectFrom('still').select((row) => [hourSql.as('hour'), 'camera', row.fn.countAll<number>().as('covers')]),
    day,
    only,
  );
  const counts = await rows.groupBy([hourSql, 'camera']).orderBy(hourSql, 'desc').orderBy('camera', 'asc').execute();
  return counts.map((row) => ({ ...row, camera: row.camera as CameraId }));
};

const SHEET = ['path', 'camera', 'kind', 'verdict', 'width', 'height', 'favourite', 'taken_at', 'id'] as const;
type SheetColumns = Pick<StillRow, (typeof SHEET)[number]>;

const sheetRow = ({ path, camera, kind, verdict, width, height, favourite }: SheetColumns): SheetRow => ({
  path,
  camera: camera as CameraId,
  kind: kind as StillKind,
  verdict: (verdict ?? undefined) as ChangeVerdict | undefined,
  width,
  height,
  isFavourite: favourite === 1,
});

export const daySheet = async (db: Db, day: string, only: SheetCondition): Promise<readonly SheetRow[]> => {
  const sheet: SheetRow[] = [];
  let last: Edge | undefined;
  for (;;) {
    const after = last;
    let rows = ofDay(db.selectFrom('still').select(SHEET), day, only);
    if (after) {
      rows = rows.where((row) => row(row.refTuple('taken_at', 'id'), '<', row.tuple(after.taken_at, after.id)));
    }
    // An hour is few rows: its index is the better one, though they have to be sorted.
    const moment = only.hour === undefined ? sql.ref('taken_at') : sql`+taken_at`;
    const part = await rows.orderBy(moment, 'desc').orderBy('id', 'desc').limit(STEP).execute();
    for (const row of part) sheet.push(sheetRow(row));
    last = part.at(-1);
    if (part.length < STEP) return sheet;
    await setImmediate();
  }
};
