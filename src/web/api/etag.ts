// Entity tags of JSON answers: what did not change is not sent again (RFC 9110 8.8.3, 13.1.2).

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { isNotModified } from '../visit.ts';

/** Every answer to GET that has no tag of its own gets one of its text. */
export const tagAnswers = (api: FastifyInstance): void => {
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const own = reply.getHeader('etag');
    const tag =
      typeof own === 'string' ? own : `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', tag);
    // Kept by the browser, and asked about each time: what one may see can change at any moment.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    reply.header('vary', 'Accept-Language, Cookie, Authorization');
    if (!isNotModified(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-length');
    return '';
  });
};

/** False when `If-Match` names other tags only. */
export const isMatched = (header: string | undefined, tag: string): boolean =>
  header === undefined || header.trim() === '*' || header.split(',').some((one) => one.trim() === tag);
