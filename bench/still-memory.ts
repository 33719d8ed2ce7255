// Ten thousand stills in a row in one process: memory, file handles and threads must not grow.
// Options: --stills 10000

import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { avPictureDecoder } from '../src/adapters/av/picture-decoder.ts';
import { avPictureReader } from '../src/adapters/av/picture-reader.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { ms, shift } from '../src/domain/units.ts';
import { compareStills } from '../src/motion/change.ts';
import { packetRing } from '../src/watch/packet-ring.ts';
import { ringStill } from '../src/watch/ring-still.ts';
import { formatOf, numberedClip, packetsOf } from '../test/support/numbered.ts';

const { values } = parseArgs({ options: { stills: { type: 'string', default: '10000' } } });
const stills = Number(values.stills);
const clock = systemClock();
const clip = numberedClip({ codec: 'h264', width: 640, height: 360, fps: 10, pictures: 60, group: 20 });
const ring = packetRing();
const startedAt = clock.now();
ring.push(formatOf(clip), packetsOf(clip), (pts) => shift(startedAt, ms(pts - 6000)));
const source = ringStill({ name: 'main-ring', ring, decoder: avPictureDecoder(), clock });
const reader = avPictureReader();
const signal = new AbortController().signal;

const threads = (): number => Number(/^Threads:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
const handles = (): number => readdirSync('/proc/self/fd').length;
const line = (done: number): void => {
  const cells = [done, Math.round(process.memoryUsage.rss() / 2 ** 20), handles(), threads()];
  console.log(cells.map((cell) => String(cell).padStart(9)).join(''));
};

console.log(['stills', 'RSS MiB', 'handles', 'threads'].map((name) => name.padStart(9)).join(''));
for (let done = 0; done <= stills; done++) {
  if (done % Math.max(1, stills / 10) === 0) line(done);
  const at = shift(startedAt, ms(-6000 + ((done * 37) % 59) * 100));
  const shot = await source.take({ signal, wanted: { at, keyWithin: ms(0), notAfter: false } });
  // As at the end of an episode: every third is compared with another.
  if (done % 3 === 0) {
    const picture = await reader.read(shot.jpeg);
    compareStills(picture, picture);
  }
}
