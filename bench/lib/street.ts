// A scene for many cameras at once: a still street, then somebody crosses it, in step at every camera. Drawn and encoded once;
// the still part is one group of pictures told again and again, as a camera in front of nothing sends it.

import type { Clip } from '../../src/simulator/clip.ts';
import { clipEncoder, type Yuv420 } from '../../src/simulator/encode-clip.ts';

const GROUP_S = 2;
/** Still groups that are encoded, so that sensor noise is not the very same at each. */
const STILL_GROUPS = 4;
export const CROSSING_S = 8;

const noise = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 31;
  };
};

/** `crossed`: how far the passer-by is, 0 to 1; undefined: nobody. */
const picture = (width: number, height: number, number: number, crossed: number | undefined): Yuv420 => {
  const luma = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  const grain = noise(number + 1);
  const [figureWidth, figureHeight] = [Math.round(width / 10), Math.round(height / 3)];
  const left = crossed === undefined ? -1 : Math.round(crossed * (width + figureWidth)) - figureWidth;
  const top = Math.round(height / 2);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const isFigure =
        crossed !== undefined && x >= left && x < left + figureWidth && y >= top && y < top + figureHeight;
      luma[at] = (isFigure ? 190 + ((x ^ y) & 31) : 60 + (x * 64) / width + (((y * 16) / height) | 0) * 4) + grain();
    }
  }
  return luma;
};

export interface StreetOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** From one crossing to the next. */
  readonly loopSeconds: number;
}

export const street = ({ width, height, fps, loopSeconds }: StreetOptions): Clip => {
  const group = GROUP_S * fps;
  const stillPictures = STILL_GROUPS * group;
  const crossing = CROSSING_S * fps;
  const encoder = clipEncoder({
    codec: 'h264',
    width,
    height,
    fps,
    group,
    settings: { 'open-gop': '0', scenecut: '0' },
  });
  for (let number = 0; number < stillPictures; number++) encoder.add(picture(width, height, number, undefined));
  for (let number = 0; number < crossing; number++)
    encoder.add(picture(width, height, stillPictures + number, number / crossing));
  const clip = encoder.finish();
  const still = clip.units.slice(0, stillPictures);
  const wanted = loopSeconds * fps - crossing;
  const before = Array.from({ length: Math.floor(wanted / stillPictures) }, () => still).flat();
  return { ...clip, units: [...before, ...clip.units.slice(stillPictures)] };
};
