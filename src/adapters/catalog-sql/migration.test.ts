// A catalogue that the first release wrote, opened by this one.

import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { epochMs } from '../../domain/units.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { sqlCatalog } from './catalog-sql.ts';

const newFolder = temporaryFolders();

/** Schema 1, word for word as it was written. */
const FIRST = `
  create table catalog_schema (version integer not null);
  insert into catalog_schema values (1);
  create table still (id text not null primary key, camera text not null, kind text not null, cause text, episode text,
    taken_at bigint not null, offset_minutes integer not null, day text not null, width integer not null,
    height integer not null, bytes bigint not null, sha256 text not null, source text not null, delay bigint,
    is_demo integer not null, path text not null unique);
  create table day_count (day text not null, camera text not null, stills bigint not null,
    constraint day_count_key primary key (day, camera));
  create index still_time on still (taken_at desc, id desc);
  create index still_day on still (day, taken_at desc, id desc);
  create index still_camera on still (camera, taken_at desc, id desc);
`;

it('a catalogue of the first release is brought up to date with all its photos, and their bytes are counted', async () => {
  const file = join(newFolder(), 'catalog.sqlite');
  const raw = new SqliteDatabase(file);
  raw.exec(FIRST);
  const insert = raw.prepare(
    `insert into still values (?, 'garden', ?, 'pixels', null, ?, 60, '2026-11-23', 64, 48, ?, 'abc', ?, 12, 0, ?)`,
  );
  insert.run('a'.repeat(32), 'calm', SOME_TIME, 700, 'main-stream', 'a.jpg');
  insert.run('b'.repeat(32), 'peak', SOME_TIME - 5, 30, 'main-stream', 'b.jpg');
  insert.run('d'.repeat(32), 'manual', SOME_TIME - 11, 1, 'main-stream', 'd.jpg');
  insert.run('c'.repeat(32), 'adopted', SOME_TIME - 9, 1, 'file', 'c.jpg');
  raw.exec(`insert into day_count values ('2026-11-23', 'garden', 4)`);
  raw.close();

  const catalog = await sqlCatalog({ file });
  expect(await catalog.days()).toEqual([{ day: '2026-11-23', camera: 'garden', stills: 4, covers: 3, bytes: 732 }]);
  expect((await catalog.list({ limit: 9 })).map((still) => still.path)).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
  expect(await catalog.findByPath('a.jpg')).toMatchObject({ kind: 'calm', bytes: 700, delay: 12, takenAt: SOME_TIME });
  // What passes a filter is counted from what is there.
  expect(await catalog.coverDays({ what: 'manual' })).toEqual([{ day: '2026-11-23', camera: 'garden', covers: 1 }]);
  expect(await catalog.coverDays({ what: 'favourite' })).toEqual([]);
  expect(await catalog.dayHours('2026-11-23', {})).toEqual([{ hour: 14, camera: 'garden', covers: 3 }]);
  const before = epochMs(SOME_TIME + 1);
  for (const [wanted, ...paths] of [
    ['cover', 'd.jpg', 'a.jpg'],
    ['sibling', 'b.jpg'],
    ['found', 'c.jpg'],
  ] as const) {
    expect((await catalog.oldest({ class: wanted, before, limit: 9 })).map((still) => still.path)).toEqual(paths);
  }
  await catalog.close();
  const again = await sqlCatalog({ file });
  expect(await again.count()).toBe(3);
  await again.close();
});
