// Rows of accounts.sqlite to and from what they mean. Lists and scopes are JSON; only this program writes them.

import type { ApiToken, AuditAction, SecretHash, Session, Share, ShareScope, User } from '../../domain/account.ts';
import type { CameraScope, Permission, Role } from '../../domain/permission.ts';
import { epochMs } from '../../domain/units.ts';
import type { NumberedAuditEntry } from '../../ports/accounts.ts';
import type { SecretSeal } from './sealed-secret.ts';

export interface UserRow {
  id: string;
  name: string;
  role: string;
  cameras: string;
  password_hash: string;
  totp: string | null;
  totp_used: number | null;
  recovery: string;
  created_at: number;
  last_login_at: number | null;
}

export interface SessionRow {
  hash: string;
  id: string;
  user: string;
  created_at: number;
  seen_at: number;
  address: string;
  agent: string;
}

export interface TokenRow {
  hash: string;
  id: string;
  user: string;
  name: string;
  permissions: string;
  cameras: string;
  created_at: number;
  expires_at: number | null;
  used_at: number | null;
}

export interface ShareRow {
  hash: string;
  id: string;
  user: string;
  scope: string;
  created_at: number;
  expires_at: number;
  opened: number;
}

export interface AuditRow {
  number: number;
  at: number;
  action: string;
  who: string;
  address: string;
  object: string;
  count: number;
  until: number | null;
}

const instant = (value: number | null): ReturnType<typeof epochMs> | undefined =>
  value === null ? undefined : epochMs(value);

export const toUserRow = (user: User, seal: SecretSeal): UserRow => ({
  id: user.id,
  name: user.name,
  role: user.role,
  cameras: JSON.stringify(user.cameras),
  password_hash: user.passwordHash,
  totp: user.totp === undefined ? null : seal.seal(user.totp, user.id),
  totp_used: user.totpUsed ?? null,
  recovery: JSON.stringify(user.recovery),
  created_at: user.createdAt,
  last_login_at: user.lastLoginAt ?? null,
});

export const fromUserRow = (row: UserRow, seal: SecretSeal): User => ({
  id: row.id,
  name: row.name,
  role: row.role as Role,
  cameras: JSON.parse(row.cameras) as CameraScope,
  passwordHash: row.password_hash,
  totp: row.totp === null ? undefined : seal.open(row.totp, row.id),
  totpUsed: row.totp_used ?? undefined,
  recovery: JSON.parse(row.recovery) as readonly SecretHash[],
  createdAt: epochMs(row.created_at),
  lastLoginAt: instant(row.last_login_at),
});

export const fromSessionRow = (row: SessionRow): Session => ({
  hash: row.hash as SecretHash,
  id: row.id,
  user: row.user,
  createdAt: epochMs(row.created_at),
  seenAt: epochMs(row.seen_at),
  address: row.address,
  agent: row.agent,
});

export const fromTokenRow = (row: TokenRow): ApiToken => ({
  hash: row.hash as SecretHash,
  id: row.id,
  user: row.user,
  name: row.name,
  permissions: JSON.parse(row.permissions) as readonly Permission[],
  cameras: JSON.parse(row.cameras) as CameraScope,
  createdAt: epochMs(row.created_at),
  expiresAt: instant(row.expires_at),
  usedAt: instant(row.used_at),
});

export const fromShareRow = (row: ShareRow): Share => ({
  hash: row.hash as SecretHash,
  id: row.id,
  user: row.user,
  scope: JSON.parse(row.scope) as ShareScope,
  createdAt: epochMs(row.created_at),
  expiresAt: epochMs(row.expires_at),
  opened: row.opened,
});

export const fromAuditRow = (row: AuditRow): NumberedAuditEntry => ({
  ...row,
  at: epochMs(row.at),
  until: epochMs(row.until ?? row.at),
  action: row.action as AuditAction,
});
