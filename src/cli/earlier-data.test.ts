// An installation's data as earlier versions of this program wrote it (fixtures/installation), opened by this one: nothing is
// lost, what was waiting is shipped, and the catalogue made anew from those versions' photos says the same.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { sqlCatalog } from '../adapters/catalog-sql/catalog-sql.ts';
import { sqlLedger } from '../adapters/ledger-sql/ledger-sql.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { adopt } from '../archive/adoption.ts';
import { noteAll } from '../archive/owner-word.ts';
import { shipper } from '../archive/shipper.ts';
import { cameraId } from '../domain/ids.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { sha256Of } from '../testing/stills.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { openArchivePlace } from './archive-place.ts';

const newFolder = temporaryFolders();
const fixtures = fileURLToPath(new URL('../../fixtures/installation', import.meta.url));
const versions = readdirSync(fixtures)
  .filter((name) => name.startsWith('schema-'))
  .toSorted();
const rootCamera = cameraId('tapo');
const zone = 'Europe/Copenhagen';

/** The databases are kept as the words that make them. */
const makeDatabase = (words: string, file: string): void => {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.exec(readFileSync(words, 'utf8'));
  db.close();
};

const install = (from: string): string => {
  const photos = join(newFolder(), 'snapshots');
  const data = join(photos, '.stillwatch');
  cpSync(join(from, 'photos'), photos, { recursive: true });
  mkdirSync(data);
  cpSync(join(from, 'data', 'spool'), join(data, 'spool'), { recursive: true });
  for (const name of ['favourites', 'corrections']) {
    const words = join(from, 'data', name);
    if (existsSync(words)) cpSync(words, join(data, name));
  }
  for (const name of ['catalog', 'ledger']) {
    const words = join(from, 'data', `${name}.sql`);
    if (existsSync(words)) makeDatabase(words, join(data, `${name}.sqlite`));
  }
  return photos;
};

describe.each(versions)('an installation with %s', (name) => {
  it('is opened with every photo, and what waited in its spool is shipped', async () => {
    const photos = install(join(fixtures, name));
    const place = await openArchivePlace(photos);
    const catalog = await sqlCatalog({ file: place.paths.catalog });
    const before = await catalog.list({ limit: 99 });
    expect(before.map(({ path }) => path).toSorted()).toEqual([
      '2026-10-25/02-30-00-2.jpg',
      '2026-10-25/02-30-00.jpg',
      '2026-10-25/02-30-00.peak.jpg',
      'garden/2026-10-25/04-30-00.jpg',
    ]);
    const parts = { ...place, catalog, rootCamera, clock: systemClock(), random: () => 0.5 };
    const shipped = await shipper({
      ...parts,
      onStored: () => undefined,
      onTrouble: (error) => expect.unreachable(error.message),
    }).runOnce();
    expect(shipped).toBe(1);
    const rows = await catalog.list({ limit: 99 });
    expect(rows).toHaveLength(5);
    for (const { path, sha256 } of rows) {
      const bytes = await place.store.read(path);
      expect(bytes && sha256Of(bytes), path).toBe(sha256);
    }
    const days = await catalog.days();
    expect(days.reduce((sum, day) => sum + day.bytes, 0)).toBe(rows.reduce((sum, row) => sum + row.bytes, 0));
    const anew = memoryCatalog();
    await adopt({ store: place.store, catalog: anew, rootCamera, zone });
    await noteAll({ ...place, catalog: anew });
    expect(await anew.list({ limit: 99 })).toEqual(rows);
    await catalog.close();
  });

  it('keeps its ledger', async () => {
    const photos = install(join(fixtures, name));
    const file = join(photos, '.stillwatch', 'ledger.sqlite');
    const had = existsSync(file);
    const ledger = await sqlLedger({ file });
    const rows = await ledger.list({ limit: 9 });
    expect(rows.map(({ outcome }) => outcome)).toEqual(had ? [{ state: 'missed', code: 'SW_STORE_FULL' }] : []);
    await ledger.close();
  });
});

it('data of a later version is refused by name, and left as it is', async () => {
  const photos = install(join(fixtures, versions[0] ?? ''));
  const file = join(photos, '.stillwatch', 'catalog.sqlite');
  const db = new SqliteDatabase(file);
  db.exec('update catalog_schema set version = 9999');
  db.close();
  const bytes = readFileSync(file);
  await expect(sqlCatalog({ file })).rejects.toMatchObject({ code: 'SW_CATALOG_NEWER' });
  expect(readFileSync(file).equals(bytes)).toBe(true);
});
