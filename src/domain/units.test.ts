import { expect, expectTypeOf, it } from 'vitest';
import { between, type EpochMs, epochMs, later, type MonoMs, type Ms, monoMs, ms, seconds, shift } from './units.ts';

it('adds and subtracts on one clock', () => {
  expect(later(epochMs(1000), seconds(2))).toBe(3000);
  expect(between(monoMs(500), monoMs(2000))).toBe(1500);
  expect(shift({ mono: monoMs(10), wall: epochMs(1000) }, ms(-5))).toEqual({ mono: 5, wall: 995 });
});

it('does not compile across clocks', () => {
  expectTypeOf<EpochMs>().not.toExtend<MonoMs>();
  expectTypeOf<Ms>().not.toExtend<EpochMs>();
  expectTypeOf<number>().not.toExtend<Ms>();
  // @ts-expect-error a duration is no instant
  later(ms(1), ms(1));
  // @ts-expect-error two clocks have no difference
  between(epochMs(1), monoMs(1));
});
