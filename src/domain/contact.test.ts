import { describe, expect, it } from 'vitest';
import { type Contact, contactState, habit, newContact, stepContact, usedNow } from './contact.ts';
import { cameraId } from './ids.ts';
import { epochMs } from './units.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1, 6, 0, 0);
const heard = (hours: readonly number[]): Contact =>
  hours.reduce(
    (contact, hour) =>
      stepContact(contact, { type: 'bytes', at: epochMs(START + hour * HOUR), way: 'mail', bytes: 1000 }, 'UTC'),
    newContact(cameraId('forest')),
  );
const at = (hour: number) => epochMs(START + hour * HOUR);

describe('a camera that sends by itself', () => {
  it('is waited for until it is heard of, and never called quiet without a habit', () => {
    expect(contactState(newContact(cameraId('forest')), at(1e5))).toBe('waiting');
    expect(contactState(heard([0, 24]), at(1e5))).toBe('heard');
  });

  it.each([
    ['daily, next day', [0, 24, 48, 72, 96, 120], 140, 'heard'],
    ['daily, a day and a half later', [0, 24, 48, 72, 96, 120], 120 + 35, 'heard'],
    ['daily, two days later', [0, 24, 48, 72, 96, 120], 120 + 37, 'quiet'],
    ['hourly, three hours later', [0, 1, 2, 3, 4, 5], 8, 'quiet'],
    ['irregular with a long pause, as long again', [0, 1, 2, 50, 51, 52], 52 + 60, 'heard'],
  ] as const)('%s', (_, visits, now, state) => {
    expect(contactState(heard(visits), at(now))).toBe(state);
  });

  it('takes a burst for one visit', () => {
    const contact = heard([0, 0.01, 0.02, 24, 24.05]);
    expect(contact.visits).toEqual([at(0), at(24)]);
    expect(contact.lastAt).toBe(at(24.05));
  });

  it('expects it again after the middle of its pauses', () => {
    expect(habit(heard([0, 24, 48, 72, 96, 130]))?.expectedAt).toBe(at(154));
    expect(habit(heard([0, 24]))).toBeUndefined();
  });

  it('counts bytes by day and month of the site', () => {
    const contact = heard([0, 1, 24]);
    expect(usedNow(contact, at(25), 'UTC')).toEqual({ day: 1000, month: 3000 });
    expect(usedNow(contact, at(24 * 40), 'UTC')).toEqual({ day: 0, month: 0 });
  });

  it('keeps what it said when it says less', () => {
    const first = {
      type: 'report',
      at: at(0),
      report: { battery: 50, imei: '356938035643809' },
      sources: { battery: 'text', imei: 'name' },
    } as const;
    const later = { type: 'report', at: at(1), report: { battery: 40 }, sources: { battery: 'exif' } } as const;
    const { report, said } = stepContact(stepContact(heard([0]), first, 'UTC'), later, 'UTC');
    expect(report).toEqual({ battery: 40, imei: '356938035643809' });
    expect(said).toEqual({ battery: { at: at(1), from: 'exif' }, imei: { at: at(0), from: 'name' } });
  });
});
