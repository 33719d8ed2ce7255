import type { CameraId, StillId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';

/** A place in the newest-first order of stills. */
export interface StillCursor {
  readonly takenAt: number;
  readonly id: StillId;
}

export interface StillQuery {
  /** Local day, `YYYY-MM-DD`. */
  readonly day?: string;
  readonly camera?: CameraId;
  /** Only stills older than this one. */
  readonly before?: StillCursor;
  /** Only stills newer than this one, and of those the nearest to it. Not together with `before`. */
  readonly after?: StillCursor;
  /** Only the covers: no `before` and `peak` siblings. */
  readonly coversOnly?: boolean;
  readonly limit: number;
}

export interface DayCount {
  readonly day: string;
  readonly camera: CameraId;
  readonly stills: number;
}

/** The rebuildable index of the store. */
export interface Catalog {
  /**
   * Records many at once, in one transaction; after a power cut they are still there. A still that is known already is left
   * as it is. A path holds one still: a found photo (source `file`) leaves an earlier row there alone, any other replaces it.
   * @returns how many were new
   */
  record(stills: readonly StoredStill[]): Promise<number>;
  find(id: StillId): Promise<StoredStill | undefined>;
  findByPath(path: string): Promise<StoredStill | undefined>;
  /** Those of `paths` that no still is recorded at, in the order given. */
  unknownPaths(paths: readonly string[]): Promise<readonly string[]>;
  /** Newest first. */
  list(query: StillQuery): Promise<readonly StoredStill[]>;
  /** Newest day first; one row per camera that has stills that day. */
  days(): Promise<readonly DayCount[]>;
  count(): Promise<number>;
  close(): Promise<void>;
}
