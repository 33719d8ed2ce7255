// Small encoded clips for tests, drawn here: a textured ground with a box that moves across it. Made once per process.

import type { Codec } from '../domain/camera.ts';
import type { Clip } from '../simulator/clip.ts';
import { encodeClip, type Yuv420 } from '../simulator/encode-clip.ts';

export interface TestMediaOptions {
  /** Default h264. */
  readonly codec?: Codec;
  /** Even. Default 320. */
  readonly width?: number;
  /** Even. Default 180. */
  readonly height?: number;
  /** Default 10. */
  readonly fps?: number;
  /** Pictures from one key frame to the next. Default 10. */
  readonly group?: number;
  /** Length in pictures. Default 40. */
  readonly pictures?: number;
  /** Default 0. */
  readonly bFrames?: number;
  /** During which pictures the box is there and moves: from, up to but not including. Default: all. */
  readonly moving?: readonly [from: number, to: number];
  /** Brightness of the box, 16–235. Default 220; the ground lies between 60 and 140. */
  readonly box?: number;
  /** Side of the box as a share of the height. Default 0.25. */
  readonly boxSize?: number;
  /** More options of the encoder, e.g. `{ bitrate: '300', slices: '4' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

type Drawn = Required<Omit<TestMediaOptions, 'settings' | 'codec' | 'bFrames' | 'group'>>;

/** A ground with gradients and edges in both directions, so that a shift or damage of any part can be seen. */
const ground = (x: number, y: number, width: number, height: number): number =>
  60 + Math.round((40 * x) / width + (20 * y) / height) + (((x >> 4) + (y >> 4)) % 2) * 20;

/** Left edge of the box in a picture, in pixels, or undefined when it is not there. It crosses from side to side. */
export const boxLeft = (
  tick: number,
  drawn: Pick<Drawn, 'width' | 'height' | 'moving' | 'boxSize'>,
): number | undefined => {
  const [from, to] = drawn.moving;
  if (tick < from || tick >= to) return undefined;
  const side = Math.round(drawn.height * drawn.boxSize);
  return Math.round(((drawn.width - side) * (tick - from)) / Math.max(1, to - from - 1));
};

const draw = (tick: number, drawn: Drawn): Yuv420 => {
  const { width, height } = drawn;
  const picture = new Uint8Array((width * height * 3) / 2).fill(128);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) picture[y * width + x] = ground(x, y, width, height);
  }
  const left = boxLeft(tick, drawn);
  if (left === undefined) return picture;
  const side = Math.round(height * drawn.boxSize);
  const top = Math.round((height - side) / 2);
  for (let y = top; y < top + side; y += 1) picture.fill(drawn.box, y * width + left, y * width + left + side);
  return picture;
};

function* pictures(drawn: Drawn): Generator<Yuv420> {
  for (let tick = 0; tick < drawn.pictures; tick += 1) yield draw(tick, drawn);
}

const made = new Map<string, Clip>();

/** The clip for these options; the same one for the same options. */
export const testClip = (options: TestMediaOptions = {}): Clip => {
  const name = JSON.stringify(
    options,
    Object.keys(options)
      .sort()
      .concat(Object.keys(options.settings ?? {})),
  );
  const known = made.get(name);
  if (known) return known;
  const count = options.pictures ?? 40;
  const drawn: Drawn = {
    width: options.width ?? 320,
    height: options.height ?? 180,
    fps: options.fps ?? 10,
    pictures: count,
    moving: options.moving ?? [0, count],
    box: options.box ?? 220,
    boxSize: options.boxSize ?? 0.25,
  };
  const clip = encodeClip(pictures(drawn), {
    codec: options.codec ?? 'h264',
    width: drawn.width,
    height: drawn.height,
    fps: drawn.fps,
    group: options.group ?? 10,
    bFrames: options.bFrames ?? 0,
    settings: options.settings ?? {},
  });
  made.set(name, clip);
  return clip;
};
