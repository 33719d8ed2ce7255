// Cameras that send by themselves: when each was last heard of, and what to type into them. The key is shown to those who may
// configure that camera only.

import type { FastifyInstance } from 'fastify';
import { allows } from '../domain/permission.ts';
import type { WebDeps } from './deps.ts';
import { sendView, VARY, wantsView } from './document.ts';
import { pushedCamera } from './inbox-api.ts';
import { prefersJson } from './language.ts';
import { visitOf } from './pages/frame.ts';
import { inboxCameraPage, inboxPage } from './pages/pushed.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';

export const inboxRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const { inbox: pages } = all;
  if (!pages) return;

  app.get('/inbox', { config: { access: { may: 'view', of: 'some' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    if (wantsView(request) || !prefersJson(request.headers.accept)) {
      return sendView(request, reply, await inboxPage(visitOf(request, deps)), deps.assets);
    }
    const cameras = pages.settings.cameras.filter(({ id }) => allows(request.principal, 'view', id));
    const items = cameras.map((camera) => pushedCamera(camera, pages, deps.clock.now().wall, deps.zone));
    return reply.headers({ 'cache-control': 'no-store', vary: VARY }).send({ items });
  });

  app.get<{ Params: { camera: string } }>(
    '/inbox/:camera',
    { config: { access: { may: 'configure', of: 'camera' } } },
    async (request, reply) => {
      const camera = pages.settings.cameras.find(({ id }) => id === request.params.camera);
      if (!camera) return sendTrouble(all, request, reply, 'notFound');
      const deps = seenBy(request, all);
      const page = await inboxCameraPage(visitOf(request, deps), camera, pages);
      return sendView(request, reply.header('cache-control', 'no-store'), page, deps.assets);
    },
  );
};
