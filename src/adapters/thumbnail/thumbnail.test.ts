import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { testJpeg } from '../../testing/jpegs.ts';
import { thumbnailer } from './thumbnail.ts';

describe('thumbnailer', () => {
  it('scales to the width asked for, in the same proportions', async () => {
    const small = await thumbnailer().scale(await testJpeg(1, { width: 1280, height: 720 }), 320);
    const { width, height, format } = await sharp(small).metadata();
    expect({ width, height, format }).toEqual({ width: 320, height: 180, format: 'jpeg' });
  });

  it('never enlarges', async () => {
    const small = await thumbnailer().scale(await testJpeg(2, { width: 200, height: 100 }), 320);
    expect((await sharp(small).metadata()).width).toBe(200);
  });

  it('turns a picture that says it lies on its side', async () => {
    const turned = await sharp(await testJpeg(3, { width: 640, height: 320 }))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { width, height, orientation } = await sharp(await thumbnailer().scale(turned, 160)).metadata();
    expect({ width, height, orientation }).toEqual({ width: 160, height: 320, orientation: undefined });
  });

  it.each([
    ['no picture', new TextEncoder().encode('not a photo')],
    ['nothing', new Uint8Array()],
  ])('says that %s is damaged', async (_, bytes) => {
    await expect(thumbnailer().scale(bytes, 320)).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
  });

  it('says that half a picture is damaged', async () => {
    const whole = await testJpeg(4, { width: 640, height: 480 });
    await expect(thumbnailer().scale(whole.subarray(0, whole.length / 2), 320)).rejects.toMatchObject({
      code: 'SW_STILL_DAMAGED',
    });
  });
});
