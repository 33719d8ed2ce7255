// The owner of a running program, asking its API.

import { expect } from 'vitest';
import { eventually, type Program } from './program.ts';

export interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: Record<string, unknown>;
}

export type Ask = (method: string, path: string, body?: object, tag?: string) => Promise<Answer>;

/** Claims the site with the key that was printed. @returns the session's cookie, good after a restart too */
export const claim = async (program: Program): Promise<string> => {
  const key = await eventually('the set-up key', () => /\/setup#(\S+)/.exec(program.printed())?.[1], 240_000);
  const claimed = await fetch(`${program.url}/api/v1/setup`, {
    method: 'POST',
    headers: { origin: program.url, 'content-type': 'application/json' },
    body: JSON.stringify({ key, name: 'Anna', password: 'seven wild horses' }),
  });
  expect(claimed.status).toBe(201);
  return claimed.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
};

export const owner =
  (program: Program, cookie: string): Ask =>
  async (method, path, body, tag) => {
    const answer = await fetch(`${program.url}/api/v1${path}`, {
      method,
      headers: {
        origin: program.url,
        cookie,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(tag === undefined ? {} : { 'if-match': tag }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
