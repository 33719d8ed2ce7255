import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstKinds, bursts, lumaDifference } from './burst.ts';
import { epochMs, seconds } from './units.ts';

describe('pictures of one happening', () => {
  it.each([
    [[], []],
    [[0, 10, 70], [[0, 10, 70]]],
    [
      [0, 10, 71],
      [[0, 10], [71]],
    ],
    [
      [0, 100, 200],
      [[0], [100], [200]],
    ],
  ])('%j are split into %j', (times, wanted) => {
    expect(bursts(times, (at) => epochMs(at * 1000), seconds(60))).toEqual(wanted);
  });

  it.each([
    [[], []],
    [[undefined], ['uploaded']],
    [
      [undefined, undefined],
      ['peak', 'calm'],
    ],
    [
      [1, 9, 0],
      ['before', 'peak', 'calm'],
    ],
    [
      [9, 1, 0],
      ['peak', 'uploaded', 'calm'],
    ],
    [
      [undefined, undefined, undefined, undefined],
      ['before', 'peak', 'uploaded', 'calm'],
    ],
    [
      [1, 2, 9, 3, 0],
      ['before', 'uploaded', 'peak', 'uploaded', 'calm'],
    ],
  ])('differences %j make %j', (differences, kinds) => {
    expect(burstKinds(differences)).toEqual(kinds);
  });

  it('leaves no picture out and makes one calm and one peak of every burst', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 255, noNaN: true }), { nil: undefined }), {
          minLength: 2,
          maxLength: 30,
        }),
        (differences) => {
          const kinds = burstKinds(differences);
          expect(kinds).toHaveLength(differences.length);
          expect(kinds.filter((kind) => kind === 'calm')).toHaveLength(1);
          expect(kinds.filter((kind) => kind === 'peak')).toHaveLength(1);
          expect(kinds.filter((kind) => kind === 'before').length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('does not take a change of the whole light for a difference', () => {
    const dark = Uint8Array.from({ length: 100 }, (_, at) => at);
    const light = dark.map((value) => value + 100);
    const guest = dark.map((value, at) => (at < 20 ? 255 : value));
    expect(lumaDifference(dark, light)).toBe(0);
    expect(lumaDifference(dark, guest)).toBeGreaterThan(10);
  });
});
