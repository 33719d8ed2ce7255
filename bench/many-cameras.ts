// A hundred cameras at one program, all in motion at the same moments, a third of them failing in eleven ways: photos of the
// healthy ones, memory over the time, the start, and how quick the web stays meanwhile. Runs the built program (npm run build).
// Options: --cameras 100 --minutes 30 --loop 240 --settle 60 --keep

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './lib/machine.ts';
import { type TreeUse, treeUse } from './lib/process-tree.ts';
import { CROSSING_S } from './lib/street.ts';

interface Stats {
  readonly connectedAt: readonly (readonly [number, number])[];
  readonly connections: readonly number[];
  readonly faults: readonly (string | null)[];
}

interface LedgerDay {
  readonly camera: string;
  readonly triggers: number;
  readonly photo: number;
  readonly merged: number;
  readonly missed: number;
  readonly open: number;
  readonly reasons: Readonly<Record<string, number>>;
}

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '30' },
    loop: { type: 'string', default: '240' },
    /** Seconds until the faults begin. */
    settle: { type: 'string', default: '60' },
    /** Leaves the program's folder, with its log. */
    keep: { type: 'boolean', default: false },
  },
});
const count = Number(values.cameras);
const minutes = Number(values.minutes);
const loopSeconds = Number(values.loop);
const settleMs = Number(values.settle) * 1000;
const [PORT, CAMERA_PORT] = [18_470, 18_554];
/** The calm period of every camera, and what a photo may take after it, in seconds. */
const [CALM_S, DUE_S] = [5, 15];
const ENTRY = resolve('dist/motion-capture.js');
if (!existsSync(ENTRY)) throw new Error('npm run build first: the program is measured as it is shipped');

const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-many-'));
const cameraProcess = fork(
  'bench/many-cameras-child.ts',
  [JSON.stringify({ cameras: count, port: CAMERA_PORT, loopSeconds, faultsAfterMs: settleMs })],
  { execArgv: ['--import', 'tsx'] },
);
const [{ hosts }] = (await once(cameraProcess, 'message')) as [{ hosts: readonly string[] }];
const scenesBegan = performance.now();
const idOf = (number: number): string => `c${String(number).padStart(3, '0')}`;
const isHealthy = (number: number): boolean => number % 3 !== 0;

writeFileSync(
  join(folder, 'stillwatch.yml'),
  [
    'site:\n  zone: UTC\n',
    `web:\n  port: ${PORT}\n  bind: 127.0.0.1\n`,
    `defaults:\n  calmPeriod: ${CALM_S}s\n`,
    `cameras:\n${hosts.map((host, number) => `  ${idOf(number)}:\n    address: ${host}:${CAMERA_PORT}\n`).join('')}`,
  ].join(''),
);
const log = openSync(join(folder, 'program.log'), 'w');
const began = performance.now();
/** The scenes are so much older than the program, in seconds. */
const sceneLead = (began - scenesBegan) / 1000;
const program = spawn(process.execPath, [ENTRY], { cwd: folder, stdio: ['ignore', log, log] });
const exited = once(program, 'exit');
const get = (path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${PORT}${path}`, {
    headers: { accept: path.startsWith('/api') ? 'application/json' : 'text/html' },
  });
for (;;) {
  const answer = await get('/healthz').catch(() => undefined);
  if (answer?.ok) break;
  await sleep(200);
}
const upAfter = performance.now() - began;

const quantile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
interface Look {
  readonly atSeconds: number;
  readonly moving: number;
  readonly seeing: number;
  readonly milliseconds: number;
}
const looks: Look[] = [];
const memory: (TreeUse & { readonly atSeconds: number })[] = [];
const PATHS = ['/', '/api/v1/status', '/photos', '/cameras'];

let seeingAllAfter: number | undefined;
const end = began + minutes * 60_000;
let nextSample = 0;
for (let round = 0; performance.now() < end; round++) {
  const path = PATHS[round % PATHS.length] ?? '/';
  const at = performance.now();
  await (await get(path)).arrayBuffer();
  const milliseconds = performance.now() - at;
  const { items } = (await (await get('/api/v1/cameras')).json()) as {
    items: readonly { readonly state: string; readonly scene: string | null }[];
  };
  const seeing = items.filter(({ state }) => state === 'seeing').length;
  const moving = items.filter(({ scene }) => scene !== null && scene !== 'calm').length;
  const atSeconds = Math.round((at - began) / 1000);
  if (seeing === count) seeingAllAfter ??= atSeconds;
  looks.push({ atSeconds, moving, seeing, milliseconds });
  if (atSeconds >= nextSample) {
    memory.push({ atSeconds, ...treeUse(program.pid ?? 0) });
    nextSample = atSeconds + 30;
  }
  await sleep(1000);
}

cameraProcess.send('stats');
const [stats] = (await once(cameraProcess, 'message')) as [Stats];
const { items: days } = (await (await get('/api/v1/ledger/days')).json()) as { items: readonly LedgerDay[] };
const { cameras: named, counts } = (await (await get('/api/v1/timeline')).json()) as {
  cameras: readonly string[];
  counts: readonly (readonly number[])[];
};
const photosOf = (id: string): number => {
  const column = named.indexOf(id);
  return column < 0 ? 0 : counts.reduce((sum, day) => sum + (day[column] ?? 0), 0);
};
const ledgerOf = (id: string, of: 'triggers' | 'photo' | 'merged' | 'missed' | 'open'): number =>
  days.filter(({ camera }) => camera === id).reduce((sum, day) => sum + day[of], 0);

/** Crossings that began after every camera was seen and whose photo was due before the end, with time to be taken. */
const ran = (performance.now() - began) / 1000;
const sceneAge = (performance.now() - began) / 1000 + sceneLead;
const crossings = Array.from({ length: Math.ceil(sceneAge / loopSeconds) + 1 }, (_, loop) => {
  const endsAt = (loop + 1) * loopSeconds - sceneLead;
  return { from: endsAt - CROSSING_S, until: endsAt };
}).filter(({ from, until }) => from > (seeingAllAfter ?? Number.POSITIVE_INFINITY) && until + CALM_S + DUE_S < ran);

const numbers = hosts.map((_, number) => number);
const healthy = numbers.filter(isHealthy);
const complete = healthy.filter((number) => photosOf(idOf(number)) >= crossings.length);
const sum = (of: 'triggers' | 'photo' | 'merged' | 'missed' | 'open'): number =>
  healthy.reduce((total, number) => total + ledgerOf(idOf(number), of), 0);
const reasons = days
  .filter(({ camera }) => isHealthy(Number(camera.slice(1))))
  .flatMap((day) => Object.entries(day.reasons))
  .reduce<Record<string, number>>((all, [code, times]) => ({ ...all, [code]: (all[code] ?? 0) + times }), {});
const starts = stats.connectedAt.map(([, at]) => at).toSorted((a, b) => a - b);
const mostInASecond = Math.max(...starts.map((at) => starts.filter((one) => one >= at && one < at + 1000).length));
const latency = (some: readonly Look[]): string => {
  const sorted = some.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return `${quantile(sorted, 0.5)} / ${quantile(sorted, 0.95)} / ${quantile(sorted, 1)} ms of ${some.length}`;
};
const mostMoving = Math.max(...looks.map(({ moving }) => moving));
const inMotion = looks.filter(({ moving }) => moving > count / 2);
const at = (share: number): string => {
  const one = memory[Math.min(memory.length - 1, Math.floor(share * memory.length))];
  return `${Math.round(one?.megabytes ?? 0)} MB at ${Math.round((one?.atSeconds ?? 0) / 60)} min`;
};
const [first, last] = [memory[0], memory.at(-1)];
const cpu = last && first ? (last.cpuSeconds - first.cpuSeconds) / Math.max(1, last.atSeconds - first.atSeconds) : 0;
const { cores, processor, node, load } = machine();

console.log(
  [
    `${count} cameras, ${count - healthy.length} of them failing from second ${settleMs / 1000} on, ${minutes} minutes`,
    `${cores} cores of ${processor}, Node ${node}; load at the end ${load}`,
    '',
    `web answers after                 ${(upAfter / 1000).toFixed(1)} s`,
    `all seen after                    ${seeingAllAfter ?? 'never'} s`,
    `first connections                 over ${(((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000).toFixed(1)} s, at most ${mostInASecond} in one second`,
    `crossings                         ${crossings.length}, in motion at once: ${mostMoving}`,
    `healthy cameras with every photo  ${complete.length} of ${healthy.length}`,
    `their triggers                    ${sum('triggers')}: photo ${sum('photo')}, merged ${sum('merged')}, missed ${sum('missed')}, open ${sum('open')}`,
    ...Object.entries(reasons).map(([code, times]) => `  ${code} ${times}`),
    `memory of all processes           ${[0.1, 0.5, 1].map(at).join(' · ')}`,
    `CPU                               ${cpu.toFixed(2)} cores, ${((100 * cpu) / count).toFixed(2)} % of one per camera`,
    `web, p50 / p95 / most             ${latency(looks)}`,
    `  while most are in motion        ${latency(inMotion)}`,
    `connections of failing cameras    ${numbers
      .filter((number) => !isHealthy(number))
      .slice(0, 11)
      .map((number) => `${stats.faults[number] ?? ''} ${stats.connections[number] ?? 0}`)
      .join(', ')}`,
  ].join('\n'),
);
for (const number of healthy.filter((one) => !complete.includes(one)))
  console.log(`incomplete: ${idOf(number)}, ${photosOf(idOf(number))} photos`);

program.kill('SIGTERM');
await exited;
cameraProcess.disconnect();
if (values.keep) console.log(`kept: ${folder}`);
else rmSync(folder, { recursive: true, force: true });
