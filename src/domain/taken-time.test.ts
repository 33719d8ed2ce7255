import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './civil-time.ts';
import { type TimeClues, takenTime } from './taken-time.ts';
import { epochMs } from './units.ts';

const RECEIVED = epochMs(Date.UTC(2026, 10, 23, 15, 0, 0));
const clues = (given: Partial<TimeClues>): TimeClues => ({
  exif: undefined,
  name: undefined,
  text: undefined,
  receivedAt: RECEIVED,
  zone: 'Europe/Copenhagen',
  ...given,
});
/** 14:32:07 in Copenhagen. */
const TAKEN = Date.UTC(2026, 10, 23, 13, 32, 7);

describe('when a picture was taken', () => {
  it.each([
    ['Reolink, FTP', 'Garden_01_20261123143207.jpg'],
    ['Hikvision, FTP', '192.168.1.64_01_20261123143207123_MOTION_DETECTION.jpg'],
    ['ISO-like', 'in/2026-11-23_14-32-07.jpg'],
    ['with points', 'IMG 2026.11.23 14.32.07.jpg'],
    ['Dahua, folders', 'AB12/2026-11-23/001/jpg/14/32/07[M][0@0][0].jpg'],
    ['day in folders', '/2026/11/23/cam-143207.jpg'],
    ['Windows paths', '\\2026\\11\\23\\cam-143207.jpg'],
    ['a 4G trail camera, day first', 'WBC398-868020035314870-23112026143207-4-SYPR0067.JPG'],
    ['a firmware that counts milliseconds', `alarm_${TAKEN}.jpg`],
  ])('reads the name of %s', (_, name) => {
    expect(takenTime(clues({ name }))).toEqual({ at: TAKEN, source: 'name' });
  });

  it.each([
    ['EVENT TIME: 2026-11-23,14:32:07\n'],
    ['Alarm Start Time(D/M/Y H:M:S): 23/11/2026 14:32:07'],
    ['Date: 23.11.2026 14:32:07'],
    ['Date:2026.11.23\nTime:14:32:07\n'],
    ['Datum: 23.11.2026\r\nUhrzeit: 14:32:07 Uhr'],
    ['Dato: 23-11-2026 kl. 14.32.07'],
    ['<dateTime>2026-11-23T14:32:07+01:00</dateTime>'],
    ['<dateTime>2026-11-23T13:32:07Z</dateTime>'],
    ['Photo taken on 11/23/2026 02:32:07 PM'],
    ['Captured: Nov 23, 2026 2:32:07 pm'],
    ['Aufgenommen am 23. November 2026, 14:32:07'],
    ['Taget 23. nov. 2026 14:32:07'],
  ])('reads the text %j', (text) => {
    expect(takenTime(clues({ text }))).toEqual({ at: TAKEN, source: 'text' });
  });

  it.each([
    ['11/12/2026 02:05:00 PM', 'America: the month first', '2026-11-12', '14-05-00'],
    ['10/11/2026 14:05:00', 'else the day', '2026-11-10', '14-05-00'],
    ['11/22/2026 15:00:00', 'no month has that number', '2026-11-22', '15-00-00'],
    ['12/11/2026 14:05:00', 'the day first although both are past', '2026-11-12', '14-05-00'],
    ['11/12/2026 14:05:00', 'the eleventh of December is to come', '2026-11-12', '14-05-00'],
  ])('of %j takes %s', (text, _, day, time) => {
    expect(takenTime(clues({ text })).at).toBe(instantOf(day, time, 'Europe/Copenhagen'));
  });

  it('believes EXIF first, with its offset and fraction where it has them', () => {
    const name = '20200101000000.jpg';
    const when = '2026:11:23 14:32:07';
    expect(takenTime(clues({ exif: { when }, name }))).toEqual({ at: TAKEN, source: 'exif' });
    expect(takenTime(clues({ exif: { when, offset: '+00:00', subSeconds: '25' } })).at).toBe(TAKEN + 3_600_000 + 250);
  });

  it.each([
    ['an unset clock', '1970:01:01 00:00:12'],
    ['the maker’s first day', '2014:01:01 12:00:00'],
    ['a clock that is ahead', '2027:01:01 00:00:00'],
    ['no time at all', '0000:00:00 00:00:00'],
    ['a day that is none', '2026:02:30 10:00:00'],
  ])('does not believe %s', (_, when) => {
    expect(takenTime(clues({ exif: { when } }))).toEqual({ at: RECEIVED, source: 'arrival' });
  });

  it('puts a picture that comes months late on its own day', () => {
    const { at, source } = takenTime(clues({ exif: { when: '2026:03:01 06:00:00' } }));
    expect(source).toBe('exif');
    expect(at).toBe(instantOf('2026-03-01', '06-00-00', 'Europe/Copenhagen'));
  });

  it('is never later than a day after the arrival, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        fc.string({ maxLength: 80 }),
        fc.string({ maxLength: 30 }),
        (name, text, when) => {
          const { at } = takenTime(clues({ name, text, exif: { when } }));
          expect(at).toBeLessThanOrEqual(RECEIVED + 86_400_000);
        },
      ),
    );
  });
});
