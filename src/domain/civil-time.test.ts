import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilTime, instantOf, isDay, isoText, isTimeZone, offsetText } from './civil-time.ts';
import { epochMs } from './units.ts';

const ZONES = ['UTC', 'Europe/Copenhagen', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const zone = fc.constantFrom(...ZONES);
/** 1970 to 2100, whole seconds. */
const second = fc.integer({ min: 0, max: 4_102_444_799 }).map((value) => epochMs(value * 1000));
const utc = (...parts: [number, number, number, number, number, number?]) => epochMs(Date.UTC(...parts));

describe('civil time', () => {
  it.each([
    ['winter', utc(2026, 10, 23, 13, 32, 7), 'Europe/Copenhagen', '2026-11-23', '14-32-07', 60],
    ['summer', utc(2026, 6, 1, 12, 0, 0), 'Europe/Copenhagen', '2026-07-01', '14-00-00', 120],
    ['the day before', utc(2026, 0, 1, 4, 0, 0), 'America/New_York', '2025-12-31', '23-00-00', -300],
    ['quarter hours', utc(2026, 0, 1, 0, 0, 0), 'Asia/Kathmandu', '2026-01-01', '05-45-00', 345],
    ['midnight is 00, not 24', utc(2026, 0, 1, 0, 0, 0), 'UTC', '2026-01-01', '00-00-00', 0],
    ['1970, a clock that was never set', utc(1970, 0, 1, 0, 0, 0), 'UTC', '1970-01-01', '00-00-00', 0],
    ['before the night change', utc(2026, 9, 25, 0, 30), 'Europe/Copenhagen', '2026-10-25', '02-30-00', 120],
    ['the same hour again', utc(2026, 9, 25, 1, 30), 'Europe/Copenhagen', '2026-10-25', '02-30-00', 60],
  ] as const)('%s', (_, at, where, day, time, offsetMinutes) => {
    expect(civilTime(at, where)).toEqual({ day, time, millisecond: 0, offsetMinutes });
  });

  it('keeps milliseconds, and agrees with the platform’s own formatting', () => {
    fc.assert(
      fc.property(second, fc.nat(999), zone, (at, millisecond, where) => {
        const civil = civilTime(epochMs(at + millisecond), where);
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: where, dateStyle: 'short', timeStyle: 'medium' });
        expect(`${civil.day} ${civil.time.replaceAll('-', ':')}`).toBe(shown.format(at + millisecond));
        expect(civil.millisecond).toBe(millisecond);
      }),
    );
  });

  it('refuses a zone that does not exist', () => {
    expect(() => civilTime(epochMs(0), 'Europe/Atlantis')).toThrow(RangeError);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(isTimeZone('Europe/Copenhagen')).toBe(true);
  });
});

describe('the instant a clock showed a time', () => {
  it('is the one it came from, or the earlier of two', () => {
    fc.assert(
      fc.property(second, zone, (at, where) => {
        const { day, time } = civilTime(at, where);
        const back = instantOf(day, time, where) ?? Number.NaN;
        expect(civilTime(epochMs(back), where)).toMatchObject({ day, time });
        expect(back).toBeLessThanOrEqual(at);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['repeated hour: the first', '2026-10-25', '02-30-00', utc(2026, 9, 25, 0, 30)],
    ['skipped hour: after the jump', '2026-03-29', '02-30-00', utc(2026, 2, 29, 1, 30)],
    ['an ordinary night', '2026-11-23', '00-00-00', utc(2026, 10, 22, 23, 0)],
    ['leap day', '2028-02-29', '12-00-00', utc(2028, 1, 29, 11, 0)],
    ['no such day', '2026-02-29', '12-00-00', undefined],
    ['no such month', '2026-13-01', '12-00-00', undefined],
    ['no such hour', '2026-01-01', '24-00-00', undefined],
    ['no such minute', '2026-01-01', '23-60-00', undefined],
    ['leap second', '2026-01-01', '23-59-60', undefined],
    ['another form', '2026-1-1', '1:2:3', undefined],
  ])('%s', (_, day, time, expected) => {
    expect(instantOf(day, time, 'Europe/Copenhagen')).toBe(expected);
  });
});

describe('days and texts', () => {
  it.each([
    ['2026-11-23', true],
    ['2024-02-29', true],
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2026-04-31', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['2026-12-31', true],
    ['../../etc', false],
    ['2026-11-23 ', false],
  ])('%s is a day: %s', (day, expected) => {
    expect(isDay(day)).toBe(expected);
  });

  it('are days exactly when the calendar has them', () => {
    const number = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), number(13), number(32), (year, month, day) => {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        expect(isDay(text)).toBe(date.toISOString().startsWith(text));
      }),
    );
  });

  it.each([
    [0, '+00:00'],
    [60, '+01:00'],
    [-210, '-03:30'],
    [345, '+05:45'],
    [840, '+14:00'],
  ])('%i minutes are %s', (minutes, text) => {
    expect(offsetText(minutes)).toBe(text);
  });

  it('an ISO text reads back as the same instant', () => {
    fc.assert(
      fc.property(second, fc.nat(999), zone, (at, millisecond, where) => {
        expect(Date.parse(isoText(epochMs(at + millisecond), where))).toBe(at + millisecond);
      }),
    );
    expect(isoText(epochMs(1_795_440_727_120), 'Europe/Copenhagen')).toBe('2026-11-23T14:32:07.120+01:00');
  });
});
