// Asks /api/v1 to do something, and says in words why it was refused. Which calls there are, the OpenAPI document says.

import type { ApiProblem } from '../src/web/wire-api.ts';
import type { Calls } from './api-calls.ts';

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

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `/cameras/{camera}/settings` with any text for each name in it. */
type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Path;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** The call of the OpenAPI document that `M` and `P` name; never: there is none. */
type CallOf<M extends Method, P extends string> = M extends Method
  ? P extends string
    ? {
        [K in keyof Calls]: K extends `${M} ${infer Path}`
          ? Same<P, Filled<Path>> extends true
            ? Calls[K]
            : never
          : never;
      }[keyof Calls]
    : never
  : never;
/** `P`, when there is such a call, else nothing: what is not in the API does not compile. */
export type KnownPath<M extends Method, P extends string> = [CallOf<M, P>] extends [never] ? never : P;
export type AnswerOf<M extends Method, P extends string> = CallOf<M, P>['answer'];
export type BodyOf<M extends Method, P extends string> = CallOf<M, P>['body'];

export interface AskOptions<Body = unknown> {
  readonly body?: Body;
  /** Only if nobody changed it since this revision was read. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal;
}

/** What is said when no answer came; the page that asks says it in its language. */
let unanswered = '';
export const sayUnanswered = (text: string): void => {
  unanswered = text;
};

export const ask = async <M extends Method, const P extends string>(
  method: M,
  path: P & KnownPath<M, P>,
  { body, ifMatch, signal }: AskOptions<BodyOf<M, P>> = {},
): Promise<Answer<AnswerOf<M, P>>> => {
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
    if (answer.ok) return { value: value as AnswerOf<M, P>, trouble: undefined, etag };
    const problem = (value ?? {}) as Partial<ApiProblem>;
    return { value: undefined, trouble: problem.detail ?? problem.title ?? `${answer.status}`, problem };
  } catch {
    // The connection is gone, or something between here and there answered in its place: the browser's own words help nobody.
    return { value: undefined, trouble: unanswered, isUnanswered: true };
  }
};
