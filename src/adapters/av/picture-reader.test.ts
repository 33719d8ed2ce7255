import { describe, expect, it } from 'vitest';
import { testJpeg } from '../../testing/jpegs.ts';
import { avPictureReader } from './picture-reader.ts';

const mean = (plane: Uint8Array): number => plane.reduce((sum, value) => sum + value, 0) / plane.length;

describe('a picture read small', () => {
  it.each([
    [640, 360],
    [1280, 960],
    [322, 182],
    [64, 48],
  ])('has one size, whatever the JPEG’s: %i × %i', async (width, height) => {
    const { luma, blue, red } = await avPictureReader().read(await testJpeg(1, { width, height }));
    expect([luma.length, blue.length, red.length]).toEqual([320 * 180, 160 * 90, 160 * 90]);
    expect(mean(luma)).toBeGreaterThan(100);
    expect(mean(luma)).toBeLessThan(150);
  });

  it('keeps black black: full range', async () => {
    const { luma, blue, red } = await avPictureReader().read(
      await testJpeg(1, { look: 'flat', width: 640, height: 360 }),
    );
    expect([mean(luma), mean(blue), mean(red)]).toEqual([0, 128, 128]);
  });

  it('refuses what cannot be decoded', async () => {
    const jpeg = await testJpeg(1, { width: 640, height: 360 });
    await expect(avPictureReader().read(new Uint8Array(100))).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
    await expect(avPictureReader().read(jpeg.subarray(0, 300))).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
  });

  it('reads on after a refusal', async () => {
    const reader = avPictureReader();
    await reader.read(new Uint8Array(10)).catch(() => undefined);
    expect((await reader.read(await testJpeg(2))).luma).toHaveLength(57_600);
  });
});
