import { expect, it } from 'vitest';
import { filmName, parseFilmName } from './film.ts';
import { epochMs } from './units.ts';

const AT = epochMs(Date.UTC(2026, 10, 27, 2, 14, 5));

it('says when a film was taken, and gives it back', () => {
  const name = filmName(AT, 'c0ffee12deadbeef', 'mp4');
  expect(name).toBe('2026-11-27_02-14-05-c0ffee12.mp4');
  expect(parseFilmName(name)).toEqual({
    day: '2026-11-27',
    file: '02-14-05-c0ffee12.mp4',
    takenAt: AT,
    ending: 'mp4',
  });
});

it.each([
  '2026-11-27_02-14-05-c0ffee12.mov',
  '2026-11-27_02-14-05-c0ffee1.mp4',
  '2026-11-27_../../accounts.sqlite',
  '2026-11-27/02-14-05-c0ffee12.mp4',
  '2026-02-30_02-14-05-c0ffee12.mp4',
  '2026-11-27_25-14-05-c0ffee12.mp4',
  '',
])('“%s” is no film', (name) => {
  expect(parseFilmName(name)).toBeUndefined();
});
