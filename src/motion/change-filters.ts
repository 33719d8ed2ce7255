// Plain filters over the planes of the small picture that comparisons work on.

import { CHANGE_SIZE, type ChangePicture } from '../domain/change-picture.ts';

const { width: W, height: H } = CHANGE_SIZE;

/** Box average of side 2·radius + 1, edges repeated. */
export const boxBlur = (source: Float32Array, radius: number): Float32Array => {
  const across = new Float32Array(W * H);
  const side = 2 * radius + 1;
  for (let y = 0; y < H; y++) {
    const row = y * W;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += source[row + Math.max(0, x)] ?? 0;
    for (let x = 0; x < W; x++) {
      across[row + x] = sum / side;
      sum += (source[row + Math.min(W - 1, x + radius + 1)] ?? 0) - (source[row + Math.max(0, x - radius)] ?? 0);
    }
  }
  const down = new Float32Array(W * H);
  for (let x = 0; x < W; x++) {
    let sum = 0;
    for (let y = -radius; y <= radius; y++) sum += across[Math.max(0, y) * W + x] ?? 0;
    for (let y = 0; y < H; y++) {
      down[y * W + x] = sum / side;
      sum += (across[Math.min(H - 1, y + radius + 1) * W + x] ?? 0) - (across[Math.max(0, y - radius) * W + x] ?? 0);
    }
  }
  return down;
};

/** A brightness plane with sensor noise and compression blocks smoothed away: what is compared. */
export const smoothed = (luma: Uint8Array): Float32Array => boxBlur(Float32Array.from(luma), 1);

/** Colour at brightness' size, around 0. */
export const colour = (plane: Uint8Array): Float32Array => {
  const wide = new Float32Array(W * H);
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) wide[y * W + x] = (plane[(y >> 1) * (W / 2) + (x >> 1)] ?? 128) - 128;
  }
  return boxBlur(wide, 1);
};

/** Mean and standard deviation of a plane. */
export const spread = (plane: ArrayLike<number>): { readonly mean: number; readonly deviation: number } => {
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < plane.length; at++) {
    const value = plane[at] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / plane.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / plane.length - mean * mean)) };
};

/**
 * How colourful a picture is all over: the median distance from grey, 0 for an infrared picture. The median, since one red
 * car on grey asphalt does not make a colourful scene.
 */
export const saturation = ({ blue, red }: ChangePicture): number => {
  const counts = new Uint32Array(257);
  for (let at = 0; at < blue.length; at++) {
    const distance = Math.abs((blue[at] ?? 128) - 128) + Math.abs((red[at] ?? 128) - 128);
    counts[distance] = (counts[distance] ?? 0) + 1;
  }
  let left = blue.length / 2;
  return counts.findIndex((count) => {
    left -= count;
    return left < 0;
  });
};
