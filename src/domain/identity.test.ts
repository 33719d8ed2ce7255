import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedProfiles, macOf, macText, type NetworkInterface, recognise, scopeValue } from './identity.ts';

const lan = (over: Partial<NetworkInterface>): NetworkInterface => ({
  name: 'eth0',
  isEnabled: true,
  hardwareAddress: '28:57:be:65:7d:d5',
  ipv4: ['192.168.1.10'],
  ...over,
});
const wifi = lan({ name: 'wlan0', hardwareAddress: '2857be657dd6', ipv4: ['192.168.1.11'] });

describe('macText', () => {
  it.each([
    ['28:57:BE:65:7D:D5', '28:57:be:65:7d:d5'],
    ['28-57-be-65-7d-d5', '28:57:be:65:7d:d5'],
    ['2857.be65.7dd5', '28:57:be:65:7d:d5'],
    [' 2857BE657DD5 ', '28:57:be:65:7d:d5'],
    ['-', undefined],
    ['', undefined],
    ['00:00:00:00:00:00', undefined],
    ['ff:ff:ff:ff:ff:ff', undefined],
    ['01:00:5e:00:00:fb', undefined],
    ['28:57:be:65:7d', undefined],
  ])('%j is %s', (text, mac) => {
    expect(macText(text)).toBe(mac);
  });
});

describe('macOf', () => {
  it.each([
    [
      'the interface that has our address',
      [wifi, lan({})],
      '192.168.1.10',
      '28:57:be:65:7d:d5',
      'interface-with-our-address',
    ],
    [
      'a disabled one that claims our address is not it',
      [lan({ isEnabled: false }), wifi],
      '192.168.1.10',
      '28:57:be:65:7d:d6',
      'only-enabled-interface',
    ],
    ['behind NAT the only one', [lan({})], '203.0.113.7', '28:57:be:65:7d:d5', 'only-enabled-interface'],
    ['behind NAT one of two enabled is not guessed', [lan({}), wifi], '203.0.113.7', undefined, 'ambiguous'],
    [
      'the only one, though it says it is off',
      [lan({ isEnabled: false })],
      '10.0.0.1',
      '28:57:be:65:7d:d5',
      'only-interface',
    ],
    ['an empty address', [lan({ hardwareAddress: '' })], '192.168.1.10', undefined, 'none'],
    [
      'two entries of one interface',
      [lan({}), lan({ name: 'eth0:1', ipv4: ['10.0.0.2'] })],
      '10.9.9.9',
      '28:57:be:65:7d:d5',
      'only-enabled-interface',
    ],
    ['nothing', [], '192.168.1.10', undefined, 'none'],
  ] as const)('%s', (_, interfaces, host, mac, rule) => {
    expect(macOf(interfaces, host)).toEqual({ mac, rule });
  });
});

describe('recognise', () => {
  const known = { mac: '28:57:be:65:7d:d5', serial: 'C100-0815', make: 'TP-Link', model: 'C100' };
  it.each([
    ['same MAC, other serial after a repair', known, { ...known, serial: 'X' }, 'same'],
    ['other MAC, same serial', known, { ...known, mac: '28:57:be:65:7d:d6' }, 'another'],
    ['no MAC, same serial', known, { ...known, mac: undefined }, 'same'],
    ['no MAC, other serial', known, { ...known, mac: undefined, serial: 'C100-0816' }, 'another'],
    ['no MAC, same serial of another model', known, { ...known, mac: undefined, model: 'C200' }, 'unsure'],
    [
      'a serial that thousands share',
      { ...known, mac: undefined, serial: '000000' },
      { ...known, mac: undefined, serial: '000000' },
      'unsure',
    ],
    [
      'another model and nothing else',
      { ...known, mac: undefined, serial: undefined },
      { ...known, mac: undefined, serial: undefined, model: 'C200' },
      'another',
    ],
  ] as const)('%s', (_, a, b, verdict) => {
    expect(recognise(a, b)).toBe(verdict);
  });

  it('is symmetric, and a camera is never another than itself', () => {
    const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
      fc.option(arbitrary, { nil: undefined });
    const identity = fc.record({
      mac: maybe(fc.constantFrom('28:57:be:65:7d:d5', '28:57:be:65:7d:d6')),
      serial: maybe(fc.constantFrom('A1B2C3', 'A1B2C4', '0000')),
      make: maybe(fc.constantFrom('Axis', 'Dahua')),
      model: maybe(fc.constantFrom('P1', 'P2')),
    });
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        expect(recognise(a, b)).toBe(recognise(b, a));
        expect(recognise(a, a)).not.toBe('another');
      }),
    );
  });
});

describe('scopes', () => {
  const scopes = [
    'onvif://www.onvif.org/Profile/Streaming',
    'onvif://www.onvif.org/Profile/T',
    'onvif://www.onvif.org/Profile/T',
    'onvif://www.onvif.org/name/Front%20door',
    'onvif://www.onvif.org/location/%E0%A4%A',
    'onvif://www.onvif.org/hardware/',
  ];
  it('are claims of profiles', () => {
    expect(claimedProfiles(scopes)).toEqual(['S', 'T']);
  });
  it('hold names, percent-encoded or broken', () => {
    expect(scopeValue(scopes, 'name')).toBe('Front door');
    expect(scopeValue(scopes, 'location')).toBe('%E0%A4%A');
    expect(scopeValue(scopes, 'hardware')).toBeUndefined();
    expect(scopeValue(scopes, 'country')).toBeUndefined();
  });
});
