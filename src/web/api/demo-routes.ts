// The demo camera: there by one call, gone with its photos by another.

import { z } from 'zod';
import { requestLanguage } from '../visit.ts';
import { sendRequestTrouble } from './problem.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { CAMERA_ID } from './schemas.ts';

export const demoApi = (api: Api, { deps, parts }: ApiContext): void => {
  const { demo } = parts;
  if (!demo) return;
  const common = { config: { access: { may: 'configure', of: 'site' } } } as const;
  const photos = z.int().min(0);

  api.get(
    '/api/v1/demo',
    {
      ...common,
      schema: {
        operationId: 'getDemo',
        tags: ['cameras'],
        summary: 'Whether the demo camera is watched, and how many photos it has',
        response: { 200: z.object({ isOn: z.boolean(), photos }), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send({ isOn: demo.isOn(), photos: await demo.photos() }),
  );
  api.post(
    '/api/v1/demo',
    {
      ...common,
      schema: {
        operationId: 'startDemo',
        tags: ['cameras'],
        summary: 'Watch the demo camera: a drawn scene through the real program',
        response: { 201: z.object({ camera: CAMERA_ID }), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.code(201).send({ camera: await demo.start() }),
  );
  api.delete(
    '/api/v1/demo',
    {
      ...common,
      schema: {
        operationId: 'removeDemo',
        tags: ['cameras'],
        summary: 'Take the demo camera out, and every photo it took',
        response: { 200: z.object({ photos }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      if (!demo.isOn()) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply.send({ photos: await demo.remove() });
    },
  );
};
