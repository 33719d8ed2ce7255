// Pictures for the simulated snapshot: a JPEG of the right size whose bytes differ every time, as sensor noise makes them.

import sharp from 'sharp';

const cache = new Map<string, Promise<Buffer>>();

const base = (width: number, height: number): Promise<Buffer> => {
  const key = `${width}x${height}`;
  let made = cache.get(key);
  if (!made) {
    made = sharp({ create: { width, height, channels: 3, background: { r: 70, g: 110, b: 80 } } })
      .jpeg({ quality: 70 })
      .toBuffer();
    cache.set(key, made);
  }
  return made;
};

/** A comment segment (T.81, B.2.4.5) after the start marker tells the pictures apart. */
export const simulatedPicture = async (width: number, height: number, mark: string): Promise<Buffer> => {
  const jpeg = await base(width, height);
  const text = Buffer.from(mark);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([head, text, jpeg.subarray(2)]);
};
