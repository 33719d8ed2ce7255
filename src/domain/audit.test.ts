import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missRate, NO_AUDIT } from './audit.ts';

describe('miss rate', () => {
  it.each([
    // Wilson intervals computed with R's prop.test(correct = FALSE).
    [10, 0, 0, 0.2775],
    [100, 1, 0.0018, 0.0545],
    [100, 50, 0.4038, 0.5962],
    [1000, 20, 0.013, 0.0307],
  ])('of %i looks with %i misses lies between %d and %d', (looked, missed, low, high) => {
    const rate = missRate({ looked, missed });
    expect(rate.low).toBeCloseTo(low, 3);
    expect(rate.high).toBeCloseTo(high, 3);
  });

  it('knows nothing before the first look', () => {
    expect(missRate(NO_AUDIT)).toEqual({ rate: 0, low: 0, high: 1 });
  });

  it('always holds the rate, and narrows with more looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (looked, share) => {
        const missed = Math.round(looked * share);
        const { rate, low, high } = missRate({ looked, missed });
        expect(low).toBeLessThanOrEqual(rate + 1e-12);
        expect(high).toBeGreaterThanOrEqual(rate - 1e-12);
        const more = missRate({ looked: looked * 10, missed: missed * 10 });
        expect(more.high - more.low).toBeLessThanOrEqual(high - low + 1e-12);
      }),
    );
  });
});
