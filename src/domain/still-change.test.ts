import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGE_VERDICTS, changeText, maskCells, maskText, parseChange } from './still-change.ts';

const anyCells = fc.uint8Array({ minLength: 576, maxLength: 576, max: 1 });

describe('a change as text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANGE_VERDICTS), fc.nat(1000), anyCells, (verdict, perMille, cells) => {
        const change = { verdict, perMille, mask: maskText(cells) };
        expect(parseChange(changeText(change))).toEqual(change);
        expect(maskCells(change.mask)).toEqual(cells);
      }),
    );
  });

  it('puts the first cell first', () => {
    const cells = new Uint8Array(576);
    cells[0] = 1;
    cells[575] = 1;
    expect(maskText(cells)).toBe(`8${'0'.repeat(142)}1`);
  });

  it.each([
    ['', 'nothing'],
    [`moved 3 ${'0'.repeat(144)}`, 'a verdict we do not know'],
    [`gone 1001 ${'0'.repeat(144)}`, 'more than the whole picture'],
    [`gone 03 ${'0'.repeat(144)}`, 'a number we do not write'],
    [`gone 3 ${'0'.repeat(143)}`, 'a short mask'],
    [`gone 3 ${'0'.repeat(143)}G`, 'no digit'],
    [` gone 3 ${'0'.repeat(144)}`, 'white space before'],
  ])('refuses %j: %s', (text) => {
    expect(parseChange(text)).toBeUndefined();
  });
});
