// The addresses of one camera's screens.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebDeps } from './deps.ts';
import { sendView } from './document.ts';
import { livePictureRoutes } from './live-picture-routes.ts';
import { visitOf } from './pages/frame.ts';
import { oneCameraPage } from './pages/one-camera.ts';
import { addPage } from './pages/set-up.ts';
import { tunePage } from './pages/tune.ts';
import type { CameraStatus } from './status.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';
import { queryValue, requestCamera } from './visit.ts';

type CameraRequest = FastifyRequest<{ Params: { camera: string } }>;

export const cameraPageRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const statusOf = (request: CameraRequest): CameraStatus | undefined =>
    request.visible.status().cameras.find(({ id }) => id === request.params.camera);

  livePictureRoutes(app, all);

  app.get('/cameras/add', { config: { access: { may: 'configure', of: 'site' } } }, async (request, reply) => {
    const wanted = requestCamera(request);
    const added = request.visible.status().cameras.find(({ id }) => id === wanted);
    return sendView(request, reply, await addPage(visitOf(request, seenBy(request, all)), added), all.assets);
  });

  app.get<{ Params: { camera: string } }>(
    '/cameras/:camera',
    { config: { access: { may: 'view', of: 'camera' } } },
    async (request: CameraRequest, reply: FastifyReply) => {
      const camera = statusOf(request);
      const tab = queryValue(request, 'tab') ?? 'live';
      if (!camera) return sendTrouble(all, request, reply, 'notFound');
      if (tab !== 'live' && tab !== 'report' && tab !== 'settings')
        return sendTrouble(all, request, reply, 'badRequest');
      const visit = visitOf(request, seenBy(request, all));
      return sendView(request, reply, await oneCameraPage(visit, camera, tab), all.assets);
    },
  );

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
