// The catalogue's tables and how older ones become the present ones. Each migration runs once, in a transaction.
// Column types are the ones SQLite and PostgreSQL agree on: times are whole milliseconds since 1970, flags 0 or 1.

import { type Kysely, sql, type Transaction } from 'kysely';
import { PHOTO_FILTERS, type PhotoFilter } from '../../domain/photo-filter.ts';
import type { KeepClass } from '../../domain/retention.ts';

export interface StillRow {
  id: string;
  camera: string;
  kind: string;
  cause: string | null;
  episode: string | null;
  taken_at: number;
  offset_minutes: number;
  /** Local day, `YYYY-MM-DD`, as clocks at the site showed it. */
  day: string;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  source: string;
  delay: number | null;
  is_demo: number;
  path: string;
  /** One line of text, as the file itself carries it. */
  choice: string | null;
  change: string | null;
  /** The verdict of `change`, for searching. */
  verdict: string | null;
  set_name: string | null;
  /** Words, as the file itself carries them. */
  claims: string | null;
  clock_offset: number | null;
  /** What the owner said: 0 or 1, and the verdict in place of `change`'s. */
  favourite: number;
  owner_verdict: string | null;
}

/** How many stills, and bytes, a camera has on a day; kept in the same transaction as the stills, so that nothing ever counts rows. */
export interface DayCountRow {
  day: string;
  camera: string;
  stills: number;
  /** Those that are no `before` or `peak`. */
  covers: number;
  bytes: number;
}

/** How many covers that pass a filter a camera has on a day; kept as `DayCountRow` is. */
export interface FilterCountRow {
  filter: PhotoFilter;
  day: string;
  camera: string;
  covers: number;
}

/** A still that the sweep has taken out of `still` and whose file may still be there. */
export interface RetiredRow {
  path: string;
  sha256: string;
}

/** A still that a person deleted, as it was, until it is too late to want it back. */
export interface HeldRow {
  id: string;
  path: string;
  until: number;
  /** A `StillRow` as JSON. */
  still: string;
}

export interface Tables {
  still: StillRow;
  held: HeldRow;
  retired: RetiredRow;
  day_count: DayCountRow;
  filter_count: FilterCountRow;
  catalog_schema: { version: number };
}

export type Db = Kysely<Tables>;

/** `keepClass` in SQL; constant text, because a partial index is only used for the very words it was made with. */
export const KEEP_CLASS_SQL: Readonly<Record<KeepClass, string>> = {
  sibling: `kind in ('before', 'peak') and source <> 'file'`,
  cover: `kind not in ('before', 'peak') and source <> 'file'`,
  found: `source = 'file'`,
};

/** Without the `before` and `peak` beside a cover. This and what follows are constant texts for the same reason. */
export const COVER_SQL = `kind not in ('before', 'peak')`;

/** The hour of the day, 0..23 by the clock at the site. */
export const HOUR_SQL = '(taken_at / 60000 + offset_minutes) / 60 % 24';

const claimed = (claim: string): string => `' ' || claims || ' ' like '% ${claim} %'`;

/** `filterConditions` in SQL. The unary plus keeps the planner from an index that would have to be sorted afterwards. */
export const FILTER_SQL: Readonly<Record<PhotoFilter, string>> = {
  lasting: `+verdict in ('arrived', 'gone')`,
  passing: `verdict = 'passing'`,
  person: claimed('person'),
  vehicle: claimed('vehicle'),
  animal: claimed('animal'),
  favourite: 'favourite = 1',
  manual: `+kind = 'manual'`,
  scheduled: `+kind = 'scheduled'`,
  uploaded: `+kind = 'uploaded'`,
};

/** Those for which an earlier index serves. */
const INDEXED_BEFORE: readonly PhotoFilter[] = ['passing', 'favourite'];

const MIGRATIONS: readonly ((db: Transaction<Tables>) => Promise<void>)[] = [
  async (db) => {
    await db.schema
      .createTable('still')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('camera', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('cause', 'text')
      .addColumn('episode', 'text')
      .addColumn('taken_at', 'bigint', (column) => column.notNull())
      .addColumn('offset_minutes', 'integer', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('delay', 'bigint')
      .addColumn('is_demo', 'integer', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull().unique())
      .execute();
    await db.schema
      .createTable('day_count')
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('camera', 'text', (column) => column.notNull())
      .addColumn('stills', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('day_count_key', ['day', 'camera'])
      .execute();
    // The three orders a gallery asks for. One camera's day is a range of its time order, so it needs none of its own.
    await db.schema.createIndex('still_time').on('still').columns(['taken_at desc', 'id desc']).execute();
    await db.schema.createIndex('still_day').on('still').columns(['day', 'taken_at desc', 'id desc']).execute();
    await db.schema.createIndex('still_camera').on('still').columns(['camera', 'taken_at desc', 'id desc']).execute();
  },
  // 2: keeping and taking away.
  async (db) => {
    await db.schema
      .alterTable('day_count')
      .addColumn('bytes', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`update day_count set bytes = (select coalesce(sum(still.bytes), 0) from still
      where still.day = day_count.day and still.camera = day_count.camera)`.execute(db);
    await db.schema
      .createTable('retired')
      .addColumn('path', 'text', (column) => column.primaryKey().notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .execute();
    // Siblings and found photos are few among the covers; without these, finding the oldest walks past all covers.
    for (const [name, words] of Object.entries(KEEP_CLASS_SQL)) {
      if (name === 'cover') continue;
      await sql`create index ${sql.raw(`still_${name}`)} on still (taken_at, id) where ${sql.raw(words)}`.execute(db);
    }
  },
  // 3: sets: why a still was taken the way it was, what changed, and which stills belong together.
  async (db) => {
    for (const column of ['choice', 'change', 'verdict', 'set_name']) {
      await db.schema.alterTable('still').addColumn(column, 'text').execute();
    }
    await sql`create index still_episode on still (episode) where episode is not null`.execute(db);
    await sql`create index still_verdict on still (verdict, taken_at desc, id desc) where verdict is not null`.execute(
      db,
    );
  },
  // 4: what the camera said was there, and how far its clock was off.
  async (db) => {
    await db.schema.alterTable('still').addColumn('claims', 'text').execute();
    await db.schema.alterTable('still').addColumn('clock_offset', 'bigint').execute();
  },
  // 5: covers counted by themselves, what the owner said, and what a person deleted and may want back.
  async (db) => {
    await db.schema
      .alterTable('day_count')
      .addColumn('covers', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`update day_count set covers = (select count(*) from still
      where still.day = day_count.day and still.camera = day_count.camera and still.kind not in ('before', 'peak'))`.execute(
      db,
    );
    await db.schema
      .alterTable('still')
      .addColumn('favourite', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('still').addColumn('owner_verdict', 'text').execute();
    // Few among many: without it, finding favourites walks past all other photos.
    await sql`create index still_favourite on still (taken_at desc, id desc) where favourite = 1`.execute(db);
    await db.schema
      .createTable('held')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('path', 'text', (column) => column.notNull().unique())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .addColumn('still', 'text', (column) => column.notNull())
      .execute();
  },
  // 6: what passes each filter, counted and in order; the hours of a day.
  async (db) => {
    await db.schema
      .createTable('filter_count')
      .addColumn('filter', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('camera', 'text', (column) => column.notNull())
      .addColumn('covers', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('filter_count_key', ['filter', 'day', 'camera'])
      .execute();
    for (const filter of PHOTO_FILTERS) {
      const passes = sql`${sql.raw(FILTER_SQL[filter])} and ${sql.raw(COVER_SQL)}`;
      if (!INDEXED_BEFORE.includes(filter)) {
        await sql`create index ${sql.raw(`still_${filter}`)} on still
          (taken_at desc, id desc, day, camera, offset_minutes) where ${passes}`.execute(db);
      }
      await sql`insert into filter_count select ${sql.lit(filter)}, day, camera, count(*) from still
        where ${passes} group by day, camera`.execute(db);
    }
    await sql`create index still_hour on still (day, (${sql.raw(HOUR_SQL)}), camera, taken_at desc, id desc,
      offset_minutes) where ${sql.raw(COVER_SQL)}`.execute(db);
  },
];

/** The schema this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** The version in the file; 0 for a new one. */
export const schemaVersion = async (db: Db): Promise<number> => {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === 'catalog_schema')) return 0;
  const row = await db.selectFrom('catalog_schema').select('version').executeTakeFirst();
  return row?.version ?? 0;
};

/** Brings the tables from `version` to the present one. */
export const migrate = async (db: Db, version: number): Promise<void> => {
  await db.transaction().execute(async (transaction) => {
    if (version === 0) {
      await transaction.schema
        .createTable('catalog_schema')
        .addColumn('version', 'integer', (column) => column.notNull())
        .execute();
      await transaction.insertInto('catalog_schema').values({ version: 0 }).execute();
    }
    for (const migration of MIGRATIONS.slice(version)) await migration(transaction);
    await transaction.updateTable('catalog_schema').set({ version: SCHEMA_VERSION }).execute();
  });
};
