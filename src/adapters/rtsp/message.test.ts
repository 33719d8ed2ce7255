import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAnswer, formatRequest, type RtspMessage, RtspParser } from './message.ts';
import { ProtocolViolation } from './protocol-violation.ts';

type Seen = RtspMessage | { readonly channel: number; readonly content: string };

const collect = (chunks: Iterable<Buffer>): Seen[] => {
  const seen: Seen[] = [];
  const parser = new RtspParser({
    message: (message) => seen.push(message),
    frame: (channel, bytes, start, end) => seen.push({ channel, content: bytes.toString('hex', start, end) }),
  });
  for (const chunk of chunks) parser.push(chunk);
  return seen;
};

/** Cuts `bytes` at the given places. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
};

const frame = fc
  .tuple(fc.nat(255), fc.uint8Array({ maxLength: 300 }))
  .map(([channel, content]) =>
    Buffer.concat([Buffer.from([0x24, channel, content.length >> 8, content.length & 255]), content]),
  );
const response = fc
  .tuple(fc.integer({ min: 100, max: 599 }), fc.uint8Array({ maxLength: 200 }), fc.constantFrom('\r\n', '\n'))
  .map(([status, body, eol]) =>
    Buffer.concat([
      Buffer.from(`RTSP/1.0 ${status} Something${eol}CSeq: 7${eol}Content-Length: ${body.length}${eol}${eol}`),
      body,
    ]),
  );
const request = fc.constant(Buffer.from('OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 3\r\n\r\n'));
const emptyLine = fc.constant(Buffer.from('\r\n'));

describe('RtspParser', () => {
  it('sees the same wherever the stream is cut, and all of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: frame }, response, request), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (units, places) => {
          const bytes = Buffer.concat(units);
          const whole = collect([bytes]);
          expect(whole).toHaveLength(units.length);
          expect(collect(cut(bytes, places))).toEqual(whole);
          expect(collect([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('does not keep the chunk: what was held survives the buffer’s next use', () => {
    const shared = Buffer.alloc(64);
    const seen: Seen[] = [];
    const parser = new RtspParser({
      message: (message) => seen.push(message),
      frame: (channel, bytes, start, end) => seen.push({ channel, content: bytes.toString('hex', start, end) }),
    });
    const bytes = Buffer.from('240000040102030424010002aabb', 'hex');
    for (const part of cut(bytes, [6, 9])) {
      part.copy(shared);
      parser.push(shared.subarray(0, part.length));
      shared.fill(0xee);
    }
    expect(seen).toEqual([
      { channel: 0, content: '01020304' },
      { channel: 1, content: 'aabb' },
    ]);
  });

  it('reads what cameras write', () => {
    const text = [
      'RTSP/1.0 401 Unauthorized',
      'CSeq : 2',
      'WWW-Authenticate: Basic realm="a"',
      'WWW-Authenticate: Digest realm="b",',
      '  nonce="c"',
      'no header at all',
      'Content-length:3',
      '',
      'abc',
    ].join('\n');
    const [message] = collect([Buffer.from(`\r\n${text}\r\n`)]);
    expect(message).toMatchObject({ type: 'response', status: 401, reason: 'Unauthorized' });
    if (!message || !('headers' in message)) throw new Error('not a message');
    expect([...message.headers]).toEqual([
      ['cseq', ['2']],
      ['www-authenticate', ['Basic realm="a"', 'Digest realm="b", nonce="c"']],
      ['content-length', ['3']],
    ]);
    expect(message.body.toString()).toBe('abc');
  });

  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['bytes below A', '\x16\x03\x01'],
    ['an endless line', `RTSP/1.0 200 ${'x'.repeat(20_000)}`],
    ['endless headers', `RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(4000)}`],
    ['many headers', `RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(150)}\r\n`],
    ['a long header', `RTSP/1.0 200 OK\r\na: ${'b'.repeat(5000)}\r\n\r\n`],
    ['a body of 1 MB', 'RTSP/1.0 200 OK\r\nContent-Length: 1000000\r\n\r\n'],
    ['a negative length', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'RTSP/1.0 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ])('refuses %s, at once and byte by byte', (_, text) => {
    expect(() => collect([Buffer.from(text)])).toThrow(ProtocolViolation);
    expect(() => collect([...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toThrow(ProtocolViolation);
  });

  it('keeps little, and never fails otherwise, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 400 }), frame, response, request, emptyLine), { maxLength: 20 }),
        (chunks) => {
          const parser = new RtspParser({ message: () => undefined, frame: () => undefined });
          try {
            for (const chunk of chunks) {
              parser.push(Buffer.from(chunk));
              expect(parser.heldLength).toBeLessThanOrEqual(16 * 1024 + 64 * 1024 + 400);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolViolation);
          }
        },
      ),
    );
  });
});

describe('what we write', () => {
  it('is read back', () => {
    const text = formatRequest('DESCRIBE', 'rtsp://cam:554/x', { CSeq: 4, Accept: 'application/sdp' });
    expect(text).toBe('DESCRIBE rtsp://cam:554/x RTSP/1.0\r\nCSeq: 4\r\nAccept: application/sdp\r\n\r\n');
    expect(collect([Buffer.from(text)])).toMatchObject([{ type: 'request', method: 'DESCRIBE' }]);
  });

  it.each([
    ['OPTIONS', '5', 'RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n'],
    ['ANNOUNCE', '6', 'RTSP/1.0 501 Not Implemented\r\nCSeq: 6\r\n\r\n'],
    ['OPTIONS', '6; evil', 'RTSP/1.0 200 OK\r\nCSeq: 0\r\n\r\n'],
  ])('answers %s %s', (method, cseq, answer) => {
    const headers = new Map([['cseq', [cseq]]]);
    expect(formatAnswer({ type: 'request', method, headers, body: Buffer.alloc(0) })).toBe(answer);
  });
});
