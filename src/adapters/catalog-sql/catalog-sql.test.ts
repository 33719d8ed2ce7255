import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../../domain/ids.ts';
import { epochMs } from '../../domain/units.ts';
import { catalogContract } from '../../testing/catalog-contract.ts';
import { storedStill } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { sqlCatalog } from './catalog-sql.ts';

const newFolder = temporaryFolders();
const newFile = (): string => join(newFolder(), 'data', 'catalog.sqlite');

catalogContract('SQLite', () => sqlCatalog({ file: newFile() }));

describe('the catalogue’s file', () => {
  it('has it all after a restart, and is read by two at once', async () => {
    const file = newFile();
    const first = await sqlCatalog({ file });
    await first.record([storedStill('a/1.jpg')]);
    const second = await sqlCatalog({ file });
    expect(await second.count()).toBe(1);
    await second.record([storedStill('a/2.jpg')]);
    expect(await first.count()).toBe(2);
    await first.close();
    await second.close();
    const again = await sqlCatalog({ file });
    expect(await again.findByPath('a/2.jpg')).toEqual(storedStill('a/2.jpg'));
    await again.close();
  });

  it('is written through a log, so that readers never wait', async () => {
    const file = newFile();
    await (await sqlCatalog({ file })).close();
    const raw = new SqliteDatabase(file);
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    raw.close();
  });

  it('of a newer program is refused and left as it is', async () => {
    const file = newFile();
    await (await sqlCatalog({ file })).close();
    const raw = new SqliteDatabase(file);
    raw.exec('update catalog_schema set version = 99');
    raw.close();
    await expect(sqlCatalog({ file })).rejects.toMatchObject({ code: 'SW_CATALOG_NEWER' });
    const after = new SqliteDatabase(file);
    expect(after.prepare('select version from catalog_schema').get()).toEqual({ version: 99 });
    after.close();
  });

  it.each([
    ['no database', (file: string) => writeFileSync(file, 'x'.repeat(8192))],
    [
      'somebody else’s database',
      (file: string) => {
        const raw = new SqliteDatabase(file);
        raw.exec('create table catalog_schema (version integer); insert into catalog_schema values (1)');
        raw.close();
      },
    ],
    [
      'torn in the middle',
      (file: string) => {
        const raw = new SqliteDatabase(file);
        raw.exec(`create table a (b); insert into a values (zeroblob(100000))`);
        raw.close();
        const bytes = Buffer.alloc(20_000, 0xff);
        writeFileSync(file, Buffer.concat([Buffer.from('SQLite format 3\0'), bytes]));
      },
    ],
  ])('that is %s is refused as damaged', async (_, make) => {
    const file = newFile();
    mkdirSync(join(file, '..'));
    make(file);
    await expect(sqlCatalog({ file })).rejects.toMatchObject({ code: 'SW_CATALOG_DAMAGED' });
  });

  it('that cannot be opened is a storage trouble, not damage', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'catalog.sqlite'));
    await expect(sqlCatalog({ file: join(folder, 'catalog.sqlite') })).rejects.toMatchObject({
      code: 'SW_STORE_WRITE',
    });
  });

  it('answers every page from an index', async () => {
    const file = newFile();
    const catalog = await sqlCatalog({ file });
    await catalog.record([storedStill('a/1.jpg')]);
    await catalog.close();
    const raw = new SqliteDatabase(file);
    const plan = (where: string): string =>
      raw
        .prepare(`explain query plan select * from still ${where} order by taken_at desc, id desc limit 100`)
        .all()
        .map((row) => (row as { detail: string }).detail)
        .join('; ');
    const cases: readonly [string, string][] = [
      ['', 'still_time'],
      [`where (taken_at, id) < (5, 'a')`, 'still_time'],
      [`where day = '2026-11-23'`, 'still_day'],
      [`where day = '2026-11-23' and (taken_at, id) < (5, 'a')`, 'still_day'],
      [`where camera = 'garden'`, 'still_camera'],
      [`where camera = 'garden' and (taken_at, id) < (5, 'a')`, 'still_camera'],
    ];
    for (const [where, index] of cases) {
      expect(plan(where), where).toContain(index);
      expect(plan(where), where).not.toContain('TEMP B-TREE');
    }
    raw.close();
  });

  it('a transaction that fails leaves stills and day counts as they were', async () => {
    const catalog = await sqlCatalog({ file: newFile() });
    await catalog.record([storedStill('a/1.jpg')]);
    const broken = { ...storedStill('a/3.jpg'), sha256: undefined as unknown as string };
    await expect(catalog.record([storedStill('a/2.jpg'), broken])).rejects.toBeInstanceOf(Error);
    expect(await catalog.count()).toBe(1);
    expect(await catalog.findByPath('a/2.jpg')).toBeUndefined();
    await catalog.close();
  });

  it('records and pages through many', async () => {
    const catalog = await sqlCatalog({ file: newFile() });
    const many = Array.from({ length: 1201 }, (_, index) =>
      storedStill(`p/${index}`, { takenAt: epochMs(1_795_000_000_000 + index), camera: cameraId(`c${index % 7}`) }),
    );
    expect(await catalog.record(many)).toBe(1201);
    expect(await catalog.count()).toBe(1201);
    expect((await catalog.list({ limit: 3 })).map((still) => still.path)).toEqual(['p/1200', 'p/1199', 'p/1198']);
    await catalog.close();
  });
});
