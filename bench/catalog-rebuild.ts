// Deletes the catalogue of a large photo folder and has `stillwatch catalog rebuild` make it anew from the photos alone; then
// every list of the API is compared, byte for byte, with what it answered before. Time, memory, and what differs.
//   npm run bench -- catalog-rebuild [photos] [--json]      default 100 000, made in a temporary folder first

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { correctVerdict, setFavourite } from '../src/archive/owner-word.ts';
import { type ArchivePlace, openArchivePlace } from '../src/cli/archive-place.ts';
import { civilTime } from '../src/domain/civil-time.ts';
import { cameraId, type EpisodeId, episodeId, stillId } from '../src/domain/ids.ts';
import { type Principal, ROLE_PERMISSIONS } from '../src/domain/permission.ts';
import type { StillKind, StoredStill } from '../src/domain/still.ts';
import { withStillFacts } from '../src/domain/still-facts.ts';
import { formatStillPath, setName, stillPlace } from '../src/domain/still-path.ts';
import { type EpochMs, epochMs, later, ms } from '../src/domain/units.ts';
import type { Catalog } from '../src/ports/catalog.ts';
import { webStage } from '../src/testing/web-stage.ts';
import { machine } from './lib/machine.ts';

const isJson = process.argv.includes('--json');
const photos = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 100_000);
const ZONE = 'Europe/Copenhagen';
/** The camera of the .env has its photos at the root. */
const CAMERAS = ['tapo', 'garden', 'drive', 'stable', 'gate'].map(cameraId);
const FIRST = Date.UTC(2026, 0, 5);
/** Milliseconds. A set of three every ten minutes and a bit: over a change of the clocks. */
const STEP = 617_000;
const ROWS_AT_ONCE = 500;
const VERDICTS = ['arrived', 'gone', 'passing', 'light-only'] as const;

interface Wish {
  readonly kind: StillKind;
  readonly at: EpochMs;
  readonly episode: EpisodeId | undefined;
  readonly set: string | undefined;
}

const offsetOf = (at: EpochMs): number => civilTime(at, ZONE).offsetMinutes;

/** Four of five are of a set; between them one by hand, by plan, sent, or fetched afterwards. */
const wishesOf = (round: number): readonly Wish[] => {
  const start = epochMs(FIRST + round * STEP);
  const camera = CAMERAS[round % CAMERAS.length] ?? cameraId('tapo');
  const calm = later(start, ms(21_000 + (round % 997)));
  const set = setName(calm, offsetOf(calm));
  const episode = episodeId(camera, start);
  const alone = (['manual', 'scheduled', 'uploaded', 'recovered'] as const)[round % 4] ?? 'manual';
  return [
    { kind: 'before', at: epochMs(start - 3000), episode, set },
    { kind: 'peak', at: later(start, ms(4000)), episode, set },
    { kind: 'calm', at: calm, episode, set: undefined },
    { kind: alone, at: later(start, ms(300_000)), episode: undefined, set: undefined },
  ];
};

const looks: readonly Uint8Array[] = await Promise.all(
  ['#456', '#a85', '#373'].map(
    async (background) =>
      new Uint8Array(
        await sharp({ create: { width: 64, height: 36, channels: 3, background } })
          .jpeg()
          .toBuffer(),
      ),
  ),
);

/** The photo with its facts inside, and the row that the shipper would have recorded for it. */
const photoOf = (wish: Wish, round: number): { readonly jpeg: Uint8Array; readonly still: StoredStill } => {
  const camera = CAMERAS[round % CAMERAS.length] ?? cameraId('tapo');
  const { kind, at, episode, set } = wish;
  const isTaken = kind !== 'uploaded';
  const facts = {
    id: stillId(camera, at, kind, episode ?? ''),
    camera,
    kind,
    cause: kind === 'manual' ? ('owner' as const) : round % 3 === 0 ? ('camera' as const) : ('pixels' as const),
    episode,
    takenAt: at,
    offsetMinutes: offsetOf(at),
    width: 64,
    height: 36,
    source: isTaken ? ('main-stream' as const) : ('upload' as const),
    delay: isTaken ? ms(1000 + (round % 900)) : undefined,
    isDemo: round % 50 === 7,
    ...(set === undefined ? {} : { set }),
    ...(isTaken ? { choice: { way: 'main-stream', reason: 'most-pixels', failed: [] } as const } : {}),
    ...(kind === 'calm'
      ? {
          change: {
            verdict: VERDICTS[round % VERDICTS.length] ?? 'passing',
            perMille: round % 1000,
            mask: (round % 16).toString(16).repeat(144),
          },
        }
      : {}),
    ...(round % 5 === 0 && kind === 'calm' ? { claims: ['person'] as const } : {}),
    ...(round % 7 === 0 ? { clockOffset: ms(round % 5000) } : {}),
  };
  const jpeg = withStillFacts(looks[round % looks.length] ?? new Uint8Array(), facts);
  const path = formatStillPath(stillPlace(camera === 'tapo' ? undefined : camera, facts));
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  return { jpeg, still: { ...facts, bytes: jpeg.length, sha256, path } };
};

const makePhotos = async (folder: string, catalog: Catalog): Promise<number> => {
  const folders = new Set<string>();
  let made = 0;
  let bytes = 0;
  let batch: StoredStill[] = [];
  for (let round = 0; made < photos; round++) {
    for (const wish of wishesOf(round).slice(0, photos - made)) {
      const { jpeg, still } = photoOf(wish, round);
      const file = join(folder, 'snapshots', still.path);
      if (!folders.has(dirname(file))) await mkdir(dirname(file), { recursive: true });
      folders.add(dirname(file));
      await writeFile(file, jpeg, { flag: 'wx' });
      batch.push(still);
      bytes += jpeg.length;
      made++;
    }
    if (batch.length >= ROWS_AT_ONCE || made === photos) {
      await catalog.record(batch);
      batch = [];
    }
  }
  return bytes;
};

/** Some photos are favourites and some verdicts are corrected: that lies beside the catalogue, and is noted in it. */
const sayWords = async (place: ArchivePlace, catalog: Catalog): Promise<void> => {
  const parts = { ...place, catalog };
  const covers = await catalog.list({ coversOnly: true, limit: 200 });
  for (const { id } of covers.filter((_, index) => index % 4 === 0)) await setFavourite(parts, id, true);
  for (const { id } of covers.filter(({ kind }) => kind === 'calm').slice(0, 40))
    await correctVerdict(parts, id, 'passing');
};

interface Answers {
  readonly requests: number;
  readonly bytes: number;
  /** Of each address, in order: SHA-256 of the status and the whole body. */
  readonly sums: ReadonlyMap<string, string>;
}

const owner: Principal = {
  kind: 'user',
  id: 'owner',
  name: 'owner',
  permissions: ROLE_PERMISSIONS.owner,
  cameras: 'all',
};

/** Everything the API lists: photos with and without siblings, happenings, the timeline and each of its days. */
const askAll = async (catalog: Catalog): Promise<Answers> => {
  const sums = new Map<string, string>();
  // Asked by many owners: one alone would soon be told to wait.
  const identify = async (): Promise<Principal> => ({ ...owner, id: `owner-${Math.floor(sums.size / 100)}` });
  const { app } = await webStage({ catalog, zone: ZONE, identify });
  let bytes = 0;
  const ask = async (url: string): Promise<unknown> => {
    const answer = await app.inject({ url, headers: { accept: 'application/json' } });
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
    bytes += answer.rawPayload.length;
    sums.set(url, createHash('sha256').update(answer.rawPayload).digest('base64url'));
    return answer.json();
  };
  for (const list of ['stills?siblings=true&limit=200', 'stills?limit=200', 'episodes?limit=100']) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await ask(`/api/v1/${list}${at}`)) as { readonly next: string | null };
      cursor = page.next;
    }
  }
  const { days } = (await ask('/api/v1/timeline')) as { readonly days: readonly string[] };
  for (const day of days) await ask(`/api/v1/timeline/${day}`);
  await app.close();
  return { requests: sums.size, bytes, sums };
};

interface Rebuilt {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly said: unknown;
}

/** Clock ticks a second, as Linux tells them in /proc to every program. */
const TICKS = 100;

/** The command as its owner types it. */
const rebuild = async (folder: string): Promise<Rebuilt> => {
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), main, 'catalog', 'rebuild', '--json'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: ZONE },
    },
  );
  let [said, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  let [megabytes, cpuSeconds] = [0, 0];
  const looking = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      // A process that has ended and is not yet gone has no memory any more.
      megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      cpuSeconds = (Number(stat[11]) + Number(stat[12])) / TICKS;
    } catch {
      // It has just ended: what was seen last stays.
    }
  }, 100);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`catalog rebuild ended with ${String(code)}: ${complaint}`);
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds, megabytes, said: JSON.parse(said) };
};

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> => {
  const startedAt = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startedAt) / 1000 };
};

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-rebuild-'));
try {
  await writeFile(join(folder, '.env'), 'CAMERA_IP=127.0.0.1:9\nUSRNAME=nobody\nPASSWORD=nothing\n');
  const place = await openArchivePlace(join(folder, 'snapshots'));
  const first = await sqlCatalog({ file: place.paths.catalog });
  const made = await timed(() => makePhotos(folder, first));
  await sayWords(place, first);
  const before = await timed(() => askAll(first));
  await first.close();
  for (const ending of ['', '-wal', '-shm']) await rm(`${place.paths.catalog}${ending}`, { force: true });

  const rebuilt = await rebuild(folder);
  const second = await sqlCatalog({ file: place.paths.catalog });
  const count = (await second.days()).reduce((all, { stills }) => all + stills, 0);
  const after = await timed(() => askAll(second));
  await second.close();
  const addresses = new Set([...before.value.sums.keys(), ...after.value.sums.keys()]);
  const differing = [...addresses].filter((url) => before.value.sums.get(url) !== after.value.sums.get(url));
  const result = {
    machine: machine(),
    photos,
    photoBytes: made.value,
    makingSeconds: made.seconds,
    rebuild: rebuilt,
    photosASecond: photos / rebuilt.seconds,
    rowsAfter: count,
    answers: { requests: before.value.requests, bytes: before.value.bytes },
    askingSeconds: { before: before.seconds, after: after.seconds },
    differing,
  };
  if (isJson) console.log(JSON.stringify(result));
  else {
    console.log(`| photos | rebuilt in | a second | CPU | most memory | rows | answers compared | differing |
|--:|--:|--:|--:|--:|--:|--:|--:|
| ${photos} | ${rebuilt.seconds.toFixed(1)} s | ${result.photosASecond.toFixed(0)} | ${rebuilt.cpuSeconds.toFixed(1)} s | ${rebuilt.megabytes.toFixed(0)} MB | ${count} | ${before.value.requests} (${(before.value.bytes / 1e6).toFixed(1)} MB) | ${differing.length} |

all lists read in ${before.seconds.toFixed(1)} s before, ${after.seconds.toFixed(1)} s after; photos made in ${made.seconds.toFixed(1)} s`);
    for (const url of differing.slice(0, 10)) console.log(`differs: ${url}`);
  }
  process.exitCode = differing.length === 0 && count === photos ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
