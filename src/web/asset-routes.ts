import type { FastifyInstance } from 'fastify';
import type { WebDeps } from './deps.ts';
import { IMMUTABLE } from './headers.ts';
import { sendTrouble } from './trouble.ts';

/** `/assets/*`: open, for the page that says no must look like the others. */
export const assetRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  const { assets } = deps;
  app.get<{ Params: { name: string } }>('/assets/:name', { config: { access: 'public' } }, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (!asset) return sendTrouble(deps, request, reply, 'notFound');
    return reply.header('cache-control', IMMUTABLE).type(asset.type).send(asset.body);
  });
  // Asked for by browsers and feed readers without looking at the page.
  app.get('/favicon.ico', { config: { access: 'public' } }, (_, reply) => reply.redirect(assets.icon, 302));
};
