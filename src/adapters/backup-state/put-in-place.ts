// Puts an unpacked state in the place of whatever was there. What was there is moved aside, never deleted; the catalogue
// comes last, so that a run that was cut short shows the old photos or the new ones, and can simply be done again.

import { access, mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError, systemCode } from '../../domain/storage-error.ts';

export interface StatePlaces {
  /** Where `settings/` goes: the folder the program runs in. */
  readonly settings: string;
  /** Where `data/` goes. */
  readonly data: string;
  /** Ends the names of what was there: `.before-restore-20261123T143207Z`. */
  readonly aside: string;
}

const CATALOG = 'catalog.sqlite';
const FOLDER_MODE = 0o750;
/** What belongs to a database file beside it. An old log next to a new database would be played into it. */
const LOGS = ['-wal', '-shm'];
/** Photos on their way: those that are there stay. */
const ON_THE_WAY = new Set(['spool', 'shelf']);

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch((thrown: unknown) => {
      if (systemCode(thrown) !== 'EINVAL') throw thrown;
    });
  } finally {
    await handle?.close();
  }
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) {
      for (const inner of await filesIn(join(folder, entry.name))) found.push(`${entry.name}/${inner}`);
    } else if (entry.isFile()) found.push(entry.name);
  }
  return found.toSorted();
};

/**
 * @param unpacked a folder as `unpackState` makes it, on the data folder's own file system
 * @returns where what was there is kept
 * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE
 */
export const putInPlace = async (unpacked: string, places: StatePlaces): Promise<readonly string[]> => {
  const kept: string[] = [];
  const folders = new Set<string>();

  const moveAside = async (target: string): Promise<void> => {
    for (const end of target.endsWith('.sqlite') ? LOGS : []) {
      if (await exists(target + end)) await rename(target + end, `${target}${places.aside}${end}`);
    }
    if (!(await exists(target))) return;
    await rename(target, target + places.aside);
    kept.push(target + places.aside);
  };

  const place = async (source: string, target: string): Promise<void> => {
    try {
      await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
      await moveAside(target);
      await rename(source, target).catch(async (thrown: unknown) => {
        if (systemCode(thrown) !== 'EXDEV') throw thrown;
        // Settings may lie on another disk than the photos.
        const { copyFile, unlink } = await import('node:fs/promises');
        await copyFile(source, `${target}.new`);
        await rename(`${target}.new`, target);
        await unlink(source);
      });
      folders.add(dirname(target));
    } catch (thrown) {
      throw storageError(thrown, target);
    }
  };

  const data = await filesIn(join(unpacked, 'data'));
  for (const name of data) {
    const [first = ''] = name.split('/');
    if (name === CATALOG) continue;
    const target = join(places.data, ...name.split('/'));
    if (ON_THE_WAY.has(first) && (await exists(target))) continue;
    await place(join(unpacked, 'data', name), target);
  }
  for (const name of await filesIn(join(unpacked, 'settings'))) {
    await place(join(unpacked, 'settings', name), join(places.settings, ...name.split('/')));
  }
  if (data.includes(CATALOG)) await place(join(unpacked, 'data', CATALOG), join(places.data, CATALOG));
  try {
    for (const folder of folders) await syncFolder(folder);
  } catch (thrown) {
    throw storageError(thrown, places.data);
  }
  return kept;
};
