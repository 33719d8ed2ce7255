// What the System screens are drawn from. Types only.

import type { AuditAction } from '../domain/account.ts';
import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { Permission, Role } from '../domain/permission.ts';
import type { ShareView } from './wire-accounts.ts';
import type { StorageView } from './wire-api.ts';

/** What the System page leads to: a screen, and its state in one line. */
export interface SystemEntry {
  readonly place: 'health' | 'storage' | 'ledger' | 'account' | 'users' | 'audit' | 'notifications' | 'config';
  readonly href: string;
  /** null: nothing to say before it is opened. */
  readonly state: { readonly text: string; readonly tone: 'good' | 'bad' | 'waiting' | null } | null;
}

export interface SystemData {
  readonly entries: readonly SystemEntry[];
  /** Not logged in, and could be. */
  readonly canLogIn: boolean;
}

export interface CameraChoice {
  readonly id: string;
  readonly name: string;
}

export interface SessionRow {
  readonly id: string;
  /** Browser and system in a word each, as far as it says. */
  readonly agent: string;
  readonly address: string;
  readonly since: string;
  readonly seen: string;
  readonly isThis: boolean;
}

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** null: every camera. */
  readonly cameras: readonly string[] | null;
  /** null: until it is taken away. */
  readonly expires: string | null;
  /** null: never. */
  readonly used: string | null;
}

export interface ShareRow {
  readonly id: string;
  readonly of: ShareView['scope']['of'];
  readonly title: string;
  readonly expires: string;
  readonly opened: number;
  readonly by: string;
}

export interface AccountData {
  /** Characters of a new password, at least. */
  readonly passwordLength: number;
  readonly name: string;
  readonly role: Role;
  readonly hasSecondFactor: boolean;
  readonly recoveryLeft: number;
  readonly sessions: readonly SessionRow[];
  readonly tokens: readonly TokenRow[];
  readonly shares: readonly ShareRow[];
  /** What a token of this account may be given. */
  readonly grantable: readonly Permission[];
  readonly cameras: readonly CameraChoice[];
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** null: every camera. */
  readonly cameras: readonly string[] | null;
  readonly hasSecondFactor: boolean;
  /** null: never. */
  readonly lastLogin: string | null;
  readonly isSelf: boolean;
}

export interface UsersData {
  /** Characters of a new password, at least. */
  readonly passwordLength: number;
  readonly users: readonly UserRow[];
  readonly shares: readonly ShareRow[];
  readonly cameras: readonly CameraChoice[];
}

export interface AuditRowView {
  readonly number: number;
  readonly time: string;
  readonly iso: string;
  /** null: a moment. */
  readonly until: string | null;
  readonly action: AuditAction;
  readonly who: string;
  readonly address: string;
  /** What was done to it, by the name of the API's operation; null: the action says it. */
  readonly operation: string | null;
  readonly object: string;
  readonly count: number;
}

export interface AuditData {
  readonly days: readonly { readonly title: string; readonly rows: readonly AuditRowView[] }[];
  readonly changesOnly: boolean;
  readonly older: string | null;
}

export interface StorageData {
  /** False: this program runs without a configuration that could be written. */
  readonly canApply: boolean;
  readonly storage: StorageView;
  /** Sizes and days as they are read. */
  readonly texts: {
    readonly used: string;
    readonly total: string;
    readonly free: string;
    readonly held: string;
    readonly perDay: string | null;
    readonly fullOn: string | null;
    readonly takesFrom: string | null;
    readonly keepFree: string;
  };
  /** Hundredths of the disk. */
  readonly share: { readonly photos: number; readonly other: number };
  readonly cameras: readonly {
    readonly name: string;
    readonly photos: number;
    readonly size: string;
    readonly share: number;
  }[];
}

/** A figure of the machine, as it is read. */
export interface HealthFigure {
  readonly term: 'cpu' | 'memory' | 'load' | 'up' | 'spool' | 'store' | 'disk' | 'program' | 'node' | 'system';
  readonly text: string;
  readonly tone: 'good' | 'bad' | null;
}

export interface HealthData {
  readonly isWell: boolean;
  /** Why not: what does not see, keep or ship. */
  readonly reasons: readonly string[];
  readonly figures: readonly HealthFigure[];
  readonly cameras: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: 'seeing' | 'blind' | 'starting';
    readonly since: string;
    readonly latest: string | null;
    readonly code: StillwatchErrorCode | null;
    readonly text: string | null;
  }[];
  readonly mayReport: boolean;
}
