// Films that cameras sent and that are kept: whole, or the part that a player asks for.

import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { parseFilmName } from '../domain/film.ts';
import { isCameraId } from '../domain/ids.ts';
import { byteRange } from './byte-range.ts';
import type { WebDeps } from './deps.ts';
import { PICTURE_POLICY, PRIVATE_IMMUTABLE } from './headers.ts';
import { sendTrouble } from './trouble.ts';

const TYPES = { mp4: 'video/mp4', avi: 'video/x-msvideo' } as const;

export const filmRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  const { inbox } = deps;
  if (!inbox) return;
  app.get<{ Params: { camera: string; film: string } }>(
    '/cameras/:camera/films/:film',
    { config: { access: { may: 'view', of: 'camera' } } },
    async (request, reply) => {
      const { camera, film } = request.params;
      const name = parseFilmName(film);
      const opened = name && isCameraId(camera) ? await inbox.films.open(camera, film) : undefined;
      if (!name || !opened) return sendTrouble(deps, request, reply, 'notFound');
      const range = byteRange(request.headers.range, opened.bytes);
      reply.headers({
        'accept-ranges': 'bytes',
        'cache-control': PRIVATE_IMMUTABLE,
        'content-security-policy': PICTURE_POLICY,
        'last-modified': new Date(name.takenAt).toUTCString(),
      });
      if (range === 'none') return reply.code(416).header('content-range', `bytes */${opened.bytes}`).send();
      const { from, until } = range === 'whole' ? { from: 0, until: opened.bytes } : range;
      if (range !== 'whole') reply.code(206).header('content-range', `bytes ${from}-${until - 1}/${opened.bytes}`);
      reply.type(TYPES[name.ending]).header('content-length', until - from);
      const isAsked = request.method === 'GET';
      return reply.send(Readable.from(isAsked ? opened.read({ from, until }) : []));
    },
  );
};
