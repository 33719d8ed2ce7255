// Compares catalogue and store, photo by photo, and mends what can be mended without losing anything: it never takes a
// photo's bytes away. Both are walked once, in order of path, so memory does not grow with the number of photos.

import { jpegDamage } from '../domain/jpeg.ts';
import type { StoredStill } from '../domain/still.ts';
import { parseStillPath } from '../domain/still-path.ts';
import type { BlobInfo, BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { DiskFindingKind, DiskInspection } from '../ports/disk-inspection.ts';
import type { Spool } from '../ports/spool.ts';

export type FindingKind =
  | DiskFindingKind
  /** A photo that the catalogue does not know. */
  | 'no-row'
  /** The catalogue names a photo that is not there. */
  | 'no-file'
  /** Another length, or (when hashed) other bytes than were recorded. */
  | 'changed'
  /** The picture in the file is not whole. */
  | 'half'
  /** Retired by a sweep that was cut short. */
  | 'retired'
  /** A file with no name of a photo; nothing is wrong with it. */
  | 'foreign';

export interface Finding {
  readonly kind: FindingKind;
  readonly path: string;
  readonly isMended: boolean;
}

export interface DoctorParts {
  readonly store: BlobStore;
  readonly catalog: Catalog;
  readonly spool: Pick<Spool, 'pending'>;
  readonly inspection: DiskInspection;
  /** Finishes cut-short sweeps. @returns how many */
  readonly finishRetired: () => Promise<number>;
  /** Records every photo that the catalogue does not know. @returns their number */
  readonly adopt: () => Promise<number>;
}

export interface DoctorWish {
  readonly isRepair?: boolean;
  /** Reads every byte: finds rot that no length shows. */
  readonly isHash?: boolean;
  readonly signal?: AbortSignal;
  readonly onFinding: (finding: Finding) => void;
  /** Told now and then. */
  readonly onProgress?: (photos: number) => void;
}

export interface DoctorSum {
  readonly files: number;
  readonly rows: number;
  readonly waiting: number;
  readonly found: Readonly<Partial<Record<FindingKind, number>>>;
  /** Found, and wrong, and not mended. */
  readonly open: number;
  readonly recorded: number;
}

const ROWS_AT_ONCE = 1000;
const PROGRESS_EVERY = 5000;
/** What is no trouble by itself. */
export const HARMLESS: ReadonlySet<FindingKind> = new Set(['foreign', 'set-aside']);
/** Paths put right in one transaction. */
const MEND_AT_ONCE = 200;

/** Walks the rows in order of path. */
async function* rowsOf(catalog: Catalog): AsyncGenerator<StoredStill> {
  for (let after = ''; ; ) {
    const page = await catalog.byPath(after, ROWS_AT_ONCE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < ROWS_AT_ONCE) return;
    after = last.path;
  }
}

/**
 * One examination. Reading only, unless `isRepair`.
 * @throws StillwatchError when store or catalogue cannot be read; the signal's reason when it aborts
 */
export const examine = async (parts: DoctorParts, wish: DoctorWish): Promise<DoctorSum> => {
  const { store, catalog, spool, inspection } = parts;
  const found: Partial<Record<FindingKind, number>> = {};
  const counts = { files: 0, rows: 0, open: 0, recorded: 0 };
  const lost: StoredStill[] = [];

  const tell = (kind: FindingKind, path: string, isMended: boolean): void => {
    found[kind] = (found[kind] ?? 0) + 1;
    if (!isMended && !HARMLESS.has(kind)) counts.open++;
    wish.onFinding({ kind, path, isMended });
  };

  /** Rows that say something untrue leave the catalogue; a file that is still there is read anew by `adopt`. */
  const dropRows = async (): Promise<void> => {
    const retired = await catalog.retire(lost.splice(0).map((still) => still.id));
    await catalog.forget(retired.map(({ path }) => path));
  };

  const examineRow = async (row: StoredStill, file: BlobInfo | undefined): Promise<void> => {
    // Shipping and sweeping go on meanwhile: what looks amiss is looked at once more.
    const isAmiss = file !== undefined || (!(await store.info(row.path)) && (await catalog.find(row.id)) !== undefined);
    if (!isAmiss) return;
    let kind: FindingKind | undefined = file ? undefined : 'no-file';
    if (file && (file.bytes !== row.bytes || (wish.isHash && (await store.hash(row.path)) !== row.sha256))) {
      const bytes = await store.read(row.path);
      kind = bytes === undefined ? 'no-file' : jpegDamage(bytes) === undefined ? 'changed' : 'half';
    }
    if (!kind) return;
    // A store that lost everything is a disk that is not there: the index of it is worth keeping.
    const isMended = wish.isRepair === true && (kind !== 'no-file' || counts.files > 0);
    tell(kind, row.path, isMended);
    if (!isMended) return;
    lost.push(row);
    if (lost.length === MEND_AT_ONCE) await dropRows();
  };

  const examineUnknown = async (file: BlobInfo): Promise<void> => {
    if (!parseStillPath(file.path)) return tell('foreign', file.path, false);
    if ((await catalog.findByPath(file.path)) || !(await store.info(file.path))) return undefined;
    const bytes = wish.isHash ? await store.read(file.path) : undefined;
    if (bytes && jpegDamage(bytes) !== undefined) return tell('half', file.path, false);
    return tell('no-row', file.path, wish.isRepair === true);
  };

  for await (const finding of inspection.findings()) {
    wish.signal?.throwIfAborted();
    const isMended = wish.isRepair === true && finding.isMendable && (await inspection.mend(finding));
    tell(finding.kind, finding.path, isMended);
  }
  const retired = new Set<string>();
  for (const { path } of await catalog.retired(Number.MAX_SAFE_INTEGER)) {
    retired.add(path);
    tell('retired', path, wish.isRepair === true);
  }
  if (wish.isRepair && retired.size > 0) await parts.finishRetired();
  // Deleted by a person a moment ago, and may still be wanted back: nothing is wrong with it.
  for (const { still } of await catalog.held()) retired.add(still.path);

  const rows = rowsOf(catalog);
  let row = await rows.next();
  const nextRow = async (): Promise<void> => {
    counts.rows++;
    row = await rows.next();
  };
  for await (const file of store.list()) {
    wish.signal?.throwIfAborted();
    if (++counts.files % PROGRESS_EVERY === 0) wish.onProgress?.(counts.files);
    for (; !row.done && row.value.path < file.path; await nextRow()) await examineRow(row.value, undefined);
    if (!row.done && row.value.path === file.path) {
      await examineRow(row.value, file);
      await nextRow();
    } else if (!retired.has(file.path)) await examineUnknown(file);
  }
  for (; !row.done; await nextRow()) await examineRow(row.value, undefined);
  if (lost.length > 0) await dropRows();
  if (wish.isRepair) counts.recorded = await parts.adopt();
  return { ...counts, found, waiting: (await spool.pending()).length };
};
