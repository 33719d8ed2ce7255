// One process of bench/bad-camera.ts: reads good cameras with their engines and, when told so, bad ones beside them.
// Arguments: the good camera's address, how many of it. Says `reading` when all of them are read, then answers each question with
// how late packets came since the one before.

import { setTimeout as wait } from 'node:timers/promises';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';

/** How long packets were on their way, beside the fastest of their run, in milliseconds. */
export interface Lateness {
  readonly packets: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}
export type LatenessQuestion = { readonly type: 'late' } | { readonly type: 'beside'; readonly bad: readonly string[] };

const [good = '', cameras = '8'] = process.argv.slice(2);
const source = rtspPacketSource({ clock: systemClock() });
const open = cascadeEngine({ decoder: avLumaDecoder(), random: Math.random });

const read = async (url: string, signal: AbortSignal, tell: (late: number) => void): Promise<void> => {
  await using run = await source.open({ url }, { signal });
  using engine = open(run.format);
  if (url === good && ++reading === Number(cameras)) process.send?.('reading');
  let fastest = Number.POSITIVE_INFINITY;
  for await (const batch of run.batches) {
    for (const { arrivedAt, pts } of batch) {
      fastest = Math.min(fastest, arrivedAt - pts);
      tell(arrivedAt - pts - fastest);
    }
    engine.feed(batch);
  }
};

let late: number[] = [];
let reading = 0;
let enough = new AbortController();

const again = async (url: string, signal: AbortSignal, tell: (late: number) => void): Promise<void> => {
  while (!signal.aborted) {
    await read(url, signal, tell).catch(() => undefined);
    await wait(200);
  }
};

process.on('message', (question: LatenessQuestion) => {
  if (question.type === 'beside') {
    enough.abort();
    enough = new AbortController();
    for (const url of question.bad) void again(url, enough.signal, () => undefined);
    late = [];
    return;
  }
  const sorted = late.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  process.send?.({ packets: late.length, p50: at(0.5), p99: at(0.99), most: at(1) } satisfies Lateness);
});
process.once('disconnect', () => process.exit());

const never = new AbortController().signal;
await Promise.all(Array.from({ length: Number(cameras) }, () => again(good, never, (by) => void late.push(by))));
