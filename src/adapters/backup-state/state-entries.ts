// Which files make up an installation, in the order that makes a backup of a running one whole: photos on their way first,
// the catalogue last. A photo that leaves the spool meanwhile is then in the catalogue that is copied after it.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCode } from '../../domain/storage-error.ts';
import type { StateEntry } from './state-tar.ts';

export interface StateSources {
  /** Files of settings; those that are not there are left out. */
  readonly settings: readonly string[];
  /** Folders of settings, such as the one with a file for each password. */
  readonly settingsFolders?: readonly string[];
  /** The data folder. */
  readonly data: string;
  /** A folder for copies of databases, on a disk that may hold secrets. The catalogue's copy stays there. */
  readonly staging: string;
  /** A consistent copy of a database that somebody may be writing to. */
  readonly copyDatabase: (from: string, to: string) => Promise<void>;
}

/** Made anew at each start, or parts of a database that is copied as a whole. */
const LEFT_OUT = /^(?:reserve|catalog\.sqlite\..+|.+-(?:wal|shm|journal)|.+\.new)$/;
const CATALOG = 'catalog.sqlite';
/** What is on its way to the store. */
const ON_THE_WAY = new Set(['spool', 'shelf']);

async function* filesUnder(folder: string, name: string): AsyncGenerator<StateEntry> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  // A photo's facts after the photo: a lone sidecar is nothing, a photo without one has its facts inside.
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? 1 : -1))) {
    if (entry.name.startsWith('.')) continue;
    const [file, inside] = [join(folder, entry.name), `${name}/${entry.name}`];
    if (entry.isDirectory()) yield* filesUnder(file, inside);
    else if (entry.isFile()) yield { name: inside, file };
  }
}

export async function* stateEntries({
  settings,
  settingsFolders = [],
  data,
  staging,
  copyDatabase,
}: StateSources): AsyncGenerator<StateEntry> {
  for (const file of settings) yield { name: `settings/${basename(file)}`, file };
  for (const folder of settingsFolders) yield* filesUnder(folder, `settings/${basename(folder)}`);
  for (const folder of ON_THE_WAY) yield* filesUnder(join(data, folder), `data/${folder}`);
  const databases: string[] = [];
  for await (const entry of filesUnder(data, 'data')) {
    const [, first = '', ...rest] = entry.name.split('/');
    if (ON_THE_WAY.has(first) || (rest.length === 0 && LEFT_OUT.test(first))) continue;
    if (rest.length === 0 && first.endsWith('.sqlite')) databases.push(first);
    else yield entry;
  }
  databases.sort((a, b) => Number(a === CATALOG) - Number(b === CATALOG));
  await mkdir(staging, { recursive: true, mode: 0o700 });
  for (const name of databases) {
    const copy = join(staging, name);
    await rm(copy, { force: true });
    await copyDatabase(join(data, name), copy);
    yield { name: `data/${name}`, file: copy };
    if (name !== CATALOG) await rm(copy, { force: true });
  }
}
