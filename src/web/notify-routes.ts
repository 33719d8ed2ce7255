// Where cameras post their events (WS-BaseNotification). The secret in the path is the lock, since cameras cannot log in;
// a body is read only after it fits. Must not know what a notification says.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export interface NotifyDoor {
  /** True while somebody waits for what is posted there. */
  knows(secret: string): boolean;
  receive(secret: string, from: string, body: Uint8Array): void;
}

/** Bytes of one notification; a hundred events are 51 KB. */
const BODY_LIMIT = 512 * 1024;
export const NOTIFY_PATH = '/onvif/notify/';

type NotifyRequest = FastifyRequest<{ Params: { secret: string } }>;

export const notifyRoutes = (app: FastifyInstance, door: NotifyDoor): void => {
  void app.register(async (scope) => {
    // Firmwares name their XML in many ways; here it is bytes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) => body);
    scope.post(
      `${NOTIFY_PATH}:secret`,
      {
        config: { access: 'public' },
        bodyLimit: BODY_LIMIT,
        onRequest: async (request: NotifyRequest, reply: FastifyReply) =>
          door.knows(request.params.secret) ? undefined : reply.code(404).send(),
      },
      async (request: NotifyRequest, reply) => {
        const body = request.body;
        if (!Buffer.isBuffer(body)) return reply.code(400).send();
        door.receive(request.params.secret, request.socket.remoteAddress ?? '', body);
        // At once: cameras drop consumers that are slow.
        return reply.code(202).send();
      },
    );
  });
};
