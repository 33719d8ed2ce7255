import { describe, expect, it } from 'vitest';
import type { DayView } from '../../src/web/wire-api.ts';
import { dayPhotos } from './day-photos.ts';
import { USUAL_ASPECT } from './layout.ts';

const VIEW: DayView = {
  day: '2026-11-23',
  // A camera in two folders, and another one.
  cameras: ['garden', 'garden', 'drive'],
  folders: ['2026-11-23/', 'garden/2026-11-23/', 'drive/2026-11-23/'],
  shapes: [
    [1920, 1080],
    [640, 480],
  ],
  verdicts: ['passing', 'arrived'],
  kinds: ['calm', 'manual'],
  camera: [0, 2, 1, 0],
  names: ['14-32-07', '14-00-00-2', '13-59-59', '00-00-01.JPG'],
  shape: [0, 1, 0, 1],
  kind: [0, 1, 0, 0],
  verdict: [1, -1, 0, -1],
  favourites: [2],
};

describe('a day’s photos', () => {
  const photos = dayPhotos(VIEW);

  it('are grouped by camera, by its name in addresses, whatever folder they lie in', () => {
    expect(photos.count).toBe(4);
    expect(photos.groups.map(({ camera, aspects }) => [camera, aspects.length])).toEqual([
      ['drive', 1],
      ['garden', 3],
    ]);
    const [drive, garden] = photos.groups;
    expect(drive?.aspects[0]).toBeCloseTo(4 / 3, 6);
    expect([...(garden?.aspects ?? [])].map((aspect) => aspect.toFixed(3))).toEqual(
      [USUAL_ASPECT, USUAL_ASPECT, 4 / 3].map((aspect) => aspect.toFixed(3)),
    );
  });

  it.each([
    [
      0,
      0,
      { path: 'drive/2026-11-23/14-00-00-2.jpg', time: '14-00-00', verdict: null, kind: 'manual', isFavourite: false },
    ],
    [1, 0, { path: '2026-11-23/14-32-07.jpg', time: '14-32-07', verdict: 'arrived', kind: 'calm', isFavourite: false }],
    [
      1,
      1,
      { path: 'garden/2026-11-23/13-59-59.jpg', time: '13-59-59', verdict: 'passing', kind: 'calm', isFavourite: true },
    ],
    [1, 2, { path: '2026-11-23/00-00-01.JPG', time: '00-00-01', verdict: null, kind: 'calm', isFavourite: false }],
    [1, 3, undefined],
    [2, 0, undefined],
  ])('group %i, photo %i', (group, at, photo) => {
    expect(photos.photo(group, at)).toEqual(photo);
    expect(photos.hour(group, at)).toBe(photo ? Number(photo.time.slice(0, 2)) : Number.NaN);
  });

  it('may be none', () => {
    const none = dayPhotos({
      ...VIEW,
      cameras: [],
      folders: [],
      camera: [],
      names: [],
      shape: [],
      kind: [],
      verdict: [],
      favourites: [],
    });
    expect([none.count, none.groups]).toEqual([0, []]);
  });
});
