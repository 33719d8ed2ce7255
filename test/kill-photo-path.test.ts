// An announced photo is never lost, nothing half is ever visible, nothing is stored twice: whenever a process is killed,
// and whatever the disk answers. Every kill is followed by the same look at what is left and the same recovery.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { fsSpool } from '../src/adapters/spool-fs/spool-fs.ts';
import { fsStore } from '../src/adapters/store-fs/store-fs.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { adopt } from '../src/archive/adoption.ts';
import { shipper } from '../src/archive/shipper.ts';
import { jpegDamage } from '../src/domain/jpeg.ts';
import type { StoredStill } from '../src/domain/still.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { ms } from '../src/domain/units.ts';
import type { BlobStore } from '../src/ports/blob-store.ts';
import { testJpeg } from '../src/testing/jpegs.ts';
import { memoryCatalog } from '../src/testing/memory-catalog.ts';
import { temporaryFolders } from '../src/testing/temporary-folder.ts';
import { draftNumber, placesIn, ROOT_CAMERA } from './kill-photo-path.program.ts';

const newFolder = temporaryFolders();
const project = fileURLToPath(new URL('..', import.meta.url));
// Inside the project, so that the native package is found; one per run, so that two runs do not meet.
const built = join(project, '.cache', `kill-photo-path-${process.pid}`);
const bundle = join(built, 'kill-photo-path.program.js');
let picture: Uint8Array;

/** What was killed before which operation, over the whole run. */
const kills: string[] = [];

beforeAll(async () => {
  await build({
    entryPoints: [join(project, 'test', 'kill-photo-path.program.ts')],
    outdir: built,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // One file starts in a tenth of the time of the two hundred it is made of; the native package stays outside.
    external: ['better-sqlite3'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  writeFileSync(join(built, 'package.json'), '{"type":"module"}');
  picture = await testJpeg(1);
});

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  process.stdout.write(`kill test: ${kills.length} kills\n`);
});

const place = (): string => {
  const folder = newFolder();
  const { jpeg, spool } = placesIn(folder);
  mkdirSync(spool, { recursive: true });
  writeFileSync(jpeg, picture);
  return folder;
};

interface Ended {
  readonly wasKilled: boolean;
  readonly exit: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

interface StartOptions {
  readonly env?: Record<string, string>;
  /** A command the program is started under. */
  readonly under?: readonly string[];
  /** Kill the program when it has printed so many lines. */
  readonly killAfterLines?: number;
  /** Resolves to when the program is to be asked to end. */
  readonly until?: Promise<unknown>;
}

const start = (args: readonly string[], options: StartOptions = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [command = '', ...rest] = [...(options.under ?? []), process.execPath, bundle, ...args];
    const child = spawn(command, rest, { env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdin.on('error', () => undefined); // a killed reader
    void (options.until ?? Promise.resolve()).then(() => child.stdin.end());
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.split('\n').length > (options.killAfterLines ?? Number.POSITIVE_INFINITY)) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (exit, signal) => {
      // Under strace the shell convention shows: strace ends as its child did.
      const wasKilled = signal === 'SIGKILL' || exit === 137;
      resolve({ wasKilled, exit, lines: out.split('\n').filter(Boolean), errors });
    });
  });

const words = (lines: readonly string[], first: string): readonly (readonly string[])[] =>
  lines.map((line) => line.split(' ')).filter(([word]) => word === first);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every visible photo of the store. Fails on anything half, and on one still in two places. */
const photosIn = async (store: BlobStore): Promise<Map<string, { path: string; sha256: string }>> => {
  const photos = new Map<string, { path: string; sha256: string }>();
  for await (const blob of store.list()) {
    const bytes = (await store.read(blob.path)) ?? new Uint8Array();
    expect(jpegDamage(bytes), `half a photo: ${blob.path}`).toBeUndefined();
    const id = readStillFacts(bytes)?.id ?? '';
    expect(photos.get(id)?.path, `${id} also at ${blob.path}`).toBeUndefined();
    photos.set(id, { path: blob.path, sha256: sha256(bytes) });
  }
  return photos;
};

/** What must hold at once after a kill, before anything was mended. */
const checkPromises = async (folder: string, lines: readonly string[]): Promise<void> => {
  const { root, spool } = placesIn(folder);
  const stored = await photosIn(await fsStore({ root }));
  for (const [, id = '', hash] of words(lines, 'accepted')) {
    const waiting = join(spool, `${id}.jpg`);
    const found = existsSync(waiting) ? sha256(readFileSync(waiting)) : stored.get(id)?.sha256;
    expect(found, `announced photo ${id}`).toBe(hash);
  }
};

/** Recovers as a new start does, and compares spool, store, catalogue, and what had been said. */
const recover = async (folder: string, lines: readonly string[]): Promise<number> => {
  await checkPromises(folder, lines);
  const { root, spool: dir, catalog: file } = placesIn(folder);
  const store = await fsStore({ root, staleAfter: ms(0) });
  const spool = await fsSpool({ dir, staleAfter: ms(0) });
  const catalog = await sqlCatalog({ file });
  try {
    for (const [, id = '', path] of words(lines, 'stored')) {
      const row = await catalog.list({ limit: 1000 }).then((rows) => rows.find((still) => still.id === id));
      expect(row?.path, `told as stored: ${id}`).toBe(path);
    }
    const options = { spool, store, catalog, rootCamera: ROOT_CAMERA, clock: systemClock(), random: () => 0 };
    await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
    expect(readdirSync(dir), 'left in the spool').toEqual([]);
    const incoming = join(root, '.incoming');
    expect(existsSync(incoming) ? readdirSync(incoming) : [], 'left of copies').toEqual([]);

    const photos = await photosIn(store);
    const rows = await catalog.list({ limit: 1000 });
    const shown = (stills: readonly StoredStill[]) =>
      stills.map((still) => `${still.id} ${still.path} ${still.sha256}`).toSorted();
    expect(shown(rows)).toEqual([...photos].map(([id, found]) => `${id} ${found.path} ${found.sha256}`).toSorted());
    for (const [, id = '', hash] of words(lines, 'accepted')) expect(photos.get(id)?.sha256, id).toBe(hash);
    expect((await catalog.days()).reduce((sum, day) => sum + day.stills, 0)).toBe(rows.length);

    const adopting = { store, rootCamera: ROOT_CAMERA, zone: 'Europe/Copenhagen' };
    expect((await adopt({ ...adopting, catalog })).recorded, 'rows that were missing').toBe(0);
    const rebuilt = memoryCatalog();
    await adopt({ ...adopting, catalog: rebuilt });
    expect(await rebuilt.list({ limit: 1000 })).toEqual(rows);
    return rows.length;
  } finally {
    await catalog.close();
  }
};

/** Runs `attempt(1)`, `attempt(2)`, … two at a time until one survives; that is when every step has been killed at. */
const sweep = async (attempt: (killAt: number) => Promise<{ survived: boolean }>, atMost: number): Promise<number> => {
  let next = 1;
  let isDone = false;
  const worker = async (): Promise<void> => {
    while (!isDone && next <= atMost) {
      const { survived } = await attempt(next++);
      isDone ||= survived;
    }
  };
  await Promise.all([worker(), worker()]);
  expect(isDone, `still killed at operation ${atMost}`).toBe(true);
  return next - 1;
};

interface Waiting {
  readonly folder: string;
  readonly lines: readonly string[];
}

let accepted: Promise<Waiting> | undefined;
const threeAccepted = async (): Promise<Waiting> => {
  const folder = place();
  const { lines } = await start(['capture', folder, '1', '3']);
  expect(words(lines, 'accepted')).toHaveLength(3);
  return { folder, lines };
};

/** A new place with three photos, two of them of the same second, accepted by another process and waiting. */
const withThreeAccepted = async (): Promise<Waiting> => {
  accepted ??= threeAccepted();
  const { folder: template, lines } = await accepted;
  const folder = newFolder();
  cpSync(template, folder, { recursive: true });
  return { folder, lines };
};

const noteKill = (ended: Ended, fallback: string): void => {
  if (ended.wasKilled) kills.push(ended.errors.trim().replace(/\S*\/stillwatch-\w+\//, '') || fallback);
};

describe('SIGKILL before every operation', () => {
  it('of accepting (steps 1 to 7)', async () => {
    await sweep(async (killAt) => {
      const folder = place();
      const ended = await start(['capture', folder, '1', '2'], { env: { KILL_AT: String(killAt) } });
      noteKill(ended, 'capture');
      const announced = words(ended.lines, 'accepted').length;
      expect(await recover(folder, ended.lines)).toBeGreaterThanOrEqual(announced);
      if (!ended.wasKilled) expect(announced).toBe(2);
      return { survived: !ended.wasKilled };
    }, 80);
    for (const step of ['spool.open', 'handle.write', 'handle.sync', 'spool.rename']) {
      expect(
        kills.some((kill) => kill.includes(step)),
        step,
      ).toBe(true);
    }
  });

  it.each<[string, Record<string, string>]>([
    ['by link', {}],
    ['by copy', { NO_LINK: '1' }],
  ])('of shipping %s (steps 8 to 12)', async (_, env) => {
    const before = kills.length;
    await sweep(async (killAt) => {
      const { folder, lines } = await withThreeAccepted();
      const ended = await start(['server', folder], { env: { ...env, KILL_AT: String(killAt) } });
      noteKill(ended, 'server');
      expect(await recover(folder, [...lines, ...ended.lines])).toBe(3);
      if (!ended.wasKilled) expect(words(ended.lines, 'stored')).toHaveLength(3);
      return { survived: !ended.wasKilled };
    }, 160);
    const steps = ['store.mkdir', 'store.link', 'store.handle.sync', 'catalogue.record', 'spool.unlink'];
    for (const step of env['NO_LINK'] ? [...steps, 'store.handle.write'] : steps) {
      expect(
        kills.slice(before).some((kill) => kill.includes(step)),
        step,
      ).toBe(true);
    }
  });
});

const inject = (calls: string, what: string, when: string): readonly string[] => {
  const injection = `inject=${calls}:${what}:when=${when}`;
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', injection];
};

describe('SIGKILL at system calls, which no seam of ours stands between', () => {
  // strace counts calls of each thread by itself; with one worker thread there are two: the catalogue's, and the disk's.
  const env = { UV_THREADPOOL_SIZE: '1' };
  it.each([
    ['what changes names and makes durable: every one', 'fsync,rename,link,unlink,mkdir', 1],
    ['the catalogue’s own writes (step 9): every other one', 'pwrite64', 2],
  ] as const)('%s', async (_, calls, stride) => {
    const before = kills.length;
    await sweep(async (attempt) => {
      const { folder, lines } = await withThreeAccepted();
      const killAt = String(attempt * stride);
      const ended = await start(['server', folder], { env, under: inject(calls, 'signal=KILL', killAt) });
      noteKill(ended, `server, ${calls}`);
      expect(await recover(folder, [...lines, ...ended.lines])).toBe(3);
      return { survived: !ended.wasKilled };
    }, 100);
    expect(kills.length - before).toBeGreaterThan(8);
  });
});

describe('a storm: both processes at work, one of them killed at a line it printed', () => {
  it('loses nothing over many restarts of the same place', async () => {
    const folder = place();
    const lines: string[] = [];
    const ROUNDS = 24;
    const PHOTOS = 4;
    for (let round = 0; round < ROUNDS; round++) {
      const killsCapture = round % 2 === 0;
      const killAfterLines = 1 + (round % 3);
      const captured = start(
        ['capture', folder, String(round * PHOTOS), String(PHOTOS)],
        killsCapture ? { killAfterLines } : {},
      );
      const served = start(['server', folder], { until: captured, ...(killsCapture ? {} : { killAfterLines }) });
      for (const ended of await Promise.all([captured, served])) {
        noteKill(ended, killsCapture ? 'storm: capture' : 'storm: server');
        lines.push(...ended.lines);
      }
      await checkPromises(folder, lines);
    }
    const announced = new Set(words(lines, 'accepted').map(([, id]) => id)).size;
    expect(announced).toBeGreaterThan(ROUNDS);
    expect(await recover(folder, lines)).toBeGreaterThanOrEqual(announced);
  });
});

describe('a disk that answers with errors', () => {
  // With one worker thread there is one count of the disk's calls; each start syncs all parents of the two folders first.
  const env = { UV_THREADPOOL_SIZE: '1' };
  const depth = (folder: string): number => folder.split('/').length - 1;
  const range = (first: number, last: number, after = 0): string => `${first + after}..${last + after}`;

  const refused = (ended: Ended, code: string): number =>
    words(ended.lines, 'refused').filter(([, , said]) => said === code).length;

  it.each([
    ['fsync', 'EIO', 'SW_STORE_WRITE'],
    ['fsync', 'ENOSPC', 'SW_STORE_FULL'],
    ['rename', 'EIO', 'SW_STORE_WRITE'],
    ['rename', 'ENOSPC', 'SW_STORE_FULL'],
  ])('%s says %s: that photo is refused, the others are kept', async (call, errno, code) => {
    const folder = place();
    const when = range(3, 4, call === 'fsync' ? depth(placesIn(folder).spool) : 0);
    const ended = await start(['capture', folder, '1', '4'], { env, under: inject(call, `error=${errno}`, when) });
    expect(ended.exit).toBe(0);
    expect(refused(ended, code)).toBeGreaterThan(0);
    const accepted = words(ended.lines, 'accepted').length;
    expect(accepted + refused(ended, code)).toBe(4);
    expect(accepted).toBeGreaterThan(0);
    expect(await recover(folder, ended.lines)).toBe(accepted);
  });

  it('writes that come back short (a file size limit): the photo is refused, nothing torn stays', async () => {
    const folder = place();
    writeFileSync(placesIn(folder).jpeg, await testJpeg(2, { width: 400, height: 300 }));
    // 16 blocks of 512 bytes: a sidecar fits, a photo does not.
    const ended = await start(['capture', folder, '1', '3'], { under: ['sh', '-c', 'ulimit -f 16; exec "$@"', 'sh'] });
    expect(refused(ended, 'SW_STORE_FULL')).toBe(3);
    expect(readdirSync(placesIn(folder).spool)).toEqual([]);
  });

  it.each(['link', 'fsync', 'unlink'])(
    '%s fails while shipping: what is told as stored is, the rest stays safe',
    async (call) => {
      const { folder, lines } = await withThreeAccepted();
      await (await sqlCatalog({ file: placesIn(folder).catalog })).close(); // it is the shipping that shall fail
      const { root, spool } = placesIn(folder);
      const when = range(1, 3, call === 'fsync' ? depth(root) + depth(spool) : 0);
      const ended = await start(['server', folder], { env, under: inject(call, 'error=EIO', when) });
      expect(ended.exit).toBe(0);
      expect(words(ended.lines, 'trouble').length).toBeGreaterThan(0);
      expect(await recover(folder, [...lines, ...ended.lines])).toBe(3);
    },
  );
});

describe('the promise about power', () => {
  it('each recorded photo is one synced commit of the catalogue, and each accept syncs file, sidecar and folder', async () => {
    const folder = place();
    const trace = join(folder, 'trace');
    const under = ['strace', '-f', '-qq', '-y', '-o', trace, '-e', 'trace=fsync,fdatasync'];
    await start(['capture', folder, '1', '3'], { under });
    const synced = readFileSync(trace, 'utf8').match(/fsync\(.*= 0/g) ?? [];
    expect(synced.filter((call) => call.includes('.tmp-'))).toHaveLength(6);
    expect(synced.filter((call) => call.endsWith('spool>) = 0'))).toHaveLength(3);
    await start(['server', folder], { under });
    const commits = readFileSync(trace, 'utf8').match(/(fsync|fdatasync)\(.*catalog\.sqlite-wal>\) *= 0/g) ?? [];
    expect(commits.length).toBeGreaterThanOrEqual(3);
  });
});

describe('the facts in the file', () => {
  it('are what another program reads, and survive its rewriting', async () => {
    const { folder } = await withThreeAccepted();
    await recover(folder, []);
    const store = await fsStore({ root: placesIn(folder).root });
    const photo = (await photosIn(store)).get(draftNumber(1).id);
    const file = join(placesIn(folder).root, photo?.path ?? '');
    const facts = readStillFacts(readFileSync(file));
    const exiftool = (...args: string[]): string => {
      const ran = spawnSync('exiftool', [...args, file], { encoding: 'utf8' });
      expect(ran.status, ran.stderr).toBe(0);
      return ran.stdout;
    };
    const said = JSON.parse(exiftool('-json', '-G0', '-a', '-validate', '-warning')) as Record<string, unknown>[];
    expect(said[0]?.['ExifTool:Validate'], JSON.stringify(said)).toBe('OK');
    const [read] = JSON.parse(exiftool('-json', '-G0')) as Record<string, unknown>[];
    expect(read).toMatchObject({
      'EXIF:ExifVersion': '0232',
      'EXIF:ImageUniqueID': facts?.id,
      'EXIF:OffsetTimeOriginal': '+01:00',
      'Composite:SubSecDateTimeOriginal': '2026:11:23 14:32:00.400+01:00',
      'XMP:Episode': facts?.episode,
    });
    exiftool('-overwrite_original', '-XMP-dc:Subject+=æøå', '-EXIF:UserComment=edited');
    expect(readStillFacts(readFileSync(file))).toEqual(facts);
  });
});

describe('the run as a whole', () => {
  it('killed at least 200 times', () => {
    expect(kills.length).toBeGreaterThanOrEqual(200);
  });
});
