import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { copyDatabase, isDatabaseInUse } from './sqlite-copy.ts';

const newFolder = temporaryFolders();

const open = (file: string): SqliteDatabase.Database => {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.exec('create table if not exists sheet (number integer, ballast text)');
  return db;
};
const count = (file: string): unknown => {
  const db = new SqliteDatabase(file, { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare('select count(*) from sheet').pluck().get();
  } finally {
    db.close();
  }
};

it('copies one moment while another connection goes on writing, and does not start over', async () => {
  const folder = newFolder();
  const [from, to] = [join(folder, 'a.sqlite'), join(folder, 'b.sqlite')];
  const db = open(from);
  const insert = db.prepare('insert into sheet values (?, ?)');
  db.transaction(() => {
    for (let number = 0; number < 4000; number++) insert.run(number, 'x'.repeat(1000));
  })();
  let looks = 0;
  const seen: number[] = [];
  await copyDatabase(from, to, (copied) => {
    looks++;
    seen.push(copied);
    insert.run(-looks, 'later');
  });
  expect(looks).toBeGreaterThan(3);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(count(to)).toBe(4000);
  expect(db.prepare('select count(*) from sheet').pluck().get()).toBe(4000 + looks);
  db.close();
});

it('says what is wrong with what cannot be copied', async () => {
  const folder = newFolder();
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, 'text.sqlite'), 'no database at all, but long enough to look at'.repeat(30));
  await expect(copyDatabase(join(folder, 'text.sqlite'), join(folder, 'c.sqlite'))).rejects.toMatchObject({
    code: 'SW_CATALOG_DAMAGED',
  });
  await expect(copyDatabase(join(folder, 'none.sqlite'), join(folder, 'c.sqlite'))).rejects.toMatchObject({
    code: 'SW_STORE_WRITE',
  });
});

it('knows whether somebody has it open', () => {
  const file = join(newFolder(), 'a.sqlite');
  expect(isDatabaseInUse(file)).toBe(false);
  const db = open(file);
  db.exec(`insert into sheet values (1, '')`);
  expect(isDatabaseInUse(file)).toBe(true);
  expect(db.prepare('select count(*) from sheet').pluck().get()).toBe(1);
  db.close();
  expect(isDatabaseInUse(file)).toBe(false);
});
