import { describe, expect, it } from 'vitest';
import { instantOf } from '../domain/civil-time.ts';
import type { Schedule } from '../domain/schedule.ts';
import { epochMs, ms, seconds } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { runSchedules } from './scheduler.ts';

const zone = 'Europe/Copenhagen';
const noon: Schedule = { type: 'at', time: '12-00-00', window: ms(15 * 60_000) };

const plan = (schedules: readonly Schedule[], startsAt: string) => {
  const clock = fakeClock(instantOf('2026-11-23', startsAt, zone) ?? epochMs(0));
  const taken: string[] = [];
  const scene = { isCalm: true };
  const stopping = new AbortController();
  const running = runSchedules(
    {
      schedules,
      zone,
      clock,
      isCalm: () => scene.isCalm,
      take: () => void taken.push(new Date(clock.now().wall + 3_600_000).toISOString().slice(8, 19)),
    },
    stopping.signal,
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
    expect(clock.sleepers).toBe(0);
  };
  return { clock, taken, scene, stop };
};

describe('a scheduler', () => {
  it('takes one at noon, every day', async () => {
    const { clock, taken, stop } = plan([noon], '11-30-00');
    await clock.advance(seconds(25 * 3600));
    expect(taken).toEqual(['23T12:00:00', '24T12:00:00']);
    await stop();
  });

  it('waits until people are gone', async () => {
    const { clock, taken, scene, stop } = plan([noon], '11-59-00');
    scene.isCalm = false;
    await clock.advance(seconds(60 + 400));
    expect(taken).toEqual([]);
    scene.isCalm = true;
    await clock.advance(seconds(2));
    expect(taken).toHaveLength(1);
    await clock.advance(seconds(3600));
    expect(taken).toHaveLength(1);
    await stop();
  });

  it('takes one with people when they stay', async () => {
    const { clock, taken, scene, stop } = plan([noon], '11-59-00');
    scene.isCalm = false;
    await clock.advance(seconds(60 + 1000));
    expect(taken).toEqual(['23T12:15:00']);
    await stop();
  });

  it('follows several plans, with one photo where they meet', async () => {
    const { clock, taken, stop } = plan([noon, { type: 'every', every: ms(20 * 60_000), window: ms(0) }], '11-30-00');
    await clock.advance(seconds(3600));
    expect(taken.toSorted()).toEqual(['23T11:40:00', '23T12:00:00', '23T12:20:00']);
    await stop();
  });

  it('takes one for all plans that waited for the same calm', async () => {
    const afterNoon: Schedule = { type: 'at', time: '12-00-30', window: ms(15 * 60_000) };
    const { clock, taken, scene, stop } = plan([noon, afterNoon], '11-59-00');
    scene.isCalm = false;
    await clock.advance(seconds(60 + 400));
    scene.isCalm = true;
    await clock.advance(seconds(60));
    expect(taken).toHaveLength(1);
    await stop();
  });

  it('follows the wall clock when that is set', async () => {
    const { clock, taken, stop } = plan([noon], '08-00-00');
    await clock.advance(seconds(60));
    clock.jumpTo(instantOf('2026-11-23', '11-59-30', zone) ?? epochMs(0));
    await clock.advance(seconds(120));
    expect(taken).toHaveLength(1);
    await stop();
  });
});
