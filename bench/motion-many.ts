// The whole program — web server, capture processes, readings, photos — with many calm cameras on this machine, for as long as
// asked: what it costs, what it loses, whether it stays. Prints a line a minute; the last lines are the figures.
// Usage: npm run build && tsx bench/motion-many.ts [--cameras 100] [--minutes 60] [--stream mix00] [--out file.json]
// The simulated camera that all of them read runs on the same cores and is not counted.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../test/support/program.ts';
import { loopedCamera } from './lib/looped-camera.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';
import { treeMemory, treeUse } from './lib/process-tree.ts';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '60' },
    stream: { type: 'string', default: 'mix00' },
    out: { type: 'string' },
  },
});
const cameras = Number(values.cameras);
const minutes = Number(values.minutes);
/** Cameras begin half a second apart, and each decodes everything for its first 20 s. */
const SETTLE_S = 30 + cameras * 0.5;

const program = resolve('dist/motion-capture.js');
if (!existsSync(program)) throw new Error('build the program first: npm run build');
const cache = resolve('.cache/bench');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'many-'));
const file = motionStreams([values.stream]).find((name) => name.endsWith('_vbr.mp4')) ?? '';
using camera = await loopedCamera(file, 15);
const { host } = new URL(camera.sub);
const port = await freePort();
const entries = Array.from({ length: cameras }, (_, index) => {
  const id = `c${String(index + 1).padStart(3, '0')}`;
  return `  ${id}: { address: "${host}", main: "${camera.main}", sub: "${camera.sub}" }\n`;
});
writeFileSync(join(folder, 'stillwatch.yml'), `cameras:\n${entries.join('')}web: { port: ${port}, bind: 127.0.0.1 }\n`);
const running = spawn(process.execPath, [program], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });

/** Sums of the program's own counters, by their names. */
const metrics = async (): Promise<ReadonlyMap<string, number>> => {
  const sums = new Map<string, number>();
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
    (response) => response.text(),
    () => '',
  );
  for (const line of text.split('\n')) {
    const parts = /^(stillwatch_\w+)(?:\{[^}]*\})? ([\d.e+-]+)$/.exec(line);
    if (parts?.[1]) sums.set(parts[1], (sums.get(parts[1]) ?? 0) + Number(parts[2]));
  }
  return sums;
};
const use = (): ReturnType<typeof treeUse> => treeUse(running.pid ?? 0);

interface Minute {
  readonly minute: number;
  readonly percent: number;
  /** Proportional set size of all processes. */
  readonly megabytes: number;
  readonly anonymous: number;
  readonly alone: number;
  readonly processes: number;
  readonly seeing: number;
  readonly blind: number;
  readonly lost: number;
  readonly photos: number;
  readonly load: number;
}
const rows: Minute[] = [];
try {
  await wait(SETTLE_S * 1000);
  let before = use().cpuSeconds;
  let since = performance.now();
  for (let minute = 1; minute <= minutes; minute++) {
    await wait(60_000);
    if (running.exitCode !== null || running.signalCode !== null) throw new Error('the program ended');
    const now = use();
    const passed = (performance.now() - since) / 1000;
    const counters = await metrics();
    const of = (name: string): number => counters.get(`stillwatch_${name}`) ?? 0;
    const row: Minute = {
      minute,
      percent: (100 * (now.cpuSeconds - before)) / (passed * cameras),
      megabytes: now.megabytes,
      ...treeMemory(running.pid ?? 0),
      processes: now.processes,
      seeing: of('camera_seeing'),
      blind: of('blind_total'),
      lost: of('packets_lost_total'),
      photos: of('photos_total'),
      load: machine().load,
    };
    before = now.cpuSeconds;
    since = performance.now();
    rows.push(row);
    console.log(
      `minute ${minute}: ${row.percent.toFixed(3)} % of a core per camera, ${row.megabytes.toFixed(0)} MB (alone ${row.alone.toFixed(0)}, own ${row.anonymous.toFixed(0)}) in ${row.processes} processes, ` +
        `${row.seeing}/${cameras} seeing, ${row.blind} times blind, ${row.lost} packets lost, ${row.photos} photos, load ${row.load}`,
    );
    // Written each minute: what was measured is not lost with the bench.
    if (values.out) {
      const found = { machine: machine(), stream: values.stream, cameras, rows };
      writeFileSync(values.out, `${JSON.stringify(found, undefined, 2)}\n`);
    }
  }
} finally {
  running.kill('SIGTERM');
  if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
const mean = rows.reduce((sum, row) => sum + row.percent, 0) / Math.max(1, rows.length);
const [first, last] = [rows[0], rows.at(-1)];
console.log(
  `${cameras} cameras, ${rows.length} minutes: ${mean.toFixed(3)} % of a core per camera, ${((mean * cameras) / 100).toFixed(2)} cores in all; ` +
    `memory ${first?.megabytes.toFixed(0)} → ${last?.megabytes.toFixed(0)} MB; ${last?.blind} times blind; ${last?.lost} packets lost; ${last?.photos} photos`,
);
