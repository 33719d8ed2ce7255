import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentationTimes } from './presentation-times.ts';

const of = (fps: number, stamps: readonly (number | undefined)[]): readonly number[] => {
  const times = presentationTimes({ fps });
  return stamps.map((stamp) => times.next(stamp, undefined));
};

describe('presentation times', () => {
  it.each([
    ['count from the first picture', 10, [17_811, 17_911, 18_061], [0, 100, 250]],
    ['keep reordered pictures', 10, [0, 300, 100, 200], [0, 300, 100, 200]],
    ['are made from the frame rate where there are none', 10, [undefined, undefined, undefined], [0, 100, 200]],
    ['are guessed at 15 fps when there is no frame rate', Number.NaN, [undefined, undefined], [0, 1000 / 15]],
    ['do not believe a frame rate of 1000', 1000, [undefined, undefined], [0, 1000 / 15]],
    ['go on when the container begins again', 10, [0, 100, 60_000, 0, 100], [0, 100, 60_000, 60_100, 60_200]],
    ['keep real gaps', 10, [0, 100, 90_000], [0, 100, 90_000]],
    ['fill single holes', 10, [0, undefined, 200], [0, 100, 200]],
  ])('%s', (_, fps, stamps, times) => {
    expect(of(fps, stamps)).toEqual(times);
  });

  it('use the decoding time where there is no other', () => {
    expect(presentationTimes({ fps: 10 }).next(undefined, 5)).toBe(0);
  });

  it('are never negative beyond reordering and never run back by more than that', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -1e9, max: 1e9 }), { nil: undefined })), (stamps) => {
        let latest = 0;
        for (const time of of(25, stamps)) {
          expect(time).toBeGreaterThanOrEqual(latest - 2000);
          latest = Math.max(latest, time);
        }
      }),
    );
  });
});
