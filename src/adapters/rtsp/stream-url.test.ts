import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlUrl, formatStreamUrl, namedHost, onReachedHost, parseStreamUrl, type StreamUrl } from './stream-url.ts';

const reached: StreamUrl = { isTls: false, host: '192.168.1.20', port: 554, path: '/stream2' };

describe('parseStreamUrl', () => {
  it.each([
    ['rtsp://192.168.1.20/stream2', 'rtsp://192.168.1.20:554/stream2'],
    ['rtsp://cam.local:8554/a?b=1&c=2', 'rtsp://cam.local:8554/a?b=1&c=2'],
    ['rtsps://cam/x', 'rtsps://cam:322/x'],
    ['RTSP://cam', 'rtsp://cam:554'],
    ['rtsp://[fe80::1%eth0]:8554/x', 'rtsp://[fe80::1]:8554/x'],
    ['rtsp://cam/a b\r\nX: y#z', 'rtsp://cam:554/a%20b%0D%0AX:%20y'],
    ['rtsp://cam/ø', 'rtsp://cam:554/%C3%B8'],
  ])('%j is %s in a request', (text, request) => {
    const url = parseStreamUrl(text);
    expect(url && formatStreamUrl(url)).toBe(request);
  });

  it.each([
    'http://cam/x',
    'rtsp://user:secret@cam/x',
    'rtsp://user@cam/x',
    'rtsp://cam:0/x',
    'rtsp://cam:70000/x',
    'rtsp://',
    'cam/x',
    '',
  ])('%j is none', (text) => {
    expect(parseStreamUrl(text)).toBeUndefined();
  });
});

describe('controlUrl', () => {
  const dahua: StreamUrl = { ...reached, path: '/cam/realmonitor?channel=1&subtype=1' };
  it.each([
    [reached, undefined, '/stream2'],
    [reached, '*', '/stream2'],
    [reached, '', '/stream2'],
    [reached, 'track1', '/stream2/track1'],
    [reached, '/track1', '/stream2/track1'],
    [{ ...reached, path: '/stream2/' }, 'track1', '/stream2/track1'],
    [reached, '?ctype=video', '/stream2?ctype=video'],
    [dahua, 'trackID=0', '/cam/realmonitor?channel=1&subtype=1/trackID=0'],
    [reached, 'rtsp://10.0.0.5:8554/inner/trackID=0?x=1', '/inner/trackID=0?x=1'],
    [reached, 'rtsp://admin:pass@10.0.0.5/inner', '/inner'],
    [reached, 'rtsp://10.0.0.5', ''],
  ] as const)('%# %j + %s', (base, control, path) => {
    expect(controlUrl(base, control)).toEqual({ ...base, path });
  });
});

describe('a hostile control URL', () => {
  it('never changes host and port, and never breaks a request line', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', 'rtsp://', 'rtsp://evil:1/', 'rtsp://a@b@'), (text, prefix) => {
        for (const url of [controlUrl(reached, prefix + text), onReachedHost(prefix + text, reached)]) {
          expect([url.host, url.port, url.isTls]).toEqual(['192.168.1.20', 554, false]);
          expect(url.path).toMatch(/^[\x21-\x7e]*$/);
        }
      }),
    );
  });
});

describe('namedHost', () => {
  it.each([
    ['rtsp://CAM:554/x', 'cam'],
    ['rtsp://u:p@10.0.0.5/x', '10.0.0.5'],
    ['rtsp://[::1]:8554/x', '::1'],
    ['rtsp://evil.example?cam', 'evil.example'],
    ['/x', undefined],
    ['track1', undefined],
  ])('%s', (url, host) => {
    expect(namedHost(url)).toBe(host);
  });
});
