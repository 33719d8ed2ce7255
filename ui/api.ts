// Asks /api/v1 to do something, and says in words why it was refused.

import type { ApiProblem } from '../src/web/wire-api.ts';

export interface Answer<T> {
  readonly value: T | undefined;
  /** Cause and remedy; undefined: it was done. */
  readonly trouble: string | undefined;
  /** No answer came, or none of ours: it may have been done all the same. */
  readonly isUnanswered?: true;
}

/** One wish has one key, so that a browser that sends it again, over a connection that broke, has one photo taken. */
const wishKey = (): string =>
  // Not randomUUID: over plain HTTP, as on most home networks, there is none.
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const ask = async <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> => {
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'POST' ? { 'idempotency-key': wishKey() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.ok) return { value: value as T, trouble: undefined };
    const { title, detail } = (value ?? {}) as Partial<ApiProblem>;
    return { value: undefined, trouble: detail ?? title ?? `${answer.status}` };
  } catch (thrown) {
    return { value: undefined, trouble: String(thrown), isUnanswered: true };
  }
};
