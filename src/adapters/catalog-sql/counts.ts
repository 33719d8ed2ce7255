// What is counted as photos come and go, in the same transaction as they do, so that no page ever counts rows: how many each
// camera has on a day, and of those how many pass each filter.

import { sql, type Transaction } from 'kysely';
import { parseClaims } from '../../domain/camera-message.ts';
import { filtersOf, type PhotoFilter } from '../../domain/photo-filter.ts';
import type { StillKind } from '../../domain/still.ts';
import type { ChangeVerdict } from '../../domain/still-change.ts';
import { chunks } from './chunks.ts';
import type { DayCountRow, FilterCountRow, StillRow, Tables } from './schema.ts';

/** Of a still: what its counts follow from. */
export const COUNTED = ['day', 'camera', 'kind', 'bytes', 'verdict', 'claims', 'favourite'] as const;
export type Counted = Pick<StillRow, (typeof COUNTED)[number]>;

/** Rows of one INSERT: 4 columns each, and SQLite takes 32 766 values. */
const ROWS_PER_INSERT = 5000;

const isCover = (kind: string): boolean => kind !== 'before' && kind !== 'peak';

const dayCounts = (rows: readonly Counted[]): readonly DayCountRow[] => {
  const counts = new Map<string, DayCountRow>();
  for (const { day, camera, kind, bytes } of rows) {
    const key = `${day} ${camera}`;
    const before = counts.get(key) ?? { day, camera, stills: 0, covers: 0, bytes: 0 };
    counts.set(key, {
      ...before,
      stills: before.stills + 1,
      covers: before.covers + (isCover(kind) ? 1 : 0),
      bytes: before.bytes + bytes,
    });
  }
  return [...counts.values()];
};

const passed = ({ kind, verdict, claims, favourite }: Counted): readonly PhotoFilter[] =>
  isCover(kind)
    ? filtersOf({
        kind: kind as StillKind,
        verdict: (verdict ?? undefined) as ChangeVerdict | undefined,
        claims: claims === null ? [] : parseClaims(claims),
        isFavourite: favourite === 1,
      })
    : [];

const filterCounts = (rows: readonly Counted[], each: 1 | -1): Map<string, FilterCountRow> => {
  const counts = new Map<string, FilterCountRow>();
  for (const row of rows) {
    for (const filter of passed(row)) {
      const { day, camera } = row;
      const key = `${filter} ${day} ${camera}`;
      counts.set(key, { filter, day, camera, covers: (counts.get(key)?.covers ?? 0) + each });
    }
  }
  return counts;
};

const addFilterCounts = async (db: Transaction<Tables>, counts: readonly FilterCountRow[]): Promise<void> => {
  for (const part of chunks(counts, ROWS_PER_INSERT)) {
    await db
      .insertInto('filter_count')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['filter', 'day', 'camera'])
          .doUpdateSet({ covers: sql`filter_count.covers + excluded.covers` }),
      )
      .execute();
  }
  for (const { filter, day, camera, covers } of counts) {
    if (covers >= 0) continue;
    await db
      .deleteFrom('filter_count')
      .where('filter', '=', filter)
      .where('day', '=', day)
      .where('camera', '=', camera)
      .where('covers', '<=', 0)
      .execute();
  }
};

/** These stills have come. */
export const countIn = async (db: Transaction<Tables>, rows: readonly Counted[]): Promise<void> => {
  for (const count of dayCounts(rows)) {
    await db
      .insertInto('day_count')
      .values(count)
      .onConflict((conflict) =>
        conflict.columns(['day', 'camera']).doUpdateSet({
          stills: sql`day_count.stills + excluded.stills`,
          covers: sql`day_count.covers + excluded.covers`,
          bytes: sql`day_count.bytes + excluded.bytes`,
        }),
      )
      .execute();
  }
  await addFilterCounts(db, [...filterCounts(rows, 1).values()]);
};

/** These stills have gone. */
export const countOut = async (db: Transaction<Tables>, rows: readonly Counted[]): Promise<void> => {
  for (const { day, camera, stills, covers, bytes } of dayCounts(rows)) {
    await db
      .updateTable('day_count')
      .set((row) => ({
        stills: row('stills', '-', stills),
        covers: row('covers', '-', covers),
        bytes: row('bytes', '-', bytes),
      }))
      .where('day', '=', day)
      .where('camera', '=', camera)
      .execute();
    await db.deleteFrom('day_count').where('stills', '<=', 0).where('day', '=', day).execute();
  }
  await addFilterCounts(db, [...filterCounts(rows, -1).values()]);
};

/** The owner said something of a still, and it passes other filters than before. */
export const recount = async (db: Transaction<Tables>, before: Counted, after: Counted): Promise<void> => {
  const was = filterCounts([before], -1);
  const is = filterCounts([after], 1);
  const gone = [...was].filter(([key]) => !is.has(key));
  const come = [...is].filter(([key]) => !was.has(key));
  await addFilterCounts(
    db,
    [...gone, ...come].map(([, count]) => count),
  );
};
