// The inbox by HTTP: a door of its own, so that the gallery need not be open to where cameras come from. PUT and POST, raw or
// as a form. Nothing is read of a body before its sender is known; 2xx is said when the picture is durable.

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { assertNever } from '../../domain/assert-never.ts';
import { crowd, KNOWN_WITHIN } from '../../domain/crowd.ts';
import type { DeliveryOutcome } from '../../domain/delivery.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import type { InboxCamera } from '../../domain/inbox.ts';
import { formParts } from '../../domain/multipart.ts';
import { pictureKind } from '../../domain/picture-kind.ts';
import { plainWords, reportText } from '../../domain/report-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { uploadCredential } from './credential.ts';

export interface UploadServerDeps {
  readonly door: InboxDoor;
  readonly clock: Clock;
  /** The largest that any camera may send. */
  readonly mostBytes: number;
  /** PEM; undefined: without TLS. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  /** Whether this peer may come without TLS. */
  readonly mayBePlain: (peer: string) => boolean;
  /** A camera with a picture to be fetched said that there is one. */
  readonly onCall: (camera: InboxCamera) => boolean;
}

/** A picture of 25 MB over a mobile link of 0.5 Mbit/s takes seven minutes. */
const REQUEST_WITHIN_MS = 10 * 60_000;
/** A line that carries nothing for so long is dead, or holds us on purpose. */
const SILENT_WITHIN_MS = 45_000;

declare module 'fastify' {
  interface FastifyRequest {
    sender: { readonly camera: InboxCamera; readonly name: string } | undefined;
  }
}

const answerTo = (outcome: DeliveryOutcome): { readonly status: number; readonly body: Record<string, unknown> } => {
  switch (outcome.state) {
    case 'accepted':
      return { status: 201, body: { state: 'accepted', stills: outcome.stills } };
    case 'known':
      return { status: 200, body: { state: 'known', stills: outcome.stills } };
    case 'noted':
      return { status: 200, body: { state: 'noted' } };
    case 'refused': {
      const status = outcome.code === 'SW_UPLOAD_TOO_LARGE' ? 413 : 422;
      return { status, body: { state: 'refused', code: outcome.code, detail: outcome.detail } };
    }
    default:
      return assertNever(outcome);
  }
};

/** The worst answer of a form with several pictures, so that a sender that repeats, repeats. */
const worst = (outcomes: readonly DeliveryOutcome[]): DeliveryOutcome =>
  outcomes.find(({ state }) => state === 'refused') ??
  outcomes.find(({ state }) => state === 'accepted') ??
  outcomes[0] ?? { state: 'noted' };

interface Piece {
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

/** What is in a body: the body itself, or the files of the form it is; and the form's words. */
const piecesOf = (
  body: Uint8Array,
  name: string,
): { readonly pieces: readonly Piece[]; readonly text: string | undefined } => {
  const parts = pictureKind(body) === undefined ? formParts(body) : undefined;
  if (!parts) return { pieces: [{ name: name || undefined, bytes: body }], text: undefined };
  // An alarm's XML or JSON comes as a file too: what is words is not a picture that failed.
  const files = parts.filter(
    ({ fileName, bytes }) =>
      pictureKind(bytes) !== undefined || (fileName !== undefined && reportText(bytes, fileName) === undefined),
  );
  const words = parts.filter((part) => !files.includes(part));
  const text = words.map(({ field, bytes }) => `${field ?? ''}: ${plainWords(bytes) ?? ''}`).join('\n');
  const isOnlyWords = files.length === 0 && text !== '';
  return {
    pieces: isOnlyWords
      ? [{ name: undefined, bytes: new Uint8Array(0) }]
      : files.map(({ fileName, bytes }) => ({ name: fileName || name || undefined, bytes })),
    text: text === '' ? undefined : text,
  };
};

export const buildUploadServer = (deps: UploadServerDeps): FastifyInstance => {
  const { door, clock, mostBytes, tls, mayBePlain, onCall } = deps;
  const options = {
    logger: false,
    trustProxy: false,
    bodyLimit: mostBytes,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionTimeout: SILENT_WITHIN_MS,
    keepAliveTimeout: 20_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1024 },
  } as const;
  // The server with TLS has another type, of which nothing is used that this one has not.
  const app = (tls ? Fastify({ ...options, https: tls }) : Fastify(options)) as unknown as FastifyInstance;
  app.decorateRequest('sender', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  const room = crowd();
  app.server.headersTimeout = KNOWN_WITHIN;
  app.server.on('connection', (socket) => {
    const peer = socket.remoteAddress ?? '';
    if (room.enter(peer)) socket.once('close', () => room.leave(peer));
    else socket.destroy();
  });

  app.addHook('onRequest', async (request, reply) => {
    const peer = request.socket.remoteAddress ?? '';
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (!tls && !mayBePlain(peer)) return reply.code(403).send({ state: 'refused', detail: 'not without TLS' });
    const given = uploadCredential(request.url, request.headers);
    const login = given ? door.login(given.user, given.key, peer) : undefined;
    if (login?.state === 'wait') return reply.code(429).header('retry-after', '900').send({ state: 'wait' });
    if (!given || login?.state !== 'welcome') {
      return reply
        .code(401)
        .header('www-authenticate', 'Basic realm="Stillwatch inbox", charset="UTF-8"')
        .send({ state: 'unknown' });
    }
    request.sender = { camera: login.camera, name: given.name };
    return undefined;
  });

  const refused = (request: FastifyRequest, code: 'SW_UPLOAD_CUT' | 'SW_UPLOAD_TOO_LARGE', detail: string): void => {
    const { sender } = request;
    if (sender) door.refuse(sender.camera.id, { way: 'http', receivedAt: clock.now().wall, code, detail, bytes: 0 });
  };
  app.addHook('onRequestAbort', async (request) => refused(request, 'SW_UPLOAD_CUT', 'the connection ended'));

  app.setErrorHandler((thrown: { readonly statusCode?: number }, request, reply) => {
    if (thrown.statusCode === 413) {
      refused(request, 'SW_UPLOAD_TOO_LARGE', `more than ${Math.round(mostBytes / 1e6)} MB`);
      return reply.code(413).header('connection', 'close').send({ state: 'refused', code: 'SW_UPLOAD_TOO_LARGE' });
    }
    if (thrown.statusCode !== undefined && thrown.statusCode < 500) return reply.code(400).send({ state: 'refused' });
    const { code } = toStillwatchError(thrown);
    const status = code === 'SW_UPLOAD_QUOTA' ? 429 : code === 'SW_STORE_FULL' ? 507 : 503;
    return reply.code(status).header('retry-after', '60').send({ state: 'later', code });
  });

  const take = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { sender } = request;
    if (!sender) return reply.code(401).send({ state: 'unknown' });
    const { camera, name } = sender;
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
    if (body.length === 0 && onCall(camera)) return reply.code(202).send({ state: 'called' });
    const { pieces, text } = piecesOf(body, name);
    const outcomes: DeliveryOutcome[] = [];
    for (const [index, { name: file, bytes }] of pieces.entries()) {
      outcomes.push(
        await door.deliver({
          camera: camera.id,
          way: 'http',
          bytes,
          cost: index === 0 ? body.length : 0,
          receivedAt: clock.now().wall,
          ...(file === undefined ? {} : { name: file }),
          ...(text === undefined ? {} : { text }),
        }),
      );
    }
    const { status, body: said } = answerTo(worst(outcomes));
    return reply.code(status).send(said);
  };

  app.route({ method: ['PUT', 'POST'], url: '/upload', handler: take });
  app.route({ method: ['PUT', 'POST'], url: '/upload/*', handler: take });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ state: 'unknown' }));
  return app;
};
