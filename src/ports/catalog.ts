import type { CameraId, EpisodeId, StillId } from '../domain/ids.ts';
import type { KeepClass } from '../domain/retention.ts';
import type { StoredStill } from '../domain/still.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { EpochMs } from '../domain/units.ts';

/** A place in the newest-first order of stills. */
export interface StillCursor {
  readonly takenAt: number;
  readonly id: StillId;
}

export interface StillQuery {
  /** Local day, `YYYY-MM-DD`. */
  readonly day?: string;
  readonly camera?: CameraId;
  /** Only of these cameras; of none when it is empty. */
  readonly cameras?: readonly CameraId[];
  /** Only stills older than this one. */
  readonly before?: StillCursor;
  /** Only stills newer than this one, and of those the nearest to it. Not together with `before`. */
  readonly after?: StillCursor;
  /** Only the covers: no `before` and `peak` siblings. */
  readonly coversOnly?: boolean;
  /** Only the stills of one happening. */
  readonly episode?: EpisodeId;
  /** Only stills that show this change. */
  readonly verdict?: ChangeVerdict;
  readonly limit: number;
}

export interface DayCount {
  readonly day: string;
  readonly camera: CameraId;
  readonly stills: number;
  readonly bytes: number;
}

export interface OldestQuery {
  readonly class: KeepClass;
  /** Only stills taken before this. */
  readonly before: EpochMs;
  /** Only stills that come after this one, oldest first. */
  readonly after?: StillCursor;
  readonly limit: number;
}

/** A still that is no longer in the catalogue, and whose bytes may still lie in the store. */
export interface RetiredStill {
  readonly path: string;
  readonly sha256: string;
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
  /** Oldest first, of one class. */
  oldest(query: OldestQuery): Promise<readonly StoredStill[]>;
  /** In order of path, those after `after`. */
  byPath(after: string, limit: number): Promise<readonly StoredStill[]>;
  /**
   * Takes stills out of every answer, and remembers their paths, in one transaction. Until `forget`, a path counts as
   * known, so that nobody adopts what is about to go; a still that is recorded there again takes it back.
   * @returns those that were in the catalogue
   */
  retire(ids: readonly StillId[]): Promise<readonly RetiredStill[]>;
  /** What was retired and not forgotten, in order of path. */
  retired(limit: number): Promise<readonly RetiredStill[]>;
  /** The bytes of these retired stills are gone. */
  forget(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
