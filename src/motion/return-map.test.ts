import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOISE_FRACTION } from './noise-map.ts';
import { BLOCKS, LUMA_SIZE, PIXELS } from './plane-layout.ts';
import {
  doubted,
  forgetReturns,
  isReturn,
  type ReturnMap,
  type ReturnRules,
  returnMap,
  teachReturns,
} from './return-map.ts';

const RULES: ReturnRules = { stretchMs: 4000, forgetEvery: 16, teachStirredEvery: 6, restless: 1 };
const PLACE = 40 * LUMA_SIZE.width + 70;
const DARK = 60;
const BRIGHT = 120;

/** Every pixel restless, or none. */
const RESTLESS = new Int32Array(PIXELS).fill(3 << NOISE_FRACTION);
const QUIET = new Int32Array(PIXELS).fill((1 << NOISE_FRACTION) / 2);

const plane = (level: number): Uint8Array => new Uint8Array(PIXELS).fill(level);

/** One stretch after another, each showing these levels. @returns when the last one ended */
const show = (map: ReturnMap, stretches: readonly (readonly number[])[], from = 0, lit?: Uint8Array): number => {
  let at = from;
  for (const levels of stretches) {
    for (const [index, level] of levels.entries()) teachReturns(map, plane(level), at + index * 200, RESTLESS, lit);
    at += RULES.stretchMs;
  }
  // The first sample of the next stretch ends the last one.
  teachReturns(map, plane(DARK), at, RESTLESS, undefined);
  return at;
};

describe('what a pixel keeps coming back to', () => {
  it.each([
    ['seen in no stretch', [[DARK], [DARK]], false],
    ['seen in one stretch, however often', [[DARK, BRIGHT, DARK, BRIGHT, BRIGHT], [DARK]], false],
    [
      'seen in two stretches',
      [
        [DARK, BRIGHT],
        [DARK, BRIGHT],
      ],
      true,
    ],
    ['seen in two stretches with calm between', [[DARK, BRIGHT], [DARK], [DARK], [DARK, BRIGHT]], true],
  ] as const)('a level %s', (_, stretches, isKnown) => {
    const map = returnMap(RULES);
    show(map, stretches);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(isKnown);
    expect(isReturn(map, PLACE, DARK, BRIGHT)).toBe(isKnown);
  });

  it('means nothing at a pixel that was at rest: it may be an object that left', () => {
    const map = returnMap(RULES);
    const at = show(map, [
      [DARK, BRIGHT],
      [DARK, BRIGHT],
    ]);
    teachReturns(map, plane(BRIGHT), at + RULES.stretchMs, QUIET, undefined);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(false);
  });

  it('is nothing new beside the pixel, and is further away', () => {
    const map = returnMap(RULES);
    const one = plane(DARK);
    one[PLACE] = BRIGHT;
    for (let stretch = 0; stretch < 3; stretch++) {
      teachReturns(map, one, stretch * 4000, RESTLESS, undefined);
      teachReturns(map, plane(DARK), stretch * 4000 + 200, RESTLESS, undefined);
    }
    const { width } = LUMA_SIZE;
    const around = [-width - 1, -1, 0, 1, width, width + 1].map((by) => isReturn(map, PLACE + by, BRIGHT, DARK));
    expect(around).toEqual([true, true, true, true, true, true]);
    expect([-4, 4, 4 * width].map((by) => isReturn(map, PLACE + by, BRIGHT, DARK))).toEqual([false, false, false]);
  });

  it('does not reach around the edge of the picture', () => {
    const map = returnMap(RULES);
    const { width } = LUMA_SIZE;
    const edge = plane(DARK);
    edge[10 * width + width - 1] = BRIGHT;
    show(map, [[DARK], [DARK]]);
    for (const at of [9000, 13_000, 17_000, 21_000]) teachReturns(map, edge, at, RESTLESS, undefined);
    expect(isReturn(map, 10 * width + width - 1, BRIGHT, DARK)).toBe(true);
    expect(isReturn(map, 11 * width, BRIGHT, DARK)).toBe(false);
  });

  it('is forgotten when it stays away, within three minutes; what is still seen is not', () => {
    const map = returnMap(RULES);
    const swaying = Array.from({ length: 10 }, () => [DARK, BRIGHT]);
    const at = show(map, swaying);
    const minute = Array.from({ length: 15 }, () => [DARK]);
    const later = show(map, minute, at);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(true);
    show(map, [...minute, ...minute], later);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(false);
    expect(isReturn(map, PLACE, DARK, DARK)).toBe(true);
  });

  it('is forgotten over a gap as over calm', () => {
    const map = returnMap(RULES);
    show(map, [
      [DARK, BRIGHT],
      [DARK, BRIGHT],
      [DARK, BRIGHT],
    ]);
    forgetReturns(map, 30_000);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(true);
    forgetReturns(map, 240_000);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(false);
  });

  it('is learned six times slower where it is suspicious: who paces stays new for half a minute', () => {
    const lit = new Uint8Array(BLOCKS).fill(1);
    const map = returnMap(RULES);
    const pacing = Array.from({ length: 11 }, () => [DARK, BRIGHT]);
    const at = show(map, pacing, 0, lit);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(false);
    show(map, pacing, at, lit);
    expect(isReturn(map, PLACE, BRIGHT, DARK)).toBe(true);
  });

  it('goes on with a new detector, and counts one less where it was learned from what is to be judged', () => {
    const map = returnMap(RULES);
    show(map, [
      [DARK, BRIGHT],
      [DARK, BRIGHT],
    ]);
    expect(isReturn(returnMap(RULES, map), PLACE, BRIGHT, DARK)).toBe(true);
    expect(isReturn(returnMap(RULES, doubted(map)), PLACE, BRIGHT, DARK)).toBe(false);
    show(
      map,
      [
        [DARK, BRIGHT],
        [DARK, BRIGHT],
      ],
      8000,
    );
    expect(isReturn(returnMap(RULES, doubted(map)), PLACE, BRIGHT, DARK)).toBe(true);
  });

  it('counts as a plain counter of three would, whatever is shown', () => {
    const stretch = fc.uniqueArray(fc.integer({ min: 0, max: 31 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 40 }), (stretches) => {
        const map = returnMap(RULES);
        const counts = Array.from({ length: 32 }, () => 0);
        let at = 0;
        for (const [index, bins] of stretches.entries()) {
          for (const [nth, bin] of bins.entries())
            teachReturns(map, plane(bin * 8 + 3), at + nth * 200, RESTLESS, undefined);
          at += RULES.stretchMs;
          for (let bin = 0; bin < 32; bin++) {
            const count = counts[bin] ?? 0;
            if (bins.includes(bin)) counts[bin] = Math.min(3, count + 1);
            else if ((index + 1) % RULES.forgetEvery === 0) counts[bin] = Math.max(0, count - 1);
          }
        }
        teachReturns(map, plane(0), at, RESTLESS, undefined);
        expect(counts.map((_, bin) => isReturn(map, PLACE, bin * 8, bin * 8))).toEqual(
          counts.map((count) => count >= 2),
        );
      }),
      { numRuns: 30 },
    );
  });
});
