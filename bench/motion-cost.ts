// CPU-seconds per camera-second of whole process trees, side by side on the same RTSP streams and at the same time: our engine in
// both modes, Debian's motion, and a pipeline in Frigate's manner. Ratios travel between machines, absolute numbers do not.
// All subjects of a stream run at once, so that whatever else the machine does, it does to each of them.
// The window is one whole round of a stream, so that it holds exactly the share of motion that the stream's name says.
// Usage: tsx bench/motion-cost.ts [--cameras 8] [--window 94] [--streams mix00,mix05,mix20] [--of economy,careful,motion,frigate]
// mix05-hevc is the H.265 encoding of mix05.
// The streams are made once by ../shared/clips/compose.py into .cache/motion-streams; see motion-accuracy.ts.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { loopedCamera } from './lib/looped-camera.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';
import { treeUse } from './lib/process-tree.ts';

const SUBJECTS = ['economy', 'careful', 'motion', 'frigate'] as const;
type Subject = (typeof SUBJECTS)[number];

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '8' },
    window: { type: 'string', default: '94' },
    streams: { type: 'string', default: 'mix00,mix05,mix20' },
    of: { type: 'string', default: SUBJECTS.join(',') },
    out: { type: 'string' },
  },
});
const cameras = Number(values.cameras);
const window = Number(values.window);
/** Warm-up of our engine (20 s of full decoding) and of every just-in-time compiler; not measured. */
const SETTLE_S = 24;
/** Peers do not say when they read; they have nothing to compile and read within this time. */
const PEER_STARTS_S = 3;

const cache = resolve('.cache/bench');
mkdirSync(cache, { recursive: true });
const child = join(cache, 'motion-cost-child.mjs');
await build({
  entryPoints: ['bench/motion-cost-child.ts'],
  outfile: child,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
});

const motionConfig = (url: string): string => {
  const dir = mkdtempSync(join(cache, 'motion-'));
  const common = 'daemon off\nlog_level 3\nwebcontrol_port 0\nstream_port 0\npicture_output off\nmovie_output off\n';
  for (let camera = 1; camera <= cameras; camera++) {
    const own = `camera_id ${camera}\nnetcam_url ${url}\nnetcam_use_tcp on\nwidth 640\nheight 360\nframerate 15\n`;
    writeFileSync(join(dir, `camera${camera}.conf`), `${own}target_dir ${dir}\n`);
  }
  const list = Array.from({ length: cameras }, (_, index) => `camera ${join(dir, `camera${index + 1}.conf`)}\n`);
  writeFileSync(join(dir, 'motion.conf'), `${common}target_dir ${dir}\n${list.join('')}`);
  return join(dir, 'motion.conf');
};

/** All processes of one subject hang under one shell-less parent whose tree is measured. */
const start = (subject: Subject, url: string): readonly ChildProcess[] => {
  const options = {
    stdio: ['ignore', 'ignore', subject === 'motion' ? 'ignore' : 'inherit'],
    cwd: resolve('.'),
  } satisfies SpawnOptions;
  switch (subject) {
    case 'economy':
    case 'careful':
      return [
        spawn(process.execPath, [child, url, String(cameras), subject], {
          ...options,
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      ];
    case 'motion':
      return [spawn('motion', ['-n', '-c', motionConfig(url)], options)];
    case 'frigate':
      return Array.from({ length: cameras }, () =>
        spawn('/usr/bin/python3', ['bench/lib/frigate_like.py', url], options),
      );
    default:
      return subject satisfies never;
  }
};

const useOf = (processes: readonly ChildProcess[]): ReturnType<typeof treeUse> => {
  const uses = processes.map(({ pid }) => treeUse(pid ?? 0));
  const sum = (of: 'cpuSeconds' | 'megabytes' | 'processes'): number => uses.reduce((total, use) => total + use[of], 0);
  return { cpuSeconds: sum('cpuSeconds'), megabytes: sum('megabytes'), processes: sum('processes') };
};

/** Connections that stand to the server: a peer that gave up reading would look cheap (proc(5), state 01 is ESTABLISHED). */
const readersOf = (port: number): number => {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => readFileSync(table, 'utf8').split('\n'));
  return rows.filter((row) => {
    const [, , to, state] = row.trim().split(/\s+/);
    return to?.endsWith(remote) === true && state === '01';
  }).length;
};

interface Row {
  readonly stream: string;
  readonly cameras: number;
  readonly subject: Subject;
  /** CPU-seconds per camera-second, in percent of one core. */
  readonly percent: number;
  readonly megabytes: number;
  readonly processes: number;
}

interface Running extends AsyncDisposable {
  readonly subject: Subject;
  readonly processes: readonly ChildProcess[];
  readonly port: number;
}

/** A subject that reads its own server, in a state to be measured. */
const begin = async (file: string, subject: Subject): Promise<Running> => {
  const camera = await loopedCamera(file, 15);
  const processes = start(subject, camera.sub);
  const [first] = processes;
  if (first?.stdout) await once(first.stdout, 'data');
  else await wait(PEER_STARTS_S * 1000);
  return {
    subject,
    processes,
    port: Number(new URL(camera.sub).port),
    async [Symbol.asyncDispose]() {
      for (const one of processes) one.kill('SIGTERM');
      for (const one of processes) if (one.exitCode === null && one.signalCode === null) await once(one, 'exit');
      camera[Symbol.dispose]();
    },
  };
};

const measure = async (stream: string, subjects: readonly Subject[]): Promise<readonly Row[]> => {
  const [name = '', codec = 'h264'] = stream.split('-');
  const suffix = codec === 'hevc' ? '_hevc.mp4' : '_vbr.mp4';
  const file = motionStreams([name]).find((each) => each.endsWith(suffix)) ?? '';
  const running: Running[] = [];
  try {
    for (const subject of subjects) running.push(await begin(file, subject));
    await wait(SETTLE_S * 1000);
    const before = running.map(({ processes }) => useOf(processes));
    const startedAt = performance.now();
    await wait(window * 1000);
    const passed = (performance.now() - startedAt) / 1000;
    return running.map(({ subject, processes, port }, index) => {
      const [first, last] = [before[index], useOf(processes)];
      const readers = readersOf(port);
      if (readers < cameras) throw new Error(`${subject} reads only ${readers} of ${cameras} streams`);
      if (!first || first.processes === 0 || last.processes < first.processes)
        throw new Error(`${subject} lost a process while it was measured`);
      const percent = (100 * (last.cpuSeconds - first.cpuSeconds)) / (passed * cameras);
      return { stream, cameras, subject, percent, megabytes: last.megabytes, processes: last.processes };
    });
  } finally {
    for (const one of running) await one[Symbol.asyncDispose]();
  }
};

const rows: Row[] = [];
const subjects = SUBJECTS.filter((name) => values.of.split(',').includes(name));
for (const stream of values.streams.split(',')) {
  console.error(`${stream}: ${cameras} cameras each for ${subjects.join(', ')}, ${SETTLE_S + window} s`);
  const found = await measure(stream, subjects).catch((failed: unknown) => {
    console.error(`${String(failed)}: once more`);
    return measure(stream, subjects);
  });
  rows.push(...found);
  for (const { subject, percent } of found) console.error(`${stream} ${subject}: ${percent.toFixed(3)} %`);
}
const ratio = (row: Row, to: Subject): string => {
  const peer = rows.find(({ stream, subject }) => stream === row.stream && subject === to);
  return peer ? (row.percent / peer.percent).toFixed(2) : '–';
};
console.log('| stream | cameras | what | % of a core per camera | to motion | to Frigate-like | MB, all | processes |');
console.log('|---|---|---|---|---|---|---|---|');
for (const row of rows) {
  const figures = [
    row.percent.toFixed(2),
    ratio(row, 'motion'),
    ratio(row, 'frigate'),
    row.megabytes.toFixed(0),
    row.processes,
  ];
  console.log(`| ${[row.stream, row.cameras, row.subject, ...figures].join(' | ')} |`);
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
