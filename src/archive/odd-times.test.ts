// Photos around moments when clocks do odd things: the night that repeats an hour, and a machine that starts in 1970.
// None is lost, none takes another's place, and the order is the true one.

import { describe, expect, it } from 'vitest';
import { civilTime } from '../domain/civil-time.ts';
import { cameraId, stillId } from '../domain/ids.ts';
import { epochMs, ms } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { draftOf } from '../testing/stills.ts';
import { shipper } from './shipper.ts';
import { sweep } from './sweep.ts';

const ZONE = 'Europe/Copenhagen';
const camera = cameraId('tapo');
const DAY = 86_400_000;

const stage = () => {
  const spool = memorySpool();
  const store = memoryStore(spool.read);
  const catalog = memoryCatalog();
  const clock = fakeClock();
  const shipping = shipper({
    spool,
    store,
    catalog,
    rootCamera: camera,
    clock,
    random: () => 0.5,
    onStored: () => undefined,
    onTrouble: () => undefined,
  });
  /** Takes a photo at a moment of the system's clock and ships it. @returns its place */
  const take = async (wall: number): Promise<string> => {
    const takenAt = epochMs(wall);
    const { offsetMinutes } = civilTime(takenAt, ZONE);
    const id = stillId(camera, takenAt, 'calm', '');
    await spool.accept(draftOf({ id, camera, takenAt, offsetMinutes }), new TextEncoder().encode(String(wall)));
    await shipping.runOnce();
    return (await catalog.find(id))?.path ?? 'lost';
  };
  return { take, catalog, store, spool };
};

describe('the night that repeats an hour', () => {
  it('has its two 02:30s, in order', async () => {
    const { take, catalog } = stage();
    const first = Date.UTC(2026, 9, 25, 0, 30);
    const places = [await take(first), await take(first + 3_600_000), await take(first + 7_200_000)];
    expect(places).toEqual(['2026-10-25/02-30-00.jpg', '2026-10-25/02-30-00-2.jpg', '2026-10-25/03-30-00.jpg']);
    const newestFirst = await catalog.list({ day: '2026-10-25', limit: 9 });
    expect(newestFirst.map((still) => still.path)).toEqual(places.toReversed());
    expect(newestFirst.map((still) => still.offsetMinutes)).toEqual([60, 60, 120]);
  });

  it('and the night that skips one misses no photo', async () => {
    const { take } = stage();
    const last = Date.UTC(2026, 2, 29, 0, 59, 59);
    expect([await take(last), await take(last + 1000)]).toEqual(['2026-03-29/01-59-59.jpg', '2026-03-29/03-00-00.jpg']);
  });
});

describe('a machine that starts in 1970 and then learns the time', () => {
  it('loses no photo, keeps those days apart, and takes none away for its age', async () => {
    const { take, catalog, store } = stage();
    const now = Date.UTC(2026, 10, 23, 12);
    const places = [await take(5000), await take(9000), await take(now)];
    expect(places).toEqual(['1970-01-01/01-00-05.jpg', '1970-01-01/01-00-09.jpg', '2026-11-23/13-00-00.jpg']);
    const sum = await sweep(
      {
        store,
        catalog,
        spool: { pending: async () => [] },
        favourites: { all: async () => new Set() },
        disk: {
          space: async () => ({ free: 1e11, total: 1e12 }),
          releaseReserve: async () => undefined,
          holdReserve: async () => undefined,
        },
      },
      {
        rules: { each: { age: ms(DAY) }, cameras: {}, free: 0, includesFound: true },
        now: epochMs(now),
        isClockSteady: true,
      },
    );
    expect(sum.stills).toBe(0);
    expect(await catalog.count()).toBe(3);
  });

  it('loses none either when the clock is set back over photos that were taken', async () => {
    const { take, catalog } = stage();
    const now = Date.UTC(2026, 10, 23, 12);
    const places = [await take(now), await take(now + 10_000), await take(now + 10), await take(now + 10_005)];
    expect(new Set(places).size).toBe(4);
    expect(places).not.toContain('lost');
    expect(await catalog.count()).toBe(4);
  });
});
