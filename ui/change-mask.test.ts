import { describe, expect, it } from 'vitest';
import { maskText } from '../src/domain/still-change.ts';
import { changeCentre } from './change-mask.ts';

/** @param changed how many cells of each column changed */
const mask = (changed: Readonly<Record<number, number>>): string => {
  const cells = new Uint8Array(32 * 18);
  for (const [column, count] of Object.entries(changed)) {
    for (let row = 0; row < count; row++) cells[row * 32 + Number(column)] = 1;
  }
  return maskText(cells);
};

describe('where the slider begins', () => {
  it.each([
    ['no mask', null, 50],
    ['nothing changed', mask({}), 50],
    ['a parcel on the left', mask({ 10: 2, 11: 2, 12: 2 }), 36],
    ['one column', mask({ 20: 5 }), 64],
    ['half of it in each of two columns', mask({ 8: 3, 21: 3 }), 28],
    ['everything', mask(Object.fromEntries(Array.from({ length: 32 }, (_, column) => [column, 18]))), 50],
    ['a lone cell far away draws the line hardly at all', mask({ 1: 1, 22: 6, 23: 6 }), 72],
    ['at the left edge', mask({ 0: 9 }), 20],
    ['at the right edge', mask({ 31: 1 }), 80],
  ])('%s', (_, cells, share) => {
    expect(changeCentre(cells)).toBe(share);
  });
});
