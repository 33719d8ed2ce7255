import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ms } from '../domain/units.ts';
import { sampler } from './sampler.ts';

const picked = (times: readonly number[]): readonly number[] => {
  const isSample = sampler();
  return times.filter((time) => isSample.wants(ms(time)));
};
const frames = (fps: number, seconds: number): readonly number[] =>
  Array.from({ length: fps * seconds }, (_, frame) => (frame * 1000) / fps);

describe('sampler', () => {
  it.each([
    [5, 50],
    [10, 50],
    [15, 50],
    [25, 50],
    [30, 50],
    [60, 50],
    [2, 20],
    [1, 10],
  ])('of %i fps over 10 s takes about %i pictures', (fps, wanted) => {
    expect(Math.abs(picked(frames(fps, 10)).length - wanted)).toBeLessThanOrEqual(2);
  });

  it('begins again when time runs backwards', () => {
    expect(picked([1000, 1200, 0, 200, 400])).toEqual([1000, 1200, 0, 200, 400]);
  });

  it('never takes two pictures nearer than 100 ms while time runs forwards', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 100 }), (steps) => {
        const times: number[] = [];
        for (const step of steps) times.push((times.at(-1) ?? 0) + step);
        const taken = picked(times);
        for (const [index, time] of taken.entries()) {
          if (index > 0) expect(time - (taken[index - 1] ?? 0)).toBeGreaterThanOrEqual(100);
        }
      }),
    );
  });
});
