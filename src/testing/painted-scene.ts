// Brightness planes painted for detector tests: a textured 640 × 360 scene with sensor noise, seen at 160 × 90.

import type { Luma } from '../domain/camera.ts';
import { ms } from '../domain/units.ts';

const WIDTH = 640;
const HEIGHT = 360;
const SCALE = 4;
/** Numbers in a sheet of noise: a prime, four planes large. */
const SHEET = 57_641;
const SMALL = { width: WIDTH / SCALE, height: HEIGHT / SCALE };

export interface Thing {
  readonly width: number;
  readonly height: number;
  /** Grey levels brighter than the scene behind it. */
  readonly contrast: number;
  /** Upper left corner in 640 × 360 pixels at a time in seconds, or undefined while it is not there. */
  readonly at: (second: number) => { readonly x: number; readonly y: number } | undefined;
}

export interface Scene {
  readonly seconds: number;
  /** Standard deviation of the sensor's noise, in grey levels at full size. */
  readonly noise?: number;
  readonly seed?: number;
  readonly things?: readonly Thing[];
  /** Brightness becomes gain × level + offset. */
  readonly light?: (second: number) => { readonly gain: number; readonly offset: number };
  readonly fps?: number;
  /** Seconds from one key frame to the next. */
  readonly keyEvery?: number;
}

/** Mulberry32: small, seeded, good enough for noise. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Walls, a window, a hedge: large areas of different brightness with texture of their own. */
const scenery = (x: number, y: number): number =>
  (x < 210 ? 70 : x < 430 ? 120 : 165) + (y > 230 ? -25 : 0) + 8 * Math.sin(x / 9) * Math.cos(y / 7);

/** Share of a small pixel, 0..1, that a thing covers. */
const cover = (from: number, length: number, pixel: number): number =>
  Math.max(0, Math.min(from + length, (pixel + 1) * SCALE) - Math.max(from, pixel * SCALE)) / SCALE;

/** Yields the scene's planes in order; the pixels are fresh memory each time. */
export const paintedScene = function* (scene: Scene): Generator<Luma, void> {
  const { seconds, noise = 2, seed = 1, things = [], light, fps = 5, keyEvery = 2 } = scene;
  const random = seededRandom(seed);
  const still = new Float32Array(SMALL.width * SMALL.height);
  for (let y = 0; y < SMALL.height; y++) {
    for (let x = 0; x < SMALL.width; x++) still[y * SMALL.width + x] = scenery((x + 0.5) * SCALE, (y + 0.5) * SCALE);
  }
  // A sheet of noise seen at a new place each time: fresh noise for every pixel would take longer than the detector.
  // Sixteen noisy pixels averaged; the sum of three uniform numbers is normal enough.
  const sheet = Float32Array.from(
    { length: SHEET },
    () => ((random() + random() + random() - 1.5) * 2 * noise) / SCALE,
  );
  for (let frame = 0; frame < seconds * fps; frame++) {
    const second = frame / fps;
    const { gain, offset } = light?.(second) ?? { gain: 1, offset: 0 };
    const plane = still.slice();
    for (const thing of things) {
      const corner = thing.at(second);
      if (!corner) continue;
      const [left, right] = [Math.floor(corner.x / SCALE), Math.ceil((corner.x + thing.width) / SCALE)];
      const [top, bottom] = [Math.floor(corner.y / SCALE), Math.ceil((corner.y + thing.height) / SCALE)];
      for (let y = Math.max(0, top); y < Math.min(SMALL.height, bottom); y++) {
        for (let x = Math.max(0, left); x < Math.min(SMALL.width, right); x++) {
          const share = cover(corner.x, thing.width, x) * cover(corner.y, thing.height, y);
          const at = y * SMALL.width + x;
          plane[at] = (plane[at] ?? 0) + thing.contrast * share;
        }
      }
    }
    const pixels = new Uint8ClampedArray(plane.length);
    const shift = Math.floor(random() * (SHEET - plane.length));
    for (let at = 0; at < pixels.length; at++) {
      pixels[at] = (plane[at] ?? 0) * gain + offset + (sheet[at + shift] ?? 0);
    }
    yield {
      ...SMALL,
      pixels: new Uint8Array(pixels.buffer),
      pts: ms(second * 1000),
      isKey: frame % (keyEvery * fps) === 0,
    };
  }
};
