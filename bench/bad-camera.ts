// How much later the packets of good cameras come when cameras of the same process misbehave: eight good ones with their engines
// alone, then the same eight beside five bad ones that are opened again and again, in rounds. A second process reads the same
// eight and never a bad one: what makes that late too is the machine, and is taken off. Lateness is what a packet took longer than
// the fastest of its run, by its own timestamp.
// Usage: tsx bench/bad-camera.ts [--cameras 8] [--seconds 20] [--rounds 3] [--out file.json]

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Lateness, LatenessQuestion } from './good-cameras-child.ts';
import { loopedCamera } from './lib/looped-camera.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const SETTLE_S = 25;
const started = (name: string, args: readonly string[] = []): ChildProcess =>
  fork(fileURLToPath(new URL(name, import.meta.url)), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const [file = ''] = motionStreams(['mix00']).filter((name) => name.endsWith('_vbr.mp4'));
using good = await loopedCamera(file, 15);
const servers = started('bad-cameras-child.ts');
const [bad] = (await once(servers, 'message')) as [readonly string[]];
const readers = async (): Promise<ChildProcess> => {
  const child = started('good-cameras-child.ts', [good.sub, values.cameras]);
  await once(child, 'message');
  return child;
};
const [subject, control] = await Promise.all([readers(), readers()]);
await wait(SETTLE_S * 1000);

const lateness = async (child: ChildProcess): Promise<Lateness> => {
  const answer = once(child, 'message');
  child.send({ type: 'late' } satisfies LatenessQuestion);
  const [late] = (await answer) as [Lateness];
  return late;
};

interface Row {
  readonly round: number;
  readonly beside: number;
  readonly subject: Lateness;
  readonly control: Lateness;
}
const rows: Row[] = [];
const window = async (round: number, beside: readonly string[]): Promise<void> => {
  subject.send({ type: 'beside', bad: beside } satisfies LatenessQuestion);
  control.send({ type: 'beside', bad: [] } satisfies LatenessQuestion);
  await wait(Number(values.seconds) * 1000);
  const [own, other] = await Promise.all([lateness(subject), lateness(control)]);
  if (Math.min(own.packets, other.packets) < Number(values.cameras))
    throw new Error('the machine is too busy: good cameras were not read');
  rows.push({ round, beside: beside.length, subject: own, control: other });
};
for (let round = 1; round <= Number(values.rounds); round++) {
  await window(round, []);
  await window(round, bad);
}
for (const child of [subject, control, servers]) child.kill();

const told = ({ p50, p99, most }: Lateness): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} / ${most.toFixed(0)} ms`;
console.log('| round | bad cameras beside | late: median / p99 / most | the process without them |\n|---|---|---|---|');
for (const row of rows) {
  console.log(`| ${row.round} | ${row.beside} | ${told(row.subject)} | ${told(row.control)} |`);
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
