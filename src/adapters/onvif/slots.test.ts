import { describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import { type Subscription, slots } from './slots.ts';

const slot = (n: number): Subscription => ({
  urls: [new URL(`http://192.168.1.50/subscription/${n}`)],
  parameters: [],
});

describe('slots', () => {
  it('are owed only while the camera is out of reach', async () => {
    const asked: Subscription[] = [];
    let trouble: StillwatchError | undefined = new StillwatchError('SW_CAM_UNREACHABLE');
    const held = slots(async (subscription) => {
      asked.push(subscription);
      if (trouble) throw trouble;
    });
    const some = [slot(1), slot(2), slot(3)];
    for (const one of some) await held.giveBack(one);
    await held.settle();
    // The first stands for all: a dead line is not waited for three times.
    expect(asked).toHaveLength(4);
    trouble = undefined;
    asked.length = 0;
    await held.settle();
    expect(new Set(asked)).toEqual(new Set(some));
    await held.settle();
    expect(asked).toHaveLength(3);
  });

  it.each(['SW_ONVIF_REFUSED', 'SW_CAM_AUTH'] as const)('%s is an answer', async (code) => {
    let asked = 0;
    const held = slots(async () => {
      asked += 1;
      throw new StillwatchError(code);
    });
    await held.giveBack(slot(1));
    await held.settle();
    expect(asked).toBe(1);
  });

  it('are left to their lease in the end, and are never many', async () => {
    let asked = 0;
    const held = slots(async () => {
      asked += 1;
      throw new StillwatchError('SW_CAM_SILENT', { seconds: 2 });
    });
    for (let n = 0; n < 100; n++) await held.giveBack(slot(n));
    for (let n = 0; n < 1000; n++) await held.settle();
    const before = asked;
    await held.settle();
    expect(asked).toBe(before);
    expect(before).toBeLessThan(200);
  });
});
