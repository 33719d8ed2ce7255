// Small JPEGs for lists, by libvips: it decodes a JPEG at 1/2, 1/4 or 1/8 size where that is enough.

import { StillwatchError } from '../../domain/errors.ts';
import type { Thumbnailer } from '../../ports/thumbnailer.ts';

/** Of 100. Below it, foliage and grass smear at 320 px. */
const QUALITY = 78;
/** Pixels. A photo is at most 50 megapixels: more is an attack on memory (engineering/platform, D). */
const LARGEST = 50_000_000;

/** Loaded with the first photo that somebody looks at: libvips takes 6 MB. */
const load = async () => {
  const { default: sharp } = await import('sharp');
  // Capture decodes on the same few cores: a page of thumbnails must not take them all.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
};

export const thumbnailer = (): Thumbnailer => {
  let library: ReturnType<typeof load> | undefined;
  return {
    async scale(jpeg, width) {
      library ??= load();
      const sharp = await library;
      try {
        return await sharp(jpeg, { limitInputPixels: LARGEST, failOn: 'error' })
          .rotate()
          .resize({ width, withoutEnlargement: true })
          .jpeg({ quality: QUALITY, progressive: false })
          .toBuffer();
      } catch (cause) {
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw new StillwatchError('SW_STILL_DAMAGED', { detail }, { cause });
      }
    },
  };
};
