import type { FastifyInstance } from 'fastify';
import type { WebDeps } from './deps.ts';
import { sendView } from './document.ts';
import { IMMUTABLE } from './headers.ts';
import { offlinePage } from './pages/offline.ts';
import { sendTrouble } from './trouble.ts';
import { requestLanguage } from './visit.ts';

/** `/assets/*`: open, for the page that says no must look like the others. */
export const assetRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  const { assets } = deps;
  app.get<{ Params: { name: string } }>('/assets/:name', { config: { access: 'public' } }, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (!asset) return sendTrouble(deps, request, reply, 'notFound');
    return reply.header('cache-control', IMMUTABLE).type(asset.type).send(asset.body);
  });
  // At the root, because it may only look after what lies beneath it; never kept, so that a new release is noticed.
  app.get('/sw.js', { config: { access: 'public' } }, (_, reply) => {
    const worker = assets.get(assets.worker.replace('/assets/', ''));
    return reply
      .header('cache-control', 'no-cache')
      .type(worker?.type ?? 'text/plain')
      .send(worker?.body);
  });
  app.get('/offline', { config: { access: 'public' } }, (request, reply) =>
    sendView(request, reply, offlinePage(deps, requestLanguage(request, deps.language)), assets),
  );
  // Asked for by browsers and feed readers without looking at the page.
  app.get('/favicon.ico', { config: { access: 'public' } }, (_, reply) => reply.redirect(assets.icon, 302));
};
