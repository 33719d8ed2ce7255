// The addresses of one camera's screens.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebDeps } from './deps.ts';
import { sendView } from './document.ts';
import { visitOf } from './pages/frame.ts';
import { tunePage } from './pages/tune.ts';
import type { CameraStatus } from './status.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';

type CameraRequest = FastifyRequest<{ Params: { camera: string } }>;

export const cameraPageRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const statusOf = (request: CameraRequest): CameraStatus | undefined =>
    request.visible.status().cameras.find(({ id }) => id === request.params.camera);

  for (const page of ['tune', 'mask'] as const) {
    app.get<{ Params: { camera: string } }>(
      `/cameras/:camera/${page}`,
      { config: { access: { may: 'view', of: 'camera' } } },
      async (request: CameraRequest, reply: FastifyReply) => {
        const camera = statusOf(request);
        if (!camera) return sendTrouble(all, request, reply, 'notFound');
        return sendView(
          request,
          reply,
          await tunePage(visitOf(request, seenBy(request, all)), page, camera),
          all.assets,
        );
      },
    );
  }
};
