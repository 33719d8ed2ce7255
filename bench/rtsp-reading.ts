// What it costs to read calm cameras: the same streams read as they come and read together once a tick.
// Usage: tsx bench/rtsp-reading.ts [cameras, default 8] [seconds, default 20] [kbit/s, default 700]
// Prints the share of one core per camera (user + system, this process only), wake-ups and loss.

import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { Pace, PacketRun } from '../src/ports/packet-source.ts';
import { gstServer } from '../test/support/gst-server.ts';

const [cameras = 8, length = 20, rate = 700] = process.argv.slice(2).map(Number);
const clock = systemClock();
const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const stream =
  '( videotestsrc is-live=1 pattern=snow ! video/x-raw,width=320,height=180,framerate=15/1 ! videoscale ! ' +
  `video/x-raw,width=640,height=360 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 bitrate=${rate} ! ` +
  'rtph264pay name=pay0 pt=96 )';
await using server = await gstServer({ mounts: { sub: stream } });

interface Reader {
  readonly run: PacketRun;
  batches: number;
  packets: number;
}

const measure = async (pace: Pace): Promise<Record<string, string | number>> => {
  const source = rtspPacketSource({ clock });
  const readers: Reader[] = [];
  const reading: Promise<void>[] = [];
  for (let i = 0; i < cameras; i++) {
    const run = await source.open(
      { url: `rtsp://127.0.0.1:${server.port}/sub` },
      { signal: new AbortController().signal },
    );
    const reader: Reader = { run, batches: 0, packets: 0 };
    readers.push(reader);
    reading.push(
      (async () => {
        for await (const batch of run.batches) {
          reader.batches += 1;
          reader.packets += batch.length;
        }
      })(),
    );
    run.pace(pace);
  }
  const sum = (of: (reader: Reader) => number): number => readers.reduce((total, reader) => total + of(reader), 0);
  // The rate is known and the compiler has warmed up.
  await wait(8);
  const before = { cpu: process.cpuUsage(), batches: sum((r) => r.batches), bytes: sum((r) => r.run.counters().bytes) };
  await wait(length);
  const { user, system } = process.cpuUsage(before.cpu);
  const row = {
    pace,
    '% of a core per camera': Math.round(((user + system) / (cameras * length * 10_000)) * 1000) / 1000,
    'reads/s per camera': Math.round(((sum((r) => r.batches) - before.batches) / (cameras * length)) * 10) / 10,
    'kbit/s per camera': Math.round(
      ((sum((r) => r.run.counters().bytes) - before.bytes) * 8) / (cameras * length * 1000),
    ),
    lost: sum((r) => r.run.counters().lost),
  };
  for (const { run } of readers) await run[Symbol.asyncDispose]();
  await Promise.all(reading);
  return row;
};

console.table([await measure('eager'), await measure('coalesced')]);
