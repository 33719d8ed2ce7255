// How many bytes a day of a camera's readings takes on disk: an hour of each stream, told again and again to the economy engine
// on a clock that follows the stream, written as the program writes it.
// Usage: tsx bench/motion-readings.ts [--streams mix00,mix05,mix20] [--minutes 60] [--out file.json]

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openVideoFile } from '../src/adapters/av/video-file.ts';
import { fsReadings } from '../src/adapters/readings-fs/readings-fs.ts';
import type { Packet } from '../src/domain/camera.ts';
import { cameraId } from '../src/domain/ids.ts';
import { epochMs, monoMs, ms } from '../src/domain/units.ts';
import type { Clock } from '../src/ports/clock.ts';
import { seededRandom } from '../src/testing/painted-scene.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import { recordingEngine } from '../src/watch/recording-engine.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: 'mix00,mix05,mix20' },
    minutes: { type: 'string', default: '60' },
    out: { type: 'string' },
  },
});
const wanted = Number(values.minutes) * 60_000;
const BEGINNING = Date.UTC(2026, 5, 1, 12);
const cache = resolve('.cache/bench');
mkdirSync(cache, { recursive: true });

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

interface Row {
  readonly stream: string;
  /** Share of seconds in which something moved. */
  readonly moving: number;
  readonly bytesADay: number;
}
const rows: Row[] = [];
for (const file of motionStreams(values.streams.split(',')).filter((name) => name.endsWith('_vbr.mp4'))) {
  using video = openVideoFile(file);
  if (!video.format) throw new Error(`${basename(file)} is no camera's codec`);
  const packets: readonly Packet[] = [...video.packets()];
  const round = (packets.at(-1)?.pts ?? 0) + 1000 / 15;
  const folder = mkdtempSync(join(cache, 'readings-'));
  let at = 0;
  const clock: Clock = {
    now: () => ({ wall: epochMs(BEGINNING + at), mono: monoMs(at) }),
    sleep: () => Promise.reject(new Error('nothing here waits')),
  };
  const recording = recordingEngine({
    open: cascadeEngine({ decoder: video.decoder, random: seededRandom(3) }),
    camera: cameraId('bench'),
    areas: [],
    log: fsReadings(folder),
    clock,
  });
  const moved = new Set<number>();
  {
    using engine = recording.open(video.format);
    for (let from = 0; from < wanted; from += round) {
      for (const packet of packets) {
        at = from + packet.pts;
        const readings = engine.feed([{ ...packet, pts: ms(at), arrivedAt: monoMs(at) }]);
        for (const { pts, isMotion } of readings) if (isMotion) moved.add(Math.floor(pts / 1000));
      }
      // Lets the blocks be written.
      await new Promise(setImmediate);
    }
  }
  await recording.close();
  const bytesADay = (bytesIn(folder) * 86_400_000) / at;
  rows.push({ stream: basename(file, '.mp4'), moving: (1000 * moved.size) / at, bytesADay });
  rmSync(folder, { recursive: true });
}
console.log('| stream | seconds with motion | readings, KB a day |\n|---|---|---|');
for (const { stream, moving, bytesADay } of rows)
  console.log(`| ${stream} | ${(100 * moving).toFixed(1)} % | ${(bytesADay / 1000).toFixed(1)} |`);
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
