// Which index each question is answered by. A question that loses its index is right all the same, and a hundred times slower.

import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { cameraId, episodeId } from '../../domain/ids.ts';
import { filterConditions, PHOTO_FILTERS } from '../../domain/photo-filter.ts';
import { epochMs } from '../../domain/units.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { sqlCatalog } from './catalog-sql.ts';
import { coverDays, dayHours, daySheet, listStills } from './reading.ts';
import type { Db, Tables } from './schema.ts';

const newFolder = temporaryFolders();
const DAY = '2026-11-23';
const [GARDEN, SHED] = [cameraId('garden'), cameraId('shed')];
const EPISODE = episodeId(GARDEN, epochMs(0));
const INDEX_OF = { passing: 'still_verdict' } as const;

let file: string;
beforeAll(async () => {
  file = join(newFolder(), 'catalog.sqlite');
  await (await sqlCatalog({ file })).close();
});

/** How the planner goes about all that is asked. */
const plansOf = async (asks: (db: Db) => Promise<unknown>): Promise<readonly string[]> => {
  const database = new SqliteDatabase(file, { readonly: true });
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database }),
    log({ query }) {
      asked.push({ sql: query.sql, parameters: query.parameters });
    },
  });
  await asks(db);
  const plans = asked.flatMap(({ sql, parameters }) =>
    database
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map(({ detail }) => detail),
  );
  await db.destroy();
  return plans.filter((detail) => !/json_each|SUBQUERY|BLOOM/.test(detail));
};

const using = (index: string): RegExp => new RegExp(`(SCAN|SEARCH) still USING (COVERING )?INDEX ${index}( |$)`);

it.each([
  ['all', { limit: 9 }, 'still_time'],
  ['a day', { day: DAY, limit: 9 }, 'still_day'],
  ['a camera', { camera: GARDEN, coversOnly: true, limit: 9 }, 'still_camera'],
  ['a camera’s day', { camera: GARDEN, day: DAY, limit: 9 }, 'still_camera'],
  ['cameras', { cameras: [GARDEN, SHED], limit: 9 }, 'still_camera'],
  ['an hour of every day', { hours: { from: 3, until: 4 }, limit: 9 }, 'still_time'],
  ['an hour of a camera', { cameras: [GARDEN], hours: { from: 3, until: 4 }, limit: 9 }, 'still_camera'],
  ['people on a day', { ...filterConditions('person'), coversOnly: true, day: DAY, limit: 9 }, 'still_person'],
  [
    'people, some cameras',
    { ...filterConditions('person'), coversOnly: true, cameras: [GARDEN, SHED], limit: 9 },
    'still_person',
  ],
  [
    'favourites that arrived in an hour',
    { isFavourite: true, verdicts: ['arrived'], hours: { from: 3, until: 4 }, coversOnly: true, limit: 9 },
    'still_favourite',
  ],
  ...PHOTO_FILTERS.map(
    (what) => [what, { ...filterConditions(what), coversOnly: true, limit: 9 }, `still_${what}`] as const,
  ).map(([what, query, index]) => [what, query, what === 'passing' ? INDEX_OF.passing : index] as const),
] as const)('a list of %s is read in the order of an index', async (_, query, index) => {
  const plans = await plansOf((db) => listStills(db, query));
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) expect(plan).toMatch(using(index));
});

it.each([
  ['a happening', (db: Db) => listStills(db, { episode: EPISODE, limit: 9 }), 'still_episode'],
  ['a camera’s happening', (db: Db) => listStills(db, { episode: EPISODE, camera: GARDEN, limit: 9 }), 'still_episode'],
  [
    'a happening for who sees some cameras',
    (db: Db) => listStills(db, { episode: EPISODE, cameras: [GARDEN, SHED], limit: 9 }),
    'still_episode',
  ],
  ['a day’s sheet', (db: Db) => daySheet(db, DAY, {}), 'still_day'],
  ['a day’s sheet of some cameras', (db: Db) => daySheet(db, DAY, { cameras: [GARDEN] }), 'still_day'],
  ['a day’s people', (db: Db) => daySheet(db, DAY, { what: 'person' }), 'still_person'],
  ['the hours of a day', (db: Db) => dayHours(db, DAY, {}), 'still_hour'],
  ['the hours of a day’s animals', (db: Db) => dayHours(db, DAY, { what: 'animal' }), 'still_animal'],
])('%s is read by an index', async (_, asks, index) => {
  const [plan] = await plansOf(asks);
  expect(plan).toMatch(using(index));
});

it('an hour of a day is a range of an index', async () => {
  const [plan] = await plansOf((db) => daySheet(db, DAY, { hour: 3, cameras: [GARDEN] }));
  expect(plan).toContain('INDEX still_hour (day=? AND <expr>=?');
});

it('the counts of a filter are read from those that are kept', async () => {
  const plans = await plansOf((db) => coverDays(db, { what: 'person' }));
  expect(plans.join(' ')).toMatch(/filter_count/);
  expect(plans.join(' ')).not.toMatch(/\bstill\b/);
});
