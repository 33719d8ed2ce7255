import { beforeEach, describe, expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs, ms } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { StillDraft } from '../ports/spool.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { type MemorySpool, memorySpool } from '../testing/memory-spool.ts';
import { type MemoryStore, memoryStore } from '../testing/memory-store.ts';
import { draftOf, SOME_TIME, storedStill } from '../testing/stills.ts';
import { type Shipper, type ShipperOptions, shipper } from './shipper.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

let spool: MemorySpool;
let store: MemoryStore;
let catalog: Catalog;
let clock: FakeClock;
let told: StoredStill[];
let troubles: StillwatchError[];

beforeEach(() => {
  spool = memorySpool();
  store = memoryStore(spool.read);
  catalog = memoryCatalog();
  clock = fakeClock();
  told = [];
  troubles = [];
});

const newShipper = (options: Partial<ShipperOptions> = {}): Shipper =>
  shipper({
    spool,
    store,
    catalog,
    rootCamera: cameraId('tapo'),
    clock,
    random: () => 0.5,
    onStored: (still) => void told.push(still),
    onTrouble: (error) => troubles.push(error),
    ...options,
  });

const take = async (text: string, chosen: Partial<StillDraft> = {}): Promise<void> => {
  await spool.accept(draftOf(chosen), bytesOf(text));
};

const full = new StillwatchError('SW_STORE_FULL', { path: '/photos' });

describe('where photos go', () => {
  it.each([
    ['tapo', 'calm', '2026-11-23/14-32-07.jpg'],
    ['garden', 'calm', 'garden/2026-11-23/14-32-07.jpg'],
    ['garden', 'before', 'garden/2026-11-23/14-32-07.before.jpg'],
    ['garden', 'peak', 'garden/2026-11-23/14-32-07.peak.jpg'],
    ['garden', 'manual', 'garden/2026-11-23/14-32-07.jpg'],
  ] as const)('%s %s: %s', async (camera, kind, path) => {
    await take('photo', { camera: cameraId(camera), kind });
    expect(await newShipper().runOnce()).toBe(1);
    expect(await store.read(path)).toEqual(bytesOf('photo'));
    expect(told).toEqual([await catalog.findByPath(path)]);
    expect(await spool.pending()).toEqual([]);
  });

  it('by the offset at the time of taking, whatever the zone is when it is shipped', async () => {
    await take('photo', { offsetMinutes: -300 });
    await newShipper().runOnce();
    expect([...store.blobs.keys()]).toEqual(['garden/2026-11-23/08-32-07.jpg']);
  });

  it('photos of the same second lie side by side', async () => {
    for (const by of [0, 1, 2]) await take(`photo ${by}`, { takenAt: epochMs(SOME_TIME + by) });
    store.plant('garden/2026-11-23/14-32-07-2.jpg', bytesOf('another program’s'));
    await newShipper().runOnce();
    expect([...store.blobs.keys()].toSorted()).toEqual([
      'garden/2026-11-23/14-32-07-2.jpg',
      'garden/2026-11-23/14-32-07-3.jpg',
      'garden/2026-11-23/14-32-07-4.jpg',
      'garden/2026-11-23/14-32-07.jpg',
    ]);
    expect(await store.read('garden/2026-11-23/14-32-07-2.jpg')).toEqual(bytesOf('another program’s'));
    expect(told.map((still) => still.takenAt - SOME_TIME)).toEqual([0, 1, 2]);
  });

  it('two stills with the very same bytes are still two', async () => {
    await take('frozen picture', { kind: 'calm' });
    await take('frozen picture', { kind: 'manual' });
    await newShipper().runOnce();
    expect(await catalog.count()).toBe(2);
    expect(store.blobs.size).toBe(2);
  });
});

describe('after a crash', () => {
  it('between put and record: the stored photo is found again, not stored twice', async () => {
    await take('photo');
    const [pending] = await spool.pending();
    await store.put('garden/2026-11-23/14-32-07.jpg', {
      file: pending?.file ?? '',
      sha256: pending?.facts.sha256 ?? '',
    });
    await newShipper().runOnce();
    expect(store.blobs.size).toBe(1);
    expect(await catalog.count()).toBe(1);
  });

  it('between put and record, and adopted as a found photo meanwhile: it becomes what it is', async () => {
    await take('photo');
    const path = 'garden/2026-11-23/14-32-07.jpg';
    store.plant(path, bytesOf('photo'));
    await catalog.record([storedStill(path, { source: 'file', kind: 'adopted' })]);
    await newShipper().runOnce();
    expect(await catalog.findByPath(path)).toMatchObject({ kind: 'calm', source: 'main-stream' });
    expect(await catalog.count()).toBe(1);
  });

  it('between record and release: told again, released, nothing twice', async () => {
    await take('photo');
    await newShipper().runOnce();
    await take('photo');
    expect(await newShipper().runOnce()).toBe(1);
    expect(store.blobs.size).toBe(1);
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual(told[0]);
    expect(await spool.pending()).toEqual([]);
  });

  it('recorded, but the file was removed: it lies where its row says', async () => {
    await take('first', { takenAt: epochMs(SOME_TIME) });
    await take('second', { takenAt: epochMs(SOME_TIME + 1) });
    await newShipper().runOnce();
    store.blobs.clear();
    await take('second', { takenAt: epochMs(SOME_TIME + 1) });
    await newShipper().runOnce();
    expect([...store.blobs.keys()]).toEqual(['garden/2026-11-23/14-32-07-2.jpg']);
    expect(await catalog.count()).toBe(2);
  });
});

describe('trouble', () => {
  it('with one photo does not hold up the others', async () => {
    await take('bad', { takenAt: epochMs(SOME_TIME) });
    await take('good', { takenAt: epochMs(SOME_TIME + 60_000) });
    const put = store.put.bind(store);
    const picky = Object.assign(Object.create(store) as MemoryStore, {
      put: async (path: string, source: { file: string; sha256: string }) => {
        if (new TextDecoder().decode(await spool.read(source.file)) === 'bad') {
          throw new StillwatchError('SW_STORE_WRITE', { path, detail: 'EIO' });
        }
        return put(path, source);
      },
    });
    await expect(newShipper({ store: picky }).runOnce()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    expect(told).toHaveLength(1);
    expect(await spool.pending()).toHaveLength(1);
  });

  it('of a full store ends the round at once; of another kind after three in a row', async () => {
    for (let index = 0; index < 10; index++) await take(String(index), { takenAt: epochMs(SOME_TIME + index) });
    for (const [error, tries] of [
      [full, 1],
      [new StillwatchError('SW_STORE_WRITE'), 3],
    ] as const) {
      let asked = 0;
      const failing = Object.assign(Object.create(store) as MemoryStore, {
        put: async () => {
          asked++;
          throw error;
        },
      });
      await expect(newShipper({ store: failing }).runOnce()).rejects.toBe(error);
      expect(asked).toBe(tries);
    }
    expect(await spool.pending()).toHaveLength(10);
  });

  it('a photo that is no longer what was accepted is set aside and named', async () => {
    await take('photo');
    await take('whole', { takenAt: epochMs(SOME_TIME + 5000) });
    const [first] = await spool.pending();
    spool.files.set(first?.file ?? '', bytesOf('torn'));
    await expect(newShipper().runOnce()).rejects.toMatchObject({ code: 'SW_SPOOL_DAMAGED' });
    expect([...spool.aside]).toEqual([first?.facts.id]);
    expect(told).toHaveLength(1);
    expect(await spool.pending()).toEqual([]);
  });

  it('is waited out, longer each time, and a wake does not shorten that', async () => {
    await take('photo');
    let isFull = true;
    let asked = 0;
    const filling = Object.assign(Object.create(store) as MemoryStore, {
      put: async (path: string, source: { file: string; sha256: string }) => {
        asked++;
        if (isFull) throw full;
        return store.put(path, source);
      },
    });
    const stopping = new AbortController();
    const shipping = newShipper({ store: filling });
    const running = shipping.run(stopping.signal);
    // random() is 0.5, so a wait is three quarters of 1, 2, 4, … seconds, at the most of five minutes.
    await clock.advance(ms(0));
    expect(asked).toBe(1);
    for (const [index, wait] of [750, 1500, 3000].entries()) {
      shipping.wake();
      await clock.advance(ms(wait - 1));
      expect(asked).toBe(index + 1);
      await clock.advance(ms(1));
      expect(asked).toBe(index + 2);
    }
    for (let times = 0; times < 20; times++) await clock.advance(ms(300_000));
    const before = asked;
    await clock.advance(ms(225_000));
    expect(asked).toBe(before + 1);
    expect(troubles).toHaveLength(asked);
    isFull = false;
    await clock.advance(ms(225_000));
    expect(told).toHaveLength(1);
    stopping.abort();
    await running;
    expect(clock.sleepers).toBe(0);
  });
});

describe('running', () => {
  it('ships at once when woken, and looks by itself once a minute', async () => {
    const stopping = new AbortController();
    const shipping = newShipper();
    const running = shipping.run(stopping.signal);
    await clock.advance(ms(10));
    await take('one');
    await clock.advance(ms(10));
    expect(told).toHaveLength(0);
    shipping.wake();
    await clock.advance(ms(0));
    expect(told).toHaveLength(1);
    await take('two', { takenAt: epochMs(SOME_TIME + 1000) });
    await clock.advance(ms(60_000));
    expect(told).toHaveLength(2);
    stopping.abort();
    await running;
    expect(clock.sleepers).toBe(0);
  });

  it('does not miss a wake that comes while it ships', async () => {
    const stopping = new AbortController();
    const shipping: Shipper = newShipper({
      onStored: (still) => {
        told.push(still);
        if (told.length > 1) return;
        void take('late', { takenAt: epochMs(SOME_TIME + 1000) }).then(() => shipping.wake());
      },
    });
    await take('one');
    const running = shipping.run(stopping.signal);
    await clock.advance(ms(10));
    expect(told).toHaveLength(2);
    stopping.abort();
    await running;
  });

  it('lets a photo go only when those who are told of it remember it: after a kill before that it is told again', async () => {
    await take('one');
    // A process that is killed while the outbox is written never goes on from here.
    void newShipper({ onStored: () => new Promise(() => undefined) }).runOnce();
    await clock.advance(ms(10));
    expect(await catalog.count()).toBe(1);
    expect(await spool.pending()).toHaveLength(1);
    await newShipper().runOnce();
    expect(told).toHaveLength(1);
    expect(await spool.pending()).toEqual([]);
    expect(await catalog.count()).toBe(1);
  });

  it('rounds never overlap, and draining never throws', async () => {
    await take('one');
    const shipping = newShipper();
    const both = await Promise.all([shipping.runOnce(), shipping.runOnce()]);
    expect(both).toEqual([1, 0]);
    await take('two', { takenAt: epochMs(SOME_TIME + 1000) });
    await shipping.drain();
    expect(told).toHaveLength(2);
    const failing = Object.assign(Object.create(spool) as MemorySpool, {
      pending: async () => {
        throw full;
      },
    });
    await newShipper({ spool: failing }).drain();
    expect(troubles).toEqual([full]);
  });

  it('stops between two photos', async () => {
    for (let index = 0; index < 5; index++) await take(String(index), { takenAt: epochMs(SOME_TIME + index) });
    const stopping = new AbortController();
    const shipping = newShipper({
      onStored: (still) => {
        told.push(still);
        if (told.length === 2) stopping.abort();
      },
    });
    await shipping.run(stopping.signal);
    expect(told).toHaveLength(2);
    expect(await spool.pending()).toHaveLength(3);
  });
});
