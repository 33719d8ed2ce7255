// Headers that every answer carries, so that no route can forget them.

import type { FastifyInstance } from 'fastify';
import type { WebDeps } from './deps.ts';

/** Of what is named by its content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** The same for this visitor alone: nothing between here and there keeps it. */
export const PRIVATE_IMMUTABLE = 'private, max-age=31536000, immutable';

/** Nothing inline, nothing from elsewhere, no frames, no forms to elsewhere. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of a photo opened by itself: a picture and nothing else, whatever its bytes pretend to be. The style is the browser's own. */
export const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** A year. Only with a certificate that browsers trust: with one of our own it would lock its owner out when it is replaced. */
const HSTS = 'max-age=31536000';

export const securityHeaders = (deps: Pick<WebDeps, 'access' | 'tls'>): Readonly<Record<string, string>> => ({
  'content-security-policy': CONTENT_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Elsewhere nothing is told of where one was. Not `no-referrer`: a browser would send its own forms with `Origin: null`,
  // and a form of ours could not be told from a foreign one (Fetch 3.2, "serializing a request origin").
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // Where everybody may look, other pages may show the photos too; where only this network may, they may not.
  'cross-origin-resource-policy': deps.access.publicView ? 'cross-origin' : 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  ...(deps.tls?.isCertified ? { 'strict-transport-security': HSTS } : {}),
});

export const sendSecurityHeaders = (app: FastifyInstance, deps: WebDeps): void => {
  const headers = securityHeaders(deps);
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(headers);
  });
};
