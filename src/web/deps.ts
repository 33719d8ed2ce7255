// What the web is given by the composition root. It names no adapter.

import type { TimeZone } from '../domain/civil-time.ts';
import type { Language } from '../domain/errors.ts';
import type { Readiness } from '../domain/readiness.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Assets } from './assets.ts';
import type { Status } from './status.ts';
import type { LiveSource } from './status-feed.ts';

export interface Vitals {
  readiness(): Promise<Readiness>;
  /** Prometheus text format 0.0.4. */
  metrics(): Promise<string>;
}

export interface WebLog {
  error(text: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface WebDeps {
  readonly catalog: Pick<Catalog, 'list' | 'find' | 'findByPath' | 'days' | 'count' | 'sheet'>;
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
  readonly assets: Assets;
  readonly log: WebLog;
  readonly version: string;
  /** True for `npm run demo`: every page says so. */
  readonly isDemo: boolean;
}
