import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { epochMs, ms } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { type MemoryStore, memoryStore } from '../testing/memory-store.ts';
import { draftOf, SOME_TIME } from '../testing/stills.ts';
import { type AdoptionOptions, type AdoptionSum, adopt } from './adoption.ts';
import { shipper } from './shipper.ts';

const zone = 'Europe/Copenhagen';
const tapo = cameraId('tapo');
let jpeg: Uint8Array;
let store: MemoryStore;
let catalog: Catalog;

beforeAll(async () => {
  jpeg = await testJpeg(1, { width: 80, height: 60 });
});
beforeEach(() => {
  store = memoryStore();
  catalog = memoryCatalog();
});

const run = (options: Partial<AdoptionOptions> = {}): Promise<AdoptionSum> =>
  adopt({ store, catalog, rootCamera: tapo, zone, ...options });
const all = (from: Catalog): Promise<readonly StoredStill[]> => from.list({ limit: 1000 });

describe('another program’s photos', () => {
  it('are recorded by their names, with size and hash from the file', async () => {
    store.plant('2026-07-01/14-32-07.jpg', jpeg);
    store.plant('garden/2026-01-02/03-04-05.jpg', jpeg);
    expect(await run()).toMatchObject({ seen: 2, known: 0, recorded: 2, skipped: 0 });
    expect(await catalog.findByPath('2026-07-01/14-32-07.jpg')).toMatchObject({
      camera: 'tapo',
      kind: 'adopted',
      source: 'file',
      takenAt: Date.UTC(2026, 6, 1, 12, 32, 7),
      offsetMinutes: 120,
      width: 80,
      height: 60,
      bytes: jpeg.length,
      sha256: await store.hash('2026-07-01/14-32-07.jpg'),
      cause: undefined,
      episode: undefined,
      isDemo: false,
    });
    expect(await catalog.findByPath('garden/2026-01-02/03-04-05.jpg')).toMatchObject({
      camera: 'garden',
      takenAt: Date.UTC(2026, 0, 2, 2, 4, 5),
      offsetMinutes: 60,
    });
  });

  it('are recorded once, however often it runs, by the same ids', async () => {
    store.plant('2026-07-01/14-32-07.jpg', jpeg);
    await run();
    const before = await all(catalog);
    expect(await run()).toMatchObject({ seen: 1, known: 1, recorded: 0 });
    catalog = memoryCatalog();
    await run();
    expect(await all(catalog)).toEqual(before);
  });

  it('of one second keep their order, and siblings their kind', async () => {
    const folder = '2026-07-01/14-32-07';
    for (const end of ['', '-2', '-10', '.before', '.peak']) store.plant(`${folder}${end}.jpg`, jpeg);
    await run();
    const stills = await all(catalog);
    expect(stills.filter((still) => still.kind === 'adopted').map((still) => still.path)).toEqual([
      `${folder}-10.jpg`,
      `${folder}-2.jpg`,
      `${folder}.jpg`,
    ]);
    expect(stills.map((still) => still.kind).toSorted()).toEqual(['adopted', 'adopted', 'adopted', 'before', 'peak']);
  });

  it('that cannot be read as such are left alone, counted and named', async () => {
    const cut = jpeg.subarray(0, -20);
    store.plant('2026-07-01/14-32-07.jpg', cut);
    store.plant('2026-07-01/Thumbs.db', jpeg);
    store.plant('2026-07-01/14-32-61.jpg', jpeg);
    store.plant('2026-13-01/14-32-07.jpg', jpeg);
    store.plant('latest.jpg', jpeg);
    store.plant('2026-07-01/14-32-08.jpg', new Uint8Array());
    store.plant('2026-07-02/00-00-00.jpg', jpeg);
    const sum = await run();
    expect(sum).toMatchObject({ seen: 7, recorded: 1, skipped: 6, reasons: { 'not a photo name': 4, damaged: 2 } });
    expect(sum.examples).toContainEqual({ path: '2026-07-01/14-32-07.jpg', reason: 'damaged' });
    expect(store.blobs.get('2026-07-01/14-32-07.jpg')).toEqual(cut);
  });

  it('at the root belong to nobody when no camera has its photos there', async () => {
    store.plant('2026-07-01/14-32-07.jpg', jpeg);
    expect(await run({ rootCamera: undefined })).toMatchObject({ recorded: 0, reasons: { 'no-camera': 1 } });
  });

  it('come with progress, in batches, and the run can be stopped', async () => {
    for (let index = 0; index < 120; index++) {
      const second = `${String(Math.floor(index / 60)).padStart(2, '0')}-${String(index % 60).padStart(2, '0')}`;
      store.plant(`2026-07-01/14-${second}.jpg`, jpeg);
    }
    const seen: number[] = [];
    const stopping = new AbortController();
    const stopped = run({
      signal: stopping.signal,
      onProgress: (sum) => {
        seen.push(sum.recorded);
        if (sum.recorded === 100) stopping.abort(new Error('stop'));
      },
    });
    await expect(stopped).rejects.toThrow('stop');
    expect(seen).toEqual([50, 100]);
    expect(await run()).toMatchObject({ known: 100, recorded: 20 });
  });
});

describe('our own photos', () => {
  /** A year of photos as the shipper stores them: kinds, cameras, same seconds, the night clocks go back. */
  const shipMany = async (): Promise<void> => {
    const spool = memorySpool();
    store = memoryStore(spool.read);
    const times = [SOME_TIME, SOME_TIME + 1, SOME_TIME + 2, Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
    for (const camera of ['tapo', 'garden']) {
      for (const [index, time] of times.entries()) {
        for (const kind of ['calm', 'before', 'peak', 'manual', 'uploaded'] as const) {
          const draft = draftOf({
            camera: cameraId(camera),
            takenAt: epochMs(time),
            kind,
            cause: index % 2 ? 'owner' : undefined,
            offsetMinutes: index === 3 ? 120 : 60,
            width: 80,
            height: 60,
            delay: index % 3 ? ms(index * 100) : undefined,
            isDemo: index === 4,
          });
          await spool.accept(draft, withStillFacts(jpeg, draft));
        }
      }
    }
    const options = { spool, store, catalog, rootCamera: tapo, clock: fakeClock(), random: () => 0 };
    await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
  };

  it('give back every row exactly after the catalogue was deleted, in another zone and for another root camera too', async () => {
    await shipMany();
    const before = await all(catalog);
    expect(before).toHaveLength(50);
    for (const options of [
      {},
      { zone: 'America/New_York' },
      { rootCamera: cameraId('renamed') },
      { rootCamera: undefined },
    ]) {
      const rebuilt = memoryCatalog();
      expect(await run({ ...options, catalog: rebuilt })).toMatchObject({ recorded: 50, skipped: 0 });
      expect(await all(rebuilt)).toEqual(before);
    }
    expect(await run()).toMatchObject({ known: 50, recorded: 0 });
  });

  it('copied by somebody to another day or name are found photos; the original stays what it is', async () => {
    await shipMany();
    const path = 'garden/2026-11-23/14-32-07.jpg';
    const original = await catalog.findByPath(path);
    const bytes = store.blobs.get(path) ?? new Uint8Array();
    store.plant('garden/2025-01-01/00-00-00.jpg', bytes);
    store.plant('garden/2026-11-23/14-32-07-77.jpg', bytes);
    for (const into of [catalog, memoryCatalog()]) {
      await run({ catalog: into });
      expect(await into.findByPath(path)).toEqual(original);
      expect(await into.findByPath('garden/2025-01-01/00-00-00.jpg')).toMatchObject({
        kind: 'adopted',
        source: 'file',
      });
      expect(await into.findByPath('garden/2026-11-23/14-32-07-77.jpg')).toMatchObject({ kind: 'adopted' });
    }
  });

  it('stay recorded when adoption meets a photo that is being shipped', async () => {
    await shipMany();
    const before = await all(catalog);
    const slow = Object.assign(Object.create(catalog) as Catalog, {
      // The shipper records between the look-up and adoption's own record.
      unknownPaths: async (paths: readonly string[]) => paths,
    });
    expect(await run({ catalog: slow })).toMatchObject({ recorded: 0 });
    expect(await all(catalog)).toEqual(before);
  });
});
