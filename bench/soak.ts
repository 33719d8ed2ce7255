// Hours with simulated cameras through the real program: memory, handles and threads must stay flat, and every happening of the
// scene must have its photo. Cameras reboot in turn, since reconnecting is where things leak. One line a minute, as JSON into a file.
// Options: --minutes 120 --cameras 8 --reboot-every 10 --program dist/motion-capture.js --out soak.jsonl

import { spawn } from 'node:child_process';
import { appendFileSync, createWriteStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { jpegDamage } from '../src/domain/jpeg.ts';
import { demoStreams } from '../src/simulator/demo-camera.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { TIMELINE } from '../src/simulator/scene/timeline.ts';
import { freePort } from '../test/support/program.ts';
import { machine } from './lib/machine.ts';
import { treeMembers } from './lib/process-tree.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    cameras: { type: 'string', default: '8' },
    'reboot-every': { type: 'string', default: '10' },
    program: { type: 'string', default: 'dist/motion-capture.js' },
    out: { type: 'string', default: 'soak.jsonl' },
  },
});

const CALM_SECONDS = 8;
/** A detector that has just connected needs 20 s of calm first; what begins earlier is not counted on. */
const SETTLING_MS = 30_000;
/** From a happening's end to its photo in the catalogue, on a machine that others use too. */
const PHOTO_WITHIN_MS = (CALM_SECONDS + 20) * 1000;
const REBOOT_MS = 4000;

const HAPPENINGS = TIMELINE.filter(({ kind }) => kind !== 'light');

/** One camera and what its scene promised. Times are of this process's clock. */
interface Promised {
  readonly camera: SimulatedCamera;
  readonly id: string;
  /** When its scene began to play. */
  readonly startedAt: number;
  /** Happenings that begin within SETTLING_MS after one of these are not counted on; nor are those it interrupts. */
  readonly disturbedAt: number[];
}

interface Cover {
  readonly camera: string;
  readonly taken_at: number;
}

/** The happenings that have ended long enough ago to have their photo, and those of them that have none. */
const account = (one: Promised, covers: readonly Cover[], now: number): { expected: number; missed: string[] } => {
  const { camera, startedAt, disturbedAt, id } = one;
  const own = covers.filter((cover) => cover.camera === id).map((cover) => cover.taken_at);
  let expected = 0;
  const missed: string[] = [];
  for (let loop = startedAt; loop < now; loop += camera.sceneLength) {
    for (const { name, start, end } of HAPPENINGS) {
      const from = loop + start * 1000;
      const until = loop + end * 1000;
      if (until + PHOTO_WITHIN_MS > now) continue;
      if (disturbedAt.some((at) => at > from - SETTLING_MS && at < until + CALM_SECONDS * 1000)) continue;
      expected++;
      if (!own.some((at) => at > from && at < until + PHOTO_WITHIN_MS))
        missed.push(`${id} ${name} ${new Date(from).toISOString()}`);
    }
  }
  return { expected, missed };
};

const statusNumber = (pid: number, key: string): number =>
  Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);

interface Use {
  readonly processes: number;
  readonly mainMb: number;
  readonly childrenMb: number;
  readonly handles: number;
  readonly threads: number;
  readonly cpuSeconds: number;
}

const useOf = (main: number): Use => {
  let [mainMb, childrenMb, handles, threads, cpuSeconds] = [0, 0, 0, 0, 0];
  const members = treeMembers(main);
  for (const { pid, cpuSeconds: cpu } of members) {
    try {
      const mb = statusNumber(pid, 'VmRSS') / 1024;
      if (pid === main) mainMb += mb;
      else childrenMb += mb;
      handles += readdirSync(`/proc/${pid}/fd`).length;
      threads += statusNumber(pid, 'Threads');
      cpuSeconds += cpu;
    } catch {
      // It ended between the listing and the look.
    }
  }
  return { processes: members.length, mainMb, childrenMb, handles, threads, cpuSeconds };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-soak-'));
const port = await freePort();
const streams = await demoStreams();
const minutes = Number(values.minutes);
const out = resolve(values.out);
const cameras: Promised[] = [];
for (let index = 0; index < Number(values.cameras); index++) {
  const startedAt = Date.now();
  cameras.push({ camera: await simulatedCamera({ streams }), id: `cam${index + 1}`, startedAt, disturbedAt: [] });
  // Scenes that are not in step, as yards are not.
  await sleep(1500);
}
writeFileSync(
  join(folder, 'stillwatch.yml'),
  [
    `web: { port: ${port}, bind: 127.0.0.1 }`,
    `defaults: { calmPeriod: ${CALM_SECONDS}s }`,
    'cameras:',
    ...cameras.map(
      ({ id, camera }) =>
        `  ${id}: { main: "${camera.url('main')}", sub: "${camera.url('sub')}", onvif: { enabled: false } }`,
    ),
    '',
  ].join('\n'),
);
const logFile = join(folder, 'log.txt');
const startedAt = Date.now();
const program = spawn(process.execPath, [resolve(values.program)], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'Europe/Copenhagen', LANG: 'C.UTF-8' },
});
const log = createWriteStream(logFile);
program.stdout.pipe(log, { end: false });
program.stderr.pipe(log, { end: false });
const ended = new Promise<string>((done) => program.once('close', (code, signal) => done(`${code ?? signal}`)));
const isRunning = (): boolean => program.exitCode === null && program.signalCode === null;
const pid = program.pid;
if (pid === undefined) throw new Error('the program cannot be started');
for (const one of cameras) one.disturbedAt.push(startedAt);

const data = join(folder, 'snapshots', '.stillwatch');
const catalogFile = join(data, 'catalog.sqlite');

interface Kept {
  readonly covers: readonly Cover[];
  readonly photos: number;
  readonly bytes: number;
}

const kept = (): Kept => {
  try {
    const catalog = new Database(catalogFile, { readonly: true });
    const sums = catalog.prepare('select count(*) photos, total(bytes) bytes from still').get() as Omit<Kept, 'covers'>;
    const covers = catalog.prepare("select camera, taken_at from still where kind = 'calm'").all() as Cover[];
    catalog.close();
    return { covers, ...sums };
  } catch {
    // Not made yet.
    return { covers: [], photos: 0, bytes: 0 };
  }
};

const COLUMNS = [
  'minute',
  'procs',
  'main',
  'children',
  'handles',
  'threads',
  'CPU s',
  'expected',
  'covers',
  'photos',
  'spool',
  'catalogue',
];
console.log(JSON.stringify({ ...machine(), cameras: cameras.length, minutes, folder }));
console.log(COLUMNS.map((name) => name.padStart(10)).join(''));

let reboots = 0;
let missed: readonly string[] = [];
let expected = 0;
const sample = (minute: number): void => {
  const use = useOf(pid);
  const now = Date.now();
  const { covers, photos, bytes } = kept();
  const accounts = cameras.map((one) => account(one, covers, now));
  expected = accounts.reduce((sum, each) => sum + each.expected, 0);
  missed = accounts.flatMap((each) => each.missed);
  const line = {
    minute,
    at: new Date(now).toISOString(),
    ...use,
    expected,
    missed: missed.length,
    covers: covers.length,
    photos,
    photoBytes: bytes,
    spool: readdirSync(join(data, 'spool')).filter((name) => name.endsWith('.jpg')).length,
    catalogueBytes: sizeOf(catalogFile),
    walBytes: sizeOf(`${catalogFile}-wal`),
    ledgerBytes: sizeOf(join(data, 'ledger.sqlite')),
    logBytes: sizeOf(logFile),
    reboots,
    load: machine().load,
  };
  appendFileSync(out, `${JSON.stringify(line)}\n`);
  const cells = [minute, use.processes, use.mainMb, use.childrenMb, use.handles, use.threads, use.cpuSeconds];
  const rest = [expected, missed.length, covers.length, photos, line.spool, line.catalogueBytes];
  console.log([...cells, ...rest].map((cell) => String(Math.round(cell)).padStart(10)).join(''));
};

writeFileSync(out, '');
for (let minute = 1; minute <= minutes && isRunning(); minute++) {
  await sleep(startedAt + minute * 60_000 - Date.now());
  sample(minute);
  if (minute % Number(values['reboot-every']) === 0) {
    const one = cameras[reboots % cameras.length];
    one?.disturbedAt.push(Date.now(), Date.now() + REBOOT_MS);
    await one?.camera.setFault({ name: 'rebooting', milliseconds: REBOOT_MS });
    reboots++;
  }
}
if (isRunning()) {
  // What has ended by now has its photo by then.
  await sleep(PHOTO_WITHIN_MS);
  sample(minutes + 1);
  program.kill('SIGTERM');
}
const exit = await ended;

// At the end nobody's word is taken for anything: every row has its file, and every file is a whole picture.
const catalog = new Database(catalogFile, { readonly: true });
const rows = catalog.prepare('select path from still').all() as { path: string }[];
catalog.close();
let [missing, damaged] = [0, 0];
for (const { path } of rows) {
  const bytes = await readFile(join(folder, 'snapshots', path)).catch(() => undefined);
  if (!bytes) missing++;
  else if (jpegDamage(bytes) !== undefined) damaged++;
}
const text = readFileSync(logFile, 'utf8');
const announced = [...text.matchAll(/photo kept: (\S+\.jpg)/g)].map(([, path]) => path ?? '');
const known = new Set(rows.map(({ path }) => path));
const summary = {
  exit,
  rows: rows.length,
  expected,
  missed,
  missing,
  damaged,
  announced: announced.length,
  announcedAndNotKept: announced.filter((path) => !known.has(path)).length,
  troubleLines: text.split('\n').filter((line) => /SW_(?!CAM_)/.test(line)).length,
  reboots,
};
appendFileSync(out, `${JSON.stringify({ summary })}\n`);
console.log(JSON.stringify(summary));
for (const { camera } of cameras) await camera.close();
log.end();
if (missing + damaged + summary.announcedAndNotKept === 0) await rm(folder, { recursive: true, force: true });
else console.log(`kept for a look: ${folder}`);
process.exitCode = missing + damaged + summary.announcedAndNotKept === 0 && exit === '0' ? 0 : 1;
