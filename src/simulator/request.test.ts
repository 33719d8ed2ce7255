import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Received, requestReader } from './request.ts';

const STREAM: Buffer = Buffer.concat([
  Buffer.from('OPTIONS rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
  Buffer.from('$\x01\x00\x03abc', 'latin1'),
  Buffer.from('SET_PARAMETER rtsp://a/b RTSP/1.0\r\nCSeq:2\r\nContent-Length: 4\r\n\r\nx: y'),
  Buffer.from('TEARDOWN rtsp://a/b RTSP/1.0\r\nCSeq: 3\r\nSession: 77\r\n\r\n'),
]);

const names = (received: readonly Received[]): string[] =>
  received.map((one) =>
    one.type === 'request' ? `${one.request.method} ${one.request.headers.get('cseq')}` : one.type,
  );

describe('requestReader', () => {
  it('finds the same requests and frames however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 30 }), (cuts) => {
        const read = requestReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const received = edges.slice(1).flatMap((end, index) => read(STREAM.subarray(edges[index], end)));
        expect(names(received)).toEqual(['OPTIONS 1', 'frame', 'SET_PARAMETER 2', 'TEARDOWN 3']);
      }),
    );
  });

  it.each([
    ['another protocol', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an endless head', `OPTIONS rtsp://a RTSP/1.0\r\nX: ${'y'.repeat(9000)}`],
    ['a head that is too long', `OPTIONS rtsp://a RTSP/1.0\r\nX: ${'y'.repeat(9000)}\r\n\r\n`],
    ['a body without an end', 'OPTIONS rtsp://a RTSP/1.0\r\nContent-Length: 999999999\r\n\r\n'],
    ['a negative body', 'OPTIONS rtsp://a RTSP/1.0\r\nContent-Length: -1\r\n\r\n'],
  ])('calls %s nonsense, once', (_, text) => {
    expect(names(requestReader()(Buffer.from(`${text}${text}`)))).toEqual(['nonsense']);
  });
});
