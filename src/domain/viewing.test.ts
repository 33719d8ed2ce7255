import { describe, expect, it } from 'vitest';
import { epochMs } from './units.ts';
import { type Look, looked, NO_VIEWINGS } from './viewing.ts';

const look = (at: number, more: Partial<Look> = {}): Look => ({
  who: 'Anna',
  address: '192.168.1.7',
  camera: 'garden',
  at: epochMs(at),
  ...more,
});

describe('looking at photos', () => {
  it('is one line for each who, where and camera, however many photos', () => {
    const looks = [
      look(1),
      look(2),
      look(3, { camera: 'shed' }),
      look(4, { who: 'Bo' }),
      look(5),
      look(6, { address: '::1' }),
    ];
    const told = [...looks.reduce(looked, NO_VIEWINGS).values()];
    expect(
      told.map(({ who, address, camera, from, until, photos }) => [who, address, camera, from, until, photos]),
    ).toEqual([
      ['Anna', '192.168.1.7', 'garden', 1, 5, 3],
      ['Anna', '192.168.1.7', 'shed', 3, 3, 1],
      ['Bo', '192.168.1.7', 'garden', 4, 4, 1],
      ['Anna', '::1', 'garden', 6, 6, 1],
    ]);
  });

  it('cannot be confused by a name that looks like two', () => {
    const book = [look(1, { who: 'a","b' }), look(2, { who: 'a', address: 'b' })].reduce(looked, NO_VIEWINGS);
    expect(book.size).toBe(2);
  });
});
