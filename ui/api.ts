// Asks /api/v1 to do something, and says in words why it was refused.

import type { ApiProblem } from '../src/web/wire-api.ts';

export interface Answer<T> {
  readonly value: T | undefined;
  /** Cause and remedy; undefined: it was done. */
  readonly trouble: string | undefined;
}

export const ask = async <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> => {
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.ok) return { value: value as T, trouble: undefined };
    const { title, detail } = (value ?? {}) as Partial<ApiProblem>;
    return { value: undefined, trouble: detail ?? title ?? `${answer.status}` };
  } catch (thrown) {
    return { value: undefined, trouble: String(thrown) };
  }
};
