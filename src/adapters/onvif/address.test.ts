import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachable, reachableStream } from './address.ts';

const list = (given: string, reached: string): readonly string[] =>
  reachable(given, new URL(reached)).map((url) => url.href);

describe('reachable', () => {
  it.each([
    [
      'its own address',
      'http://192.168.1.9/onvif/e',
      'http://192.168.1.9/onvif/device_service',
      ['http://192.168.1.9/onvif/e'],
    ],
    [
      'another service port',
      'http://192.168.1.9:8081/e',
      'http://192.168.1.9/',
      ['http://192.168.1.9:8081/e', 'http://192.168.1.9/e'],
    ],
    [
      'the LAN address behind NAT',
      'http://192.168.1.9/e?a=1',
      'http://example.org:8080/',
      ['http://example.org:8080/e?a=1', 'http://example.org/e?a=1'],
    ],
    ['loopback', 'http://127.0.0.1:2020/e', 'http://10.0.0.5:2020/', ['http://10.0.0.5:2020/e']],
    ['a relative address', '/onvif/e', 'http://10.0.0.5:2020/onvif/device_service', ['http://10.0.0.5:2020/onvif/e']],
    ['in the clear though reached by TLS', 'http://10.0.0.5/e', 'https://10.0.0.5:8443/', ['https://10.0.0.5:8443/e']],
    [
      'TLS though reached in the clear',
      'https://10.0.0.5/e',
      'http://10.0.0.5/',
      ['https://10.0.0.5/e', 'http://10.0.0.5/e'],
    ],
    ['with a login in it', 'http://root:pass@10.0.0.5/e#x', 'http://10.0.0.5/', ['http://10.0.0.5/e']],
    ['IPv6', 'http://[fe80::1]:80/e', 'http://[2001:db8::5]/', ['http://[2001:db8::5]/e']],
    ['a stream', 'rtsp://10.0.0.5/stream1', 'http://10.0.0.5/', []],
    ['nonsense', 'http://', 'http://10.0.0.5/', []],
    ['nothing', '  ', 'http://10.0.0.5/', []],
  ])('%s', (_, given, reached, urls) => {
    expect(list(given, reached)).toEqual(urls);
  });

  it('never leaves the host it was reached by, and never leaves TLS', () => {
    const host = fc.constantFrom('10.0.0.5', 'evil.example', '127.0.0.1', 'cam');
    const url = fc.tuple(fc.constantFrom('http', 'https'), host, fc.integer({ min: 1, max: 65_535 }), fc.webPath());
    fc.assert(
      fc.property(url, url, ([scheme, name, port, path], [scheme2, name2, port2]) => {
        const reached = new URL(`${scheme2}://${name2}:${port2}/`);
        for (const found of reachable(`${scheme}://${name}:${port}${path}`, reached)) {
          expect(found.hostname).toBe(reached.hostname);
          if (reached.protocol === 'https:') expect(found.protocol).toBe('https:');
        }
      }),
    );
  });
});

describe('reachableStream', () => {
  it.each([
    [
      'rtsp://192.168.1.9:554/cam?channel=1&subtype=1',
      'http://example.org:8080/',
      'rtsp://example.org:554/cam?channel=1&subtype=1',
    ],
    ['rtsp://u:p@127.0.0.1/stream1', 'http://10.0.0.5/', 'rtsp://10.0.0.5/stream1'],
    ['http://10.0.0.5/x', 'http://10.0.0.5/', undefined],
    ['', 'http://10.0.0.5/', undefined],
  ])('%s', (given, reached, url) => {
    expect(reachableStream(given, new URL(reached))?.href).toBe(url);
  });
});
