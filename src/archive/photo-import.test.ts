import { beforeAll, describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { epochMs } from '../domain/units.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { type MemoryStore, memoryStore } from '../testing/memory-store.ts';
import { draftOf, SOME_TIME } from '../testing/stills.ts';
import { adopt } from './adoption.ts';
import { type ImportedFile, importPhotos } from './photo-import.ts';

const zone = 'Europe/Copenhagen';
const camera = cameraId('old');
const now = epochMs(SOME_TIME + 86_400_000);
const jpegs: Uint8Array[] = [];
beforeAll(async () => {
  for (let seed = 0; seed < 4; seed++) jpegs.push(await testJpeg(seed, { width: 8, height: 8 }));
});
const jpeg = (index: number): Uint8Array => jpegs[index] ?? new Uint8Array();

/** A folder, and a place to put its photos. */
const place = () => {
  const source = memoryStore();
  const store: MemoryStore = memoryStore(async (file) => source.blobs.get(file) ?? new Uint8Array());
  const catalog = memoryCatalog();
  const run = async (isDryRun = false): Promise<readonly ImportedFile[]> => {
    const files: ImportedFile[] = [];
    const options = {
      source,
      fileAt: (path: string) => path,
      store,
      catalog,
      camera,
      rootCamera: undefined,
      zone,
      now,
    };
    await importPhotos({ ...options, isDryRun, onFile: (file) => files.push(file) });
    return files;
  };
  return { source, store, catalog, run };
};

describe('photos of another program', () => {
  it('find their time in the name, else in the file’s date, and each says where it is from', async () => {
    const { source, run } = place();
    source.plant('cam/20261123_143207.jpg', jpeg(0));
    source.plant('cam/2026-11-23 14.32.08.JPG', jpeg(1));
    source.plant('x.jpg', jpeg(2));
    source.plant('notes.txt', jpeg(3));
    source.plant('half.jpg', jpeg(3).slice(0, 200));
    expect(await run()).toEqual([
      { file: 'cam/2026-11-23 14.32.08.JPG', state: 'added', path: 'old/2026-11-23/14-32-08.jpg', time: 'name' },
      { file: 'cam/20261123_143207.jpg', state: 'added', path: 'old/2026-11-23/14-32-07.jpg', time: 'name' },
      { file: 'half.jpg', state: 'refused', reason: 'damaged' },
      { file: 'notes.txt', state: 'refused', reason: 'no JPEG' },
      { file: 'x.jpg', state: 'added', path: 'old/1970-01-01/01-00-00.jpg', time: 'file' },
    ]);
  });

  it('are taken once: again adds nothing, another photo of the second gets the next name', async () => {
    const { source, store, run } = place();
    source.plant('a/20261123_143207.jpg', jpeg(0));
    source.plant('b/20261123_143207.jpg', jpeg(1));
    source.plant('c/20261123_143207.jpg', jpeg(0));
    const states = (files: readonly ImportedFile[]): readonly string[] => files.map(({ state }) => state);
    const planned = await run(true);
    expect(store.blobs.size).toBe(0);
    const done = await run();
    expect(planned).toEqual(done); // what was foretold
    expect(states(done)).toEqual(['added', 'added', 'known']);
    expect([...store.blobs.keys()].toSorted()).toEqual([
      'old/2026-11-23/14-32-07-2.jpg',
      'old/2026-11-23/14-32-07.jpg',
    ]);
    expect(states(await run())).toEqual(['known', 'known', 'known']);
    expect(store.blobs.size).toBe(2);
  });

  it('have the very rows that a rebuilt catalogue has', async () => {
    const { source, store, catalog, run } = place();
    source.plant('20261123_143207.jpg', jpeg(0));
    source.plant('x/20261123_143207.jpg', jpeg(1));
    // The hour that clocks show twice.
    source.plant('20261025_023000.jpg', jpeg(2));
    const own = draftOf({ camera: cameraId('garden'), takenAt: epochMs(SOME_TIME), width: 8, height: 8 });
    source.plant('own.jpg', withStillFacts(jpeg(3), own));
    await run();
    const rebuilt = memoryCatalog();
    await adopt({ store, catalog: rebuilt, rootCamera: undefined, zone });
    const rows = await catalog.byPath('', 100);
    expect(rows).toHaveLength(4);
    expect(rows.find(({ id }) => id === own.id)?.path).toBe('garden/2026-11-23/14-32-07.jpg');
    expect(await rebuilt.byPath('', 100)).toEqual(rows);
  });
});
