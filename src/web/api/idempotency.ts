// `Idempotency-Key`: a write that is repeated, because its answer was lost on the way, is answered again and not done again
// (draft-ietf-httpapi-idempotency-key-header). Kept in memory: after a restart a key is new.

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Language } from '../../domain/errors.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WebDeps } from '../deps.ts';
import { requestLanguage } from '../visit.ts';
import { sendRequestTrouble } from './problem.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

interface Kept {
  readonly request: string;
  readonly at: number;
  /** undefined: it is being worked on. */
  answer: Answer | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: string | undefined;
  }
}

/** A day: a phone that was out of range over night repeats what it wanted. */
const KEEP_FOR: Ms = seconds(24 * 3600);
/** Each costs about a kilobyte. */
const MOST_KEPT = 2000;
const REPEATED_HEADERS = ['content-type', 'location', 'etag'] as const;
const KEY = /^[\x21-\x7e]{1,128}$/;

const fingerprint = (method: string, url: string, body: unknown): string =>
  createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest('base64url');

export const repeatAnswers = (
  api: FastifyInstance,
  deps: Pick<WebDeps, 'language'> & { readonly clock: Clock },
): void => {
  const kept = new Map<string, Kept>();
  const forgetOld = (): void => {
    const now = deps.clock.now().mono;
    for (const [key, { at }] of kept) {
      if (now - at <= KEEP_FOR && kept.size <= MOST_KEPT) break;
      kept.delete(key);
    }
  };
  api.decorateRequest('idempotencyKey', undefined);

  api.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (request.method === 'GET' || request.method === 'HEAD' || header === undefined) return undefined;
    const language: Language = requestLanguage(request, deps.language);
    if (typeof header !== 'string' || !KEY.test(header)) {
      const errors = [{ at: 'headers/Idempotency-Key', detail: '1 to 128 visible ASCII characters' }];
      return sendRequestTrouble(reply, 'invalid', language, errors);
    }
    forgetOld();
    const { kind, id } = request.principal;
    const key = `${kind} ${id} ${header}`;
    const print = fingerprint(request.method, request.url, request.body);
    const known = kept.get(key);
    if (!known) {
      kept.set(key, { request: print, at: deps.clock.now().mono, answer: undefined });
      request.idempotencyKey = key;
      return undefined;
    }
    if (known.request !== print) return sendRequestTrouble(reply, 'keyReused', language);
    if (!known.answer) return sendRequestTrouble(reply, 'inUse', language);
    return reply.code(known.answer.status).headers(known.answer.headers).send(known.answer.payload);
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const entry = request.idempotencyKey === undefined ? undefined : kept.get(request.idempotencyKey);
    if (!entry || request.idempotencyKey === undefined) return payload;
    // What may pass by itself is tried again; a stream cannot be told twice.
    if (reply.statusCode >= 500 || (typeof payload !== 'string' && payload !== undefined && payload !== null)) {
      kept.delete(request.idempotencyKey);
      return payload;
    }
    const headers: Record<string, string> = {};
    for (const name of REPEATED_HEADERS) {
      const value = reply.getHeader(name);
      if (typeof value === 'string') headers[name] = value;
    }
    entry.answer = { status: reply.statusCode, headers, payload: typeof payload === 'string' ? payload : '' };
    return payload;
  });
};
