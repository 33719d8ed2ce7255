import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './civil-time.ts';
import { cameraId } from './ids.ts';
import { NOTICE_TYPES, type Notice, noticeId } from './notice.ts';
import {
  isTold,
  isWithin,
  type NotificationRule,
  parseDayHours,
  USUAL_CAUSES,
  USUAL_TYPES,
} from './notification-rule.ts';
import { CHANGE_VERDICTS } from './still-change.ts';
import { type EpochMs, epochMs } from './units.ts';

const zone = 'Europe/Copenhagen';
const local = (time: string, day = '2026-11-23', where = zone): EpochMs => {
  const at = instantOf(day, `${time.replace(':', '-')}-00`, where);
  if (at === undefined) throw new Error(time);
  return at;
};
const hours = (text: string): NonNullable<ReturnType<typeof parseDayHours>> => {
  const parsed = parseDayHours(text);
  if (!parsed) throw new Error(text);
  return parsed;
};
const GARDEN = cameraId('garden');
const EVERYTHING: NotificationRule = { types: NOTICE_TYPES, causes: USUAL_CAUSES };
const notice = (over: Partial<Notice> = {}): Notice => ({
  id: noticeId('photo.taken', 'one'),
  type: 'photo.taken',
  at: local('12:00'),
  camera: GARDEN,
  causes: ['motion'],
  data: {},
  ...over,
});
const told = (rule: Partial<NotificationRule>, over: Partial<Notice> = {}, quiet?: string): boolean =>
  isTold({ ...EVERYTHING, ...rule }, notice(over), { zone, quiet: quiet === undefined ? undefined : hours(quiet) });

describe('hours of a day', () => {
  it.each([
    ['22:00-07:00', { from: 1320, until: 420 }],
    ['00:00-24:00', { from: 0, until: 1440 }],
    ['08:30-17:00', { from: 510, until: 1020 }],
    ['08:00-08:00', undefined],
    ['8:00-17:00', undefined],
    ['24:00-07:00', undefined],
    ['22:00-07:60', undefined],
    ['22:00', undefined],
    ['', undefined],
  ])('%s', (text, parsed) => {
    expect(parseDayHours(text)).toEqual(parsed);
  });

  it.each([
    ['22:00-07:00', '22:00', true],
    ['22:00-07:00', '23:59', true],
    ['22:00-07:00', '00:00', true],
    ['22:00-07:00', '06:59', true],
    ['22:00-07:00', '07:00', false],
    ['22:00-07:00', '21:59', false],
    ['08:00-17:00', '08:00', true],
    ['08:00-17:00', '17:00', false],
    ['08:00-24:00', '23:59', true],
  ])('%s at %s: %s', (span, time, isIn) => {
    expect(isWithin(local(time), hours(span), zone)).toBe(isIn);
  });

  it('are the site’s, summer and winter, and not the machine’s', () => {
    for (const day of ['2026-07-01', '2026-11-23']) {
      expect(isWithin(local('22:30', day), hours('22:00-07:00'), zone)).toBe(true);
      expect(isWithin(local('22:30', day, 'America/New_York'), hours('22:00-07:00'), 'America/New_York')).toBe(true);
    }
    expect(isWithin(local('22:30', '2026-11-23', 'Asia/Tokyo'), hours('22:00-07:00'), zone)).toBe(false);
  });

  it('and the hours that are left make a day: each moment lies in exactly one of the two', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 4e12 }), (from, until, at) => {
        fc.pre(from !== until);
        const [one, other] = [
          { from, until },
          { from: until, until: from },
        ];
        return isWithin(epochMs(at), one, zone) !== isWithin(epochMs(at), other, zone);
      }),
    );
  });
});

describe('who is told of what', () => {
  it.each<[string, boolean, Partial<NotificationRule>, Partial<Notice>, string?]>([
    ['everything of every camera', true, {}, {}],
    ['its own camera', true, { cameras: [GARDEN] }, {}],
    ['another camera', false, { cameras: [cameraId('shed')] }, {}],
    ['the disk, whatever its cameras', true, { cameras: [] }, { type: 'store.low', camera: undefined }],
    ['a type it wants', true, { types: ['camera.blind'] }, { type: 'camera.blind' }],
    ['a type it does not want', false, { types: ['camera.blind'] }, {}],
    ['the end of an episode, usually', false, { types: USUAL_TYPES }, { type: 'episode.ended' }],
    ['in its hours', true, { hours: [hours('06:00-08:00'), hours('11:00-13:00')] }, {}],
    ['out of its hours', false, { hours: [hours('06:00-08:00')] }, {}],
    ['trouble out of its hours', false, { hours: [hours('06:00-08:00')] }, { type: 'camera.blind' }],
    ['a photo in quiet hours', false, {}, {}, '11:00-13:00'],
    ['a photo before them', true, {}, {}, '13:00-14:00'],
    ['the end of an episode in quiet hours', false, {}, { type: 'episode.ended' }, '11:00-13:00'],
    ['a blind camera in quiet hours', true, {}, { type: 'camera.blind' }, '11:00-13:00'],
    ['a camera that sees again in quiet hours', true, {}, { type: 'camera.seeing' }, '11:00-13:00'],
    ['the disk in quiet hours', true, {}, { type: 'store.low' }, '11:00-13:00'],
    ['a photo by plan, usually', false, {}, { causes: ['scheduled'] }],
    ['a photo by plan that it wants', true, { causes: ['scheduled'] }, { causes: ['scheduled'] }],
    ['a person', true, { causes: ['person'] }, { causes: ['motion', 'person'] }],
    ['no person', false, { causes: ['person'] }, { causes: ['motion', 'vehicle'] }],
    ['trouble, whatever its causes', true, { causes: ['person'] }, { type: 'camera.blind' }],
    ['a test, whatever its rule', true, { types: [], hours: [], cameras: [] }, { type: 'test' }, '00:00-24:00'],
  ])('%s: %s', (_, isIt, rule, over, quiet) => {
    expect(told(rule, over, quiet)).toBe(isIt);
  });

  it('only of lasting changes, when that is wanted', () => {
    const rows = [...CHANGE_VERDICTS, undefined].map((verdict) => [verdict, told({ onlyLasting: true }, { verdict })]);
    expect(rows).toEqual([
      ['passing', false],
      ['arrived', true],
      ['gone', true],
      ['light-only', false],
      ['cannot-compare', false],
      [undefined, false],
    ]);
    expect(told({ onlyLasting: true }, { type: 'episode.ended' })).toBe(true);
  });
});
