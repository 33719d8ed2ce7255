import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, Secret } from './secret.ts';

describe('a secret', () => {
  it('gives its value only when asked for it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (value) => {
        const secret = new Secret(`canary-${value}`);
        expect(secret.reveal()).toBe(`canary-${value}`);
        const shown = [
          String(secret),
          ['a', secret].join(),
          JSON.stringify({ secret }),
          inspect({ secret }, { depth: 9, showHidden: true }),
          Object.keys(secret).join(),
          JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
          JSON.stringify(Object.assign({}, secret)),
          String(new Error(String(secret))),
        ];
        for (const text of shown) expect(text).not.toContain('canary');
      }),
    );
  });
  it('cannot be changed or copied into another value', () => {
    const secret = new Secret('a');
    expect(Object.isFrozen(secret)).toBe(true);
    expect(structuredClone({ secret }).secret).toEqual({});
  });
});

describe('redacting text', () => {
  it.each([
    ['rtsp://admin:pa55@10.0.0.2:554/stream1', 'rtsp://•••@10.0.0.2:554/stream1'],
    ['rtsp://admin@10.0.0.2/stream1', 'rtsp://•••@10.0.0.2/stream1'],
    ['RTSPS://u:p@h/', 'RTSPS://•••@h/'],
    ['rtsp://u:p@ss@h/x', 'rtsp://•••@h/x'],
    ['two: http://a:b@c and ftp://d:e@f!', 'two: http://•••@c and ftp://•••@f!'],
    ['rtsp://10.0.0.2/stream1', 'rtsp://10.0.0.2/stream1'],
    ['http://h/snap?user=u&pwd=p&x=1', 'http://h/snap?user=•••&pwd=•••&x=1'],
    ['http://h/cgi?loginuse=a&loginpas=b', 'http://h/cgi?loginuse=•••&loginpas=•••'],
    ['rtsp://u:pa/ss@h/x', 'rtsp://•••@h/x'],
    ['rtsp://10.0.0.2:554/mail?to=a@b', 'rtsp://10.0.0.2:554/mail?to=a@b'],
    ['write to me@example.org', 'write to me@example.org'],
    ['', ''],
  ])('%s', (text, expected) => expect(redact(text)).toBe(expected));

  it('leaves no password of an address, whatever it is made of', () => {
    const password = fc.string({
      unit: fc.constantFrom(...'a B 7 ! $ & * + , ; = : @ . _ ~ % - ^ ( ) { } | / ? #'.split(' ')),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(password, (value) => {
        const secret = `Xq${value}qX`;
        expect(redact(`cannot open rtsp://admin:${secret}@10.0.0.2:554/stream1 (refused)`)).toBe(
          'cannot open rtsp://•••@10.0.0.2:554/stream1 (refused)',
        );
      }),
    );
  });
});
