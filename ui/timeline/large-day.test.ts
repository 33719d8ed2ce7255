import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayView, hoursView, type StagePhoto, spread } from './archive-stage.ts';
import { dayPhotos } from './day-photos.ts';
import { type HourPlace, LargeDay } from './large-day.ts';
import { USUAL_ASPECT } from './layout.ts';

const DAY = '2026-11-23';
const unknownShape = (): undefined => undefined;

const slice = (photos: readonly StagePhoto[], { camera, hour }: HourPlace) =>
  dayPhotos(
    dayView(
      DAY,
      photos.filter((one) => one.camera === camera && Number(one.time.slice(0, 2)) === hour),
    ),
  );

const anyPhotos: fc.Arbitrary<readonly StagePhoto[]> = fc
  .uniqueArray(
    fc.record({
      camera: fc.constantFrom('drive', 'garden'),
      hour: fc.integer({ min: 0, max: 23 }),
      second: fc.integer({ min: 0, max: 59 }),
      size: fc.constantFrom<readonly [number, number]>([1920, 1080], [640, 480], [1080, 1920]),
    }),
    { minLength: 1, maxLength: 60, selector: ({ camera, hour, second }) => `${camera} ${hour} ${second}` },
  )
  .map((photos) =>
    photos.map(({ camera, hour, second, size }) => {
      const two = (value: number): string => String(value).padStart(2, '0');
      return { day: DAY, camera, time: `${two(hour)}-30-${two(second)}`, size };
    }),
  );

describe('a day that is fetched by the hour', () => {
  it('has every photo at the place it has in the whole day, once all hours are here, in whatever order they came', () => {
    fc.assert(
      fc.property(anyPhotos, fc.infiniteStream(fc.nat()), (photos, turns) => {
        const whole = dayPhotos(dayView(DAY, photos));
        const large = new LargeDay(hoursView(DAY, photos), unknownShape);
        const wanted = whole.groups.flatMap(({ camera }, group) =>
          large.missing(group, 0, (whole.groups[group]?.aspects.length ?? 1) - 1).map((place) => {
            expect(place.camera).toBe(camera);
            return place;
          }),
        );
        while (wanted.length > 0) {
          const [next] = wanted.splice((turns.next().value ?? 0) % wanted.length, 1);
          if (next) large.put(next, slice(photos, next));
        }
        expect(large.count).toBe(whole.count);
        for (const [group, { camera, aspects }] of whole.groups.entries()) {
          expect(large.groups[group]?.camera).toBe(camera);
          expect([...(large.groups[group]?.aspects ?? [])]).toEqual([...aspects]);
          for (let at = 0; at < aspects.length; at++) {
            expect(large.photo(group, at)?.path).toBe(whole.photo(group, at)?.path);
            expect(large.hour(group, at)).toBe(whole.hour(group, at));
          }
          expect(large.missing(group, 0, aspects.length - 1)).toEqual([]);
        }
      }),
    );
  });

  it('knows the hour of a photo that is not here, and no photo beyond the last', () => {
    const photos = spread(DAY, 'garden', 48);
    const large = new LargeDay(hoursView(DAY, photos), unknownShape);
    expect([0, 1, 2, 47].map((at) => large.hour(0, at))).toEqual([23, 23, 22, 0]);
    expect(large.hour(0, 48)).toBeNaN();
    expect(large.hour(1, 0)).toBeNaN();
    expect(large.photo(0, 0)).toBeUndefined();
    expect(large.count).toBe(0);
  });

  it('asks for the hours that are looked at, the last first, and no empty ones', () => {
    const photos = spread(DAY, 'garden', 48).filter(({ time }) => !time.startsWith('21'));
    const large = new LargeDay(hoursView(DAY, photos), unknownShape);
    expect(large.missing(0, 1, 4)).toEqual([
      { camera: 'garden', hour: 23 },
      { camera: 'garden', hour: 22 },
      { camera: 'garden', hour: 20 },
    ]);
    large.put({ camera: 'garden', hour: 22 }, slice(photos, { camera: 'garden', hour: 22 }));
    expect(large.missing(0, 1, 4).map(({ hour }) => hour)).toEqual([23, 20]);
  });

  it('takes the first shape that comes for all that are not here', () => {
    const size = [640, 480] as const;
    const photos = spread(DAY, 'garden', 48).map((photo) => ({ ...photo, size }));
    const large = new LargeDay(hoursView(DAY, photos), unknownShape);
    expect(large.groups[0]?.aspects[47]).toBeCloseTo(USUAL_ASPECT, 6);
    large.put({ camera: 'garden', hour: 9 }, slice(photos, { camera: 'garden', hour: 9 }));
    expect(large.groups[0]?.aspects[47]).toBeCloseTo(4 / 3, 6);
  });

  describe('while photos come and go', () => {
    const before = spread(DAY, 'garden', 48);
    const large = (): LargeDay => {
      const day = new LargeDay(hoursView(DAY, before), unknownShape);
      for (const hour of [23, 22]) day.put({ camera: 'garden', hour }, slice(before, { camera: 'garden', hour }));
      return day;
    };

    it('a new photo stands as a box above those that are here, and only its hour is asked for', () => {
      const now = [...before, { day: DAY, camera: 'garden', time: '23-59-59' }];
      const next = new LargeDay(hoursView(DAY, now), unknownShape, large());
      expect([0, 1, 2, 3].map((at) => next.photo(0, at)?.time)).toEqual([
        undefined,
        '23-30-00',
        '23-00-00',
        '22-30-00',
      ]);
      expect(next.missing(0, 0, 4)).toEqual([{ camera: 'garden', hour: 23 }]);
    });

    it('when one goes, its hour is asked for', () => {
      const next = new LargeDay(
        hoursView(
          DAY,
          before.filter(({ time }) => time !== '22-30-00'),
        ),
        unknownShape,
        large(),
      );
      expect(next.missing(0, 0, 2)).toEqual([{ camera: 'garden', hour: 22 }]);
    });

    it('what is told to be stale stands until it has come anew', () => {
      const day = large();
      day.outdate();
      expect(day.photo(0, 0)?.time).toBe('23-30-00');
      expect(day.missing(0, 0, 1)).toEqual([{ camera: 'garden', hour: 23 }]);
    });

    it('lets go of the hours that came first, and keeps as many as it is told to', () => {
      const day = large();
      day.letGo(1, 1);
      expect(day.photo(0, 0)).toBeUndefined();
      expect(day.photo(0, 2)?.time).toBe('22-30-00');
      day.letGo(99, 1);
      expect(day.count).toBe(2);
    });
  });
});
