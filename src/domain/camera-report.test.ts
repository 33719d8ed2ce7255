import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportFromText } from './camera-report.ts';

describe('what a camera says of itself', () => {
  it.each([
    ['Battery: 80%', { battery: 80 }],
    ['Battery Level: 7 %\r\nSignal Strength: 4/5', { battery: 7, signal: 80 }],
    ['BAT: 6.2V', { voltage: 6.2 }],
    ['CSQ: 17', { signal: 55 }],
    ['CSQ:99', {}],
    ['Signal: 3', { signal: 60 }],
    ['Temp: 14°F', { temperature: -10 }],
    ['Temperature: -3 C', { temperature: -3 }],
    ['Temperatur', {}],
    ['Moon phase: Waning Gibbous', { moon: 'waning-gibbous' }],
    ['IMEI: 356938035643809', { imei: '356938035643809' }],
    ['IMEI: 3569380356438091', {}],
    ['Model: KX-200\nBattery: 101%', { model: 'KX-200' }],
    ['This is an automatically generated e-mail from your REOLINK camera', { make: 'Reolink' }],
    ['Temperature: 400C', {}],
  ])('%j', (text, report) => {
    expect(reportFromText(text)).toEqual(report);
  });

  it('stays within what can be true, whatever is written', () => {
    fc.assert(
      fc.property(fc.constantFrom('Battery: ', 'Signal: ', 'Temp: ', 'CSQ: '), fc.string(), (name, value) => {
        const { battery = 0, signal = 0, temperature = 0 } = reportFromText(`${name}${value}`);
        expect(battery).toBeLessThanOrEqual(100);
        expect(signal).toBeLessThanOrEqual(100);
        expect(Math.abs(temperature)).toBeLessThanOrEqual(90);
      }),
    );
  });
});
