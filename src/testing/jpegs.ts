// JPEGs for tests, made by an encoder that is not ours.

import sharp from 'sharp';

interface Look {
  readonly width?: number;
  readonly height?: number;
  /** Noise makes every picture's bytes its own; `flat` is the case long zero runs are legitimate in. */
  readonly look?: 'noise' | 'flat';
  readonly progressive?: boolean;
  readonly optimised?: boolean;
  readonly grey?: boolean;
}

/** A small linear congruential generator: pictures are the same in every run. */
const noise = (seed: number): (() => number) => {
  let state = (seed + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
};

/** A real JPEG; the same `seed` and look give the same bytes. */
export const testJpeg = async (seed = 0, options: Look = {}): Promise<Uint8Array> => {
  const { width = 64, height = 48, look = 'noise', progressive = false, optimised = false, grey = false } = options;
  const channels = 3;
  const next = noise(seed);
  const pixels = Buffer.alloc(width * height * channels);
  if (look === 'noise') for (let at = 0; at < pixels.length; at++) pixels[at] = next();
  let image = sharp(pixels, { raw: { width, height, channels } });
  if (grey) image = image.greyscale();
  return new Uint8Array(await image.jpeg({ quality: 80, progressive, optimiseCoding: optimised }).toBuffer());
};
