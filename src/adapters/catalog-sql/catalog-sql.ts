// The catalogue in SQLite, through a query layer that also speaks PostgreSQL. It is an index: deleting it loses nothing.
// Totals come from counts that are kept, pages are cut by key (`reading.ts`): no query grows with the number of photos.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, sql, type Transaction } from 'kysely';
import { StillwatchError } from '../../domain/errors.ts';
import type { CameraId, StillId } from '../../domain/ids.ts';
import type { StoredStill } from '../../domain/still.ts';
import { databaseError, systemCode } from '../../domain/storage-error.ts';
import { epochMs } from '../../domain/units.ts';
import type { Catalog, RetiredStill } from '../../ports/catalog.ts';
import { chunks } from './chunks.ts';
import { COUNTED, type Counted, countIn, countOut, recount } from './counts.ts';
import { coverDays, dayHours, daySheet, listStills, page } from './reading.ts';
import { fromRow, toRow } from './row.ts';
import {
  type Db,
  KEEP_CLASS_SQL,
  migrate,
  SCHEMA_VERSION,
  type StillRow,
  schemaVersion,
  type Tables,
} from './schema.ts';

/** Wait for another process (a backup, `catalog rebuild`) up to 5 s before giving up with SQLITE_BUSY. */
const BUSY_MS = 5000;
/** Rows of one INSERT: 24 columns each, and SQLite takes 32 766 values. */
const ROWS_PER_INSERT = 500;
/** Paths of one lookup. */
const PATHS_PER_QUERY = 500;

const errorOf = (thrown: unknown, path: string): StillwatchError => {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  // A table or column that should be there is not: somebody else's file, or half of ours.
  const isStrange = systemCode(thrown) === 'SQLITE_ERROR' && /^no such (table|column)/.test(detail);
  return isStrange
    ? new StillwatchError('SW_CATALOG_DAMAGED', { path, detail }, { cause: thrown })
    : databaseError(thrown, path, 'SW_CATALOG_DAMAGED');
};

/** Takes rows out, and out of their days' counts. */
const takeOut = async (
  db: Transaction<Tables>,
  rows: readonly (Counted & { readonly id: string })[],
): Promise<void> => {
  if (rows.length === 0) return;
  await db
    .deleteFrom('still')
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
  await countOut(db, rows);
};

/** Takes the rows of stills whose path is wanted by a newcomer out, and out of the day's count. */
const makeWay = async (db: Transaction<Tables>, newcomers: readonly StillRow[]): Promise<void> => {
  const idAt = new Map(newcomers.filter((row) => row.source !== 'file').map((row) => [row.path, row.id]));
  if (idAt.size === 0) return;
  const holders = await db
    .selectFrom('still')
    .select([...COUNTED, 'id', 'path'])
    .where('path', 'in', [...idAt.keys()])
    .execute();
  for (const holder of holders) {
    if (idAt.get(holder.path) === holder.id) continue;
    // A newcomer that is known already, under another path, is not recorded again and so displaces nobody.
    const known = await db
      .selectFrom('still')
      .select('id')
      .where('id', '=', idAt.get(holder.path) ?? '')
      .executeTakeFirst();
    if (known) continue;
    await takeOut(db, [holder]);
  }
};

const insert = async (db: Transaction<Tables>, rows: readonly StillRow[]): Promise<number> => {
  await makeWay(db, rows);
  const added = await db
    .insertInto('still')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .returning([...COUNTED, 'path'])
    .execute();
  await countIn(db, added);
  // What is recorded at a path is there to stay: a sweep that was cut short must not come back for it.
  if (added.length > 0) {
    await db
      .deleteFrom('retired')
      .where(
        'path',
        'in',
        added.map((row) => row.path),
      )
      .execute();
  }
  return added.length;
};

/** Bytes that have no row any more, and are to go: of a path that is noted already, the newer ones. */
const noteRetired = async (db: Transaction<Tables>, retired: readonly RetiredStill[]): Promise<void> => {
  if (retired.length === 0) return;
  await db
    .insertInto('retired')
    .values([...retired])
    .onConflict((conflict) => conflict.column('path').doUpdateSet({ sha256: sql`excluded.sha256` }))
    .execute();
};

/** Those of `stills` that a person deleted: they are no news. */
const heldAmong = async (db: Transaction<Tables>, stills: readonly StoredStill[]): Promise<ReadonlySet<string>> => {
  const ids = stills.map(({ id }) => id);
  const rows = await db.selectFrom('held').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
};

const openDatabase = (file: string): SqliteDatabase.Database => {
  const database = new SqliteDatabase(file, { timeout: BUSY_MS });
  try {
    // One file, one writer, readers never wait: https://sqlite.org/wal.html
    database.pragma('journal_mode = WAL');
    // A recorded still survives a power cut, so that the spool may let go of it (ADR 0042).
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
};

/**
 * Opens (and makes) the catalogue and brings an older one up to date.
 * @throws StillwatchError SW_CATALOG_NEWER, SW_CATALOG_DAMAGED, SW_STORE_FULL, SW_STORE_WRITE
 */
export const sqlCatalog = async (options: { readonly file: string }): Promise<Catalog> => {
  const file = resolve(options.file);
  let db: Db | undefined;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openDatabase(file) }) });
    const version = await schemaVersion(db);
    if (version > SCHEMA_VERSION) throw new StillwatchError('SW_CATALOG_NEWER', { path: file });
    if (version < SCHEMA_VERSION) await migrate(db, version);
    // Fails now, with a name, and not at the first photo, when the file is somebody else's database.
    await page(db, { limit: 1 }).execute();
    await db.selectFrom('day_count').selectAll().limit(1).execute();
  } catch (thrown) {
    await db?.destroy();
    throw errorOf(thrown, file);
  }
  return catalogOn(db, file);
};

const catalogOn = (db: Db, file: string): Catalog => {
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw errorOf(thrown, file);
    }
  };
  const one = async (column: 'id' | 'path', value: string): Promise<StoredStill | undefined> => {
    const row = await db.selectFrom('still').selectAll().where(column, '=', value).executeTakeFirst();
    return row && fromRow(row);
  };

  return {
    record: (stills) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          let added = 0;
          for (const part of chunks(stills, ROWS_PER_INSERT)) {
            const held = await heldAmong(transaction, part);
            const rows = part.filter(({ id }) => !held.has(id)).map(toRow);
            if (rows.length > 0) added += await insert(transaction, rows);
          }
          return added;
        }),
      ),

    find: (id) => ask(() => one('id', id)),
    findByPath: (path) => ask(() => one('path', path)),

    unknownPaths: (paths) =>
      ask(async () => {
        const known = new Set<string>();
        for (const part of chunks(paths, PATHS_PER_QUERY)) {
          const rows = await db.selectFrom('still').select('path').where('path', 'in', part).execute();
          const retired = await db.selectFrom('retired').select('path').where('path', 'in', part).execute();
          const held = await db.selectFrom('held').select('path').where('path', 'in', part).execute();
          for (const row of [...rows, ...retired, ...held]) known.add(row.path);
        }
        return paths.filter((path) => !known.has(path));
      }),

    list: (query) => ask(async () => (await listStills(db, query)).map(fromRow)),

    days: () =>
      ask(async () => {
        const rows = await db
          .selectFrom('day_count')
          .selectAll()
          .orderBy('day', 'desc')
          .orderBy('camera', 'asc')
          .execute();
        return rows.map((row) => ({
          day: row.day,
          camera: row.camera as CameraId,
          stills: row.stills,
          covers: row.covers,
          bytes: row.bytes,
        }));
      }),

    count: () =>
      ask(async () => {
        const row = await db
          .selectFrom('day_count')
          .select((expression) => expression.fn.sum<number | null>('covers').as('covers'))
          .executeTakeFirst();
        return row?.covers ?? 0;
      }),

    coverDays: (only) => ask(() => coverDays(db, only)),
    dayHours: (day, only) => ask(() => dayHours(db, day, only)),
    sheet: (day, only = {}) => ask(() => daySheet(db, day, only)),

    note: (id, { isFavourite, verdict }) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          const row = await transaction.selectFrom('still').selectAll().where('id', '=', id).executeTakeFirst();
          if (!row) return undefined;
          const { isFavourite: _was, ownerVerdict: before, ...still } = fromRow(row);
          const [kept, word] = [isFavourite ?? row.favourite === 1, verdict === undefined ? before : verdict];
          const next: StoredStill = {
            ...still,
            ...(kept ? { isFavourite: true } : {}),
            ...(word ? { ownerVerdict: word } : {}),
          };
          const said = toRow(next);
          const { favourite, owner_verdict, verdict: shown } = said;
          await transaction
            .updateTable('still')
            .set({ favourite, owner_verdict, verdict: shown })
            .where('id', '=', id)
            .execute();
          await recount(transaction, row, said);
          return next;
        }),
      ),

    oldest: (query) =>
      ask(async () => {
        let rows = db
          .selectFrom('still')
          .selectAll()
          .where(sql<boolean>`${sql.raw(KEEP_CLASS_SQL[query.class])}`)
          .where('taken_at', '<', query.before);
        if (query.after) {
          const { takenAt, id } = query.after;
          rows = rows.where((expression) =>
            expression(expression.refTuple('taken_at', 'id'), '>', expression.tuple(takenAt, id)),
          );
        }
        return (await rows.orderBy('taken_at').orderBy('id').limit(query.limit).execute()).map(fromRow);
      }),

    byPath: (after, limit) =>
      ask(async () => {
        const rows = db.selectFrom('still').selectAll().where('path', '>', after).orderBy('path').limit(limit);
        return (await rows.execute()).map(fromRow);
      }),

    retire: (ids) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          const gone: RetiredStill[] = [];
          for (const part of chunks(ids, PATHS_PER_QUERY)) {
            const rows = await transaction
              .selectFrom('still')
              .select([...COUNTED, 'id', 'path', 'sha256'])
              .where('id', 'in', part)
              .execute();
            await takeOut(transaction, rows);
            const retired = rows.map(({ path, sha256 }) => ({ path, sha256 }));
            await noteRetired(transaction, retired);
            gone.push(...retired);
          }
          return gone;
        }),
      ),

    retired: (limit) =>
      ask(() => db.selectFrom('retired').select(['path', 'sha256']).orderBy('path').limit(limit).execute()),

    forget: (paths) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          for (const part of chunks(paths, PATHS_PER_QUERY)) {
            await transaction.deleteFrom('retired').where('path', 'in', part).execute();
          }
        }),
      ),

    hold: (ids, until) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          const gone: StillId[] = [];
          for (const part of chunks(ids, PATHS_PER_QUERY)) {
            const rows = await transaction.selectFrom('still').selectAll().where('id', 'in', part).execute();
            if (rows.length === 0) continue;
            await takeOut(transaction, rows);
            await transaction
              .insertInto('held')
              .values(rows.map((row) => ({ id: row.id, path: row.path, until, still: JSON.stringify(row) })))
              .execute();
            gone.push(...rows.map((row) => row.id as StillId));
          }
          return gone;
        }),
      ),

    restore: (id) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          const held = await transaction.selectFrom('held').selectAll().where('id', '=', id).executeTakeFirst();
          if (!held) return undefined;
          await transaction.deleteFrom('held').where('id', '=', id).execute();
          const row = JSON.parse(held.still) as StillRow;
          await insert(transaction, [row]);
          return fromRow(row);
        }),
      ),

    held: () =>
      ask(async () => {
        const rows = await db.selectFrom('held').selectAll().orderBy('until').orderBy('id').execute();
        return rows.map((row) => ({ still: fromRow(JSON.parse(row.still) as StillRow), until: epochMs(row.until) }));
      }),

    retireHeld: (now) =>
      ask(() =>
        db.transaction().execute(async (transaction) => {
          const due = await transaction.selectFrom('held').selectAll().where('until', '<', now).execute();
          for (const part of chunks(due, PATHS_PER_QUERY)) {
            const paths = part.map(({ path }) => path);
            // Bytes that have a row again (a rebuild, a restored backup) are nobody's to take away.
            const living = await transaction.selectFrom('still').select('path').where('path', 'in', paths).execute();
            const isLiving = new Set(living.map(({ path }) => path));
            const retired = part
              .filter(({ path }) => !isLiving.has(path))
              .map(({ path, still }) => ({ path, sha256: (JSON.parse(still) as StillRow).sha256 }));
            await noteRetired(transaction, retired);
            await transaction
              .deleteFrom('held')
              .where(
                'id',
                'in',
                part.map((row) => row.id),
              )
              .execute();
          }
          return due.length;
        }),
      ),

    close: () => db.destroy(),
  };
};
