import type { ClaimKind } from '../domain/camera-message.ts';
import type { CameraId, EpisodeId, StillId } from '../domain/ids.ts';
import type { PhotoFilter } from '../domain/photo-filter.ts';
import type { KeepClass } from '../domain/retention.ts';
import type { StillKind, StillSourceName, StoredStill } from '../domain/still.ts';
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
  /** Only stills that show this change, by the owner's word where there is one. */
  readonly verdict?: ChangeVerdict;
  readonly verdicts?: readonly ChangeVerdict[];
  /** Taken at or after. */
  readonly from?: EpochMs;
  /** Taken before. */
  readonly until?: EpochMs;
  readonly hours?: HourSpan;
  readonly kinds?: readonly StillKind[];
  readonly sources?: readonly StillSourceName[];
  /** Only stills of which the camera said one of these. */
  readonly claims?: readonly ClaimKind[];
  readonly isFavourite?: boolean;
  readonly limit: number;
}

/** Hours of the day by the clock at the site: `from` included, `until` not; over midnight when `from` is the greater. */
export interface HourSpan {
  readonly from: number;
  readonly until: number;
}

export interface DayCount {
  readonly day: string;
  readonly camera: CameraId;
  /** Every file: what is kept and taken away. */
  readonly stills: number;
  /** Without the `before` and `peak` beside a cover: what people count as photos. */
  readonly covers: number;
  readonly bytes: number;
}

/** Which covers are meant; without any of these, all. */
export interface CoverCondition {
  readonly cameras?: readonly CameraId[];
  readonly what?: PhotoFilter;
}

/** How many covers of a condition a camera has on a day. */
export type CoverCount = Pick<DayCount, 'day' | 'camera' | 'covers'>;

/** The same of an hour of one day, 0..23 by the clock at the site. */
export interface HourCount {
  readonly hour: number;
  readonly camera: CameraId;
  readonly covers: number;
}

export interface SheetCondition extends CoverCondition {
  /** Only of this hour, 0..23. */
  readonly hour?: number;
}

/** What a sheet of many small pictures needs of a cover. */
export interface SheetRow {
  readonly path: string;
  readonly camera: CameraId;
  readonly kind: StillKind;
  readonly verdict: ChangeVerdict | undefined;
  readonly width: number;
  readonly height: number;
  readonly isFavourite: boolean;
}

/** What the owner said of a still. It is kept outside the catalogue (see `ports/keeping.ts`) and noted here to be found. */
export interface OwnerNote {
  readonly isFavourite?: boolean;
  /** null: the owner's word is taken back, and the comparison's counts again. */
  readonly verdict?: ChangeVerdict | null;
}

/** Deleted by a person, and until then brought back on a word. */
export interface HeldStill {
  readonly still: StoredStill;
  readonly until: EpochMs;
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
   * as it is, and one that is held stays out. A path holds one still: a found photo (source `file`) leaves an earlier row there
   * alone, any other replaces it.
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
  /** Covers. */
  count(): Promise<number>;
  /** Newest day first; days and cameras without such a cover are left out. */
  coverDays(only: CoverCondition): Promise<readonly CoverCount[]>;
  /** The hours of a local day that have such covers, the last hour first; within an hour by camera. */
  dayHours(day: string, only: CoverCondition): Promise<readonly HourCount[]>;
  /** Every cover of a local day, newest first. */
  sheet(day: string, only?: SheetCondition): Promise<readonly SheetRow[]>;
  /** @returns the still as it is now; undefined when it is not known */
  note(id: StillId, note: OwnerNote): Promise<StoredStill | undefined>;
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
  /**
   * Takes stills out of every answer, and keeps them to be brought back until `until`; their paths count as known.
   * @returns those that were in the catalogue
   */
  hold(ids: readonly StillId[], until: EpochMs): Promise<readonly StillId[]>;
  /** undefined: not held (any more). */
  restore(id: StillId): Promise<StoredStill | undefined>;
  held(): Promise<readonly HeldStill[]>;
  /** What was held until before `now` is retired, unless a still is recorded at its path again. @returns how many */
  retireHeld(now: EpochMs): Promise<number>;
  close(): Promise<void>;
}
