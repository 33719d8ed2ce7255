import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Archive, Place } from './archive.ts';
import { archiveStage, spread } from './archive-stage.ts';
import { firstBelow, hourPlace, placesBetween, stepPlace } from './moves.ts';

const DAYS = ['2026-11-23', '2026-11-22', '2026-11-21'] as const;
const PHOTOS = [
  ...spread(DAYS[0], 'garden', 12),
  ...spread(DAYS[0], 'drive', 1),
  ...spread(DAYS[1], 'shed', 5),
  ...spread(DAYS[2], 'garden', 3600),
];

const every = (archive: Archive): readonly Place[] =>
  archive.days.flatMap(({ parts }, day) =>
    parts.flatMap(({ layout }, part) =>
      Array.from({ length: Math.min(layout.count, 40) }, (_, at) => ({ day, part, at })),
    ),
  );

describe('a key', () => {
  it.each([
    ['ArrowRight', { day: 0, part: 0, at: 0 }, { day: 0, part: 1, at: 0 }],
    ['ArrowRight', { day: 0, part: 1, at: 11 }, { day: 1, part: 0, at: 0 }],
    ['ArrowRight', { day: 2, part: 0, at: 3599 }, undefined],
    ['ArrowLeft', { day: 0, part: 0, at: 0 }, undefined],
    ['ArrowLeft', { day: 1, part: 0, at: 0 }, { day: 0, part: 1, at: 11 }],
    // Five columns.
    ['ArrowDown', { day: 0, part: 1, at: 1 }, { day: 0, part: 1, at: 6 }],
    ['ArrowDown', { day: 0, part: 1, at: 9 }, { day: 0, part: 1, at: 11 }],
    ['ArrowDown', { day: 0, part: 1, at: 11 }, { day: 1, part: 0, at: 1 }],
    ['ArrowUp', { day: 1, part: 0, at: 4 }, { day: 0, part: 1, at: 11 }],
    ['ArrowUp', { day: 0, part: 1, at: 3 }, { day: 0, part: 0, at: 0 }],
    ['ArrowUp', { day: 0, part: 0, at: 0 }, undefined],
    ['Home', { day: 0, part: 1, at: 7 }, { day: 0, part: 0, at: 0 }],
    ['End', { day: 0, part: 0, at: 0 }, { day: 0, part: 1, at: 11 }],
    ['a', { day: 0, part: 0, at: 0 }, undefined],
  ] as const)('%s from %o leads to %o', async (key, from, to) => {
    const { archive } = await archiveStage(PHOTOS);
    expect(stepPlace(archive, from, key)).toEqual(to);
  });

  it('to the right is undone by one to the left, and passes every photo once', async () => {
    const { archive } = await archiveStage(PHOTOS.slice(0, 18));
    const passed: Place[] = [];
    for (
      let place: Place | undefined = { day: 0, part: 0, at: 0 };
      place;
      place = stepPlace(archive, place, 'ArrowRight')
    ) {
      const last = passed.at(-1);
      if (last) expect(stepPlace(archive, place, 'ArrowLeft')).toEqual(last);
      passed.push(place);
    }
    expect(passed).toEqual(every(archive));
  });

  it('down is undone by one up, but for the columns of a row that is not full', async () => {
    const { archive } = await archiveStage(PHOTOS);
    fc.assert(
      fc.property(fc.constantFrom(...every(archive)), (place) => {
        const below = stepPlace(archive, place, 'ArrowDown');
        if (!below) return;
        expect(archive.rectOf(below).y).toBeGreaterThan(archive.rectOf(place).y);
        const back = stepPlace(archive, below, 'ArrowUp');
        expect(back && archive.rectOf(back).y).toBe(archive.rectOf(place).y);
      }),
    );
  });
});

describe('an hour of a day', () => {
  it('is the last photo of that hour, or the nearest before it, or else after it', async () => {
    const photos = ['21-10-00', '21-00-00', '14-30-00', '14-29-00', '09-00-00'].map((time) => ({
      day: DAYS[0],
      camera: 'garden',
      time,
    }));
    const { archive } = await archiveStage(photos);
    await archive.load(DAYS[0]);
    const times = [23, 21, 20, 14, 10, 9, 3].map((hour) => {
      const place = hourPlace(archive, 0, hour);
      return place && archive.photo(place)?.time;
    });
    expect(times).toEqual(['21-10-00', '21-10-00', '14-30-00', '14-30-00', '09-00-00', '09-00-00', '09-00-00']);
  });

  it('is known of a large day before its photos are here', async () => {
    const { archive } = await archiveStage(PHOTOS);
    expect(hourPlace(archive, 2, 5)).toBeUndefined();
    await archive.load(DAYS[2]);
    expect(hourPlace(archive, 2, 5)).toEqual({ day: 2, part: 0, at: 18 * 150 });
    expect(firstBelow(archive, { day: 2, part: 0, at: 0 }, 23)).toBe(150);
    expect(firstBelow(archive, { day: 2, part: 0, at: 3500 }, 0)).toBe(3600);
  });
});

describe('a range', () => {
  const at = (day: number, part: number, place: number): Place => ({ day, part, at: place });

  it('goes from one place to another in the order they stand in, whichever was picked first', async () => {
    const { archive } = await archiveStage(PHOTOS);
    const places = [at(0, 1, 10), at(0, 1, 11), at(1, 0, 0), at(1, 0, 1)];
    expect([...placesBetween(archive, at(0, 1, 10), at(1, 0, 1))]).toEqual(places);
    expect([...placesBetween(archive, at(1, 0, 1), at(0, 1, 10))]).toEqual(places);
    expect([...placesBetween(archive, at(1, 0, 1), at(1, 0, 1))]).toEqual([at(1, 0, 1)]);
  });

  it('ends where it was to end although no photo is left at the very place', async () => {
    const stage = await archiveStage(PHOTOS);
    const places = placesBetween(stage.archive, at(0, 1, 10), at(1, 0, 4));
    places.next();
    // Two of the five are gone before the range is there.
    stage.photos = PHOTOS.filter(({ camera, time }) => camera !== 'shed' || time < '12');
    await stage.archive.refresh();
    expect([...places]).toEqual([at(0, 1, 11), at(1, 0, 0), at(1, 0, 1), at(1, 0, 2)]);
  });
});
