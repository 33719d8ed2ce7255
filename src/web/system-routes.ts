// The System screens' addresses.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ViewingLog } from './auth/viewing.ts';
import type { WebDeps } from './deps.ts';
import { sendView } from './document.ts';
import { accountPage } from './pages/account.ts';
import { auditPage } from './pages/audit.ts';
import { type Visit, visitOf } from './pages/frame.ts';
import { healthPage } from './pages/health.ts';
import { NOTIFICATIONS_PAGE, notificationsPage } from './pages/notifications.ts';
import { storagePage } from './pages/storage.ts';
import { systemPage } from './pages/system.ts';
import { usersPage } from './pages/users.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';
import { queryValue } from './visit.ts';
import type { PageView } from './wire-pages.ts';

const LOOK = { config: { access: { may: 'view', of: 'site' } } } as const;
const SELF = { config: { access: { may: 'self', of: 'site' } } } as const;
const CONFIGURE = { config: { access: { may: 'configure', of: 'site' } } } as const;
const ADMINISTER = { config: { access: { may: 'administer', of: 'site' } } } as const;

export const systemRoutes = (app: FastifyInstance, all: WebDeps, viewings: ViewingLog | undefined): void => {
  const page =
    (draw: (visit: Visit) => Promise<PageView | undefined>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const view = await draw(visitOf(request, seenBy(request, all)));
      return view ? sendView(request, reply, view, all.assets) : sendTrouble(all, request, reply, 'notFound');
    };
  app.get('/system', LOOK, page(systemPage));
  app.get('/storage', LOOK, page(storagePage));
  app.get('/health', LOOK, page(healthPage));
  if (all.api.notifier && all.api.config) {
    app.get(NOTIFICATIONS_PAGE, CONFIGURE, async (request, reply) => {
      const before = queryValue(request, 'before');
      if (before === null) return sendTrouble(all, request, reply, 'badRequest');
      return page((visit) => notificationsPage(visit, before))(request, reply);
    });
  }
  const { auth } = all;
  if (!auth) return;
  app.get(
    '/account',
    SELF,
    page((visit) => accountPage(visit, auth)),
  );
  app.get(
    '/users',
    ADMINISTER,
    page((visit) => usersPage(visit, auth)),
  );
  app.get('/audit', ADMINISTER, async (request, reply) => {
    const [before, changes] = [queryValue(request, 'before'), queryValue(request, 'changes')];
    if (before === null || (before !== undefined && !/^\d{1,15}$/.test(before)))
      return sendTrouble(all, request, reply, 'badRequest');
    await viewings?.write();
    const wish = { before: before === undefined ? undefined : Number(before), changesOnly: changes === '1' };
    return page((visit) => auditPage(visit, auth, wish))(request, reply);
  });
};
