// Asks /api/v1 to do something, and says in words why it was refused.

import type { ApiProblem } from '../src/web/wire-api.ts';

export interface Answer<T> {
  readonly value: T | undefined;
  /** Cause and remedy; undefined: it was done. */
  readonly trouble: string | undefined;
  /** No answer came, or none of ours: it may have been done all the same. */
  readonly isUnanswered?: true;
  /** The revision of what was answered. */
  readonly etag?: string | undefined;
  /** What the API said of a refusal. */
  readonly problem?: Partial<ApiProblem>;
}

/** One wish has one key, so that a browser that sends it again, over a connection that broke, has one photo taken. */
const wishKey = (): string =>
  // Not randomUUID: over plain HTTP, as on most home networks, there is none.
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export interface AskOptions {
  readonly body?: unknown;
  /** Only if nobody changed it since this revision was read. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal;
}

/** What is said when no answer came; the page that asks says it in its language. */
let unanswered = '';
export const sayUnanswered = (text: string): void => {
  unanswered = text;
};

export const ask = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, ifMatch, signal }: AskOptions = {},
): Promise<Answer<T>> => {
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'POST' ? { 'idempotency-key': wishKey() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await answer.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    const etag = answer.headers.get('etag') ?? undefined;
    if (answer.ok) return { value: value as T, trouble: undefined, etag };
    const problem = (value ?? {}) as Partial<ApiProblem>;
    return { value: undefined, trouble: problem.detail ?? problem.title ?? `${answer.status}`, problem };
  } catch {
    // The connection is gone, or something between here and there answered in its place: the browser's own words help nobody.
    return { value: undefined, trouble: unanswered, isUnanswered: true };
  }
};
