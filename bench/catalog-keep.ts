// Sweep, doctor's walk, rebuild's lookup and backup over a large catalogue: time, and memory that must not grow with it.
//   npx tsx bench/catalog-keep.ts [photos]      default 1 000 000; the rows are made in a temporary folder first

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackState, writeState } from '../src/adapters/backup-state/state-tar.ts';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { copyDatabase } from '../src/adapters/sqlite-copy/sqlite-copy.ts';
import { examine } from '../src/archive/doctor.ts';
import { copyToBackup } from '../src/archive/photo-copy.ts';
import { type SweepParts, sweep } from '../src/archive/sweep.ts';
import { cameraId, type StillId } from '../src/domain/ids.ts';
import type { KeepRules } from '../src/domain/retention.ts';
import { Secret } from '../src/domain/secret.ts';
import type { StoredStill } from '../src/domain/still.ts';
import { epochMs, ms } from '../src/domain/units.ts';
import type { BlobStore } from '../src/ports/blob-store.ts';
import { collect } from './lib/collect.ts';

const photos = Number(process.argv[2] ?? 1_000_000);
const DAY = 86_400_000;
const DAYS = 730;
const NOW = Date.UTC(2026, 10, 23);
const KINDS = ['calm', 'before', 'peak'] as const;

const still = (index: number): StoredStill => {
  const day = Math.floor((index * DAYS) / photos);
  const takenAt = epochMs(NOW - (DAYS - day) * DAY + ((index * 61_000) % DAY));
  const date = new Date(takenAt).toISOString().slice(0, 10);
  const id = index.toString(16).padStart(32, '0');
  const name = String(index % 1_000_000)
    .padStart(6, '0')
    .replace(/(..)(..)(..)/, '$1-$2-$3');
  return {
    id: id as StillId,
    camera: cameraId(`camera-${index % 20}`),
    kind: KINDS[index % 3] ?? 'calm',
    cause: 'pixels',
    episode: undefined,
    takenAt,
    offsetMinutes: 60,
    width: 2560,
    height: 1440,
    bytes: 900_000,
    sha256: id + id,
    source: 'main-stream',
    delay: ms(1500),
    isDemo: false,
    path: `camera-${index % 20}/${date}/${name}-${index}.jpg`,
  };
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Runs `work` and prints its wall time, its processor time, and the most memory seen meanwhile. */
const measure = async (what: string, work: () => Promise<string>): Promise<void> => {
  collect();
  const base = process.memoryUsage.rss();
  let most = base;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const result = await work();
  const wall = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  const cells = [what.padEnd(34), `${wall.toFixed(1)} s`, `${((user + system) / 1e6).toFixed(1)} CPU s`];
  console.log(`${cells.join('  ')}  +${megabytes(most - base)} (${megabytes(most)})  ${result}`);
};

const rules = (chosen: Partial<KeepRules>): KeepRules => ({
  each: {},
  cameras: {},
  free: 0,
  includesFound: true,
  ...chosen,
});

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
try {
  const file = join(folder, 'catalog.sqlite');
  const catalog = await sqlCatalog({ file });
  await measure(`${photos} rows recorded, 500 at a time`, async () => {
    for (let at = 0; at < photos; at += 500) {
      await catalog.record(Array.from({ length: Math.min(500, photos - at) }, (_, index) => still(at + index)));
    }
    return megabytes((await stat(file)).size);
  });
  // The store's own work is the disk's; here only ours is measured.
  const store: BlobStore = {
    put: async () => 'stored',
    read: async () => undefined,
    info: async (path) => ({ path, bytes: 900_000, changedAt: 0 }),
    hash: async () => undefined,
    remove: async (blobs) => ({ removed: blobs.map(({ path }) => path), failed: [] }),
    settle: async () => undefined,
    async *list() {
      for (let after = ''; ; ) {
        const page = await catalog.byPath(after, 1000);
        for (const { path, bytes } of page) yield { path, bytes, changedAt: 0 };
        const last = page.at(-1);
        if (!last) return;
        after = last.path;
      }
    },
  };
  const parts: SweepParts = {
    store,
    catalog,
    spool: { pending: async () => [] },
    favourites: { all: async () => new Set() },
    disk: {
      space: async () => ({ free: 1e11, total: 1e12 }),
      releaseReserve: async () => undefined,
      holdReserve: async () => undefined,
    },
  };
  const now = epochMs(NOW);
  const run = async (chosen: Partial<KeepRules>, isDryRun: boolean): Promise<string> => {
    const sum = await sweep(parts, { rules: rules(chosen), now, isClockSteady: true, isDryRun });
    return `${sum.stills} photos`;
  };
  await measure('sweep with nothing to do', () => run({ each: { age: ms(800 * DAY) } }, false));
  await measure('dry run of a half', () => run({ each: { age: ms(365 * DAY) } }, true));
  await measure('sweep of one day by age', () => run({ each: { age: ms(729 * DAY) } }, false));
  await measure('sweep of a tenth by size', () => run({ bytes: photos * 0.9 * 900_000 }, false));
  await measure('doctor, without the disk’s own time', async () => {
    const sum = await examine(
      {
        store,
        catalog,
        spool: { pending: async () => [] },
        inspection: { async *findings() {}, mend: async () => false },
        finishRetired: async () => 0,
        adopt: async () => 0,
      },
      { onFinding: () => undefined },
    );
    return `${sum.rows} rows, ${sum.open} findings`;
  });
  await measure('rebuild’s lookup of every path', async () => {
    let known = 0;
    let paths: string[] = [];
    const ask = async (): Promise<void> => {
      known += paths.length - (await catalog.unknownPaths(paths)).length;
      paths = [];
    };
    for await (const { path } of store.list()) if (paths.push(path) === 5000) await ask();
    await ask();
    return `${known} known`;
  });
  const copy = join(folder, 'copy.sqlite');
  await measure('backup: catalogue copied', async () => {
    await copyDatabase(file, copy);
    return megabytes((await stat(copy)).size);
  });
  const state = join(folder, 'state.swb');
  const passphrase = new Secret('seven blue bicycles');
  await measure('backup: packed and sealed', async () => {
    async function* entries(): AsyncGenerator<{ name: string; file: string }> {
      yield { name: 'data/catalog.sqlite', file: copy };
    }
    const manifest = { format: 1, version: 'bench', madeAt: NOW, photos: 'included', photosDir: 'snapshots' } as const;
    await writeState({ file: state, manifest, entries: entries(), passphrase });
    return megabytes((await stat(state)).size);
  });
  const index = await sqlCatalog({ file: join(folder, 'index.sqlite') });
  const to = { ...store, info: async () => undefined };
  const parts2 = { catalog, living: catalog, index, from: store, fileAt: (path: string) => path };
  await measure('backup: index of all photos, first time', async () => {
    const sum = await copyToBackup({ ...parts2, to });
    return `${sum.copied} photos`;
  });
  await measure('backup: nothing new', async () => `${(await copyToBackup({ ...parts2, to: store })).there} photos`);
  await index.close();
  await measure('restore: opened and unpacked', async () => {
    const names = await unpackState(state, passphrase, join(folder, 'unpacked'));
    return `${names.length} files`;
  });
  await catalog.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
