// Where the photos, the spool and the catalogue of these settings lie, and how they are opened: for the role and the commands.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskUnder } from '../adapters/disk-space/disk-space.ts';
import { fsCorrections } from '../adapters/owner-word-fs/corrections.ts';
import { fsFavourites } from '../adapters/owner-word-fs/favourites.ts';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { fsStore } from '../adapters/store-fs/store-fs.ts';
import type { StillwatchError } from '../domain/errors.ts';
import { storageError } from '../domain/storage-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Corrections, Disk, Favourites } from '../ports/keeping.ts';
import type { Spool } from '../ports/spool.ts';

/** The folder inside the photo folder that holds spool and catalogue; never served. */
const DATA_DIR = '.stillwatch';

/** The owner's settings, in the folder the program runs in; each may be missing. */
export const SETTINGS_FILES: readonly string[] = ['.env', 'stillwatch.yml'];

/** Where a file for each password is meant to lie, beside the settings. */
export const SECRETS_FOLDER = 'secrets';

export interface ArchivePaths {
  readonly photos: string;
  readonly data: string;
  readonly spool: string;
  /** Where the pictures of a set wait for the photo that names it. */
  readonly shelf: string;
  /** What motion detection saw. */
  readonly readings: string;
  readonly ledger: string;
  /** Notifications that wait. */
  readonly outbox: string;
  readonly catalog: string;
  readonly favourites: string;
  readonly corrections: string;
  /** The socket by which commands speak to the running program. */
  readonly control: string;
  readonly reserve: string;
  /** Who each camera said it is. */
  readonly identities: string;
  /** What each camera was last found to do. */
  readonly reports: string;
}

export const archivePaths = (snapshotsDir: string): ArchivePaths => {
  const data = join(snapshotsDir, DATA_DIR);
  return {
    photos: snapshotsDir,
    data,
    spool: join(data, 'spool'),
    shelf: join(data, 'shelf'),
    readings: join(data, 'readings'),
    ledger: join(data, 'ledger.sqlite'),
    outbox: join(data, 'outbox.sqlite'),
    catalog: join(data, 'catalog.sqlite'),
    favourites: join(data, 'favourites'),
    corrections: join(data, 'corrections'),
    reserve: join(data, 'reserve'),
    identities: join(data, 'identities.json'),
    reports: join(data, 'reports.json'),
    control: join(data, 'control'),
  };
};

export interface ArchivePlace {
  readonly paths: ArchivePaths;
  readonly store: BlobStore;
  readonly spool: Spool;
  readonly disk: Disk;
  readonly favourites: Favourites;
  readonly corrections: Corrections;
}

/** Everything but the catalogue. @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE */
export const openArchivePlace = async (
  snapshotsDir: string,
  onTrouble?: (error: StillwatchError) => void,
): Promise<ArchivePlace> => {
  const paths = archivePaths(snapshotsDir);
  try {
    await mkdir(paths.data, { recursive: true, mode: 0o750 });
  } catch (thrown) {
    throw storageError(thrown, snapshotsDir);
  }
  const told = onTrouble ? { onTrouble } : {};
  return {
    paths,
    store: await fsStore({ root: snapshotsDir, ...told }),
    spool: await fsSpool({ dir: paths.spool, ...told }),
    disk: diskUnder(paths.data, paths.reserve),
    favourites: fsFavourites(paths.favourites),
    corrections: fsCorrections(paths.corrections),
  };
};
