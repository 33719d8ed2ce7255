// The camera of bench/still-latency.ts, in a process of its own so that its CPU is not counted.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { Clip } from '../src/simulator/clip.ts';
import { clipEncoder } from '../src/simulator/encode-clip.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';

interface Recipe {
  readonly width: number;
  readonly height: number;
  readonly mbit: number;
}

const FPS = 15;
const SECONDS = 4;
const { width, height, mbit } = JSON.parse(process.argv[2] ?? '{}') as Recipe;

/** A drawn scene with sensor noise, so that the encoder has something to spend its bits on. */
const scene = (number: number, width: number, height: number): Uint8Array => {
  const picture = new Uint8Array((width * height * 3) / 2).fill(122);
  let state = (number + 1) * 2_654_435_761;
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      picture[at] = 60 + ((x >> 3) & 63) + ((y >> 4) & 31) + (((x + number * 12) >> 6) & 31) + (state >>> 28);
    }
  }
  return picture;
};

const recorded = (width: number, height: number, mbit: number): Clip => {
  const bitrate = String(mbit * 1000);
  const settings = { bitrate, 'vbv-maxrate': bitrate, 'vbv-bufsize': bitrate };
  const encoder = clipEncoder({ codec: 'h264', width, height, fps: FPS, group: 2 * FPS, settings });
  for (let number = 0; number < FPS * SECONDS; number++) encoder.add(scene(number, width, height));
  return encoder.finish();
};

const clip = recorded(width, height, mbit);
const bytes = clip.units.reduce((sum, unit) => sum + unit.nals.reduce((size, nal) => size + nal.length, 0), 0);
const camera = await simulatedCamera({ streams: { main: clip, sub: recorded(640, 360, 0.5) }, hasSound: false });

/** Pictures that follow each other differ, as a camera's do. Encoded ahead: how long that takes is each camera's own. */
const snapshots = await Promise.all(
  [1, 2, 3, 4].map((number) => {
    const luma = scene(number, width, height).subarray(0, width * height);
    return sharp(luma, { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 85 })
      .toBuffer();
  }),
);
let asked = 0;
const server = createServer((_, answer) => {
  answer.setHeader('content-type', 'image/jpeg').end(snapshots[asked++ % snapshots.length]);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.send?.({
  url: camera.url('main'),
  sub: camera.url('sub'),
  snapshot: `http://127.0.0.1:${port}/snapshot.jpg`,
  bytesPerSecond: bytes / SECONDS,
});
