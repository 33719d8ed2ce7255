// What a still costs by each way: from order to JPEG, p50 and p95, and CPU per still; the memory of the ring; beside them
// what people script today, ffmpeg opening the main stream for one picture. The camera is simulated, on loopback, in a process of
// its own; its scene is a drawn one with noise, encoded at the bit rate named.
// Options: --size 1440p|4k  --stills 20  --mbit 4

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { addressGuard } from '../src/adapters/address-guard/address-guard.ts';
import { avPictureDecoder } from '../src/adapters/av/picture-decoder.ts';
import { httpStill } from '../src/adapters/http-still/http-still.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { Camera } from '../src/domain/camera.ts';
import { cameraId } from '../src/domain/ids.ts';
import { ms, seconds, shift } from '../src/domain/units.ts';
import type { StillSource, TakeOptions } from '../src/ports/still-source.ts';
import { mainRing } from '../src/watch/main-ring.ts';
import { mainStreamStill } from '../src/watch/main-stream-still.ts';
import { packetRing } from '../src/watch/packet-ring.ts';
import { ringStill } from '../src/watch/ring-still.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1440p' },
    stills: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '4' },
  },
});
const SIZES = { '1440p': { width: 2560, height: 1440 }, '4k': { width: 3840, height: 2160 } } as const;
const size = SIZES[values.size === '4k' ? '4k' : '1440p'];
const stills = Number(values.stills);
const mbit = Number(values.mbit);

const clock = systemClock();
const decoder = avPictureDecoder();
const any = new AbortController().signal;

/** CPU seconds of this process so far. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

const row = (way: string, walls: number[], cpuPerStill: number): void => {
  walls.sort((a, b) => a - b);
  const cells = [quantile(walls, 0.5), quantile(walls, 0.95), cpuPerStill * 1000].map((value) =>
    value.toFixed(0).padStart(8),
  );
  console.log(`${way.padEnd(42)}${cells.join('')}`);
};

const measure = async (way: string, source: StillSource, wanted: () => Pick<TakeOptions, 'wanted'>): Promise<void> => {
  const walls: number[] = [];
  let spent = 0;
  for (let count = 0; count < stills; count++) {
    await clock.sleep(ms(150 + 100 * (count % 7)));
    const options = { signal: any, ...wanted() };
    const [from, spentBefore] = [performance.now(), cpu()];
    await source.take(options);
    walls.push(performance.now() - from);
    spent += cpu() - spentBefore;
  }
  row(way, walls, spent / stills);
};

/** One ffmpeg for one picture, and the CPU it used as the system accounts for it. */
const ffmpegOnce = async (url: string): Promise<{ readonly wall: number; readonly cpu: number }> => {
  const from = performance.now();
  const child = spawn(
    'bash',
    [
      '-c',
      'TIMEFORMAT="%U %S"; time ffmpeg -v error -rtsp_transport tcp -i "$0" -frames:v 1 -q:v 3 -f image2pipe - > /dev/null',
      url,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let told = '';
  child.stderr.on('data', (piece: Buffer) => {
    told += piece.toString();
  });
  await once(child, 'exit');
  const [user = '0', system = '0'] = told.trim().split('\n').at(-1)?.split(' ') ?? [];
  return { wall: performance.now() - from, cpu: Number(user) + Number(system) };
};

const child: ChildProcess = fork(new URL('./still-camera-child.ts', import.meta.url), [
  JSON.stringify({ ...size, mbit }),
]);
interface Addresses {
  readonly url: string;
  readonly sub: string;
  readonly snapshot: string;
  readonly bytesPerSecond: number;
}
const [{ url, sub, snapshot, bytesPerSecond }] = (await once(child, 'message')) as [Addresses];
const streams: Camera['streams'] = { main: { url }, sub: { url: sub } };
const rules = { calmPeriod: seconds(10), longestEpisode: seconds(300) };
const camera: Camera = { id: cameraId('bench'), name: 'Bench', streams, rules, isDemo: true };
const packets = rtspPacketSource({ clock });
console.log(
  `${size.width}×${size.height}, 15 pictures/s, key frame every 2 s, ${((bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s, ${stills} stills a way`,
);
console.log(`${'way'.padEnd(42)}${'p50 ms'.padStart(8)}${'p95 ms'.padStart(8)}${'CPU ms'.padStart(8)}`);

const heapBefore = process.memoryUsage();
const ring = packetRing();
const stopping = new AbortController();
const running = mainRing({ camera, packets, ring, clock, random: Math.random }).run(stopping.signal);
const [ringCpu, ringFrom] = [cpu(), performance.now()];
await clock.sleep(seconds(15));
const ringCost = (cpu() - ringCpu) / ((performance.now() - ringFrom) / 1000);
const heapAfter = process.memoryUsage();
const source = ringStill({ name: 'main-ring', ring, decoder, clock });
const moment = (ago: number, keyWithin: number) => () => ({
  wanted: { at: shift(clock.now(), ms(-ago)), keyWithin: ms(keyWithin), notAfter: false },
});
await measure('ring, key frame near the moment', source, moment(3000, 2000));
await measure('ring, the very picture, 3 s ago', source, moment(3000, 0));
await measure('ring, the very picture, now', source, moment(0, 0));
const kept = ring.bytes;
stopping.abort();
await running;
await measure(
  'main stream opened anew',
  mainStreamStill({ address: streams.main, packets, decoder, clock }),
  () => ({}),
);
{
  const guard = addressGuard({ allow: ['127.0.0.1'] });
  await using source = httpStill({ address: { url: snapshot }, clock, guard });
  await measure('snapshot over HTTP', source, () => ({}));
}
{
  // As in the watcher: the sub stream's packets are here already.
  const subRing = packetRing();
  const ending = new AbortController();
  const main = { ...camera, streams: { main: streams.sub, sub: streams.sub } };
  const filling = mainRing({ camera: main, packets, ring: subRing, clock, random: Math.random }).run(ending.signal);
  await clock.sleep(seconds(6));
  const source = ringStill({ name: 'sub-frame', ring: subRing, decoder, clock });
  await measure('sub stream’s frame, 3 s ago', source, moment(3000, 0));
  ending.abort();
  await filling;
}
const scripted: { wall: number; cpu: number }[] = [];
for (let count = 0; count < stills; count++) {
  await clock.sleep(ms(150 + 100 * (count % 7)));
  scripted.push(await ffmpegOnce(url));
}
row(
  'ffmpeg, one picture (what is scripted today)',
  scripted.map(({ wall }) => wall),
  scripted.reduce((sum, each) => sum + each.cpu, 0) / stills,
);
const mega = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
console.log(
  `ring: ${mega(kept)} MiB of packets held, process grew by ${mega(heapAfter.rss - heapBefore.rss)} MiB while filling; keeping it ${(ringCost * 100).toFixed(2)} % of a core`,
);
child.kill();
