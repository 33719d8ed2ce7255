// What a camera sees at this moment, as a small JPEG. One picture is made for all who look; it is asked for again and again, so
// it is no part of the API and its rate limit.

import type { FastifyInstance } from 'fastify';
import { isCameraId } from '../domain/ids.ts';
import type { WebDeps } from './deps.ts';
import { PICTURE_POLICY } from './headers.ts';

export const livePictureRoutes = (app: FastifyInstance, all: WebDeps): void => {
  app.get<{ Params: { camera: string } }>(
    '/cameras/:camera/live.jpg',
    { config: { access: { may: 'view', of: 'camera' } } },
    async (request, reply) => {
      const { camera } = request.params;
      const isSeen = request.visible.status().cameras.some(({ id, sight }) => id === camera && sight === 'seeing');
      const jpeg = isSeen && isCameraId(camera) ? await all.api.look(camera) : undefined;
      reply.headers({ 'cache-control': 'no-store', 'content-security-policy': PICTURE_POLICY });
      // Nothing to see is no mistake of whoever asks: a page that looks on says what it knows.
      return jpeg ? reply.type('image/jpeg').send(jpeg) : reply.code(204).send();
    },
  );
};
