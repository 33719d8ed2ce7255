// The outbox in an SQLite file of its own: written only when there is something to tell, so that a card is not worn by silence.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import type { CameraId } from '../../domain/ids.ts';
import type { NoticeId } from '../../domain/notice.ts';
import type { Notification, NotificationState } from '../../domain/notification.ts';
import { databaseError } from '../../domain/storage-error.ts';
import { epochMs } from '../../domain/units.ts';
import type { Outbox } from '../../ports/outbox.ts';

interface Row {
  receiver: string;
  id: string;
  type: string;
  at: number;
  body: string;
  state: string;
  tries: number;
  next_at: number;
  last_at: number | null;
  last_status: number | null;
  last_code: string | null;
  last_detail: string | null;
}

/** Another process (the command line) may read meanwhile; wait for it this long. */
const BUSY_MS = 5000;
const SCHEMA_VERSION = 1;

const SCHEMA = `
  create table notification (
    receiver text not null,
    id text not null,
    type text not null,
    at integer not null,
    body text not null,
    state text not null check (state in ('waiting', 'sent', 'given-up')),
    tries integer not null,
    next_at integer not null,
    last_at integer,
    last_status integer,
    last_code text,
    last_detail text,
    primary key (receiver, id)
  ) strict, without rowid;
  create index notification_time on notification (at desc, id desc, receiver desc);
  create index notification_waiting on notification (at) where state = 'waiting';
  create table blind_camera (
    camera text primary key not null,
    since integer not null
  ) strict, without rowid;
  pragma user_version = ${SCHEMA_VERSION};
`;

const toRow = ({ last, nextAt, ...rest }: Notification): Row => ({
  ...rest,
  next_at: nextAt,
  last_at: last?.at ?? null,
  last_status: last?.status ?? null,
  last_code: last?.code ?? null,
  last_detail: last?.detail ?? null,
});

/** Rows were written by `toRow`, and checked by the table. */
const fromRow = (row: Row): Notification => ({
  receiver: row.receiver,
  id: row.id as NoticeId,
  type: row.type as Notification['type'],
  at: epochMs(row.at),
  body: row.body,
  state: row.state as NotificationState,
  tries: row.tries,
  nextAt: epochMs(row.next_at),
  last:
    row.last_at === null
      ? undefined
      : {
          at: epochMs(row.last_at),
          status: row.last_status ?? undefined,
          code: (row.last_code ?? undefined) as StillwatchErrorCode | undefined,
          detail: row.last_detail ?? '',
        },
});

const errorOf = (thrown: unknown, path: string): StillwatchError => databaseError(thrown, path, 'SW_OUTBOX_DAMAGED');

/** @throws StillwatchError SW_CATALOG_NEWER, SW_OUTBOX_DAMAGED, SW_STORE_FULL, SW_STORE_WRITE */
export const sqlOutbox = async (options: { readonly file: string }): Promise<Outbox> => {
  const file = resolve(options.file);
  let db: SqliteDatabase.Database | undefined;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    db = new SqliteDatabase(file, { timeout: BUSY_MS });
    db.pragma('journal_mode = WAL');
    // What was promised to be told is told after a power cut too.
    db.pragma('synchronous = FULL');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION) throw new StillwatchError('SW_CATALOG_NEWER', { path: file });
    if (version === 0) db.transaction(() => db?.exec(SCHEMA))();
  } catch (thrown) {
    db?.close();
    throw errorOf(thrown, file);
  }
  return outboxOn(db, file);
};

const outboxOn = (db: SqliteDatabase.Database, file: string): Outbox => {
  const insert = db.prepare<Row>(`
    insert into notification values (@receiver, @id, @type, @at, @body, @state, @tries, @next_at,
      @last_at, @last_status, @last_code, @last_detail)
    on conflict do nothing`);
  const change = db.prepare<Row>(`
    update notification set state = @state, tries = @tries, next_at = @next_at, last_at = @last_at,
      last_status = @last_status, last_code = @last_code, last_detail = @last_detail
    where receiver = @receiver and id = @id`);
  const ask = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (thrown) {
      throw errorOf(thrown, file);
    }
  };
  return {
    waiting: () =>
      ask(() =>
        db.prepare<[], Row>(`select * from notification where state = 'waiting' order by at, id`).all().map(fromRow),
      ),
    add: (notification) => ask(() => insert.run(toRow(notification)).changes > 0),
    update: (notification) => ask(() => void change.run(toRow(notification))),
    list: ({ receiver, before, limit }) =>
      ask(() => {
        const where = [
          ...(receiver === undefined ? [] : ['receiver = @receiver']),
          ...(before ? ['(at, id, receiver) < (@beforeAt, @beforeId, @beforeReceiver)'] : []),
        ];
        const filter = where.length > 0 ? `where ${where.join(' and ')}` : '';
        const words = {
          limit,
          ...(receiver === undefined ? {} : { receiver }),
          ...(before ? { beforeAt: before.at, beforeId: before.id, beforeReceiver: before.receiver } : {}),
        };
        return db
          .prepare<typeof words, Row>(
            `select * from notification ${filter} order by at desc, id desc, receiver desc limit @limit`,
          )
          .all(words)
          .map(fromRow);
      }),
    prune: (most) =>
      ask(
        () =>
          db
            .prepare<[number]>(
              `delete from notification where (receiver, id) in (
                 select receiver, id from (
                   select receiver, id, row_number() over (partition by receiver order by at desc, id desc) as place
                   from notification where state != 'waiting')
                 where place > ?)`,
            )
            .run(most).changes,
      ),
    blind: () =>
      ask(
        () =>
          new Map(
            db
              .prepare<[], { camera: string; since: number }>('select * from blind_camera')
              .all()
              .map(({ camera, since }) => [camera as CameraId, epochMs(since)]),
          ),
      ),
    noteBlind: (camera, since) =>
      ask(() => {
        if (since === undefined) db.prepare('delete from blind_camera where camera = ?').run(camera);
        else db.prepare('insert or replace into blind_camera values (?, ?)').run(camera, since);
      }),
    close: () => ask(() => void db.close()),
  };
};
