// Accounts and what they leave behind: users, sessions, tokens, share links, the audit log. Nothing here can log anybody in:
// passwords are hashes, sessions, tokens and links are known by their SHA-256 only.

import type { CameraId, EpisodeId } from './ids.ts';
import type { CameraScope, Permission, Role } from './permission.ts';
import { type EpochMs, later, type Ms, ms } from './units.ts';

/** SHA-256 in lower-case hex of what the browser or the program holds. */
export type SecretHash = string & { readonly __secretHash: never };

export interface User {
  /** 16 lower-case hex digits. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly cameras: CameraScope;
  readonly passwordHash: string;
  /** Base32; undefined: no second factor. */
  readonly totp?: string | undefined;
  /** The last period whose code was used: a code works once. */
  readonly totpUsed?: number | undefined;
  /** Hashes of recovery codes that are left. */
  readonly recovery: readonly SecretHash[];
  readonly createdAt: EpochMs;
  readonly lastLoginAt?: EpochMs | undefined;
}

export type NewUser = Pick<User, 'id' | 'name' | 'role' | 'cameras' | 'passwordHash' | 'createdAt'>;

export interface Session {
  readonly hash: SecretHash;
  /** What it is called in lists: says nothing of the cookie. */
  readonly id: string;
  readonly user: string;
  readonly createdAt: EpochMs;
  readonly seenAt: EpochMs;
  readonly address: string;
  readonly agent: string;
}

export interface ApiToken {
  readonly hash: SecretHash;
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly cameras: CameraScope;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs | undefined;
  readonly usedAt: EpochMs | undefined;
}

/** What a link shows, and nothing else: one episode, one camera's day, or one camera for as long as the link lives. */
export type ShareScope =
  | { readonly of: 'episode'; readonly camera: CameraId; readonly episode: EpisodeId }
  | { readonly of: 'day'; readonly camera: CameraId; readonly day: string }
  | { readonly of: 'camera'; readonly camera: CameraId };

export interface Share {
  readonly hash: SecretHash;
  readonly id: string;
  readonly user: string;
  readonly scope: ShareScope;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly opened: number;
}

export const AUDIT_ACTIONS = [
  'claimed',
  'login',
  'login-refused',
  'logout',
  'password-changed',
  'second-factor-on',
  'second-factor-off',
  'session-ended',
  'user-added',
  'user-changed',
  'user-removed',
  'token-made',
  'token-removed',
  'shared',
  'share-removed',
  'share-opened',
  'viewed',
  'exported',
  'changed',
  'deleted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEntry {
  readonly at: EpochMs;
  readonly action: AuditAction;
  /** Name of the user, `visitor`, or a link's id; what was typed as a name at a refused login is not kept. */
  readonly who: string;
  readonly address: string;
  /** What it was done to: a camera, a still, a user's name. */
  readonly object: string;
}

const DAY: Ms = ms(86_400_000);

/** When a session is over. */
export interface SessionLimits {
  /** Nobody used it for this long. */
  readonly idle: Ms;
  /** However much it is used. */
  readonly longest: Ms;
}

/** What an owner may decide about accounts: `accounts` of the document. */
export interface AccountPolicy extends SessionLimits {
  /** Characters a new password has at least. */
  readonly passwordLength: number;
}

/** OWASP ASVS 3.3.2 asks for limits; a week and a season suit a household. */
export const ACCOUNT_POLICY: AccountPolicy = { idle: ms(7 * DAY), longest: ms(90 * DAY), passwordLength: 12 };

/** `seenAt` is written at most this often: not every thumbnail is a write. */
export const SESSION_TOUCH: Ms = ms(60_000);
/** The set-up key. */
export const SETUP_KEY_LASTS: Ms = ms(3_600_000);

export const isSessionAlive = (
  session: Pick<Session, 'createdAt' | 'seenAt'>,
  { idle, longest }: SessionLimits,
  now: EpochMs,
): boolean => now < later(session.seenAt, idle) && now < later(session.createdAt, longest);

export const isAlive = (one: { readonly expiresAt: EpochMs | undefined }, now: EpochMs): boolean =>
  one.expiresAt === undefined || now < one.expiresAt;

export const narrower = (a: CameraScope, b: CameraScope): CameraScope => {
  if (a === 'all') return b;
  return b === 'all' ? a : a.filter((camera) => b.includes(camera));
};

/** A name for an account: 1 to 40 letters, digits, spaces, `.`, `_`, `@`, `+`, `-`, with none of the spaces at an end. */
export const isUserName = (name: string): boolean =>
  name.length <= 40 && /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+-]*[\p{L}\p{N}._@+-])?$/u.test(name);
