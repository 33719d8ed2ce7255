import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilTime, isDay } from '../domain/civil-time.ts';
import { epochMs } from '../domain/units.ts';
import { dayPlus } from './day-title.ts';
import { bytesText, dayShort, dayTitle, decimal, stillMoment, zoneMoment } from './time-text.ts';

const MOMENT = epochMs(Date.UTC(2026, 10, 23, 13, 32, 7, 120));

describe('moments', () => {
  it('shows a time as each language writes it', () => {
    expect(zoneMoment(MOMENT, 'Europe/Copenhagen', 'en')).toEqual({
      day: '2026-11-23',
      time: '14:32:07',
      minutes: '14:32',
      seconds: ':07',
      iso: '2026-11-23T14:32:07.120+01:00',
    });
    expect(zoneMoment(MOMENT, 'Europe/Copenhagen', 'da')).toMatchObject({
      time: '14.32.07',
      minutes: '14.32',
      seconds: '.07',
    });
  });

  it('shows a photo with the offset it was taken with, also across midnight', () => {
    const late = epochMs(Date.UTC(2026, 5, 1, 22, 30));
    expect(stillMoment({ takenAt: late, offsetMinutes: 120 }, 'en')).toMatchObject({
      day: '2026-06-02',
      time: '00:30:00',
    });
    expect(stillMoment({ takenAt: late, offsetMinutes: -210 }, 'en').iso).toBe('2026-06-01T19:00:00.000-03:30');
  });

  it('agrees with the zone wherever the offset is the zone’s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (value) => {
        const at = epochMs(value);
        const { offsetMinutes } = civilTime(at, 'Europe/Copenhagen');
        expect(stillMoment({ takenAt: at, offsetMinutes }, 'da')).toEqual(zoneMoment(at, 'Europe/Copenhagen', 'da'));
      }),
    );
  });
});

describe('days', () => {
  it.each([
    ['2026-11-23', 'en', 'Today, Monday 23 November'],
    ['2026-11-22', 'en', 'Yesterday, Sunday 22 November'],
    ['2026-11-21', 'en', 'Saturday 21 November'],
    ['2025-12-31', 'en', 'Wednesday, 31 December 2025'],
    ['2026-11-23', 'da', 'I dag, mandag 23. november'],
    ['2026-11-22', 'da', 'I går, søndag 22. november'],
    ['2026-11-21', 'da', 'Lørdag 21. november'],
    ['2025-12-31', 'da', 'Onsdag 31. december 2025'],
  ] as const)('%s in %s', (day, language, title) => {
    expect(dayTitle(day, '2026-11-23', language)).toBe(title);
  });

  it('goes over month and year ends', () => {
    expect([dayPlus('2026-12-31', 1), dayPlus('2024-03-01', -1), dayPlus('2026-03-29', 1)]).toEqual([
      '2027-01-01',
      '2024-02-29',
      '2026-03-30',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -400, max: 400 }), (start, by) => {
        const day = dayPlus('1990-01-01', start);
        expect(isDay(day)).toBe(true);
        expect(dayPlus(dayPlus(day, by), -by)).toBe(day);
      }),
    );
  });

  it('has a short form', () => {
    expect([dayShort('2026-11-03', 'en'), dayShort('2026-11-03', 'da')]).toEqual(['3 Nov', '3. nov.']);
  });
});

describe('sizes', () => {
  it.each([
    [200, 'en', '1 kB'],
    [312_400, 'en', '312 kB'],
    [1_260_000, 'en', '1.3 MB'],
    [1_260_000, 'da', '1,3 MB'],
  ] as const)('%i bytes in %s', (size, language, text) => {
    expect(bytesText(size, language)).toBe(text);
  });

  it('writes decimals as the language does', () => {
    expect([decimal(0.64, 1, 'en'), decimal(0.64, 1, 'da')]).toEqual(['0.6', '0,6']);
  });
});
