// The System screens' addresses.

import type { FastifyInstance } from 'fastify';
import type { WebDeps } from './deps.ts';
import { sendView } from './document.ts';
import { visitOf } from './pages/frame.ts';
import { systemPage } from './pages/system.ts';
import { seenBy } from './visible.ts';

export const systemRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get('/system', { config: { access: { may: 'view', of: 'site' } } }, (request, reply) =>
    sendView(request, reply, systemPage(visitOf(request, seenBy(request, all))), all.assets),
  );
};
