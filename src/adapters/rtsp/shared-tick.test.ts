import { describe, expect, it } from 'vitest';
import { ms, seconds } from '../../domain/units.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { partsFor, SharedTick } from './shared-tick.ts';

const kB = 1024;

describe('partsFor', () => {
  it.each([
    // bytes per second, tick in s, quarters of a tick between two reads
    [0, 1, 4],
    [48 * kB, 1, 4],
    [48 * kB + 1, 1, 2],
    [96 * kB, 1, 2],
    [97 * kB, 1, 1],
    [192 * kB, 1, 1],
    [193 * kB, 1, 'eager'],
    [12 * kB, 4, 4],
    [100 * kB, 0.2, 4],
  ] as const)('%i B/s at a tick of %d s: %s', (rate, tick, parts) => {
    expect(partsFor(rate, seconds(tick))).toBe(parts);
  });
});

describe('SharedTick', () => {
  it('rings all members at once, each at its own pace, and sleeps when nobody is left', async () => {
    const clock = fakeClock();
    const tick = new SharedTick(clock, seconds(1));
    const rung: string[] = [];
    const member = (name: string) => (): void => void rung.push(`${name}@${clock.now().mono}`);
    const [slow, other, fast] = [member('slow'), member('other'), member('fast')];
    tick.join(slow, 4);
    await clock.advance(ms(400));
    tick.join(other, 4);
    await clock.advance(ms(600));
    expect(rung).toEqual(['slow@1000', 'other@1000']);
    rung.length = 0;
    tick.join(fast, 2);
    await clock.advance(seconds(1));
    expect(rung).toEqual(['fast@1500', 'slow@2000', 'other@2000', 'fast@2000']);
    rung.length = 0;
    tick.leave(fast);
    tick.leave(other);
    await clock.advance(seconds(1));
    expect(rung).toEqual(['slow@3000']);
    tick.leave(slow);
    await clock.advance(ms(1));
    expect(clock.sleepers).toBe(0);
  });
});
