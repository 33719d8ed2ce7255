import type {
  ApiToken,
  AuditAction,
  AuditEntry,
  NewUser,
  SecretHash,
  Session,
  SessionLimits,
  Share,
  User,
} from '../domain/account.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Viewing } from '../domain/viewing.ts';

/** `last-owner`: somebody must be able to administer; `name`: another account has that name. */
export type UserChangeOutcome = 'changed' | 'unknown' | 'last-owner' | 'name';

export interface AuditQuery {
  readonly before?: number;
  readonly actions?: readonly AuditAction[];
  readonly limit: number;
}

export interface NumberedAuditEntry extends AuditEntry {
  /** Grows with time; the place to go on from. */
  readonly number: number;
  /** Photos that were seen, from `at` until `until`; of any other action 1 and `at`. */
  readonly count: number;
  readonly until: EpochMs;
}

/** Who may log in, kept for good. Every change is durable when it resolves. */
export interface Accounts {
  users(): Promise<readonly User[]>;
  user(id: string): Promise<User | undefined>;
  /** Names are compared without regard to case. */
  userByName(name: string): Promise<User | undefined>;
  /** True when there was no account with that name, and (for `first`) none at all: of two who claim at once, one does. */
  addUser(user: NewUser, as: 'first' | 'another'): Promise<boolean>;
  changeUser(id: string, change: Partial<Omit<User, 'id' | 'createdAt'>>): Promise<UserChangeOutcome>;
  /** With its sessions, tokens and links. */
  removeUser(id: string): Promise<UserChangeOutcome>;
  /** Marks this period's code as used; false when it, or a later one, was used before. */
  useCode(user: string, period: number): Promise<boolean>;
  /** Takes a recovery code away; false when it is not there. */
  useRecovery(user: string, hash: SecretHash): Promise<boolean>;

  addSession(session: Session): Promise<void>;
  session(hash: SecretHash): Promise<Session | undefined>;
  sessionsOf(user: string): Promise<readonly Session[]>;
  touchSession(hash: SecretHash, at: EpochMs): Promise<void>;
  /** Ends those of the user, all but one; undefined: all. @returns how many */
  endSessions(user: string, options: { readonly id?: string; readonly except?: SecretHash }): Promise<number>;
  /** Has this address logged in to this account before? */
  isKnownAddress(user: string, address: string): Promise<boolean>;

  addToken(token: ApiToken): Promise<void>;
  token(hash: SecretHash): Promise<ApiToken | undefined>;
  tokens(user?: string): Promise<readonly ApiToken[]>;
  touchToken(hash: SecretHash, at: EpochMs): Promise<void>;
  /** @param user only if it is this one's */
  removeToken(id: string, user?: string): Promise<boolean>;

  addShare(share: Share): Promise<void>;
  share(hash: SecretHash): Promise<Share | undefined>;
  shares(user?: string): Promise<readonly Share[]>;
  countOpening(hash: SecretHash): Promise<void>;
  removeShare(id: string, user?: string): Promise<boolean>;

  /** The key that claims this site; undefined takes it away. */
  setSetupKey(key: { readonly hash: SecretHash; readonly expiresAt: EpochMs } | undefined): Promise<void>;
  setupKey(): Promise<{ readonly hash: SecretHash; readonly expiresAt: EpochMs } | undefined>;

  /** Bounded: the oldest entries go first. */
  write(entry: AuditEntry): Promise<void>;
  /** Adds to the entry of the visit that goes on, or begins one. */
  writeViewings(viewings: readonly Viewing[]): Promise<void>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<readonly NumberedAuditEntry[]>;
  /** Takes away sessions, tokens, links that are over. */
  forgetExpired(now: EpochMs, sessions: SessionLimits): Promise<void>;
  close(): Promise<void>;
}
