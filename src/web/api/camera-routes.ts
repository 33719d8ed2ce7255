// Cameras: what they do now, and a photo on demand.

import { z } from 'zod';
import { StillwatchError } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import { cameraViews } from '../status-view.ts';
import { seenBy } from '../visible.ts';
import { requestLanguage } from '../visit.ts';
import { sendRequestTrouble, sendTableTrouble } from './problem.ts';
import { identityResource, stillResource, stillTag } from './resources.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { CAMERA, CAMERA_IDENTITY, CAMERA_PARAMS, TAKEN } from './schemas.ts';

export const cameraApi = (api: Api, { deps, parts }: ApiContext): void => {
  api.get(
    '/api/v1/cameras',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'listCameras',
        tags: ['cameras'],
        summary: 'Every camera with what it does now',
        response: { 200: z.object({ items: z.array(CAMERA) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const items = await cameraViews(seenBy(request, deps), requestLanguage(request, deps.language));
      return reply.send({ items: [...items] });
    },
  );

  api.get(
    '/api/v1/cameras/:camera',
    {
      config: { access: { may: 'view', of: 'camera' } },
      schema: {
        operationId: 'getCamera',
        tags: ['cameras'],
        summary: 'One camera',
        params: CAMERA_PARAMS,
        response: { 200: CAMERA, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const views = await cameraViews(seenBy(request, deps), language);
      const view = views.find(({ id }) => id === request.params.camera);
      return view ? reply.send(view) : sendRequestTrouble(reply, 'notFound', language);
    },
  );

  api.get(
    '/api/v1/cameras/:camera/identity',
    {
      // Firmware, serial number and addresses are what an attacker asks for first: not for everyone who may look.
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'getCameraIdentity',
        tags: ['cameras'],
        summary: 'Who the camera is by its own account: make, model, firmware, serial number, MAC, ports, scopes',
        params: CAMERA_PARAMS,
        response: { 200: CAMERA_IDENTITY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const camera = request.visible.status().cameras.find(({ id }) => id === request.params.camera);
      return camera?.identity
        ? reply.send(identityResource(camera.identity))
        : sendRequestTrouble(reply, 'notFound', language);
    },
  );

  api.post(
    '/api/v1/cameras/:camera/stills',
    {
      config: { access: { may: 'take', of: 'camera' } },
      schema: {
        operationId: 'takePhoto',
        tags: ['cameras'],
        summary:
          'Take a photo now. 201: it is in the gallery; 202: it is safe and on its way there; else the ledger’s reason why there is none',
        params: CAMERA_PARAMS,
        response: { 201: TAKEN, 202: TAKEN, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { camera } = request.params;
      const known = request.visible.status().cameras.some(({ id }) => id === camera);
      if (!known || !isCameraId(camera)) return sendRequestTrouble(reply, 'notFound', language);
      const outcome = await parts.takePhoto(camera);
      if (outcome.type === 'missed') {
        reply.header('x-stillwatch-trigger', outcome.trigger);
        return sendTableTrouble(reply, new StillwatchError(outcome.code, outcome.facts), language);
      }
      const still = await parts.catalog.find(outcome.still);
      const taken = { trigger: outcome.trigger, id: outcome.still };
      reply.header('location', `/api/v1/stills/${outcome.still}`);
      // It is safe in the spool, and its place in the store is on the way.
      if (!still) return reply.code(202).send(taken);
      return reply
        .code(201)
        .header('etag', stillTag(still))
        .send({ ...taken, still: stillResource(still) });
    },
  );
};
