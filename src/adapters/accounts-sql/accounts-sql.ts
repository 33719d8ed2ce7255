// Accounts in an SQLite file of their own, readable by this program's user alone. What must not happen twice (claiming the
// site, using a code) and what must never happen (no owner left) is decided inside one transaction.

import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { SecretHash, User } from '../../domain/account.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { databaseError } from '../../domain/storage-error.ts';
import { epochMs } from '../../domain/units.ts';
import type { Accounts, UserChangeOutcome } from '../../ports/accounts.ts';
import {
  type AuditRow,
  fromAuditRow,
  fromSessionRow,
  fromShareRow,
  fromTokenRow,
  fromUserRow,
  type SessionRow,
  type ShareRow,
  type TokenRow,
  toUserRow,
  type UserRow,
} from './row.ts';
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { isSealed, readSealKey, type SecretSeal, secretSeal } from './sealed-secret.ts';

/** The command line writes to the same file; wait for it this long. */
const BUSY_MS = 5000;
/** About 20 MB; a year of a household that looks a hundred times a day is 36 500. */
const MOST_AUDIT = 100_000;
/** A clean-up each so many entries: one delete of a slice, not one per entry. */
const AUDIT_SLACK = 1000;
/** Whoever looks again within this is still here; a picture frame that always looks begins a new visit each day. */
const VISIT_PAUSE_MS = 30 * 60_000;
const VISIT_LONGEST_MS = 86_400_000;

const errorOf = (thrown: unknown, path: string): StillwatchError => databaseError(thrown, path, 'SW_ACCOUNTS_DAMAGED');

/** Made before SQLite does, so that there is no moment in which others may read it; its -wal and -shm take the same mode. */
const makePrivate = async (file: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o750 });
  await (await open(file, 'a', 0o600)).close();
  await chmod(file, 0o600);
};

/** @throws StillwatchError SW_CATALOG_NEWER, SW_ACCOUNTS_DAMAGED, SW_STORE_FULL, SW_STORE_WRITE */
export const sqlAccounts = async (options: {
  readonly file: string;
  readonly mostAudit?: number;
}): Promise<Accounts> => {
  const file = resolve(options.file);
  let db: SqliteDatabase.Database | undefined;
  try {
    await makePrivate(file);
    db = new SqliteDatabase(file, { timeout: BUSY_MS });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // A password hash or a code that was taken away is not left in a free page.
    db.pragma('secure_delete = ON');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION) throw new StillwatchError('SW_CATALOG_NEWER', { path: file });
    if (version === 0) db.transaction(() => db?.exec(SCHEMA)).immediate();
    else {
      for (let from = version; from < SCHEMA_VERSION; from++)
        db.transaction(() => db?.exec(MIGRATIONS[from] ?? '')).immediate();
    }
  } catch (thrown) {
    db?.close();
    throw errorOf(thrown, file);
  }
  try {
    const seal = secretSeal(await readSealKey(keyFileOf(file), !hasSealed(db)));
    sealPlain(db, seal);
    return accountsOn(db, file, seal, options.mostAudit ?? MOST_AUDIT);
  } catch (thrown) {
    db.close();
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StillwatchError('SW_ACCOUNTS_DAMAGED', { path: keyFileOf(file), detail }, { cause: thrown });
  }
};

/** `accounts.sqlite` has its key in `accounts.key`. */
const keyFileOf = (file: string): string => file.replace(/(?:\.sqlite)?$/, '.key');

const secondFactors = (db: SqliteDatabase.Database): readonly { id: string; totp: string }[] =>
  db.prepare<[], { id: string; totp: string }>('select id, totp from user where totp is not null').all();

/** Then a key that is gone must not be made anew: it would switch everybody's second factor off, or lock them out. */
const hasSealed = (db: SqliteDatabase.Database): boolean => secondFactors(db).some(({ totp }) => isSealed(totp));

/** Seals what an earlier version left as it was. */
const sealPlain = (db: SqliteDatabase.Database, seal: SecretSeal): void => {
  for (const { id, totp } of secondFactors(db)) {
    if (!isSealed(totp)) db.prepare('update user set totp = ? where id = ?').run(seal.seal(totp, id), id);
  }
};

const accountsOn = (db: SqliteDatabase.Database, file: string, seal: SecretSeal, mostAudit: number): Accounts => {
  const ask = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (thrown) {
      throw errorOf(thrown, file);
    }
  };
  /** Takes the write lock first: what is read inside is still true when it is written. */
  const change = <T>(work: () => T): Promise<T> => ask(() => db.transaction(work).immediate());

  const userById = (id: string): User | undefined => {
    const row = db.prepare<[string], UserRow>('select * from user where id = ?').get(id);
    return row && fromUserRow(row, seal);
  };
  const userByName = (name: string): User | undefined => {
    const row = db.prepare<[string], UserRow>('select * from user where name = ?').get(name);
    return row && fromUserRow(row, seal);
  };
  const owners = (): number =>
    db.prepare<[], { n: number }>(`select count(*) as n from user where role = 'owner'`).get()?.n ?? 0;
  const put = db.prepare<UserRow>(`
    insert into user values (@id, @name, @role, @cameras, @password_hash, @totp, @totp_used, @recovery, @created_at, @last_login_at)
    on conflict (id) do update set name = @name, role = @role, cameras = @cameras, password_hash = @password_hash,
      totp = @totp, totp_used = @totp_used, recovery = @recovery, last_login_at = @last_login_at`);

  const writeAudit = (entry: Omit<AuditRow, 'number'>): void => {
    const { lastInsertRowid } = db
      .prepare(
        `insert into audit (at, action, who, address, object, count, until)
         values (@at, @action, @who, @address, @object, @count, @until)`,
      )
      .run(entry);
    const number = Number(lastInsertRowid);
    if (number % Math.min(AUDIT_SLACK, mostAudit) === 0) {
      db.prepare('delete from audit where number <= ?').run(number - mostAudit);
    }
  };

  const changeUser = (id: string, wanted: Partial<User>): UserChangeOutcome => {
    const user = userById(id);
    if (!user) return 'unknown';
    const next = { ...user, ...wanted };
    const other = userByName(next.name);
    if (other && other.id !== id) return 'name';
    if (user.role === 'owner' && next.role !== 'owner' && owners() === 1) return 'last-owner';
    put.run(toUserRow(next, seal));
    return 'changed';
  };

  return {
    users: () =>
      ask(() =>
        db
          .prepare<[], UserRow>('select * from user order by created_at, id')
          .all()
          .map((row) => fromUserRow(row, seal)),
      ),
    user: (id) => ask(() => userById(id)),
    userByName: (name) => ask(() => userByName(name)),
    addUser: (user, as) =>
      change(() => {
        if (userByName(user.name)) return false;
        if (as === 'first' && db.prepare('select 1 from user limit 1').get()) return false;
        put.run(toUserRow({ ...user, recovery: [] }, seal));
        return true;
      }),
    changeUser: (id, wanted) => change(() => changeUser(id, wanted)),
    removeUser: (id) =>
      change(() => {
        const user = userById(id);
        if (!user) return 'unknown';
        if (user.role === 'owner' && owners() === 1) return 'last-owner';
        db.prepare('delete from user where id = ?').run(id);
        return 'changed';
      }),
    useCode: (user, period) =>
      change(
        () =>
          db
            .prepare('update user set totp_used = @period where id = @user and coalesce(totp_used, -1) < @period')
            .run({ user, period }).changes === 1,
      ),
    useRecovery: (id, hash) =>
      change(() => {
        const user = userById(id);
        if (!user?.recovery.includes(hash)) return false;
        return changeUser(id, { recovery: user.recovery.filter((one) => one !== hash) }) === 'changed';
      }),

    addSession: (session) =>
      change(() => {
        db.prepare('insert into session values (@hash, @id, @user, @createdAt, @seenAt, @address, @agent)').run(
          session,
        );
        db.prepare(
          `insert into known_address values (@user, @address, @seenAt)
           on conflict (user, address) do update set seen_at = @seenAt`,
        ).run(session);
      }),
    session: (hash) =>
      ask(() => {
        const row = db.prepare<[string], SessionRow>('select * from session where hash = ?').get(hash);
        return row && fromSessionRow(row);
      }),
    sessionsOf: (user) =>
      ask(() =>
        db
          .prepare<[string], SessionRow>('select * from session where user = ? order by seen_at desc, id')
          .all(user)
          .map(fromSessionRow),
      ),
    touchSession: (hash, at) =>
      ask(() => void db.prepare('update session set seen_at = max(seen_at, ?) where hash = ?').run(at, hash)),
    endSessions: (user, { id, except }) =>
      ask(
        () =>
          db
            .prepare(
              `delete from session where user = @user and (@id is null or id = @id) and (@except is null or hash != @except)`,
            )
            .run({ user, id: id ?? null, except: except ?? null }).changes,
      ),
    isKnownAddress: (user, address) =>
      ask(
        () => db.prepare('select 1 from known_address where user = ? and address = ?').get(user, address) !== undefined,
      ),

    addToken: (token) =>
      ask(
        () =>
          void db
            .prepare(
              'insert into token values (@hash, @id, @user, @name, @permissions, @cameras, @createdAt, @expiresAt, @usedAt)',
            )
            .run({
              ...token,
              permissions: JSON.stringify(token.permissions),
              cameras: JSON.stringify(token.cameras),
              expiresAt: token.expiresAt ?? null,
              usedAt: token.usedAt ?? null,
            }),
      ),
    token: (hash) =>
      ask(() => {
        const row = db.prepare<[string], TokenRow>('select * from token where hash = ?').get(hash);
        return row && fromTokenRow(row);
      }),
    tokens: (user) =>
      ask(() =>
        db
          .prepare<{ user: string | null }, TokenRow>(
            'select * from token where @user is null or user = @user order by created_at desc, id',
          )
          .all({ user: user ?? null })
          .map(fromTokenRow),
      ),
    touchToken: (hash, at) =>
      ask(
        () => void db.prepare('update token set used_at = max(coalesce(used_at, 0), ?) where hash = ?').run(at, hash),
      ),
    removeToken: (id, user) =>
      ask(
        () =>
          db
            .prepare('delete from token where id = @id and (@user is null or user = @user)')
            .run({ id, user: user ?? null }).changes === 1,
      ),

    addShare: (share) =>
      ask(
        () =>
          void db
            .prepare('insert into share values (@hash, @id, @user, @scope, @createdAt, @expiresAt, @opened)')
            .run({ ...share, scope: JSON.stringify(share.scope) }),
      ),
    share: (hash) =>
      ask(() => {
        const row = db.prepare<[string], ShareRow>('select * from share where hash = ?').get(hash);
        return row && fromShareRow(row);
      }),
    shares: (user) =>
      ask(() =>
        db
          .prepare<{ user: string | null }, ShareRow>(
            'select * from share where @user is null or user = @user order by created_at desc, id',
          )
          .all({ user: user ?? null })
          .map(fromShareRow),
      ),
    countOpening: (hash) => ask(() => void db.prepare('update share set opened = opened + 1 where hash = ?').run(hash)),
    removeShare: (id, user) =>
      ask(
        () =>
          db
            .prepare('delete from share where id = @id and (@user is null or user = @user)')
            .run({ id, user: user ?? null }).changes === 1,
      ),

    setSetupKey: (key) =>
      change(() => {
        db.prepare('delete from setup_key').run();
        if (key) db.prepare('insert into setup_key values (1, @hash, @expiresAt)').run(key);
      }),
    setupKey: () =>
      ask(() => {
        const row = db
          .prepare<[], { hash: string; expires_at: number }>('select hash, expires_at from setup_key')
          .get();
        return row && { hash: row.hash as SecretHash, expiresAt: epochMs(row.expires_at) };
      }),

    write: (entry) => ask(() => writeAudit({ ...entry, count: 1, until: null })),
    writeViewings: (viewings) =>
      change(() => {
        for (const { who, address, camera: object, from, until, photos: count } of viewings) {
          const grown = db
            .prepare(
              `update audit set count = count + @count, until = @until
               where action = 'viewed' and who = @who and address = @address and object = @object
                 and until >= @from - ${VISIT_PAUSE_MS} and at >= @from - ${VISIT_LONGEST_MS}`,
            )
            .run({ who, address, object, from, until, count }).changes;
          if (grown === 0) writeAudit({ at: from, action: 'viewed', who, address, object, count, until });
        }
      }),
    audit: ({ before, limit, actions }) =>
      ask(() =>
        db
          .prepare<{ before: number | null; limit: number; actions: string | null }, AuditRow>(
            `select * from audit where (@before is null or number < @before)
               and (@actions is null or action in (select value from json_each(@actions)))
             order by number desc limit @limit`,
          )
          .all({ before: before ?? null, limit, actions: actions ? JSON.stringify(actions) : null })
          .map(fromAuditRow),
      ),
    forgetExpired: (now, { idle, longest }) =>
      change(() => {
        db.prepare('delete from session where seen_at <= ? or created_at <= ?').run(now - idle, now - longest);
        db.prepare('delete from known_address where seen_at <= ?').run(now - longest);
        db.prepare('delete from token where expires_at <= ?').run(now);
        db.prepare('delete from share where expires_at <= ?').run(now);
        db.prepare('delete from setup_key where expires_at <= ?').run(now);
      }),
    close: () => ask(() => void db.close()),
  };
};
