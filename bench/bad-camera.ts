// How much later the packets of good cameras come when cameras of the same process misbehave: eight good ones with their engines
// alone, then the same eight beside five bad ones that are opened again and again, in rounds. Lateness is what a packet took
// longer than the fastest of its run, by its own timestamp.
// Usage: tsx bench/bad-camera.ts [--cameras 8] [--seconds 20] [--rounds 2] [--out file.json]

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import { loopedCamera } from './lib/looped-camera.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
const SETTLE_S = 25;
const source = rtspPacketSource({ clock: systemClock() });
const open = cascadeEngine({ decoder: avLumaDecoder(), random: Math.random });

/** Reads until `signal` aborts; tells how long each packet was on its way, beside the others of its run. */
const read = async (url: string, signal: AbortSignal, tell: (late: number) => void): Promise<void> => {
  await using run = await source.open({ url }, { signal });
  using engine = open(run.format);
  let fastest = Number.POSITIVE_INFINITY;
  for await (const batch of run.batches) {
    for (const { arrivedAt, pts } of batch) {
      fastest = Math.min(fastest, arrivedAt - pts);
      tell(arrivedAt - pts - fastest);
    }
    engine.feed(batch);
  }
};

const [file = ''] = motionStreams(['mix00']).filter((name) => name.endsWith('_vbr.mp4'));
using good = await loopedCamera(file, 15);
const entry = fileURLToPath(new URL('bad-cameras-child.ts', import.meta.url));
const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const [bad] = (await once(child, 'message')) as [readonly string[]];

const stop = new AbortController();
let late: number[] = [];
const readers = Array.from({ length: Number(values.cameras) }, () =>
  read(good.sub, stop.signal, (by) => void late.push(by)),
);
await wait(SETTLE_S * 1000);

interface Row {
  readonly round: number;
  readonly beside: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}
const rows: Row[] = [];
const window = async (round: number, beside: number): Promise<void> => {
  late = [];
  await wait(Number(values.seconds) * 1000);
  const sorted = late.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  rows.push({ round, beside, p50: at(0.5), p99: at(0.99), most: at(1) });
};
for (let round = 1; round <= Number(values.rounds); round++) {
  await window(round, 0);
  const enough = new AbortController();
  const again = async (url: string): Promise<void> => {
    while (!enough.signal.aborted) {
      await read(url, enough.signal, () => undefined).catch(() => undefined);
      await wait(200);
    }
  };
  const trying = bad.map(again);
  await window(round, bad.length);
  enough.abort();
  await Promise.all(trying);
}
stop.abort();
await Promise.allSettled(readers);
child.kill();

console.log('| round | bad cameras beside | late, median | p99 | most |\n|---|---|---|---|---|');
for (const { round, beside, p50, p99, most } of rows) {
  console.log(`| ${round} | ${beside} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${most.toFixed(0)} ms |`);
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
