// Things too small for the cells: a parcel on the doorstep, a cat by the wall. Looked for only where the cells found nothing
// and the light is the same, since at this size a patch of sun and a thing look alike.

import { CHANGE_SIZE } from '../domain/change-picture.ts';
import type { LightFit, Planes } from './change-cells.ts';
import { boxBlur } from './change-filters.ts';

const { width: W, height: H } = CHANGE_SIZE;

/** A pixel is another thing's from this distance on, in grey levels and steps of colour. Calm footage stays under 15. */
const STEP = 20;
/** A colour step tells as much as one and a half of brightness: colour is quieter. */
const COLOUR_WEIGHT = 1.5;
/** The same thing may be this many pixels off: leaves, the rest of a shake, edges. */
const SWAY = 2;
/** Slower differences than this radius are light. */
const SURROUNDINGS = 16;
/** One pixel says no more than this about the light around it. */
const MOST_LIGHT = 40;
/** Pixels of a thing: 4 × 4. The demo's parcel, 2 % of the width, leaves 21. */
const LEAST_PIXELS = 16;
/** Noise in a row is no thing. */
const LEAST_FILL = 0.5;
/** Mean distance of a thing's pixels. */
const LEAST_MEAN = 24;
/** More spots than this of three pixels and more are leaves, rain or snow, and say nothing. Moving leaves: 40; calm: 0 to 1. */
const MOST_SPOTS = 4;
const SPOT = 3;
/** Rows at the top and the bottom where cameras write name and time: 9 % each. */
const CAPTION = 16;
const EDGE = 6;

/** Distance of two pixels of two pictures. */
const distance = (a: Planes, i: number, b: Planes, j: number): number =>
  Math.abs((a.luma[i] ?? 0) - (b.luma[j] ?? 0)) +
  COLOUR_WEIGHT * (Math.abs((a.blue[i] ?? 0) - (b.blue[j] ?? 0)) + Math.abs((a.red[i] ?? 0) - (b.red[j] ?? 0)));

/** `before` in the light of `after`: the whole picture's fit, then what differs slowly from place to place. */
const relit = (before: Planes, after: Planes, light: LightFit): Planes => {
  const lit = before.luma.map((value) => light.gain * value + light.offset);
  const slowly = (from: Float32Array, to: Float32Array): Float32Array => {
    const steps = boxBlur(
      from.map((value, at) => Math.max(-MOST_LIGHT, Math.min(MOST_LIGHT, (to[at] ?? 0) - value))),
      SURROUNDINGS,
    );
    return from.map((value, at) => value + (steps[at] ?? 0));
  };
  return {
    luma: slowly(lit, after.luma),
    blue: slowly(before.blue, after.blue),
    red: slowly(before.red, after.red),
  };
};

/** For every pixel how far the nearest like it in the other picture is off, taken from both sides; 0 below the step. */
const distances = (a: Planes, b: Planes): Float32Array => {
  const out = new Float32Array(W * H);
  for (let y = CAPTION; y < H - CAPTION; y++) {
    for (let x = EDGE; x < W - EDGE; x++) {
      const at = y * W + x;
      if (distance(a, at, b, at) < STEP) continue;
      let [fromA, fromB] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let dy = -SWAY; dy <= SWAY; dy++) {
        for (let dx = -SWAY; dx <= SWAY; dx++) {
          const near = at + dy * W + dx;
          fromA = Math.min(fromA, distance(a, at, b, near));
          fromB = Math.min(fromB, distance(b, at, a, near));
        }
      }
      const most = Math.max(fromA, fromB);
      if (most >= STEP) out[at] = most;
    }
  }
  return out;
};

const NEIGHBOURS = [-W - 1, -W, -W + 1, -1, 1, W - 1, W, W + 1] as const;

/** Connected pixels (eight neighbours); the captions' rows around them are 0, so no step leaves the picture. */
const spots = (far: Float32Array): readonly (readonly number[])[] => {
  const seen = new Uint8Array(far.length);
  const found: number[][] = [];
  for (let start = 0; start < far.length; start++) {
    if (far[start] === 0 || seen[start] === 1) continue;
    const spot: number[] = [];
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      spot.push(at);
      for (const step of NEIGHBOURS) {
        if ((far[at + step] ?? 0) === 0 || seen[at + step] === 1) continue;
        seen[at + step] = 1;
        open.push(at + step);
      }
    }
    found.push(spot);
  }
  return found;
};

const isThing = (spot: readonly number[], far: Float32Array): boolean => {
  if (spot.length < LEAST_PIXELS) return false;
  const columns = spot.map((at) => at % W);
  const rows = spot.map((at) => Math.floor(at / W));
  const side = (values: readonly number[]): number => Math.max(...values) - Math.min(...values) + 1;
  const mean = spot.reduce((sum, at) => sum + (far[at] ?? 0), 0) / spot.length;
  return spot.length / (side(columns) * side(rows)) >= LEAST_FILL && mean >= LEAST_MEAN;
};

/**
 * The pixels (indices into 320 × 180) of each small thing that only one of two aligned pictures shows; none where the
 * ground is restless. A thing of 6 × 6 px at a contrast of 30 grey levels is found, one of 4 × 4 px is not.
 */
export const smallThings = (before: Planes, after: Planes, light: LightFit): readonly (readonly number[])[] => {
  const far = distances(relit(before, after, light), after);
  const found = spots(far).filter(({ length }) => length >= SPOT);
  return found.length > MOST_SPOTS ? [] : found.filter((spot) => isThing(spot, far));
};
