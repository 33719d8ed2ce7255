import { expect, it } from 'vitest';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { sha256Of, storedStill } from '../testing/stills.ts';
import { recheckNewest } from './recheck.ts';

const stage = async () => {
  const catalog = memoryCatalog();
  const store = memoryStore(async () => new Uint8Array());
  const bytes = await testJpeg(1);
  for (const path of ['2026-11-23/a.jpg', '2026-11-23/b.jpg', '2026-11-23/c.jpg', '2026-11-23/d.jpg']) {
    store.blobs.set(path, bytes);
    await catalog.record([storedStill(path, { bytes: bytes.length, sha256: sha256Of(bytes) })]);
  }
  const said: unknown[] = [];
  const parts = { catalog, store, onLost: (error: Error) => void said.push(error) };
  const shown = async (): Promise<readonly string[]> =>
    (await catalog.list({ limit: 9 })).map(({ path }) => path).toSorted();
  return { catalog, store, bytes, parts, said, shown };
};

it('shows no photo that a lying card has lost or halved, names it, and leaves the bytes; one that its owner changed stays', async () => {
  const { catalog, store, bytes, parts, said, shown } = await stage();
  store.blobs.delete('2026-11-23/a.jpg');
  store.blobs.set('2026-11-23/b.jpg', bytes.subarray(0, bytes.length >> 1));
  store.blobs.set('2026-11-23/c.jpg', await testJpeg(2));
  expect(await recheckNewest(parts)).toBe(2);
  expect(await shown()).toEqual(['2026-11-23/c.jpg', '2026-11-23/d.jpg']);
  expect(store.blobs.has('2026-11-23/b.jpg')).toBe(true);
  expect(await catalog.retired(9)).toEqual([]);
  expect(said).toEqual([
    expect.objectContaining({ code: 'SW_PHOTO_LOST' }),
    expect.objectContaining({ code: 'SW_PHOTO_LOST' }),
  ]);
  expect(await recheckNewest(parts)).toBe(0);
});

it('is sure of the loss when files are there and all of them are empty', async () => {
  const { store, parts, said, shown } = await stage();
  for (const path of store.blobs.keys()) store.blobs.set(path, new Uint8Array());
  expect(await recheckNewest(parts)).toBe(4);
  expect(await shown()).toEqual([]);
  expect(said).toHaveLength(4);
});

it('keeps the index of a disk that is not mounted', async () => {
  const { store, parts, said, shown } = await stage();
  store.blobs.clear();
  expect(await recheckNewest(parts)).toBe(0);
  expect(await shown()).toHaveLength(4);
  expect(said).toEqual([]);
});
