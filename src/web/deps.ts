// What the web is given by the composition root. It names no adapter.

import type { FastifyRequest } from 'fastify';
import type { TimeZone } from '../domain/civil-time.ts';
import type { Language } from '../domain/errors.ts';
import type { Principal } from '../domain/permission.ts';
import type { Readiness } from '../domain/readiness.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { ApiParts } from './api/parts.ts';
import type { Assets } from './assets.ts';
import type { AuthDeps } from './auth/deps.ts';
import type { InboxPages } from './inbox-pages.ts';
import type { NotifyDoor } from './notify-routes.ts';
import type { Status } from './status.ts';
import type { LiveSource } from './status-feed.ts';

/** What the program costs, and where it runs. */
export interface MachineView {
  /** Of one processor: its mean since it was asked before, or since the start. With all its children. */
  readonly cpuShare: number;
  readonly memory: { readonly own: number; readonly total: number };
  readonly processors: number;
  /** Processes that want a processor, mean of the last minute. */
  readonly load: number;
  readonly uptimeSeconds: number;
  /** Photos that are safe and not in the store yet. */
  readonly waiting: number;
  readonly node: string;
  readonly platform: string;
}

export interface Vitals {
  readiness(): Promise<Readiness>;
  machine(): Promise<MachineView>;
  /** Prometheus text format 0.0.4. */
  metrics(): Promise<string>;
}

export interface WebLog {
  error(text: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface WebDeps {
  readonly catalog: Pick<
    Catalog,
    'list' | 'find' | 'findByPath' | 'days' | 'coverDays' | 'dayHours' | 'count' | 'sheet'
  >;
  readonly ledger: Pick<Ledger, 'list' | 'sums'>;
  readonly api: ApiParts;
  readonly store: Pick<BlobStore, 'read'>;
  readonly thumbnails: Thumbnailer;
  readonly status: () => Status;
  readonly live: LiveSource;
  readonly vitals: Vitals;
  readonly clock: Clock;
  readonly zone: TimeZone;
  /** For visitors whose browser asks for neither English nor Danish. */
  readonly language: Language;
  readonly access: AccessPolicy;
  /** HTTPS by the program itself; undefined: plain HTTP, or HTTPS by a proxy. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly isCertified: boolean };
  /** Says who asks in place of accounts and address: for the tests that try every route as everybody. */
  readonly identify?: (request: FastifyRequest) => Promise<Principal | undefined>;
  /** undefined: this role has no accounts, and nobody can log in. */
  readonly auth?: AuthDeps;
  /** Where cameras post their events; undefined: nowhere. */
  readonly notify?: NotifyDoor;
  /** Cameras that send by themselves; undefined: none does. */
  readonly inbox?: InboxPages;
  readonly assets: Assets;
  readonly log: WebLog;
  readonly version: string;
  /** True for `npm run demo`: every page says so. */
  readonly isDemo: boolean;
}
