import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatheredReport, reportFromName, reportFromText } from './camera-report.ts';

describe('what a camera says of itself', () => {
  it.each([
    ['Battery: 80%', { battery: 80 }],
    ['Battery Level: 7 %\r\nSignal Strength: 4/5', { battery: 7, signal: 80 }],
    ['BAT: 6.2V', { voltage: 6.2 }],
    ['Battery: 85% (6.1V)', { battery: 85, voltage: 6.1 }],
    ['Batt 6150mV', { voltage: 6.15 }],
    ['CSQ: 17', { signal: 55 }],
    ['CSQ:99', {}],
    ['Signal: 3', { signal: 60 }],
    ['Signal: 3 of 4', { signal: 75 }],
    ['RSSI: -85 dBm', { signal: 45 }],
    ['Temp: 14°F', { temperature: -10 }],
    ['Temperature: -3 C', { temperature: -3 }],
    ['Temp:+24℃', { temperature: 24 }],
    ['Temperature:32 Celsius Degree(s)', { temperature: 32 }],
    ['Temperature: \u22124,5 °C', { temperature: -4.5 }],
    ['Temperatur', {}],
    ['Temp: 24', {}],
    ['Moon phase: Waning Gibbous', { moon: 'waning-gibbous' }],
    ['Moon: 🌕', { moon: 'full' }],
    ['Moon phase: waxing', {}],
    ['IMEI: 356938035643809', { imei: '356938035643809' }],
    ['IMEI No. 35-693803-564380-9', { imei: '356938035643809' }],
    ['IMEI: 3569380356438091', {}],
    ['Model: KX-200\nBattery: 101%', { model: 'KX-200' }],
    ['This is an automatically generated e-mail from your REOLINK camera', { make: 'Reolink' }],
    ['Temperature: 400C', {}],
    ['The battery is 20 years old and the signal at 5 o’clock was clear.', {}],
  ])('%j', (text, report) => {
    expect(reportFromText(text)).toEqual(report);
  });

  it.each([
    [
      'German',
      'Akkustand: 65 %\nSignalstärke: 4 von 5\nUmgebungstemperatur: 3,5 °C\nMondphase: Neumond',
      { battery: 65, signal: 80, temperature: 3.5, moon: 'new' },
    ],
    [
      'German, a table without colons',
      'Batterieladung 92 %\nBatteriespannung 8,1 V\nTemperatur -7 °C\nNetz-Signal 60 %',
      { battery: 92, voltage: 8.1, temperature: -7, signal: 60 },
    ],
    [
      'Danish',
      'Batteriniveau: 45 %\nSignalstyrke: 2/5\nTemperatur: 11 grader C\nMånefase: fuldmåne',
      { battery: 45, signal: 40, temperature: 11, moon: 'full' },
    ],
    [
      'French',
      'Niveau de batterie : 70 %\nForce du signal : 80 %\nTempérature : 12 °C\nPhase de lune : pleine lune',
      { battery: 70, signal: 80, temperature: 12, moon: 'full' },
    ],
    ['Swedish', 'Batterinivå: 30%\nSignal: 50%\nTemperatur: -12°C', { battery: 30, signal: 50, temperature: -12 }],
    ['Spanish', 'Batería: 88%\nSeñal: 3/5\nTemperatura: 25 ºC', { battery: 88, signal: 60, temperature: 25 }],
    ['full width', 'Battery：55％\nTemp：８℃', { battery: 55, temperature: 8 }],
  ])('in %s', (_, text, report) => {
    expect(reportFromText(text)).toEqual(report);
  });

  it.each([
    [
      'a 4G trail camera’s daily report by FTP',
      'IMEI:861943070068027\nCSQ:31\nCamID:\nTemp:24℃\nDate:05/12/2025 15:46:47\nBattery:60%\nSD:59405M/59628M\nTotal:159\nSend:12\n',
      { imei: '861943070068027', signal: 100, temperature: 24, battery: 60 },
    ],
    [
      'Hikvision',
      'This is an automatically generated e-mail from your IPC.\n\nEVENT TYPE: Motion Detected\nEVENT TIME: 2026-11-23,14:52:18\nIPC NAME: Yard\nCHANNEL NUMBER: 1\nIPC S/N: DS-2XS6A25G0-I/CH20S4020210107AAWRF12345678\n',
      { make: 'Hikvision', model: 'DS-2XS6A25G0-I/CH20S40', serial: 'DS-2XS6A25G0-I/CH20S4020210107AAWRF12345678' },
    ],
    [
      'Dahua’s makers’ lists of an alarm',
      'Alarm Event: Motion Detection\nAlarm Input Channel: 1\nAlarm Start Time(D/M/Y H:M:S): 23/12/2021 10:27:46\nAlarm Device Name: IPC06\nAlarm Name: \nIP Address: 192.168.2.164\n',
      {},
    ],
    [
      'an HC-series camera with a status in its subject',
      'HC-801LTE-Li\nDate:2026.11.23\nTime:14:52:28\nBattery:76%\nSignal:85%\nTemp:+4℃\n',
      { make: 'Suntek', battery: 76, signal: 85, temperature: 4 },
    ],
  ])('by %s', (_, text, report) => {
    expect(reportFromText(text)).toEqual(report);
  });

  it('is an IMEI in a file’s name only with its check digit', () => {
    expect(reportFromName('WBC398-868020035314870-10032026090126-4-SYPR0067.JPG')).toEqual({ imei: '868020035314870' });
    expect(reportFromName('868020035314871-10032026090126.JPG')).toEqual({});
    expect(reportFromName('20260102143207123.jpg')).toEqual({});
  });

  it('keeps for each fact where it was read, the picture’s own word last', () => {
    const { report, sources } = gatheredReport([
      ['name', { imei: '868020035314870' }],
      ['text', { battery: 70, model: 'Forest cam' }],
      ['exif', { model: 'HP2XC' }],
    ]);
    expect(report).toEqual({ imei: '868020035314870', battery: 70, model: 'HP2XC' });
    expect(sources).toEqual({ imei: 'name', battery: 'text', model: 'exif' });
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

  it('reads a hostile text in no time worth naming', () => {
    for (const piece of ['battery ', 'temp - ', 'signal: ', 'moon: a ', 'model: -', '  :', 'S/N: DS-', 'imei ']) {
      expect(reportFromText(piece.repeat(5000))).toBeDefined();
    }
  });
});
