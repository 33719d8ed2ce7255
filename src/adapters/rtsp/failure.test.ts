import { describe, expect, it } from 'vitest';
import { type RtspMethod, socketFailure, statusCode, statusFailure } from './failure.ts';
import type { RtspResponse } from './message.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import type { StreamUrl } from './stream-url.ts';

const url: StreamUrl = { isTls: false, host: '192.168.1.20', port: 554, path: '/live?password=canary' };
const response = (status: number, headers: Record<string, string> = {}): RtspResponse => ({
  type: 'response',
  status,
  reason: 'Words',
  headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body: Buffer.alloc(0),
});

describe('statusCode', () => {
  it.each<[number, string, string, string, string]>([
    // status, OPTIONS, DESCRIBE, SETUP, PLAY
    [302, 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL'],
    [400, 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL'],
    [401, 'AUTH', 'AUTH', 'AUTH', 'AUTH'],
    [403, 'AUTH', 'AUTH', 'AUTH', 'AUTH'],
    [404, 'NO_PATH', 'NO_PATH', 'NO_PATH', 'NO_PATH'],
    [410, 'NO_PATH', 'NO_PATH', 'NO_PATH', 'NO_PATH'],
    [453, 'STREAM_LIMIT', 'STREAM_LIMIT', 'STREAM_LIMIT', 'STREAM_LIMIT'],
    [454, 'LOST', 'NO_PATH', 'NO_PATH', 'LOST'],
    [461, 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL'],
    [500, 'BUSY', 'BUSY', 'BUSY', 'BUSY'],
    [501, 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL'],
    [503, 'BUSY', 'STREAM_LIMIT', 'STREAM_LIMIT', 'STREAM_LIMIT'],
    [551, 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL'],
  ])('%i is %s, %s, %s, %s', (status, ...codes) => {
    const methods: RtspMethod[] = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'];
    expect(methods.map((method) => statusCode(method, response(status)))).toEqual(
      codes.map((code) => `SW_CAM_${code}`),
    );
  });

  it('503 with a time to come back is a camera that starts', () => {
    expect(statusCode('PLAY', response(503, { 'retry-after': '5' }))).toBe('SW_CAM_BUSY');
  });

  it('says what the camera said, without what the address hides', () => {
    const error = statusFailure('DESCRIBE', response(400), url);
    expect(error.facts).toMatchObject({ host: '192.168.1.20', port: 554, status: '400 Words' });
    expect(error.text('en')).toContain('DESCRIBE: 400 Words');
    expect(`${error.message} ${error.text('da')}`).not.toContain('canary');
  });
});

describe('socketFailure', () => {
  const failed = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });
  it.each([
    ['ECONNREFUSED', 'SW_CAM_PORT_CLOSED'],
    ['EHOSTUNREACH', 'SW_CAM_UNREACHABLE'],
    ['ENETUNREACH', 'SW_CAM_UNREACHABLE'],
    ['ETIMEDOUT', 'SW_CAM_UNREACHABLE'],
    ['ENOTFOUND', 'SW_CAM_HOST_UNKNOWN'],
    ['EAI_AGAIN', 'SW_CAM_HOST_UNKNOWN'],
    ['ECONNRESET', 'SW_CAM_LOST'],
    ['EPIPE', 'SW_CAM_LOST'],
    ['EPROTO', 'SW_CAM_PROTOCOL'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'SW_CAM_PROTOCOL'],
    ['EWHATEVER', 'SW_CAM_LOST'],
  ])('%s is %s', (code, expected) => {
    const cause = failed(code);
    expect(socketFailure(cause, url)).toMatchObject({ code: expected, cause });
  });

  it('of several addresses gives the first one’s', () => {
    const both = new AggregateError([failed('EHOSTUNREACH'), failed('ECONNREFUSED')]);
    expect(socketFailure(both, url).code).toBe('SW_CAM_UNREACHABLE');
  });

  it('gives a broken rule as the detail', () => {
    expect(socketFailure(new ProtocolViolation('a rule'), url).facts).toMatchObject({ detail: 'a rule' });
  });
});
