import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/painted-scene.ts';
import { lightFitter } from './light-fit.ts';

const WIDTH = 160;
const HEIGHT = 90;

const scene = (seed: number): Uint8Array => {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return 50 + 60 * Number(x > 60) + 40 * Number(y > 50) + 12 * random();
  });
};

describe('light fit', () => {
  it('finds gain and offset, also behind an object that covers a quarter of the picture', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0.65, max: 1.4, noNaN: true }),
        fc.integer({ min: -20, max: 20 }),
        fc.boolean(),
        (seed, gain, offset, hasObject) => {
          const before = scene(seed);
          const after = Uint8Array.from(before, (level, at) => {
            // A quarter of the picture, and less than half of every brightness in it.
            const isObject = hasObject && Math.floor((at % WIDTH) / 10) % 4 === 1;
            return isObject ? 200 : Math.max(0, Math.min(255, Math.round(level * gain + offset)));
          });
          const { table, inliers } = lightFitter(WIDTH, HEIGHT).fit(before, after);
          for (const level of [55, 120, 155]) {
            expect(Math.abs((table[level] ?? 0) - (level * gain + offset))).toBeLessThanOrEqual(6);
          }
          expect(inliers).toBeGreaterThan(hasObject ? 0.6 : 0.95);
        },
      ),
    );
  });

  it('leaves an unchanged picture unchanged', () => {
    const before = scene(4);
    const { table, shift, inliers } = lightFitter(WIDTH, HEIGHT).fit(before, before);
    expect([...table]).toEqual(Array.from({ length: 256 }, (_, level) => level));
    expect([shift, inliers]).toEqual([0, 1]);
  });

  it('says that another scene is no change of light', () => {
    const other = scene(4).toReversed();
    expect(lightFitter(WIDTH, HEIGHT).fit(scene(4), other).inliers).toBeLessThan(0.8);
  });

  it('keeps its head in black and white', () => {
    const black = new Uint8Array(WIDTH * HEIGHT);
    const white = new Uint8Array(WIDTH * HEIGHT).fill(255);
    expect(lightFitter(WIDTH, HEIGHT).fit(black, white).inliers).toBe(0);
    expect(lightFitter(WIDTH, HEIGHT).fit(black, black).inliers).toBe(1);
  });
});
