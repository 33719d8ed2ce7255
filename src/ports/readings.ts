import type { Audit } from '../domain/audit.ts';
import type { CameraId } from '../domain/ids.ts';
import type { KeptReading } from '../domain/readings.ts';
import type { EpochMs } from '../domain/units.ts';

/** Where a camera's watcher leaves what it saw. */
export interface ReadingLog {
  /**
   * Adds readings behind all that were added before. All or none survive a crash; a power cut may cost the last minutes.
   * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE
   */
  append(camera: CameraId, readings: readonly KeptReading[]): Promise<void>;
  /** The newest count of the audit of skipped pictures; undefined when none is kept. */
  lastAudit(camera: CameraId): Promise<Audit | undefined>;
}

/** What was seen, kept for tuning on the past. */
export interface ReadingArchive extends ReadingLog {
  /** Oldest first, from `from` (inclusive) to `until` (exclusive). What is damaged is left out, like time that was not seen. */
  read(camera: CameraId, from: EpochMs, until: EpochMs): Promise<readonly KeptReading[]>;
  /** The same in parts, none longer than a day: fourteen days of a busy camera are a hundred megabytes when they are read. */
  parts(camera: CameraId, from: EpochMs, until: EpochMs): AsyncIterable<readonly KeptReading[]>;
  /** Takes whole days away that ended before `before`. @returns how many files went */
  sweep(before: EpochMs): Promise<number>;
}
