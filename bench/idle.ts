// What the program costs while nothing happens, and what a photo costs the disk: processor time, memory, bytes and calls written,
// by /proc/<pid>/io of it and its capture process, with one camera that sees a quiet scene, over a catalogue of any size.
// Options: --rows 1000000 --minutes 10 --photos 10 --program dist/cli/main.js

import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import Database from 'better-sqlite3';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { eventually, freePort } from '../test/support/program.ts';
import { machine } from './lib/machine.ts';
import { treeMembers } from './lib/process-tree.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '10' },
    photos: { type: 'string', default: '10' },
    program: { type: 'string', default: 'dist/cli/main.js' },
  },
});

interface Cost {
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** Bytes that reached the block layer, and calls of `write` and its kin. */
  readonly written: number;
  readonly writes: number;
}

const costOf = (main: number): Cost => {
  const sum = { cpuSeconds: 0, megabytes: 0, written: 0, writes: 0 };
  for (const { pid, cpuSeconds } of treeMembers(main)) {
    const io = readFileSync(`/proc/${pid}/io`, 'utf8');
    const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
    sum.cpuSeconds += cpuSeconds;
    sum.megabytes += Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    sum.written += field('write_bytes');
    sum.writes += field('syscw');
  }
  return sum;
};

/** Rows as the catalogue writes them, made by SQLite itself: 20 cameras, 730 days. */
const fill = async (file: string, rows: number): Promise<void> => {
  await (await sqlCatalog({ file })).close();
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  db.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ? - 1)
     insert into still (id, camera, kind, cause, taken_at, offset_minutes, day, width, height, bytes, sha256, source, is_demo, path, favourite)
     select printf('%032x', i), 'camera-' || (i % 20), case i % 3 when 0 then 'calm' when 1 then 'before' else 'peak' end, 'pixels',
       1732320000000 + i * 63072, 60, date((1732320000000 + i * 63072) / 1000, 'unixepoch'), 2560, 1440, 900000,
       printf('%064x', i), 'main-stream', 0, 'camera-' || (i % 20) || '/' || date((1732320000000 + i * 63072) / 1000, 'unixepoch') || '/' || i || '.jpg', 0
     from n`,
  ).run(rows);
  db.exec(`insert into day_count (day, camera, stills, covers, bytes)
    select day, camera, count(*), sum(kind = 'calm'), sum(bytes) from still group by day, camera`);
  db.close();
};

const folder = await mkdtemp(join(tmpdir(), 'stillwatch-idle-'));
const data = join(folder, 'snapshots', '.stillwatch');
mkdirSync(data, { recursive: true });
const catalogFile = join(data, 'catalog.sqlite');
await fill(catalogFile, Number(values.rows));
const camera = await simulatedCamera({
  streams: {
    main: testClip({ width: 1920, height: 1080 }),
    sub: testClip({ width: 640, height: 360, pictures: 100, moving: [0, 0] }),
  },
});
const port = await freePort();
await writeFile(
  join(folder, 'stillwatch.yml'),
  [
    `web: { port: ${port}, bind: 127.0.0.1 }`,
    `keep: { free: 0MB }`,
    `cameras: { yard: { main: "${camera.url('main')}", sub: "${camera.url('sub')}", onvif: { enabled: false } } }`,
    '',
  ].join('\n'),
);
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'Europe/Copenhagen', LANG: 'C.UTF-8' };
const entry = resolve(values.program);
const program = spawn(process.execPath, [entry, 'run'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env });
let printed = '';
program.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
const { pid } = program;
if (pid === undefined) throw new Error('the program cannot be started');
const began = performance.now();
await eventually('it answers', () => (printed.includes('Open ') ? true : undefined), 300_000);
const startSeconds = (performance.now() - began) / 1000;
await eventually('it sees', () => (printed.includes('yard sees') ? true : undefined), 300_000);
// The walk over the photo folder at the start, and what the detector learns first, are no idling.
await sleep(60_000);

const minutes = Number(values.minutes);
const before = costOf(pid);
await sleep(minutes * 60_000);
const idle = costOf(pid);
const perHour = 60 / minutes;
let photoBytes = 0;
const photos = Number(values.photos);
for (let number = 0; number < photos; number++) {
  // Not synchronously: the camera lives in this process.
  const taken = await promisify(execFile)(process.execPath, [entry, 'photo', 'yard', '--json'], { cwd: folder, env });
  const { path } = JSON.parse(taken.stdout) as { path: string };
  photoBytes += (await stat(join(folder, 'snapshots', path))).size;
}
await sleep(5000);
const after = costOf(pid);
console.log(
  JSON.stringify({
    ...machine(),
    rows: Number(values.rows),
    catalogueMb: Math.round((await stat(catalogFile)).size / 1e6),
    startSeconds: Math.round(startSeconds * 10) / 10,
    idle: {
      minutes,
      megabytes: Math.round(idle.megabytes),
      cpuShare: Math.round(((idle.cpuSeconds - before.cpuSeconds) / (minutes * 60)) * 10_000) / 10_000,
      kilobytesWrittenAnHour: Math.round(((idle.written - before.written) * perHour) / 1000),
      writeCallsAnHour: Math.round((idle.writes - before.writes) * perHour),
    },
    photo: {
      photos,
      kilobytes: Math.round(photoBytes / photos / 1000),
      kilobytesWritten: Math.round((after.written - idle.written) / photos / 1000),
      writeCalls: Math.round((after.writes - idle.writes) / photos),
    },
  }),
);
program.kill('SIGTERM');
await new Promise((done) => program.once('close', done));
await camera.close();
await rm(folder, { recursive: true, force: true });
