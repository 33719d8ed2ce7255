// How far a camera shook between two pictures: the shift that makes their fine structure agree best, to a part of a pixel.
// Light does not matter here: brightness is taken relative to its surroundings and to its own contrast.

import { CHANGE_SIZE } from '../domain/change-picture.ts';
import { boxBlur } from './change-filters.ts';

const { width: W, height: H } = CHANGE_SIZE;

export interface Shift {
  /** Where a point of the first picture lies in the second, in pixels of 320 × 180. */
  readonly x: number;
  readonly y: number;
}

/** Furthest shake that is made good: 16 of 320 px, 5 % of the width. A pole in wind moves less; a turned camera more. */
export const FURTHEST = 16;
/** Structure is what differs from the surroundings of this radius. */
const SURROUNDINGS = 10;
/** One place may disagree by no more than this (in units of mean contrast): a lorry must not decide the shift. */
const MOST_DISAGREEMENT = 1.5;
const COARSE = 4;

/** Brightness minus its surroundings, in units of the plane's own mean contrast. */
const structure = (plane: Float32Array): Float32Array => {
  const ground = boxBlur(plane, SURROUNDINGS);
  const out = new Float32Array(W * H);
  let sum = 0;
  for (let at = 0; at < out.length; at++) {
    const value = (plane[at] ?? 0) - (ground[at] ?? 0);
    out[at] = value;
    sum += Math.abs(value);
  }
  const unit = Math.max(0.5, sum / out.length);
  for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) / unit;
  return out;
};

const shrunk = (plane: Float32Array): Float32Array => {
  const out = new Float32Array((W / COARSE) * (H / COARSE));
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      const to = Math.floor(y / COARSE) * (W / COARSE) + Math.floor(x / COARSE);
      out[to] = (out[to] ?? 0) + (plane[y * W + x] ?? 0) / COARSE;
    }
  }
  return out;
};

/** Mean capped disagreement when `b` is read `dx`, `dy` further; every `stride`-th pixel. */
const disagreement = (
  a: Float32Array,
  b: Float32Array,
  width: number,
  height: number,
  dx: number,
  dy: number,
  stride: number,
): number => {
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y += stride) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x += stride) {
      sum += Math.min(MOST_DISAGREEMENT, Math.abs((a[y * width + x] ?? 0) - (b[(y + dy) * width + x + dx] ?? 0)));
      count++;
    }
  }
  return sum / count;
};

interface Best {
  readonly x: number;
  readonly y: number;
  readonly cost: number;
}

const search = (
  cost: (x: number, y: number) => number,
  around: { readonly x: number; readonly y: number },
  reach: number,
): Best => {
  let best: Best = { ...around, cost: cost(around.x, around.y) };
  for (let y = around.y - reach; y <= around.y + reach; y++) {
    for (let x = around.x - reach; x <= around.x + reach; x++) {
      const here = cost(x, y);
      if (here < best.cost) best = { x, y, cost: here };
    }
  }
  return best;
};

/**
 * The rest of the shift, below a pixel: one least-squares step along the slopes of both planes (Lucas and Kanade, 1981),
 * leaving out places that disagree for another reason than the shift.
 */
const refined = (a: Float32Array, b: Float32Array, from: Shift): Shift => {
  const [dx, dy] = [from.x, from.y];
  let [xx, xy, yy, xe, ye] = [0, 0, 0, 0, 0];
  const edge = FURTHEST + 4;
  for (let y = edge; y < H - edge; y++) {
    for (let x = edge; x < W - edge; x++) {
      const at = y * W + x;
      const to = (y + dy) * W + x + dx;
      const error = (b[to] ?? 0) - (a[at] ?? 0);
      if (Math.abs(error) > MOST_DISAGREEMENT) continue;
      const slopeX = ((b[to + 1] ?? 0) - (b[to - 1] ?? 0) + (a[at + 1] ?? 0) - (a[at - 1] ?? 0)) / 4;
      const slopeY = ((b[to + W] ?? 0) - (b[to - W] ?? 0) + (a[at + W] ?? 0) - (a[at - W] ?? 0)) / 4;
      xx += slopeX * slopeX;
      xy += slopeX * slopeY;
      yy += slopeY * slopeY;
      xe += slopeX * error;
      ye += slopeY * error;
    }
  }
  const determinant = xx * yy - xy * xy;
  // Slopes in one direction only (a fence, a horizon) do not say how far along it the camera moved.
  if (determinant < 1e-3 * (xx + yy) ** 2) return from;
  const within = (value: number): number => Math.max(-0.75, Math.min(0.75, value));
  return {
    x: dx - within((yy * xe - xy * ye) / determinant),
    y: dy - within((xx * ye - xy * xe) / determinant),
  };
};

/**
 * The shift from `before` to `after`, both smoothed brightness. Beyond `FURTHEST` nothing is found; the caller sees that
 * too little agrees.
 */
export const findShift = (before: Float32Array, after: Float32Array): Shift => {
  const [a, b] = [structure(before), structure(after)];
  const [smallA, smallB] = [shrunk(a), shrunk(b)];
  const coarse = search(
    (x, y) => disagreement(smallA, smallB, W / COARSE, H / COARSE, x, y, 1),
    { x: 0, y: 0 },
    FURTHEST / COARSE,
  );
  const cost = (x: number, y: number): number => disagreement(a, b, W, H, x, y, 2);
  const near = search(cost, { x: coarse.x * COARSE, y: coarse.y * COARSE }, COARSE - 1);
  // A tie is stillness: a flat scene must not be said to have moved.
  const still = cost(0, 0);
  const best = still <= near.cost * 1.002 ? { x: 0, y: 0, cost: still } : near;
  return refined(a, b, best);
};

/** `plane` read `shift` further on, between pixels by bilinear weights; what lies outside repeats the edge. */
export const shifted = (plane: Float32Array, shift: Shift): Float32Array => {
  if (Math.abs(shift.x) < 0.05 && Math.abs(shift.y) < 0.05) return plane;
  const out = new Float32Array(W * H);
  for (let y = 0; y < H; y++) {
    const fromY = Math.max(0, Math.min(H - 1.001, y + shift.y));
    const top = Math.floor(fromY);
    const down = fromY - top;
    for (let x = 0; x < W; x++) {
      const fromX = Math.max(0, Math.min(W - 1.001, x + shift.x));
      const left = Math.floor(fromX);
      const right = fromX - left;
      const at = top * W + left;
      const upper = (plane[at] ?? 0) * (1 - right) + (plane[at + 1] ?? 0) * right;
      const lower = (plane[at + W] ?? 0) * (1 - right) + (plane[at + W + 1] ?? 0) * right;
      out[y * W + x] = upper * (1 - down) + lower * down;
    }
  }
  return out;
};
