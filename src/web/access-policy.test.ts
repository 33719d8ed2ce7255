import { describe, expect, it } from 'vitest';
import { isLocalHost, isPrivateAddress, type Refusal, refusal, type Visitor } from './access-policy.ts';

const visitor = (chosen: Partial<Visitor> & { host?: string } = {}): Visitor => {
  const { host = '192.168.1.20:10000', headers = {}, ...rest } = chosen;
  return { peer: '192.168.1.7', httpVersion: '1.1', headers: { host, ...headers }, ...rest };
};

describe('refusal', () => {
  const cases: readonly (readonly [string, Visitor, Refusal | undefined])[] = [
    ['a phone on the same network', visitor(), undefined],
    ['this machine', visitor({ peer: '127.0.0.1', host: 'localhost:10000' }), undefined],
    ['this machine, IPv6', visitor({ peer: '::1', host: '[::1]:10000' }), undefined],
    ['this machine, IPv4 in IPv6', visitor({ peer: '::ffff:127.0.0.1' }), undefined],
    ['the internet', visitor({ peer: '203.0.113.9' }), 'elsewhere'],
    ['the internet, IPv6', visitor({ peer: '2001:db8::9' }), 'elsewhere'],
    ['the internet, IPv4 in IPv6', visitor({ peer: '::ffff:203.0.113.9' }), 'elsewhere'],
    ['a socket that is gone', visitor({ peer: undefined }), 'elsewhere'],
    [
      'a proxy on this machine',
      visitor({ peer: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } }),
      'proxied',
    ],
    ['a proxy that says a local address', visitor({ headers: { 'x-forwarded-for': '192.168.1.5' } }), 'proxied'],
    ['a proxy with an empty header', visitor({ headers: { forwarded: '' } }), 'proxied'],
    ['a proxy that only names the host', visitor({ headers: { 'x-forwarded-host': 'photos.example' } }), 'proxied'],
    ['a proxy that only names the scheme', visitor({ headers: { 'x-forwarded-proto': 'https' } }), 'proxied'],
    ['nginx with X-Real-IP', visitor({ headers: { 'x-real-ip': '203.0.113.9' } }), 'proxied'],
    ['a gateway', visitor({ headers: { via: '1.1 gateway' } }), 'proxied'],
    ['nginx as it comes', visitor({ peer: '127.0.0.1', httpVersion: '1.0', host: '127.0.0.1:10000' }), 'proxied'],
    ['a rebound name', visitor({ host: 'evil.example' }), 'host'],
    ['no host', visitor({ host: '' }), 'host'],
  ];

  it.each(cases)('%s, not public', (_, who, why) => {
    expect(refusal(who, { publicView: false })).toBe(why);
  });

  it.each(cases)('%s: public view lets everybody in', (_, who) => {
    expect(refusal(who, { publicView: true })).toBeUndefined();
  });

  it('refuses a visitor without a Host header', () => {
    expect(refusal({ ...visitor(), headers: {} }, { publicView: false })).toBe('host');
  });
});

describe('isPrivateAddress', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['10.0.0.1', true],
    ['172.15.255.255', false],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.167.1.1', false],
    ['192.168.0.1', true],
    ['192.169.0.1', false],
    ['169.254.3.4', true],
    ['100.64.0.1', false],
    ['8.8.8.8', false],
    ['0.0.0.0', false],
    ['::1', true],
    ['::2', false],
    ['fe80::1%eth0', true],
    ['feb0::1', true],
    ['fec0::1', false],
    ['fd12:3456::1', true],
    ['fc00::1', true],
    ['fe00::1', false],
    ['2001:db8::1', false],
    ['::ffff:10.1.2.3', true],
    ['::FFFF:192.168.1.1', true],
    ['::ffff:8.8.8.8', false],
    ['10.0.0.1.example', false],
    ['fd00', false],
    ['', false],
  ])('%s: %s', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });
});

describe('isLocalHost', () => {
  it.each([
    ['localhost', true],
    ['localhost:10000', true],
    ['LOCALHOST', true],
    ['192.168.1.20', true],
    ['203.0.113.9:10000', true],
    ['[fd00::1]:10000', true],
    ['[fd00::1', false],
    ['[evil.example]', false],
    ['raspberrypi', true],
    ['raspberrypi.local:10000', true],
    ['raspberrypi.local.', true],
    ['camera.home.arpa', true],
    ['camera.lan', true],
    ['photos.example', false],
    ['192.168.1.20.nip.io', false],
    ['evil.example#.local', false],
    ['evil.example/.local', false],
    ['localhost.evil.example', false],
    ['local', true],
    ['', false],
    [undefined, false],
  ])('%s: %s', (host, isLocal) => {
    expect(isLocalHost(host)).toBe(isLocal);
  });
});
