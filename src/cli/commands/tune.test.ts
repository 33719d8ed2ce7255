import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Area } from '../../domain/geometry.ts';
import { polygonArgument, triedAreas } from './tune.ts';

const corners = (text: string) => polygonArgument(text, [])[0] ?? [];
const tree: Area = { polygon: corners('0,0 0.5,0 0.5,0.5'), sensitivity: 'ignored' };
const whole: Area = { polygon: corners('0,0 1,0 1,1 0,1'), sensitivity: 'low' };

describe('an area as it is typed', () => {
  it('is its corners, behind those before it', () => {
    const first = polygonArgument('0,0 1,0 1,0.25', []);
    expect(polygonArgument('0.1,0.2  0.3,0.4 0.5,0.6', first)).toEqual([
      [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
        { x: 1, y: 0.25 },
      ],
      [
        { x: 0.1, y: 0.2 },
        { x: 0.3, y: 0.4 },
        { x: 0.5, y: 0.6 },
      ],
    ]);
  });

  it.each(['', '0,0 1,1', '0,0 1,0 1,2', '0,0 1,0 1', '0,0 1,0 x,1', '0,0 1,0 1,-0.1'])('%j is refused', (text) => {
    expect(() => polygonArgument(text, [])).toThrow(InvalidArgumentError);
  });
});

describe('what is tried', () => {
  it.each<[string, readonly Area[], 'high' | undefined, number, readonly string[]]>([
    ['nothing new', [tree], undefined, 0, ['ignored']],
    ['another sensitivity under the masks', [tree], 'high', 0, ['high', 'ignored']],
    ['in place of the one there was', [whole, tree], 'high', 0, ['high', 'ignored']],
    ['a mask over all', [whole], undefined, 1, ['low', 'ignored']],
  ])('%s', (_, areas, sensitivity, masks, expected) => {
    const mask = Array.from({ length: masks }, () => tree.polygon);
    expect(
      triedAreas(areas, { ...(sensitivity ? { sensitivity } : {}), mask }).map((area) => area.sensitivity),
    ).toEqual(expected);
  });
});
