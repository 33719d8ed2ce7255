import { describe, expect, it } from 'vitest';
import { type ClockWatch, isClockSteady, newClockWatch, stepClockWatch } from './clock-watch.ts';
import { epochMs, type Instant, monoMs } from './units.ts';

const MINUTE = 60_000;
const at = (mono: number, wall: number): Instant => ({ mono: monoMs(mono), wall: epochMs(wall) });

describe('the clock’s watch', () => {
  it.each<[string, Instant, number | undefined]>([
    ['in step', at(10 * MINUTE, 1010 * MINUTE), undefined],
    ['slewed by less than a minute', at(10 * MINUTE, 1010.9 * MINUTE), undefined],
    ['set forward', at(10 * MINUTE, 1012 * MINUTE), 2 * MINUTE],
    ['set back', at(10 * MINUTE, 1009 * MINUTE), -MINUTE],
    ['from 1970 to today', at(10 * MINUTE, Date.UTC(2026, 10, 23)), Date.UTC(2026, 10, 23) - 1010 * MINUTE],
  ])('%s', (_, now, jump) => {
    expect(stepClockWatch(newClockWatch(at(0, 1000 * MINUTE)), now).jump).toBe(jump);
  });

  it('is believed after an hour without a jump, and again an hour after one', () => {
    let watch: ClockWatch = newClockWatch(at(0, 0));
    const see = (mono: number, wall: number): boolean => {
      watch = stepClockWatch(watch, at(mono * MINUTE, wall * MINUTE)).next;
      return isClockSteady(watch);
    };
    expect(see(59, 59)).toBe(false);
    expect(see(60, 60)).toBe(true);
    expect(see(61, 5000)).toBe(false);
    expect(see(120, 5059)).toBe(false);
    expect(see(121, 5060)).toBe(true);
  });
});
