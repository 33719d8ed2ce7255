// An installation's photo side on a disk that forgets and fails: everything it does, in any order, dying anywhere, with the disk
// or the catalogue answering with errors, and the power cut. What is promised is looked at after each act, and at the end
// everything is done once more on a well disk and compared.

import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { fsCorrections } from '../adapters/owner-word-fs/corrections.ts';
import { fsFavourites } from '../adapters/owner-word-fs/favourites.ts';
import { fsReadings } from '../adapters/readings-fs/readings-fs.ts';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { fsStore } from '../adapters/store-fs/store-fs.ts';
import { adopt } from '../archive/adoption.ts';
import { examine, HARMLESS } from '../archive/doctor.ts';
import { correctVerdict, noteAll, setFavourite } from '../archive/owner-word.ts';
import { copyFromBackup, copyToBackup } from '../archive/photo-copy.ts';
import { importPhotos } from '../archive/photo-import.ts';
import { shipper } from '../archive/shipper.ts';
import { finishRetired, sweep } from '../archive/sweep.ts';
import { cameraId, type StillId } from '../domain/ids.ts';
import { jpegDamage } from '../domain/jpeg.ts';
import type { KeptReading } from '../domain/readings.ts';
import type { KeepRules } from '../domain/retention.ts';
import type { StoredStill } from '../domain/still.ts';
import { CHANGE_VERDICTS, type ChangeVerdict } from '../domain/still-change.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { epochMs } from '../domain/units.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { ReadingArchive } from '../ports/readings.ts';
import type { StillDraft } from '../ports/spool.ts';
import { fakeClock } from './fake-clock.ts';
import { Dead, type DiskFault, fragileDisk } from './fragile-disk.ts';
import { memoryCatalog } from './memory-catalog.ts';
import { draftOf, SOME_TIME } from './stills.ts';

export const DEEDS = [
  'accept',
  'ship',
  'adopt',
  'sweep',
  'delete',
  'undo',
  'purge',
  'favourite',
  'correct',
  'readings',
  'backup',
  'restore',
  'import',
  'rebuild',
] as const;
export type Deed = (typeof DEEDS)[number];

export interface Act {
  readonly deed: Deed;
  /** Which photo. Several share a second. */
  readonly number: number;
  /** The disk answers so many operations, and then the process is dead. */
  readonly diesAfter?: number;
  readonly fault?: DiskFault;
  /** The first write to the catalogue fails: undone, or done and only the answer lost. */
  readonly catalogFault?: 'undone' | 'done';
  /** What of the unsynced survives is drawn from this. */
  readonly powerCut?: number;
}

export interface Played {
  readonly deaths: number;
  readonly powerCuts: number;
  /** Errors that disk and catalogue answered. */
  readonly failures: number;
  readonly announced: number;
  readonly swept: number;
}

/** What the installation starts from: one small photo of ours, and some of another program's. */
export interface SiteMedia {
  readonly picture: Uint8Array;
  readonly foreign: readonly Uint8Array[];
}

const [SPOOL, PHOTOS, BACKUP, HOME, FOREIGN] = ['/a/spool', '/a/photos', '/b/photos', '/c/photos', '/f'];
const FOREIGN_NAMES = ['20261123_143207.jpg', '20261123_143208.jpg', 'copy/20261123_143207.jpg'];
const rootCamera = cameraId('tapo');
const zone = 'Europe/Copenhagen';
const DAY = 86_400_000;
/** One photo of each camera stays: a sweep has something to do. */
const RULES: KeepRules = { each: { stills: 1 }, cameras: {}, free: 0, includesFound: false };
/** Readings begin with whole seconds. */
const FIRST_MINUTE = Math.ceil(SOME_TIME / 60_000) * 60_000;
const LATER = epochMs(SOME_TIME + 30 * DAY);

/** Numbers below one from a seed; neighbouring seeds do not begin alike. */
export const randomFrom = (seed: number): (() => number) => {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** The run that a seed stands for. */
export const actsOf = (seed: number): readonly Act[] => {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  // A site mostly accepts and ships.
  const deeds: readonly Deed[] = [...Array<Deed>(5).fill('accept'), 'ship', 'ship', 'ship', 'sweep', 'sweep', ...DEEDS];
  return Array.from({ length: 1 + below(24) }, (): Act => {
    const trouble = random();
    return {
      deed: pick(deeds),
      number: below(8),
      ...(trouble < 0.2 ? { diesAfter: below(90) } : {}),
      ...(trouble > 0.15 && trouble < 0.4
        ? {
            fault: {
              after: below(60),
              count: pick([1, 1, 2, 5, 1000]),
              code: pick(['EIO', 'EIO', 'ENOSPC', 'EROFS'] as const),
              isDone: random() < 0.4,
            },
          }
        : {}),
      ...(random() < 0.1 ? { catalogFault: pick(['undone', 'done'] as const) } : {}),
      ...(random() < 0.2 ? { powerCut: below(2 ** 31) } : {}),
    };
  });
};

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const rowsOf = (catalog: Catalog): Promise<readonly StoredStill[]> => catalog.byPath('', 1000);

const draftNumber = (number: number): StillDraft =>
  draftOf({
    camera: cameraId(number % 3 ? 'tapo' : 'garden'),
    takenAt: epochMs(SOME_TIME + number * 200),
    kind: number === 5 ? 'peak' : 'calm',
    width: 8,
    height: 8,
  });

/** Every visible photo of a store, whole. */
const photosIn = async (store: BlobStore): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for await (const { path } of store.list()) {
    const bytes = (await store.read(path)) ?? new Uint8Array();
    assert.equal(jpegDamage(bytes), undefined, `half a photo is visible: ${path}`);
    found.set(path, sha(bytes));
  }
  return found;
};

/** Plays the acts. @throws AssertionError when a promise was broken */
export const playSite = async (media: SiteMedia, acts: readonly Act[]): Promise<Played> => {
  const fragile = fragileDisk();
  const { disk } = fragile;
  let living: Catalog = memoryCatalog();
  let inBackup: Catalog = memoryCatalog();
  const indexOfBackup = memoryCatalog();
  const announced = new Map<StillId, string>();
  /** May be gone, because the rules or a person said so. */
  const swept = new Set<StillId>();
  const deleted = new Set<StillId>();
  const imported = new Set<string>();
  /** What the owner was told is kept; `unsure`: told of a failure, so it may be either. */
  const favourites = new Map<StillId, boolean>();
  const verdicts = new Map<StillId, ChangeVerdict | undefined>();
  const unsure = new Set<string>();
  const appended: { readonly reading: KeptReading; isCertain: boolean }[] = [];
  let readings: ReadingArchive | undefined;
  let catalogFault: Act['catalogFault'];
  const sums = { deaths: 0, powerCuts: 0, catalogFailures: 0 };

  const open = (root: string): Promise<BlobStore> => fsStore({ root, disk });

  /** A dead process starts no transaction; one that was started is there as a whole, whatever its answer. */
  const mortal = (catalog: Catalog, onRetire: (ids: readonly StillId[]) => void = () => undefined): Catalog => {
    const transact = async <T>(work: () => Promise<T>): Promise<T> => {
      if (fragile.isDead) throw new Dead();
      const fault = catalogFault;
      catalogFault = undefined;
      if (fault === 'undone') sums.catalogFailures++;
      if (fault === 'undone') throw Object.assign(new Error('SQLITE_FULL'), { code: 'SQLITE_FULL' });
      const done = await work();
      if (fault === 'done') sums.catalogFailures++;
      if (fault === 'done') throw Object.assign(new Error('SQLITE_IOERR'), { code: 'SQLITE_IOERR' });
      return done;
    };
    return {
      ...catalog,
      record: (stills) => transact(() => catalog.record(stills)),
      retire: (ids) => transact(() => (onRetire(ids), catalog.retire(ids))),
      forget: (paths) => transact(() => catalog.forget(paths)),
      hold: (ids, until) => transact(() => catalog.hold(ids, until)),
      restore: (id) => transact(() => catalog.restore(id)),
      retireHeld: (now) => transact(() => catalog.retireHeld(now)),
      note: (id, note) => transact(() => catalog.note(id, note)),
    };
  };

  const copyOf = async (catalog: Catalog): Promise<Catalog> => {
    const copy = memoryCatalog();
    await copy.record(await rowsOf(catalog));
    return copy;
  };

  const onRetire = (ids: readonly StillId[]): void => {
    for (const id of ids) {
      assert.ok(favourites.get(id) !== true || unsure.has(`favourite ${id}`), `a favourite was swept: ${id}`);
      swept.add(id);
    }
  };

  const perform = async ({ deed, number }: Pick<Act, 'deed' | 'number'>): Promise<void> => {
    const wasFailing = fragile.failures + sums.catalogFailures;
    const isClean = (): boolean => fragile.failures + sums.catalogFailures === wasFailing && !fragile.isDead;
    const spool = await fsSpool({ dir: SPOOL, disk });
    let unlisted = 0;
    const store = await fsStore({ root: PHOTOS, disk, onTrouble: () => unlisted++ });
    const catalog = mortal(living, onRetire);
    const words = {
      favourites: fsFavourites('/a/favourites', disk),
      corrections: fsCorrections('/a/corrections', disk),
    };
    const { id } = draftNumber(number);
    // As the program does at each start.
    await finishRetired({ store, catalog });
    switch (deed) {
      case 'accept': {
        // The same moment is not taken twice.
        if (swept.has(id) || deleted.has(id)) return;
        const draft = draftNumber(number);
        const facts = await spool.accept(draft, withStillFacts(media.picture, draft));
        announced.set(facts.id, facts.sha256);
        return;
      }
      case 'ship': {
        const options = { spool, store, catalog, rootCamera, clock: fakeClock(), random: () => 0 };
        await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
        return;
      }
      case 'adopt':
        await adopt({ store, catalog, rootCamera, zone });
        await noteAll({ catalog, ...words });
        return;
      case 'sweep': {
        const space = { free: 1e12, total: 1e12 };
        const room = {
          space: async () => space,
          releaseReserve: async () => undefined,
          holdReserve: async () => undefined,
        };
        const parts = { store, catalog, spool, favourites: words.favourites, disk: room };
        await sweep(parts, { rules: RULES, now: LATER, isClockSteady: true });
        return;
      }
      case 'delete': {
        // As the web does: not while shipping might bring it back.
        if (!(await living.find(id)) || (await spool.pending()).some(({ facts }) => facts.id === id)) return;
        deleted.add(id);
        await catalog.hold([id], epochMs(LATER + DAY));
        return;
      }
      case 'undo':
        if (await catalog.restore(id)) deleted.delete(id);
        return;
      case 'purge':
        for (const { still } of await living.held()) swept.add(still.id);
        await catalog.retireHeld(epochMs(LATER + 2 * DAY));
        await finishRetired({ store, catalog });
        return;
      case 'favourite': {
        const isFavourite = favourites.get(id) !== true;
        unsure.add(`favourite ${id}`);
        await words.favourites.set(id, isFavourite);
        favourites.set(id, isFavourite);
        unsure.delete(`favourite ${id}`);
        await setFavourite({ catalog, ...words }, id, isFavourite);
        return;
      }
      case 'correct': {
        const verdict = [...CHANGE_VERDICTS, undefined][number];
        unsure.add(`verdict ${id}`);
        await words.corrections.set(id, verdict);
        verdicts.set(id, verdict);
        unsure.delete(`verdict ${id}`);
        await correctVerdict({ catalog, ...words }, id, verdict);
        return;
      }
      case 'readings': {
        const minute = appended.length;
        const reading: KeptReading = { type: 'calm', from: epochMs(FIRST_MINUTE + minute * 60_000), seconds: 30 };
        const entry = { reading, isCertain: false };
        appended.push(entry);
        readings ??= fsReadings('/a/readings', disk);
        await readings.append(rootCamera, [reading]);
        entry.isCertain = true;
        return;
      }
      case 'backup': {
        const copy = await copyOf(living);
        const to = await open(BACKUP);
        const fileAt = (path: string): string => `${PHOTOS}/${path}`;
        const index = mortal(indexOfBackup);
        const sum = await copyToBackup({ catalog: copy, living, index, from: store, fileAt, to });
        if (isClean()) assert.deepEqual(sum.examples, []);
        inBackup = copy;
        return;
      }
      case 'restore': {
        const from = await open(BACKUP);
        const copy = mortal(await copyOf(inBackup));
        const fileAt = (path: string): string => `${BACKUP}/${path}`;
        const sum = await copyFromBackup({ catalog: copy, from, fileAt, to: await open(HOME) });
        if (isClean()) assert.deepEqual(sum.examples, []);
        return;
      }
      case 'import': {
        const source = await open(FOREIGN);
        const fileAt = (path: string): string => `${FOREIGN}/${path}`;
        const now = epochMs(SOME_TIME + DAY);
        await importPhotos({ source, fileAt, store, catalog, camera: rootCamera, rootCamera, zone, now });
        // A folder that cannot be listed is passed over, so a bad disk may look like a short one.
        if (isClean()) for (const bytes of media.foreign) imported.add(sha(bytes));
        return;
      }
      case 'rebuild': {
        // The catalogue is lost; photos that were retired or deleted and not yet taken away come back with it.
        const fresh = memoryCatalog();
        await adopt({ store, catalog: mortal(fresh), rootCamera, zone });
        await noteAll({ catalog: mortal(fresh), ...words });
        if (unlisted > 0) return;
        living = fresh;
      }
    }
  };

  /** No row without its photo, whole: it would be shown. */
  const checkRows = async (): Promise<void> => {
    for (const { path, sha256 } of await rowsOf(living)) {
      const bytes = await disk.readFile(`${PHOTOS}/${path}`).catch(() => undefined);
      assert.equal(bytes && sha(bytes), sha256, `the catalogue shows ${path}, and its bytes are not there`);
    }
  };

  const checkWords = async (): Promise<void> => {
    const kept = await fsFavourites('/a/favourites', disk).all();
    for (const [id, isFavourite] of favourites) {
      if (!unsure.has(`favourite ${id}`)) assert.equal(kept.has(id), isFavourite, `favourite ${id}`);
    }
    const said = await fsCorrections('/a/corrections', disk).all();
    for (const [id, verdict] of verdicts) {
      if (!unsure.has(`verdict ${id}`)) assert.equal(said.get(id), verdict, `verdict ${id}`);
    }
  };

  /** Readings are not synced, so that an SD card lasts: a power cut may take the last ones, and nothing else may. */
  const checkReadings = async (): Promise<void> => {
    const read = await fsReadings('/a/readings', disk).read(rootCamera, epochMs(0), LATER);
    const minutes = new Set(appended.map(({ reading }) => reading.from));
    const found = new Set(read.map(({ from }) => from));
    assert.equal(found.size, read.length, 'a reading is there twice');
    for (const from of found) assert.ok(minutes.has(from), 'a reading that nobody wrote');
    for (const { reading, isCertain } of appended) {
      if (isCertain) assert.ok(found.has(reading.from), 'a reading is lost');
    }
  };

  const plant = async (path: string, bytes: Uint8Array): Promise<void> => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    await disk.mkdir(folder, { recursive: true });
    const file = await disk.open(path, 'wx');
    await file.writeFile(bytes);
    await file.sync();
    for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
      await (await disk.open(at === '' ? '/' : at, 'r')).sync();
      if (at === '') return;
    }
  };

  for (const [index, bytes] of media.foreign.entries()) await plant(`${FOREIGN}/${FOREIGN_NAMES[index] ?? ''}`, bytes);
  for (const act of acts) {
    fragile.dieAfter(act.diesAfter ?? Number.POSITIVE_INFINITY);
    fragile.fail(act.fault);
    catalogFault = act.catalogFault;
    const before = fragile.failures + sums.catalogFailures;
    try {
      await perform(act);
    } catch (thrown) {
      if (thrown instanceof assert.AssertionError) throw thrown;
      // Nothing may fail while all is well.
      if (!fragile.isDead && fragile.failures + sums.catalogFailures === before) throw thrown;
    }
    if (fragile.isDead) sums.deaths++;
    if (fragile.isDead || act.powerCut !== undefined) readings = undefined;
    fragile.fail(undefined);
    catalogFault = undefined;
    if (act.powerCut === undefined) fragile.restart();
    else {
      fragile.powerCut(randomFrom(act.powerCut));
      sums.powerCuts++;
      for (const entry of appended) entry.isCertain = false;
    }
    await checkRows();
    await checkWords();
    await checkReadings();
  }

  // All is well from now on, and everything is done once more.
  for (const deed of ['purge', 'ship', 'adopt', 'backup', 'restore'] as const) await perform({ deed, number: 0 });
  await checkWords();
  const store = await open(PHOTOS);
  const here = await photosIn(store);
  const rows = await rowsOf(living);
  const inOrder = [...here].toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(
    rows.map(({ path, sha256 }) => [path, sha256]),
    inOrder,
    'catalogue and photos differ',
  );
  const kept = await fsFavourites('/a/favourites', disk).all();
  for (const { id, isFavourite } of rows) assert.equal(isFavourite ?? false, kept.has(id), `noted favourite ${id}`);
  const bytes = new Set(here.values());
  for (const [id, sha256] of announced) {
    assert.ok(swept.has(id) || deleted.has(id) || bytes.has(sha256), `the announced photo ${id} is lost`);
  }
  for (const sha256 of imported) assert.ok(bytes.has(sha256), 'an imported photo is lost');
  const there = await photosIn(await open(BACKUP));
  for (const [path, sha256] of here) assert.equal(there.get(path), sha256, `backup of ${path}`);
  const home = new Set((await photosIn(await open(HOME))).values());
  for (const sha256 of bytes) assert.ok(home.has(sha256), 'a photo was not restored');
  assert.deepEqual(await disk.readdir(SPOOL), [], 'left in the spool');
  const inspection = { async *findings() {}, mend: async () => false };
  const spool = await fsSpool({ dir: SPOOL, disk });
  const unwell: string[] = [];
  await examine(
    { store, catalog: living, spool, inspection, finishRetired: async () => 0, adopt: async () => 0 },
    { isHash: true, onFinding: ({ kind, path }) => void (HARMLESS.has(kind) || unwell.push(`${kind} ${path}`)) },
  );
  assert.deepEqual(unwell, [], 'the doctor finds something');
  return {
    deaths: sums.deaths,
    powerCuts: sums.powerCuts,
    failures: fragile.failures + sums.catalogFailures,
    announced: announced.size,
    swept: swept.size,
  };
};
