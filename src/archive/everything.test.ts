// Every operation on photos, in any order, on a disk that forgets, killed or cut off anywhere: no announced photo is lost
// except by the keep rules, nothing half is ever visible, no row is without its photo, and a backup gives all of it back.
// A failing run prints its seed; STILLWATCH_RUNS asks for more of them.

import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { fsStore } from '../adapters/store-fs/store-fs.ts';
import { cameraId, type StillId } from '../domain/ids.ts';
import { jpegDamage } from '../domain/jpeg.ts';
import type { KeepRules } from '../domain/retention.ts';
import type { StoredStill } from '../domain/still.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { epochMs } from '../domain/units.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { Dead, type FragileDisk, fragileDisk } from '../testing/fragile-disk.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { draftOf, SOME_TIME } from '../testing/stills.ts';
import { adopt } from './adoption.ts';
import { copyFromBackup, copyToBackup } from './photo-copy.ts';
import { importPhotos } from './photo-import.ts';
import { shipper } from './shipper.ts';
import { finishRetired, sweep } from './sweep.ts';

const [SPOOL, PHOTOS, BACKUP, HOME, FOREIGN] = ['/a/spool', '/a/photos', '/b/photos', '/c/photos', '/f'];
const rootCamera = cameraId('tapo');
const zone = 'Europe/Copenhagen';
const RUNS = Number(process.env['STILLWATCH_RUNS'] ?? 150);
const WHATS = ['accept', 'ship', 'adopt', 'sweep', 'backup', 'restore', 'import', 'rebuild'] as const;
/** One photo of each camera stays: a sweep has something to do. */
const RULES: KeepRules = { each: { stills: 1 }, cameras: {}, free: 0, includesFound: false };
const FOREIGN_NAMES = ['20261123_143207.jpg', '20261123_143208.jpg', 'copy/20261123_143207.jpg'];

interface Act {
  readonly what: (typeof WHATS)[number];
  readonly number: number;
  readonly diesAfter: number | undefined;
  readonly isPowerCut: boolean;
  readonly luck: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('accept', 'accept', 'ship', 'ship', 'sweep', ...WHATS),
  number: fc.nat(7),
  diesAfter: fc.option(fc.nat(80), { nil: undefined, freq: 3 }),
  isPowerCut: fc.boolean(),
  luck: fc.nat(),
});

let picture: Uint8Array;
let foreign: readonly Uint8Array[] = [];
beforeAll(async () => {
  picture = await testJpeg(1, { width: 8, height: 8 });
  foreign = await Promise.all([2, 3, 4].map((seed) => testJpeg(seed, { width: 8, height: 8 })));
});

const randomFrom = (seed: number): (() => number) => {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A dead process starts no transaction; one that was started is there as a whole. */
const mortal = (catalog: Catalog, fragile: FragileDisk, onRetire: (ids: readonly StillId[]) => void): Catalog => {
  const check = (): void => {
    if (fragile.isDead) throw new Dead();
  };
  return {
    ...catalog,
    record: async (stills) => (check(), catalog.record(stills)),
    retire: async (ids) => {
      check();
      onRetire(ids);
      return catalog.retire(ids);
    },
    forget: async (paths) => (check(), catalog.forget(paths)),
  };
};

const rowsOf = (catalog: Catalog): Promise<readonly StoredStill[]> => catalog.byPath('', 1000);

const copyOf = async (catalog: Catalog): Promise<Catalog> => {
  const copy = memoryCatalog();
  await copy.record(await rowsOf(catalog));
  return copy;
};

const plant = async ({ disk }: FragileDisk, path: string, bytes: Uint8Array): Promise<void> => {
  const folder = path.slice(0, path.lastIndexOf('/'));
  await disk.mkdir(folder, { recursive: true });
  const file = await disk.open(path, 'wx');
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
  await file.sync();
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
    await (await disk.open(at === '' ? '/' : at, 'r')).sync();
    if (at === '') return;
  }
};

/** Every visible photo of a store: whole, and once. */
const photosIn = async (store: BlobStore): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for await (const { path } of store.list()) {
    const bytes = (await store.read(path)) ?? new Uint8Array();
    expect(jpegDamage(bytes), path).toBeUndefined();
    found.set(path, sha(bytes));
  }
  return found;
};

const play = async (acts: readonly Act[]): Promise<{ deaths: number; announced: number; swept: number }> => {
  const fragile = fragileDisk();
  const { disk } = fragile;
  let living: Catalog = memoryCatalog();
  let inBackup: Catalog = memoryCatalog();
  const indexOfBackup = memoryCatalog();
  const announced = new Map<StillId, string>();
  const swept = new Set<StillId>();
  const imported = new Set<string>();
  let deaths = 0;
  for (const [index, name] of FOREIGN_NAMES.entries())
    await plant(fragile, `${FOREIGN}/${name}`, foreign[index] ?? picture);

  const open = (root: string): Promise<BlobStore> => fsStore({ root, disk });
  const perform = async ({ what, number }: Pick<Act, 'what' | 'number'>): Promise<void> => {
    const spool = await fsSpool({ dir: SPOOL, disk });
    const store = await open(PHOTOS);
    const catalog = mortal(living, fragile, (ids) => {
      for (const id of ids) swept.add(id);
    });
    // As the program does at each start.
    await finishRetired({ store, catalog });
    if (what === 'accept') {
      const draft = draftOf({
        camera: cameraId(number % 3 ? 'tapo' : 'garden'),
        takenAt: epochMs(SOME_TIME + number * 200),
        kind: number === 5 ? 'peak' : 'calm',
        width: 8,
        height: 8,
      });
      if (swept.has(draft.id)) return; // the same moment is not taken twice
      const facts = await spool.accept(draft, withStillFacts(picture, draft));
      announced.set(facts.id, facts.sha256);
    } else if (what === 'ship') {
      const options = { spool, store, catalog, rootCamera, clock: fakeClock(), random: () => 0 };
      await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
    } else if (what === 'adopt') await adopt({ store, catalog, rootCamera, zone });
    else if (what === 'sweep') {
      await sweep(
        {
          store,
          catalog,
          spool,
          favourites: { all: async () => new Set() },
          disk: {
            space: async () => ({ free: 1e12, total: 1e12 }),
            releaseReserve: async () => undefined,
            holdReserve: async () => undefined,
          },
        },
        { rules: RULES, now: epochMs(SOME_TIME + 30 * 86_400_000), isClockSteady: true },
      );
    } else if (what === 'backup') {
      const copy = await copyOf(living);
      const to = await open(BACKUP);
      const fileAt = (path: string): string => `${PHOTOS}/${path}`;
      const index = mortal(indexOfBackup, fragile, () => undefined);
      const sum = await copyToBackup({ catalog: copy, living, index, from: store, fileAt, to });
      expect(sum.examples).toEqual([]);
      inBackup = copy;
    } else if (what === 'restore') {
      const from = await open(BACKUP);
      const catalog = mortal(await copyOf(inBackup), fragile, () => undefined);
      const sum = await copyFromBackup({ catalog, from, fileAt: (path) => `${BACKUP}/${path}`, to: await open(HOME) });
      expect(sum.examples).toEqual([]);
    } else if (what === 'import') {
      const source = await open(FOREIGN);
      const fileAt = (path: string): string => `${FOREIGN}/${path}`;
      const now = epochMs(SOME_TIME + 86_400_000);
      await importPhotos({ source, fileAt, store, catalog, camera: rootCamera, rootCamera, zone, now });
      // A folder that cannot be listed is passed over, so a dead disk may look like a short one.
      if (!fragile.isDead) for (const bytes of foreign) imported.add(sha(bytes));
    } else {
      // The catalogue is lost; photos that were retired and not yet taken away come back with it.
      const fresh = memoryCatalog();
      await adopt({ store, catalog: mortal(fresh, fragile, () => undefined), rootCamera, zone });
      living = fresh;
    }
  };

  for (const each of acts) {
    fragile.dieAfter(each.diesAfter ?? Number.POSITIVE_INFINITY);
    try {
      await perform(each);
    } catch (thrown) {
      if (!fragile.isDead) throw thrown;
    }
    if (each.diesAfter === undefined) continue;
    if (fragile.isDead) deaths++;
    if (each.isPowerCut) fragile.powerCut(randomFrom(each.luck));
    else fragile.restart();
  }

  fragile.restart();
  for (const what of ['ship', 'adopt', 'backup', 'restore'] as const) await perform({ what, number: 0 });
  const here = await photosIn(await open(PHOTOS));
  const rows = await rowsOf(living);
  expect(rows.map(({ path, sha256 }) => [path, sha256])).toEqual([...here].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const bytes = new Set(here.values());
  for (const [id, sha256] of announced) if (!swept.has(id)) expect(bytes.has(sha256), `announced ${id}`).toBe(true);
  for (const sha256 of imported) expect(bytes.has(sha256), `imported ${sha256}`).toBe(true);
  const there = await photosIn(await open(BACKUP));
  for (const [path, sha256] of here) expect(there.get(path), `backup of ${path}`).toBe(sha256);
  const home = new Set((await photosIn(await open(HOME))).values());
  for (const sha256 of bytes) expect(home.has(sha256), 'restored').toBe(true);
  expect(await disk.readdir(SPOOL)).toEqual([]);
  return { deaths, announced: announced.size, swept: swept.size };
};

it('keeps every photo that the rules do not take, whatever happens in whatever order', async () => {
  const sums = { deaths: 0, announced: 0, swept: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 16 }), async (acts) => {
      const played = await play(acts);
      for (const key of ['deaths', 'announced', 'swept'] as const) sums[key] += played[key];
    }),
    { numRuns: RUNS },
  );
  // That it was a test at all.
  expect(sums.deaths).toBeGreaterThan(RUNS * 0.8);
  expect(sums.announced).toBeGreaterThan(RUNS * 0.8);
  expect(sums.swept).toBeGreaterThan(0);
}, 600_000);

it('dies after each single operation of each act, and everything is there when it is done again', async () => {
  let deaths = 0;
  const full: readonly Act[] = ['accept', 'accept', 'accept', 'accept', 'ship', 'import', 'backup'].map(
    (what, index) => ({
      what: what as Act['what'],
      number: index * 2,
      diesAfter: undefined,
      isPowerCut: false,
      luck: 0,
    }),
  );
  for (const what of WHATS) {
    for (let diesAfter = 0; diesAfter < 60; diesAfter += 3) {
      const dying: Act = { what, number: 1, diesAfter, isPowerCut: diesAfter % 4 === 0, luck: diesAfter };
      deaths += (await play([...full, dying])).deaths;
    }
  }
  expect(deaths).toBeGreaterThan(100);
}, 600_000);
