// /s/<token>: what a share link shows, for whoever has it. No login, no script, no list of links; a link that is over, was
// taken back or never was answers the same.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStillId } from '../../domain/ids.ts';
import type { AuthDeps } from '../auth/deps.ts';
import type { WebDeps } from '../deps.ts';
import { documentOf, sendView } from '../document.ts';
import { sharedPhotoPage, sharePage } from '../pages/share.ts';
import { troublePage } from '../pages/trouble.ts';
import type { SendPhoto } from '../stills.ts';
import { TEXTS } from '../texts.ts';
import { sendTrouble } from '../trouble.ts';
import { parseCursor, queryValue, requestLanguage } from '../visit.ts';
import type { PageView } from '../wire-pages.ts';
import { openSelection, type Selection } from './selection.ts';

/** Asked again each time: the link may have been taken back. */
const CACHING = 'private, no-cache';

export const sharePages = (app: FastifyInstance, deps: WebDeps, auth: AuthDeps, send: SendPhoto): void => {
  const gone = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const language = requestLanguage(request, deps.language);
    const texts = TEXTS[language].share;
    const words = { title: texts.gone, detail: texts.goneNote, remedy: undefined };
    const page = troublePage(deps, { language, ...words, isGuest: true });
    return reply.code(404).type('text/html; charset=utf-8').send(documentOf(page, deps.assets));
  };
  const answer = async (
    request: FastifyRequest<{ Params: { token: string } }>,
    reply: FastifyReply,
    draw: (visit: Parameters<typeof sharePage>[0]) => Promise<PageView<'share'> | undefined>,
  ): Promise<FastifyReply> => {
    const { token } = request.params;
    const selection = await openSelection(deps, auth, token);
    if (!selection) return gone(request, reply);
    const language = requestLanguage(request, deps.language);
    const page = await draw({ deps, language, path: `/s/${token}`, selection });
    return page ? sendView(request, reply, page, deps.assets) : gone(request, reply);
  };
  const tellOpening = async (request: FastifyRequest, { share }: Selection): Promise<void> => {
    await auth.accounts.countOpening(share.hash);
    await auth.accounts.write({
      at: deps.clock.now().wall,
      action: 'share-opened',
      who: `link ${share.id}`,
      address: request.identity.origin.address,
      object: share.scope.camera,
    });
  };

  app.register(async (guests) => {
    guests.addHook('onSend', async (_request, reply, payload) => {
      // The address is the key: not even our own pages are told it.
      reply.headers({
        'cache-control': CACHING,
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
      });
      return payload;
    });
    const open = { config: { access: 'public' } } as const;
    guests.get<{ Params: { token: string } }>('/s/:token', open, (request, reply) => {
      const from = queryValue(request, 'before');
      const before = typeof from === 'string' ? parseCursor(from) : undefined;
      if (from !== undefined && !before) return sendTrouble(deps, request, reply, 'badRequest');
      return answer(request, reply, async (visit) => {
        if (!before && request.method === 'GET') await tellOpening(request, visit.selection);
        return sharePage(visit, before);
      });
    });
    guests.get<{ Params: { token: string; photo: string } }>('/s/:token/:photo', open, async (request, reply) => {
      const [, id = '', isFile] = /^(.{32})(\.jpg)?$/.exec(request.params.photo) ?? [];
      if (!isStillId(id)) return gone(request, reply);
      if (!isFile) {
        return answer(request, reply, async (visit) => {
          const still = await visit.selection.find(id);
          return still && sharedPhotoPage(visit, still);
        });
      }
      const selection = await openSelection(deps, auth, request.params.token);
      const who = `link ${selection?.share.id ?? ''}`;
      return send(request, reply, await selection?.find(id), { caching: CACHING, who });
    });
  });
};
