import { describe, expect, it } from 'vitest';
import type { TunedEpisode } from './readings-replay.ts';
import { tuningEffect } from './tuning-effect.ts';
import { epochMs } from './units.ts';

/** `'0-10 20-30'` */
const past = (text: string): readonly TunedEpisode[] =>
  text
    .split(' ')
    .filter((span) => span !== '')
    .map((span) => {
      const [start = 0, end = 0] = span.split('-').map(Number);
      return { start: epochMs(start), lastMotion: epochMs(start), end: epochMs(end), score: 0.5, cells: undefined };
    });
const text = (episodes: readonly TunedEpisode[]): string =>
  episodes.map(({ start, end }) => `${start}-${end}`).join(' ');

describe('the photos of another setting', () => {
  it.each([
    ['the same', '0-10 20-30', '0-10 20-30', '', ''],
    ['nothing before', '', '0-10 20-30', '', '20-30 0-10'],
    ['nothing any more', '0-10 20-30', '', '20-30 0-10', ''],
    ['one left out', '0-10 20-30 40-50', '0-10 40-50', '20-30', ''],
    ['one more between', '0-10 40-50', '0-10 20-30 40-50', '', '20-30'],
    ['joined: the last photo stays', '0-10 12-22 40-50', '0-25 40-50', '0-10', ''],
    ['parted: the last photo stays', '0-30', '0-8 20-30', '', '0-8'],
    ['later and shorter is the same photo', '0-30', '5-28', '', ''],
    ['touching is not overlapping', '0-10', '10-20', '0-10', '10-20'],
    ['a cut that goes on', '0-300 300-600', '0-300 300-610', '', ''],
  ])('%s', (_, now, tried, lost, gained) => {
    const effect = tuningEffect(past(now), past(tried));
    expect([text(effect.lost), text(effect.gained)]).toEqual([lost, gained]);
  });
});
