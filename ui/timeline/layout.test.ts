import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampAspect,
  evenLayout,
  type GroupLayout,
  lastAtMost,
  layoutOf,
  mixedLayout,
  type SheetFrame,
  sheetFrame,
  USUAL_ASPECT,
} from './layout.ts';

const anyFrame: fc.Arbitrary<SheetFrame> = fc.integer({ min: 200, max: 4000 }).map((width) => sheetFrame(width, 44));
const anyAspects: fc.Arbitrary<Float32Array> = fc
  .array(fc.constantFrom(0.5, 0.75, 1, 4 / 3, USUAL_ASPECT, 2.4, 3), { maxLength: 200 })
  .map((values) => Float32Array.from(values));

const rowsOf = (layout: GroupLayout): readonly ReturnType<GroupLayout['row']>[] =>
  Array.from({ length: layout.rows }, (_, index) => layout.row(index));

/** What holds for every layout, whatever the photos. */
const holds = (layout: GroupLayout, frame: SheetFrame): void => {
  const rows = rowsOf(layout);
  let [next, y] = [0, 0];
  for (const [index, row] of rows.entries()) {
    expect(row.first).toBe(next);
    expect(row.end).toBeGreaterThan(row.first);
    expect(row.y).toBeCloseTo(y, 3);
    let width = -frame.gap;
    for (let at = row.first; at < row.end; at++) {
      width += layout.aspectOf(at) * row.height + frame.gap;
      expect(layout.rowOf(at)).toBe(index);
    }
    // Full to the edge, but for the last one, which is never wider.
    if (index + 1 < rows.length) expect(Math.abs(width - frame.width)).toBeLessThan(1);
    else expect(width).toBeLessThan(frame.width + 1);
    expect(layout.rowAt(row.y + row.height / 2)).toBe(index);
    next = row.end;
    y = row.y + row.height + frame.below;
  }
  expect(next).toBe(layout.count);
  expect(layout.height).toBeCloseTo(y, 2);
};

describe('rows of photos', () => {
  it.each([
    [390, 2],
    [479, 2],
    [483, 2],
    [732, 3],
    [1280, 5],
    [2560, 10],
  ])('on a sheet of %i pixels are %i columns of the usual shape', (width, columns) => {
    expect(sheetFrame(width, 44).columns).toBe(columns);
  });

  it.each([
    ['none', [], []],
    ['one', [USUAL_ASPECT], [1]],
    ['a row', [USUAL_ASPECT, USUAL_ASPECT], [2]],
    ['a row and one', [USUAL_ASPECT, USUAL_ASPECT, USUAL_ASPECT], [2, 1]],
    ['upright ones', [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [8, 1]],
    ['a wide one first', [3, 1, 1, 1, 1], [2, 3]],
  ])('hold %s', (_, aspects, sizes) => {
    const layout = mixedLayout(Float32Array.from(aspects), sheetFrame(400, 44));
    expect(rowsOf(layout).map(({ first, end }) => end - first)).toEqual(sizes);
  });

  it('hold every photo once, in order, none beside the sheet', () => {
    fc.assert(fc.property(anyAspects, anyFrame, (aspects, frame) => holds(layoutOf(aspects, frame), frame)));
  });

  it('of one shape are told by arithmetic as they are by filling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom(0.5, 1, USUAL_ASPECT, 3),
        anyFrame,
        (count, aspect, frame) => {
          const even = evenLayout(count, aspect, frame);
          holds(even, frame);
          const mixed = mixedLayout(new Float32Array(count).fill(aspect), frame);
          expect(rowsOf(even).map(({ first, end }) => [first, end])).toEqual(
            rowsOf(mixed).map(({ first, end }) => [first, end]),
          );
        },
      ),
    );
  });
});

describe('the shape of a photo', () => {
  it.each([
    [1920, 1080, USUAL_ASPECT],
    [640, 480, 4 / 3],
    [100, 1000, 0.5],
    [5000, 1000, 3],
    [0, 0, USUAL_ASPECT],
    [1920, 0, USUAL_ASPECT],
  ])('of %i × %i pixels counts as %f', (width, height, aspect) => {
    expect(clampAspect(width, height)).toBeCloseTo(aspect, 6);
  });
});

describe('the last value at most', () => {
  it('is what a walk finds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: -5, max: 60 }), (values, wanted) => {
        const sorted = [...values].sort((a, b) => a - b);
        expect(lastAtMost(sorted, wanted)).toBe(
          Math.max(
            0,
            sorted.findLastIndex((value) => value <= wanted),
          ),
        );
      }),
    );
  });
});
