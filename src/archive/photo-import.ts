// Another program's dated photos into the store, byte for byte. The row is the one that adoption would make of the file, so
// a rebuilt catalogue is the same. Done again it adds nothing: the same bytes at the same time are the same photo.

import { cameraExifFacts } from '../domain/camera-exif.ts';
import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { CameraId } from '../domain/ids.ts';
import { jpegDamage, jpegSize } from '../domain/jpeg.ts';
import type { StoredStill } from '../domain/still.ts';
import { readStillFacts } from '../domain/still-facts.ts';
import { formatStillPath, parseStillPath, type StillPlace, stillPlace } from '../domain/still-path.ts';
import { takenTime } from '../domain/taken-time.ts';
import { type EpochMs, epochMs } from '../domain/units.ts';
import type { BlobInfo, BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import { foundStill, MOST_BYTES } from './adoption.ts';

/** Whose word the time is. `facts`: this program took the photo itself. `file`: only the file's date was left. */
export type ImportTime = 'facts' | 'exif' | 'name' | 'file';
export type ImportRefusal = 'no JPEG' | 'too big' | 'damaged' | 'gone' | 'full second';

export interface ImportSum {
  readonly seen: number;
  readonly added: number;
  readonly bytes: number;
  /** In the store already. */
  readonly known: number;
  readonly refused: Readonly<Partial<Record<ImportRefusal, number>>>;
  /** Where the times of the added ones came from. */
  readonly times: Readonly<Partial<Record<ImportTime, number>>>;
}

/** What becomes of one file. */
export type ImportedFile =
  | { readonly file: string; readonly state: 'added' | 'known'; readonly path: string; readonly time: ImportTime }
  | { readonly file: string; readonly state: 'refused'; readonly reason: ImportRefusal };

export interface ImportOptions {
  readonly source: Pick<BlobStore, 'list' | 'read' | 'hash'>;
  /** The local file of a path in `source`. */
  readonly fileAt: (path: string) => string;
  readonly store: Pick<BlobStore, 'put' | 'info' | 'hash'>;
  readonly catalog: Pick<Catalog, 'record'>;
  /** Whose photos they are, unless they say so themselves. */
  readonly camera: CameraId;
  readonly rootCamera: CameraId | undefined;
  /** The zone of times without one. */
  readonly zone: TimeZone;
  readonly now: EpochMs;
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onFile?: (file: ImportedFile) => void;
}

const ROWS_AT_ONCE = 50;
const MOST_COPIES = 9999;

interface Wanted {
  readonly place: StillPlace;
  readonly time: ImportTime;
  /** The row, once its path is known. */
  readonly still: (path: string) => StoredStill | undefined;
}

/** @throws StillwatchError when source, store or catalogue fail; the signal's reason when it aborts */
export const importPhotos = async (options: ImportOptions): Promise<ImportSum> => {
  const { source, store, catalog, camera, rootCamera, zone, now } = options;
  const sum = { seen: 0, added: 0, bytes: 0, known: 0 };
  const refused: Partial<Record<ImportRefusal, number>> = {};
  const times: Partial<Record<ImportTime, number>> = {};
  /** What a dry run would have put by now: two files of one second must not both seem to fit. */
  const planned = new Map<string, string>();
  let rows: StoredStill[] = [];

  const wantedOf = (blob: BlobInfo, jpeg: Uint8Array, sha256: string): Wanted => {
    const inner = readStillFacts(jpeg);
    if (inner) {
      const place = stillPlace(inner.camera === rootCamera ? undefined : inner.camera, inner);
      return { place, time: 'facts', still: (path) => ({ ...inner, bytes: jpeg.length, sha256, path }) };
    }
    const clues = { exif: cameraExifFacts(jpeg).time, name: blob.path, text: undefined, receivedAt: now, zone };
    const { at, source: from } = takenTime(clues);
    const time: ImportTime = from === 'exif' || from === 'name' ? from : 'file';
    const civil = civilTime(time === 'file' ? epochMs(blob.changedAt) : at, zone);
    const owner = camera === rootCamera ? undefined : camera;
    return {
      place: { camera: owner, day: civil.day, time: civil.time, sibling: undefined, copy: 1 },
      time,
      still: (path) => {
        const place = parseStillPath(path);
        const size = jpegSize(jpeg);
        const found = place && foundStill({ blob: { path, bytes: jpeg.length }, place }, camera, zone);
        return found && size && { ...found, ...size, sha256 };
      },
    };
  };

  const outcomeAt = async (path: string, file: string, sha256: string): Promise<'stored' | 'same' | 'taken'> => {
    if (!options.isDryRun) return store.put(path, { file, sha256, isForeign: true });
    const there = planned.get(path) ?? ((await store.info(path)) && (await store.hash(path)));
    if (there === undefined) planned.set(path, sha256);
    return there === undefined ? 'stored' : there === sha256 ? 'same' : 'taken';
  };

  const record = async (): Promise<void> => {
    if (rows.length > 0 && !options.isDryRun) await catalog.record(rows);
    rows = [];
  };

  const take = async (blob: BlobInfo): Promise<ImportedFile> => {
    const file = blob.path;
    const refuse = (reason: ImportRefusal): ImportedFile => ({ file, state: 'refused', reason });
    if (!/\.jpe?g$/i.test(file)) return refuse('no JPEG');
    if (blob.bytes > MOST_BYTES) return refuse('too big');
    const jpeg = await source.read(file);
    const sha256 = await source.hash(file);
    if (!jpeg || sha256 === undefined) return refuse('gone');
    if (jpegDamage(jpeg) !== undefined) return refuse('damaged');
    const wanted = wantedOf(blob, jpeg, sha256);
    for (let copy = 1; copy <= MOST_COPIES; copy++) {
      const path = formatStillPath({ ...wanted.place, copy });
      const outcome = await outcomeAt(path, options.fileAt(file), sha256);
      if (outcome === 'taken') continue;
      // Also when it lay there: a run before may have been cut short between the photo and its row.
      const still = wanted.still(path);
      if (!still) return refuse('damaged');
      rows.push(still);
      if (rows.length === ROWS_AT_ONCE) await record();
      if (outcome === 'stored') sum.bytes += jpeg.length;
      return { file, state: outcome === 'stored' ? 'added' : 'known', path, time: wanted.time };
    }
    return refuse('full second');
  };

  for await (const blob of source.list()) {
    options.signal?.throwIfAborted();
    sum.seen++;
    const done = await take(blob);
    if (done.state === 'refused') refused[done.reason] = (refused[done.reason] ?? 0) + 1;
    else {
      sum[done.state]++;
      if (done.state === 'added') times[done.time] = (times[done.time] ?? 0) + 1;
    }
    options.onFile?.(done);
  }
  await record();
  return { ...sum, refused, times };
};
