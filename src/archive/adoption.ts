// Photos in the store that the catalogue does not know: another program's, or our own after the catalogue was deleted.
// Files are read, never touched. Our own facts inside a file give back the very row it had.

import { civilTime, instantOf, type TimeZone } from '../domain/civil-time.ts';
import { type CameraId, stillId } from '../domain/ids.ts';
import { jpegDamage, jpegSize } from '../domain/jpeg.ts';
import type { StoredStill } from '../domain/still.ts';
import { readStillFacts } from '../domain/still-facts.ts';
import { parseStillPath, type StillPlace, stillPlace } from '../domain/still-path.ts';
import { later, ms } from '../domain/units.ts';
import type { BlobInfo, BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';

/** Why a file is left out. `no-camera`: it lies at the root and no camera has its photos there. */
export type SkipReason = 'not a photo name' | 'too big' | 'no-camera' | 'damaged' | 'gone';

export interface AdoptionSum {
  /** Files looked at. */
  readonly seen: number;
  /** Of those, in the catalogue already. */
  readonly known: number;
  /** New in the catalogue now. */
  readonly recorded: number;
  readonly skipped: number;
  readonly reasons: Readonly<Partial<Record<SkipReason, number>>>;
  /** The first few that were skipped, to be named. */
  readonly examples: readonly { readonly path: string; readonly reason: SkipReason }[];
}

export interface AdoptionOptions {
  readonly store: BlobStore;
  readonly catalog: Catalog;
  /** Whose photos lie at the store's root. */
  readonly rootCamera: CameraId | undefined;
  /** The zone in which the names of found photos are read. */
  readonly zone: TimeZone;
  readonly signal?: AbortSignal;
  /** Told after each folder and each batch of new photos. */
  readonly onProgress?: (sum: AdoptionSum) => void;
}

/** Larger than any camera's JPEG; what is bigger is not read into memory. */
export const MOST_BYTES: number = 64 * 1024 * 1024;
/** New rows of one transaction: small enough that the gallery fills as it goes. */
const ROWS_AT_ONCE = 50;
/** Files of one folder looked up together; a day has hundreds, but nothing stops an owner from having more. */
const FILES_AT_ONCE = 5000;
const MOST_EXAMPLES = 10;

interface Candidate {
  readonly blob: BlobInfo;
  readonly place: StillPlace;
}

/** The first photo of a second before its copies: the name alone sorts `12-00-00-2.jpg` before `12-00-00.jpg`. */
const byPlace = (a: Candidate, b: Candidate): number =>
  a.place.time === b.place.time ? a.place.copy - b.place.copy : a.place.time < b.place.time ? -1 : 1;

/** True when the facts say that the file belongs where it lies: then it is the original, not somebody's copy. */
const belongsAt = (place: StillPlace, facts: Omit<StoredStill, 'bytes' | 'sha256' | 'path'>): boolean => {
  const wanted = stillPlace(place.camera, facts);
  const isCamera = place.camera === undefined || place.camera === facts.camera;
  return isCamera && wanted.day === place.day && wanted.time === place.time && wanted.sibling === place.sibling;
};

/** A still made from what name and file say, for a photo without facts of ours. */
export const foundStill = (
  { blob, place }: { readonly blob: Pick<BlobInfo, 'path' | 'bytes'>; readonly place: StillPlace },
  camera: CameraId,
  zone: TimeZone,
): Omit<StoredStill, 'sha256' | 'width' | 'height'> | undefined => {
  const second = instantOf(place.day, place.time, zone);
  if (second === undefined) return undefined;
  // Copies of one second keep their order.
  const takenAt = later(second, ms(place.copy - 1));
  const kind = place.sibling ?? 'adopted';
  return {
    id: stillId(camera, takenAt, kind, blob.path),
    camera,
    kind,
    cause: undefined,
    episode: undefined,
    takenAt,
    offsetMinutes: civilTime(takenAt, zone).offsetMinutes,
    bytes: blob.bytes,
    source: 'file',
    delay: undefined,
    isDemo: false,
    path: blob.path,
  };
};

/**
 * Records every photo of the store that the catalogue does not know, one folder after the other.
 * A deleted catalogue is rebuilt by the same run.
 * @throws StillwatchError when store or catalogue fail; the signal's reason when it aborts
 */
export const adopt = async (options: AdoptionOptions): Promise<AdoptionSum> => {
  const { store, catalog, rootCamera, zone, signal, onProgress } = options;
  const sum = { seen: 0, known: 0, recorded: 0, skipped: 0 };
  const reasons: Partial<Record<SkipReason, number>> = {};
  const examples: { path: string; reason: SkipReason }[] = [];
  const snapshot = (): AdoptionSum => ({ ...sum, reasons: { ...reasons }, examples: [...examples] });

  const skip = (path: string, reason: SkipReason): undefined => {
    sum.skipped++;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    if (examples.length < MOST_EXAMPLES) examples.push({ path, reason });
    return undefined;
  };

  const describe = async (candidate: Candidate, inThisBatch: ReadonlySet<string>): Promise<StoredStill | undefined> => {
    const { blob, place } = candidate;
    const { path } = blob;
    const camera = place.camera ?? rootCamera;
    if (blob.bytes > MOST_BYTES) return skip(path, 'too big');
    const jpeg = await store.read(path);
    const sha256 = await store.hash(path);
    if (!jpeg || sha256 === undefined) return skip(path, 'gone');
    // Half a photo may still be being written by another program; the next start looks again.
    if (jpegDamage(jpeg) !== undefined) return skip(path, 'damaged');
    const inner = readStillFacts(jpeg);
    const isOriginal =
      inner !== undefined && belongsAt(place, inner) && !inThisBatch.has(inner.id) && !(await catalog.find(inner.id));
    if (isOriginal) return { ...inner, bytes: jpeg.length, sha256, path };
    if (camera === undefined) return skip(path, 'no-camera');
    const found = foundStill(candidate, camera, zone);
    const size = jpegSize(jpeg);
    return found && size ? { ...found, ...size, bytes: jpeg.length, sha256 } : skip(path, 'damaged');
  };

  const lookInto = async (files: readonly BlobInfo[]): Promise<void> => {
    sum.seen += files.length;
    const candidates: Candidate[] = [];
    const unknown = new Set(await catalog.unknownPaths(files.map((blob) => blob.path)));
    sum.known += files.length - unknown.size;
    for (const blob of files) {
      const place = unknown.has(blob.path) ? parseStillPath(blob.path) : undefined;
      if (place) candidates.push({ blob, place });
      else if (unknown.has(blob.path)) skip(blob.path, 'not a photo name');
    }
    candidates.sort(byPlace);
    let fresh: StoredStill[] = [];
    let ids = new Set<string>();
    const record = async (): Promise<void> => {
      if (fresh.length > 0) {
        // Whoever put them may have died before its fsync: a row must not outlive its photo.
        await store.settle(fresh.map(({ path }) => path));
        sum.recorded += await catalog.record(fresh);
      }
      fresh = [];
      ids = new Set();
      onProgress?.(snapshot());
    };
    for (const candidate of candidates) {
      signal?.throwIfAborted();
      const still = await describe(candidate, ids);
      if (!still) continue;
      fresh.push(still);
      ids.add(still.id);
      if (fresh.length === ROWS_AT_ONCE) await record();
    }
    await record();
  };

  let folder = '';
  let files: BlobInfo[] = [];
  for await (const blob of store.list()) {
    signal?.throwIfAborted();
    const lies = blob.path.slice(0, Math.max(0, blob.path.lastIndexOf('/')));
    if (files.length > 0 && (lies !== folder || files.length === FILES_AT_ONCE)) {
      await lookInto(files);
      files = [];
    }
    folder = lies;
    files.push(blob);
  }
  if (files.length > 0) await lookInto(files);
  return snapshot();
};
