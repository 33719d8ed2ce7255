// What watches this program asks: /readyz, with reasons, and /metrics in Prometheus' text format.

import type { FastifyInstance } from 'fastify';
import type { WebDeps } from './deps.ts';
import type { ReadyView } from './wire.ts';

export const vitalRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  app.get('/readyz', { config: { access: { may: 'view', of: 'site' } } }, async (_, reply) => {
    const { isReady, sees, keeps, ships } = await deps.vitals.readiness();
    const view: ReadyView = {
      ready: isReady,
      sees: { ok: sees.isTrue, reasons: sees.reasons },
      keeps: { ok: keeps.isTrue, reasons: keeps.reasons },
      ships: { ok: ships.isTrue, reasons: ships.reasons },
    };
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(view);
  });

  app.get('/metrics', { config: { access: { may: 'view', of: 'site' } } }, async (_, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await deps.vitals.metrics()),
  );
};
