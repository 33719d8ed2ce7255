// Whole pictures out of uploads, by libvips: each is decoded before it is promised; what is no JPEG becomes one at full size.

import sharp from 'sharp';
import { StillwatchError } from '../../domain/errors.ts';
import type { UploadPictures } from '../../ports/inbox.ts';

/** Pixels. A photo is at most 50 megapixels: more is an attack on memory. */
const LARGEST = 50_000_000;
/** Of 100. What a camera would have used; a lossless picture is not to lose what a plate is read by. */
const QUALITY = 92;

const damaged = (cause: unknown): StillwatchError => {
  const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new StillwatchError('SW_STILL_DAMAGED', { detail }, { cause });
};

export const uploadPictures = (): UploadPictures => {
  let last: Promise<unknown> = Promise.resolve();
  const jpegOf = async (bytes: Uint8Array, kind: 'jpeg' | 'png' | 'heic'): Promise<Uint8Array> => {
    const image = sharp(bytes, { limitInputPixels: LARGEST, failOn: 'truncated', pages: 1 });
    try {
      if (kind === 'jpeg') {
        // Decoded to its last row at an eighth of the size: everything that is missing is missed, at a tenth of the work.
        await image.resize({ width: 64 }).raw().toBuffer();
        return bytes;
      }
      // `keepExif`: when it was taken is in there.
      return await image.rotate().flatten({ background: '#000' }).keepExif().jpeg({ quality: QUALITY }).toBuffer();
    } catch (thrown) {
      throw damaged(thrown);
    }
  };
  return {
    // One at a time: fifty cameras at once are fifty pictures in memory otherwise.
    jpegOf(bytes, kind) {
      const next = last.then(() => jpegOf(bytes, kind));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
