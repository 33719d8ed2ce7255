import { expect, it } from 'vitest';
import { crowd } from './crowd.ts';

it('lets one address in so often and all together so many, and those who left make room', () => {
  const door = crowd();
  const enter = (peer: string, times: number): number =>
    Array.from({ length: times }, () => door.enter(peer)).filter(Boolean).length;
  expect(enter('a', 100)).toBe(64);
  door.leave('a');
  expect(enter('a', 2)).toBe(1);
  expect(['b', 'c', 'd', 'e'].map((peer) => enter(peer, 70))).toEqual([64, 64, 64, 0]);
  door.leave('nobody');
  expect(door.enter('e')).toBe(false);
  door.leave('b');
  expect(door.enter('e')).toBe(true);
});
