import { expect, it } from 'vitest';
import { ms } from '../domain/units.ts';
import { keyInterval } from './key-interval.ts';

/** What is told while key frames come at these seconds, with a picture between each two. */
const toldAt = (seconds: readonly number[]): readonly number[] => {
  const told: number[] = [];
  const keys = keyInterval((every) => told.push(every / 1000));
  for (const at of seconds) {
    keys.fold({ pts: ms(at * 1000), isKey: true });
    keys.fold({ pts: ms(at * 1000 + 66), isKey: false });
  }
  return told;
};

it.each([
  ['nothing before two intervals', [0, 2], []],
  ['a steady camera once', [0, 2, 4, 6, 8, 10, 12], [2]],
  ['a picture early or late is no news', [0, 2, 4.1, 6, 8.1, 10], [2.1]],
  ['one key frame out of turn is no news', [0, 2, 4, 4.5, 6.5, 8.5, 10.5], [2]],
  ['two in a row are one', [0, 0.04, 4, 4.04, 8, 12], [4]],
  ['another setting of the camera', [0, 2, 4, 6, 10, 14, 18, 22], [2, 4]],
  ['a clock that is set back', [100, 102, 104, 3, 5, 7, 9], [2]],
] as const)('%s', (_, seconds, expected) => {
  expect(toldAt(seconds)).toEqual(expected);
});
