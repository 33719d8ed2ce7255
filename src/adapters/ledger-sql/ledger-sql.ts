// The ledger in an SQLite file of its own: it is written at every trigger, is no cache, and outlives a deleted catalogue.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { claimsText, parseClaims } from '../../domain/camera-message.ts';
import { StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import type { CameraId, StillId } from '../../domain/ids.ts';
import type { LedgerOutcome, LedgerRow, LedgerSum, TriggerId, TriggerOrigin, WorkId } from '../../domain/ledger.ts';
import { databaseError } from '../../domain/storage-error.ts';
import { epochMs } from '../../domain/units.ts';
import type { Ledger } from '../../ports/ledger.ts';

interface Row {
  id: string;
  camera: string;
  origin: string;
  at: number;
  day: string;
  work: string;
  state: string;
  still: string | null;
  code: string | null;
  claims: string | null;
}

/** Another process (the command line) may read meanwhile; wait for it this long. */
const BUSY_MS = 5000;
const SCHEMA_VERSION = 3;

const SCHEMA = `
  create table trigger_row (
    id text primary key not null,
    camera text not null,
    origin text not null,
    at integer not null,
    day text not null,
    work text not null,
    state text not null check (state in ('open', 'photo', 'merged', 'missed')),
    still text,
    code text,
    claims text,
    check ((state = 'missed') = (code is not null)),
    check (state not in ('photo', 'merged') or still is not null)
  ) strict, without rowid;
  create index trigger_time on trigger_row (at desc, id desc);
  create index trigger_day on trigger_row (day, camera, state, code);
  create index trigger_open on trigger_row (at) where state = 'open';
  create index trigger_work on trigger_row (work);
  create index trigger_missed on trigger_row (at desc, id desc) where state = 'missed';
  pragma user_version = ${SCHEMA_VERSION};
`;
/** 3: the triggers of one happening are found without a walk. */
const FROM_2 = `
  create index trigger_work on trigger_row (work);
  pragma user_version = 3;
`;
/** 2: what the camera said it was. */
const FROM_1 = `
  alter table trigger_row add column claims text;
  pragma user_version = 2;
`;

const errorOf = (thrown: unknown, path: string): StillwatchError => databaseError(thrown, path, 'SW_LEDGER_DAMAGED');

const toRow = ({ outcome, claims, ...row }: LedgerRow): Row => ({
  ...row,
  state: outcome.state,
  still: outcome.state === 'missed' ? null : (outcome.still ?? null),
  code: outcome.state === 'missed' ? outcome.code : null,
  claims: claims ? claimsText(claims) : null,
});

/** Rows were written by `toRow`, and checked by the table. */
const outcomeOf = ({ state, still, code }: Row): LedgerOutcome => {
  if (state === 'missed') return { state, code: code as StillwatchErrorCode };
  if (state === 'photo' || state === 'merged') return { state, still: still as StillId };
  return { state: 'open', still: (still ?? undefined) as StillId | undefined };
};

const fromRow = (row: Row): LedgerRow => ({
  id: row.id as TriggerId,
  camera: row.camera as CameraId,
  origin: row.origin as TriggerOrigin,
  at: epochMs(row.at),
  day: row.day,
  work: row.work as WorkId,
  outcome: outcomeOf(row),
  ...(row.claims === null ? {} : { claims: parseClaims(row.claims) }),
});

/** @throws StillwatchError SW_CATALOG_NEWER, SW_LEDGER_DAMAGED, SW_STORE_FULL, SW_STORE_WRITE */
export const sqlLedger = async (options: { readonly file: string }): Promise<Ledger> => {
  const file = resolve(options.file);
  let db: SqliteDatabase.Database | undefined;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    db = new SqliteDatabase(file, { timeout: BUSY_MS });
    db.pragma('journal_mode = WAL');
    // A trigger that was told of is still there after a power cut.
    db.pragma('synchronous = FULL');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION) throw new StillwatchError('SW_CATALOG_NEWER', { path: file });
    if (version === 0) db.transaction(() => db?.exec(SCHEMA))();
    if (version === 1) db.transaction(() => db?.exec(FROM_1))();
    if (version === 1 || version === 2) db.transaction(() => db?.exec(FROM_2))();
  } catch (thrown) {
    db?.close();
    throw errorOf(thrown, file);
  }
  return ledgerOn(db, file);
};

const ledgerOn = (db: SqliteDatabase.Database, file: string): Ledger => {
  const put = db.prepare<Row>(`
    insert into trigger_row (id, camera, origin, at, day, work, state, still, code, claims)
    values (@id, @camera, @origin, @at, @day, @work, @state, @still, @code, @claims)
    on conflict (id) do update set state = excluded.state, still = excluded.still, code = excluded.code`);
  const ask = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (thrown) {
      throw errorOf(thrown, file);
    }
  };
  return {
    write: (rows) =>
      ask(() =>
        db.transaction(() => {
          for (const row of rows) put.run(toRow(row));
        })(),
      ),
    open: () =>
      ask(() =>
        db.prepare<[], Row>(`select * from trigger_row where state = 'open' order by at, id`).all().map(fromRow),
      ),
    list: ({ day, camera, cameras, from, work, missedOnly, before, limit }) =>
      ask(() => {
        const where = [
          ...(day === undefined ? [] : ['day = @day']),
          ...(camera === undefined ? [] : ['camera = @camera']),
          ...(cameras ? ['camera in (select value from json_each(@cameras))'] : []),
          ...(from === undefined ? [] : ['at >= @from']),
          ...(work === undefined ? [] : ['work = @work']),
          ...(missedOnly ? [`state = 'missed'`] : []),
          ...(before ? ['(at, id) < (@at, @id)'] : []),
        ];
        const filter = where.length > 0 ? `where ${where.join(' and ')}` : '';
        const query = `select * from trigger_row ${filter} order by at desc, id desc limit @limit`;
        const words = { day, camera, from, work, cameras: cameras && JSON.stringify(cameras), limit, ...before };
        return db.prepare<typeof words, Row>(query).all(words).map(fromRow);
      }),
    sums: (fromDay) =>
      ask(() => {
        const counts = db
          .prepare<
            [string],
            { day: string; camera: string; state: LedgerOutcome['state']; code: string | null; n: number }
          >(
            `select day, camera, state, code, count(*) as n from trigger_row where day >= ? group by day, camera, state, code
             order by day desc, camera`,
          )
          .all(fromDay);
        const sums = new Map<string, LedgerSum>();
        for (const { day, camera, state, code, n } of counts) {
          const key = `${day} ${camera}`;
          const none = {
            day,
            camera: camera as CameraId,
            triggers: 0,
            photo: 0,
            merged: 0,
            missed: 0,
            open: 0,
            reasons: {},
          };
          const sum: LedgerSum = sums.get(key) ?? none;
          const reasons = code === null ? sum.reasons : { ...sum.reasons, [code]: n };
          sums.set(key, { ...sum, triggers: sum.triggers + n, [state]: sum[state] + n, reasons });
        }
        return [...sums.values()];
      }),
    // Rare, and over the whole table: an index on `still` would cost at every write.
    lose: (stills) =>
      ask(
        () =>
          db
            .prepare<[StillwatchErrorCode, string]>(
              `update trigger_row set state = 'missed', still = null, code = ?
               where state in ('photo', 'merged') and still in (select value from json_each(?))`,
            )
            .run('SW_PHOTO_LOST', JSON.stringify(stills)).changes,
      ),
    forgetBefore: (day) =>
      ask(() => db.prepare<[string]>(`delete from trigger_row where day < ? and state != 'open'`).run(day).changes),
    close: () => ask(() => void db.close()),
  };
};
