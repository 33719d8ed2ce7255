// The tables of accounts.sqlite. What expires or belongs to a user goes with it.

export const SCHEMA_VERSION = 2;

/** Finds the visit that an entry of looking at photos belongs to. */
const AUDIT_VISIT = `create index audit_visit on audit (who, address, object, number) where action = 'viewed';`;

/** From each version to the next. */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  1: `
    alter table audit add column count integer not null default 1;
    alter table audit add column until integer;
    ${AUDIT_VISIT}
    pragma user_version = 2;
  `,
};

export const SCHEMA: string = `
  create table user (
    id text primary key not null,
    name text not null unique collate nocase,
    role text not null check (role in ('owner', 'member', 'viewer')),
    cameras text not null,
    password_hash text not null,
    totp text,
    totp_used integer,
    recovery text not null default '[]',
    created_at integer not null,
    last_login_at integer
  ) strict;
  create table session (
    hash text primary key not null,
    id text not null unique,
    user text not null references user (id) on delete cascade,
    created_at integer not null,
    seen_at integer not null,
    address text not null,
    agent text not null
  ) strict, without rowid;
  create index session_user on session (user);
  create table known_address (
    user text not null references user (id) on delete cascade,
    address text not null,
    seen_at integer not null,
    primary key (user, address)
  ) strict, without rowid;
  create table token (
    hash text primary key not null,
    id text not null unique,
    user text not null references user (id) on delete cascade,
    name text not null,
    permissions text not null,
    cameras text not null,
    created_at integer not null,
    expires_at integer,
    used_at integer
  ) strict, without rowid;
  create table share (
    hash text primary key not null,
    id text not null unique,
    user text not null references user (id) on delete cascade,
    scope text not null,
    created_at integer not null,
    expires_at integer not null,
    opened integer not null default 0
  ) strict, without rowid;
  create table setup_key (
    only integer primary key check (only = 1),
    hash text not null,
    expires_at integer not null
  ) strict;
  create table audit (
    number integer primary key autoincrement,
    at integer not null,
    action text not null,
    who text not null,
    address text not null,
    object text not null,
    count integer not null default 1,
    until integer
  ) strict;
  ${AUDIT_VISIT}
  pragma user_version = ${SCHEMA_VERSION};
`;
