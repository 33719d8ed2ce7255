import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isoText } from './civil-time.ts';
import { CALM_WINDOW, decideScheduled, nextDue, type Schedule, waitFor } from './schedule.ts';
import { type EpochMs, epochMs, later, ms, seconds } from './units.ts';

const zone = 'Europe/Copenhagen';
const local = (text: string): EpochMs => {
  const [day = '', time = ''] = text.split(' ');
  const at = instantOf(day, time.replaceAll(':', '-'), zone);
  if (at === undefined) throw new Error(text);
  return at;
};
const every = (minutes: number): Schedule => ({ type: 'every', every: ms(minutes * 60_000), window: CALM_WINDOW });
const daily = (time: string): Schedule => ({ type: 'at', time, window: CALM_WINDOW });

describe('the next scheduled still', () => {
  it.each([
    [daily('12-00-00'), '2026-11-23 09:00:00', '2026-11-23T12:00:00.000+01:00'],
    [daily('12-00-00'), '2026-11-23 12:00:00', '2026-11-24T12:00:00.000+01:00'],
    [daily('00-00-00'), '2026-11-23 23:59:59', '2026-11-24T00:00:00.000+01:00'],
    // 29 March 2026: 02:00 becomes 03:00.
    [daily('02-30-00'), '2026-03-28 12:00:00', '2026-03-29T03:30:00.000+02:00'],
    // 25 October 2026: 03:00 becomes 02:00; the first 02:30 is meant, and only that.
    [daily('02-30-00'), '2026-10-24 12:00:00', '2026-10-25T02:30:00.000+02:00'],
    [every(15), '2026-11-23 09:00:00', '2026-11-23T09:15:00.000+01:00'],
    [every(15), '2026-11-23 09:14:59', '2026-11-23T09:15:00.000+01:00'],
    [every(7), '2026-11-23 23:58:00', '2026-11-24T00:00:00.000+01:00'],
    [every(360), '2026-11-23 13:00:00', '2026-11-23T18:00:00.000+01:00'],
    [every(1440), '2026-11-23 13:00:00', '2026-11-24T00:00:00.000+01:00'],
  ])('%j after %s: %s', (schedule, after, due) => {
    expect(isoText(nextDue(schedule, local(after), zone), zone)).toBe(due);
  });

  it('is taken once, also in the night that has an hour twice', () => {
    const first = nextDue(daily('02-30-00'), local('2026-10-24 12:00:00'), zone);
    expect(isoText(nextDue(daily('02-30-00'), first, zone), zone)).toBe('2026-10-26T02:30:00.000+01:00');
  });

  it('lies ahead, and no further than a day and an hour, in every zone', () => {
    const anySchedule = fc.oneof(
      fc.integer({ min: 1, max: 1440 }).map(every),
      fc.integer({ min: 0, max: 86_399 }).map((second) => {
        const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
        return daily(`${two(second / 3600)}-${two((second / 60) % 60)}-${two(second % 60)}`);
      }),
    );
    const anyZone = fc.constantFrom(
      zone,
      'UTC',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Pacific/Apia',
    );
    const anyTime = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }).map(epochMs);
    fc.assert(
      fc.property(anySchedule, anyZone, anyTime, (schedule, where, after) => {
        const due = nextDue(schedule, after, where);
        expect(due).toBeGreaterThan(after);
        // Apia skipped a whole day in 2011.
        expect(due - after).toBeLessThanOrEqual((where === 'Pacific/Apia' ? 49 : 26) * 3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a scheduled still that is due', () => {
  const wait = waitFor(daily('12-00-00'), local('2026-11-23 12:00:00'));
  it.each([
    [-1, true, 'not-due'],
    [0, true, 'take'],
    [0, false, 'wait'],
    [899, false, 'wait'],
    [899, true, 'take'],
    [900, false, 'take'],
    [4000, false, 'take'],
  ] as const)('after %i s, calm %s: %s', (after, isCalm, what) => {
    expect(decideScheduled(wait, later(wait.dueAt, seconds(after)), isCalm)).toBe(what);
  });
});
