import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { epochMs } from '../domain/units.ts';
import type { DiskFinding, DiskInspection } from '../ports/disk-inspection.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { draftOf, SOME_TIME, sha256Of } from '../testing/stills.ts';
import { adopt } from './adoption.ts';
import { type DoctorParts, type DoctorWish, examine, type Finding } from './doctor.ts';
import { finishRetired } from './sweep.ts';

const camera = cameraId('garden');
const picture = await testJpeg(1);

interface Photo {
  readonly bytes: Uint8Array;
  readonly row: StoredStill;
}
const made = new Map<number, Photo>();

/** The `index`th photo of a day, with its facts inside, and its row. */
const photo = (index: number): Photo => {
  const earlier = made.get(index);
  if (earlier) return earlier;
  const takenAt = epochMs(SOME_TIME - 120 + index * 1000);
  const draft = draftOf({ camera, takenAt });
  const bytes = withStillFacts(picture, draft);
  const path = `2026-11-23/14-${String(32 + Math.floor((7 + index) / 60))}-${String((7 + index) % 60).padStart(2, '0')}.jpg`;
  const fresh = { bytes, row: { ...draft, bytes: bytes.length, sha256: sha256Of(bytes), path } };
  made.set(index, fresh);
  return fresh;
};

const stage = async (count: number, disk: readonly DiskFinding[] = []) => {
  const store = memoryStore();
  const catalog = memoryCatalog();
  const photos = Array.from({ length: count }, (_, index) => photo(index));
  for (const { bytes, row } of photos) store.plant(row.path, bytes);
  await catalog.record(photos.map(({ row }) => row));
  const mended: string[] = [];
  const inspection: DiskInspection = {
    async *findings() {
      yield* disk;
    },
    mend: async ({ path }) => {
      mended.push(path);
      return path !== 'stubborn';
    },
  };
  const parts: DoctorParts = {
    store,
    catalog,
    spool: memorySpool(),
    inspection,
    finishRetired: () => finishRetired({ store, catalog }),
    adopt: async () => (await adopt({ store, catalog, rootCamera: camera, zone: 'Europe/Copenhagen' })).recorded,
  };
  const look = async (wish: Partial<DoctorWish> = {}) => {
    const findings: Finding[] = [];
    const sum = await examine(parts, { onFinding: (finding) => findings.push(finding), ...wish });
    return { sum, said: findings.map(({ kind, path, isMended }) => `${kind} ${path}${isMended ? ' mended' : ''}`) };
  };
  const pathOf = (index: number): string => photos[index]?.row.path ?? '';
  return { store, catalog, look, mended, pathOf, photos };
};

describe('doctor', () => {
  it('finds nothing where all is well', async () => {
    const { look } = await stage(3);
    const { sum, said } = await look({ isHash: true });
    expect(said).toEqual([]);
    expect(sum).toEqual({ files: 3, rows: 3, open: 0, recorded: 0, found: {}, waiting: 0 });
  });

  it('finds nothing in an empty folder', async () => {
    expect((await (await stage(0)).look({ isRepair: true })).sum).toMatchObject({ files: 0, rows: 0, open: 0 });
  });

  it.each<[string, Parameters<typeof stage>[0], (at: Awaited<ReturnType<typeof stage>>) => unknown, boolean, string]>([
    [
      'a photo without a row',
      2,
      (at) => at.catalog.retire([photo(1).row.id]).then(() => at.catalog.forget([at.pathOf(1)])),
      false,
      'no-row',
    ],
    ['a row without its photo', 2, (at) => at.store.blobs.delete(at.pathOf(1)), false, 'no-file'],
    ['another photo in its place', 2, (at) => at.store.plant(at.pathOf(1), photo(0).bytes.slice()), true, 'changed'],
    ['half a photo', 2, (at) => at.store.plant(at.pathOf(1), photo(1).bytes.subarray(0, 900)), false, 'half'],
    ['what a cut-short sweep left', 2, (at) => at.catalog.retire([photo(1).row.id]), false, 'retired'],
  ])('finds %s, mends it, and finds nothing more', async (_, count, spoil, isHash, kind) => {
    const staged = await stage(count);
    await spoil(staged);
    const wish = isHash ? { isHash } : {};
    expect((await staged.look(wish)).said).toEqual([`${kind} ${staged.pathOf(1)}`]);
    expect((await staged.look(wish)).sum.open).toBe(1);
    expect((await staged.look({ ...wish, isRepair: true })).said).toEqual([`${kind} ${staged.pathOf(1)} mended`]);
    const after = await staged.look({ isHash: true });
    // Half a photo stays where it is, for its owner to look at, but no page shows it.
    expect(after.said).toEqual(kind === 'half' ? [`half ${staged.pathOf(1)}`] : []);
    expect((await staged.catalog.findByPath(staged.pathOf(1))) === undefined).toBe(
      kind === 'half' || kind === 'no-file' || kind === 'retired',
    );
  });

  it('sees one flipped bit only when it reads the bytes', async () => {
    const { look, store, pathOf } = await stage(2);
    const bytes = photo(1).bytes.slice();
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    store.plant(pathOf(1), bytes);
    expect((await look()).said).toEqual([]);
    expect((await look({ isHash: true })).said).toEqual([`changed ${pathOf(1)}`]);
  });

  it('does not empty the catalogue because the disk is not there', async () => {
    const { look, store, catalog } = await stage(3);
    store.blobs.clear();
    const { sum } = await look({ isRepair: true });
    expect(sum).toMatchObject({ open: 3, found: { 'no-file': 3 } });
    expect(await catalog.count()).toBe(3);
  });

  it('leaves other people’s files alone and does not call them a trouble', async () => {
    const { look, store } = await stage(1);
    store.plant('notes.txt', picture);
    expect(await look({ isRepair: true })).toMatchObject({ said: ['foreign notes.txt'], sum: { open: 0 } });
    expect(store.blobs.has('notes.txt')).toBe(true);
  });

  it('hands what the disk itself says to be mended, once, and only when asked', async () => {
    const disk: DiskFinding[] = [
      { kind: 'stray-temporary', path: 'old', isMendable: true },
      { kind: 'no-access', path: 'stubborn', isMendable: true },
      { kind: 'no-access', path: 'not ours', isMendable: false },
      { kind: 'set-aside', path: 'damaged', isMendable: false },
    ];
    const { look, mended } = await stage(1, disk);
    expect((await look()).sum.open).toBe(3);
    expect(mended).toEqual([]);
    expect((await look({ isRepair: true })).sum.open).toBe(2);
    expect(mended).toEqual(['old', 'stubborn']);
  });

  it('walks more rows and files than fit a page', async () => {
    const { look } = await stage(1100);
    const progress: number[] = [];
    const { sum } = await look({ onProgress: (photos) => progress.push(photos) });
    expect(sum).toMatchObject({ files: 1100, rows: 1100, open: 0 });
  });

  it('mends any mixture, and takes no photo’s bytes away', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('well', 'no row', 'no file', 'half', 'other'), { minLength: 1, maxLength: 12 }),
        async (states) => {
          const { look, store, catalog, pathOf } = await stage(states.length);
          for (const [index, state] of states.entries()) {
            const path = pathOf(index);
            if (state === 'no row') {
              await catalog.retire([photo(index).row.id]);
              await catalog.forget([path]);
            }
            if (state === 'no file') store.blobs.delete(path);
            if (state === 'half') store.plant(path, photo(index).bytes.subarray(0, 800 + index));
            if (state === 'other') store.plant(path, photo(index + 500).bytes);
          }
          const before = new Map(store.blobs);
          await look({ isRepair: true, isHash: true });
          expect(store.blobs).toEqual(before);
          const { sum } = await look({ isHash: true });
          const halves = states.filter((state) => state === 'half').length;
          const isGone = states.every((state) => state === 'no file');
          expect(sum.open).toBe(isGone ? states.length : halves);
        },
      ),
      { numRuns: 25 },
    );
  });
});
