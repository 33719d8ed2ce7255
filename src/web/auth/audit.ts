// Everything that changes something by the API is written down, unless its route says otherwise: a new route cannot forget it.

import type { FastifyInstance } from 'fastify';
import type { AuditAction } from '../../domain/account.ts';
import type { WebDeps } from '../deps.ts';
import type { AuthDeps } from './deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is written into the audit log when it was done. Default: nothing for `GET`, `changed` for the rest. */
    audit?: AuditAction | 'nothing';
  }
  interface FastifySchema {
    operationId?: string;
  }
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The routes of accounts write for themselves: they know names where the address has ids. */
const TELLS_ITSELF = 'accounts';

export const auditWrites = (api: FastifyInstance, deps: Pick<WebDeps, 'clock'>, { accounts }: AuthDeps): void => {
  // Before the answer leaves: whoever is told that it was done finds it in the log.
  api.addHook('onSend', async (request, reply, payload) => {
    const { config, schema, url = '' } = request.routeOptions;
    const action = config.audit ?? (SAFE.has(request.method) ? 'nothing' : 'changed');
    const isOwn = schema?.tags?.includes(TELLS_ITSELF) ?? false;
    if (action === 'nothing' || isOwn || reply.statusCode >= 300 || request.method === 'HEAD') return payload;
    const { principal, origin } = request.identity;
    const objects = Object.values(request.params as Readonly<Record<string, string>>);
    // What was taken away together is named by its question.
    const asked = action === 'exported' ? Object.entries(request.query as object).map((pair) => pair.join('=')) : [];
    await accounts.write({
      at: deps.clock.now().wall,
      action,
      who: principal.name,
      address: origin.address,
      object: [schema?.operationId ?? url, ...objects, ...asked].join(' ').slice(0, 200),
    });
    return payload;
  });
};
