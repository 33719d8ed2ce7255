// The camera of bench/still-latency.ts, in a process of its own so that its CPU is not counted.

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
const scene = (number: number): Uint8Array => {
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

const encoder = clipEncoder({
  codec: 'h264',
  width,
  height,
  fps: FPS,
  group: 2 * FPS,
  settings: { bitrate: String(mbit * 1000), 'vbv-maxrate': String(mbit * 1000), 'vbv-bufsize': String(mbit * 1000) },
});
for (let number = 0; number < FPS * SECONDS; number++) encoder.add(scene(number));
const clip = encoder.finish();
const bytes = clip.units.reduce((sum, unit) => sum + unit.nals.reduce((size, nal) => size + nal.length, 0), 0);
const camera = await simulatedCamera({ streams: { main: clip, sub: clip }, hasSound: false });
process.send?.({ url: camera.url('main'), bytesPerSecond: bytes / SECONDS });
