// A year of one camera, hour by hour: restarts, a machine that wakes in 1970 until the network's time arrives, both nights
// on which clocks are set, a photo a quarter of an hour. What the rule keeps is all there; what it takes is all gone.

import { expect, it } from 'vitest';
import { civilTime } from '../domain/civil-time.ts';
import { cameraId, type StillId, stillId } from '../domain/ids.ts';
import type { KeepRules } from '../domain/retention.ts';
import { type EpochMs, epochMs, ms } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { draftOf } from '../testing/stills.ts';
import { shipper } from './shipper.ts';
import { sweeper } from './sweeper.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 365;
const KEPT_DAYS = 20;
const zone = 'Europe/Copenhagen';
const camera = cameraId('tapo');
const rules: KeepRules = { each: { age: ms(KEPT_DAYS * DAY) }, cameras: {}, free: 0, includesFound: false };
const text = new TextEncoder();

it('keeps what the rule keeps and takes what it takes, over a year of restarts and odd clocks', async () => {
  const spool = memorySpool();
  const store = memoryStore(spool.read);
  const catalog = memoryCatalog();
  const start = Date.UTC(2026, 0, 1);
  const clock = fakeClock(epochMs(start));
  const taken = new Map<StillId, EpochMs>();
  const jumps: number[] = [];
  const nights = new Set<string>();
  let [sweeps, swept, restarts, undated] = [0, 0, 0, 0];
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const boot = (): void => {
    stop = new AbortController();
    restarts++;
    const disk = {
      space: async () => ({ free: 1e12, total: 1e12 }),
      releaseReserve: async () => undefined,
      holdReserve: async () => undefined,
    };
    const parts = { store, catalog, spool, disk, favourites: { all: async () => new Set<StillId>() } };
    const tellTrouble = (error: Error): void => expect.unreachable(error.message);
    const sweeping = sweeper({
      parts,
      rules,
      clock,
      onSwept: (sum) => {
        sweeps++;
        swept += sum.stills;
      },
      onTrouble: tellTrouble,
      onClockJump: (jump) => jumps.push(jump),
    });
    running = sweeping.run(stop.signal);
  };
  const take = async (): Promise<void> => {
    const takenAt = clock.now().wall;
    const id = stillId(camera, takenAt, 'calm', '');
    const { offsetMinutes } = civilTime(takenAt, zone);
    await spool.accept(draftOf({ id, camera, takenAt, offsetMinutes }), text.encode(`${takenAt} ${taken.size}`));
    taken.set(id, takenAt);
    if (takenAt < start) undated++;
  };
  const ship = async (): Promise<void> => {
    const options = { spool, store, catalog, rootCamera: camera, clock, random: () => 0.5 };
    await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
  };

  /** The day on which 02:00 comes twice: every hour has a photo. */
  const isLongNight = (hour: number): boolean => new Date(start + hour * HOUR).toISOString().startsWith('2026-10-25');
  const checkLongNight = async (): Promise<void> => {
    const night = (await catalog.list({ day: '2026-10-25', limit: 99 })).toReversed();
    const twice = night.filter(({ path }) => path.includes('/02-'));
    if (twice.length === 2) nights.add(twice.map(({ path, offsetMinutes }) => `${path} ${offsetMinutes}`).join(', '));
    expect(night.map(({ takenAt }) => takenAt)).toEqual(night.map(({ takenAt }) => takenAt).toSorted((a, b) => a - b));
  };

  boot();
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const isOff = hour % (24 * 13) === 24 * 13 - 1;
    if (isOff) {
      // A power cut; the machine has no clock of its own and takes a photo before it knows the time.
      stop.abort();
      await running;
      clock.jumpTo(epochMs(hour * 1000));
      boot();
      await take();
      await clock.advance(ms(10 * 60_000));
      clock.jumpTo(epochMs(start + hour * HOUR + 10 * 60_000));
      await clock.advance(ms(HOUR - 10 * 60_000));
    } else {
      if (hour % 3 === 0 || isLongNight(hour)) await take();
      await clock.advance(ms(HOUR));
    }
    if (hour % 5 === 0) await ship();
    if (isLongNight(hour - 30)) await checkLongNight();
  }
  await clock.advance(ms(26 * HOUR));
  await ship();
  stop.abort();
  await running;

  const now = clock.now().wall;
  const rows = await catalog.byPath('', 1e6);
  const held = new Set(rows.map(({ id }) => id));
  for (const [id, at] of taken) {
    // A photo without a date is of any age, and stays; the daily sweep may come up to a day late.
    if (at < start || at > now - KEPT_DAYS * DAY) expect(held.has(id), new Date(at).toISOString()).toBe(true);
    else if (at < now - (KEPT_DAYS + 2) * DAY) expect(held.has(id), new Date(at).toISOString()).toBe(false);
  }
  expect(rows.map(({ path }) => path)).toEqual([...store.blobs.keys()].toSorted());
  expect(taken.size - rows.length).toBe(swept);
  // Both 02 o'clocks of the long night, in their order.
  expect([...nights]).toEqual(['2026-10-25/02-00-00.jpg 120, 2026-10-25/02-00-00-2.jpg 60']);
  // That it was a year at all.
  expect(restarts).toBe(1 + Math.floor(DAYS / 13));
  expect(jumps).toHaveLength(restarts - 1);
  expect(undated).toBe(restarts - 1);
  expect(sweeps).toBeGreaterThan(DAYS * 0.9);
}, 300_000);
