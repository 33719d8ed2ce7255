import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleName, scrubber } from './capture-scrub.ts';

describe('scrubber', () => {
  it.each([
    [
      'a security header',
      '<s:Header><wsse:Security a="1"><x>Zm9v</x></wsse:Security></s:Header>',
      '<s:Header><!-- security header taken out --></s:Header>',
    ],
    [
      'addresses, the same each time',
      'http://192.168.1.50/a 192.168.1.50 10.0.0.7',
      'http://192.0.2.1/a 192.0.2.1 192.0.2.2',
    ],
    ['loopback stays', '127.0.0.1 0.0.0.0 255.255.255.0', '127.0.0.1 0.0.0.0 255.255.255.0'],
    ['MACs in their spelling', '28:57:be:65:7d:d5 28-57-BE-65-7D-D5', '02:00:00:00:00:01 02-00-00-00-00-01'],
    [
      'a login in an address',
      'rtsp://root:pass@10.0.0.7/s?user=x&pwd=y&z=1',
      'rtsp://192.0.2.1/s?user=hidden&pwd=hidden&z=1',
    ],
    ['a mail address', 'me@home.dk', 'person-1@example.org'],
    ['a network name', '<tt:SSID>My home</tt:SSID>', '<tt:SSID>hidden</tt:SSID>'],
    [
      'place and name scopes',
      'onvif://www.onvif.org/location/country/denmark onvif://www.onvif.org/name/Our%20gate',
      'onvif://www.onvif.org/location/hidden onvif://www.onvif.org/name/hidden',
    ],
    ['a device id', 'urn:uuid:1419d68a-1dd2-11b2-a105-2857be657dd5', 'urn:uuid:00000000-0000-4000-8000-000000000001'],
    ['IPv6', 'fe80::2a57:beff:fe65:7dd5', '2001:db8::1'],
    ['times stay', '2026-11-23T20:15:59Z 12:34:56', '2026-11-23T20:15:59Z 12:34:56'],
    ['topics stay', 'tns1:RuleEngine/CellMotionDetector/Motion', 'tns1:RuleEngine/CellMotionDetector/Motion'],
  ])('%s', (_, text, clean) => {
    expect(scrubber().scrub(text)).toBe(clean);
  });

  it('hides what it was told, in every spelling', () => {
    const clean = scrubber();
    clean.hide('DS 2CD-0815', 'serial');
    clean.hide('2c:a5:9c:0a:11:22', 'serial');
    clean.hide('', 'user');
    expect(clean.scrub('DS 2CD-0815 ds%202cd-0815 2ca59c0a1122')).toBe('serial-1 serial-1 serial-2');
  });

  it('leaves no address, whatever is around it', () => {
    const part = fc.integer({ min: 1, max: 254 });
    const around = fc.constantFrom(' ', '/', '>', '"', '@', '=', '(');
    fc.assert(
      fc.property(part, part, around, around, (c, d, before, after) => {
        const ip = `172.20.${c}.${d}`;
        expect(scrubber().scrub(`x${before}${ip}${after}y`)).not.toContain(ip);
      }),
    );
  });

  it('names the bundle by make and model, never by serial', () => {
    expect(bundleName('AXIS', 'P3245-LVE', 'ACCC8E0A1122')).toMatch(/^axis-p3245-lve-[0-9a-f]{6}$/);
    expect(bundleName(undefined, undefined, undefined)).toMatch(/^camera-/);
    expect(bundleName('../..', 'a/b', 's')).toMatch(/^a-b-/);
  });
});
