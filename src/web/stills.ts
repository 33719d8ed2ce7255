// Photos as files: the newest one at a fixed address, and every one at its own.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import type { ViewingLog } from './auth/viewing.ts';
import type { WebDeps } from './deps.ts';
import { IMMUTABLE, PICTURE_POLICY, PRIVATE_IMMUTABLE } from './headers.ts';
import { prefersJson } from './language.ts';
import { type ReadJpeg, scaledStills } from './scaled-stills.ts';
import { stillView, THUMBNAIL_WIDTHS } from './still-view.ts';
import { TEXTS } from './texts.ts';
import { stillMoment } from './time-text.ts';
import { sendTrouble } from './trouble.ts';
import { isNotModified, queryValue, requestCamera, requestLanguage } from './visit.ts';

/** A photo may have been removed from the folder by hand: so many of the newest are tried before there is none. */
const NEWEST_TRIED = 8;

interface Newest {
  readonly still: StoredStill;
  readonly jpeg: Uint8Array;
}

/** undefined: as large as it is; null: not one of the widths we make. */
const requestWidth = (request: FastifyRequest): (typeof THUMBNAIL_WIDTHS)[number] | undefined | null => {
  const value = queryValue(request, 'w');
  if (value === undefined) return undefined;
  return THUMBNAIL_WIDTHS.find((width) => String(width) === value) ?? null;
};

const latestRoutes = (app: FastifyInstance, deps: WebDeps, viewings: ViewingLog | undefined): void => {
  const { store } = deps;

  const newest = async (request: FastifyRequest, camera: CameraId | undefined): Promise<Newest | undefined> => {
    const query = { coversOnly: true, limit: NEWEST_TRIED, ...(camera ? { camera } : {}) };
    for (const still of await request.visible.catalog.list(query)) {
      const jpeg = await store.read(still.path);
      if (jpeg) return { still, jpeg };
    }
    return undefined;
  };

  const none = (request: FastifyRequest, reply: FastifyReply, camera: CameraId | undefined): FastifyReply => {
    const language = requestLanguage(request, deps.language);
    const texts = TEXTS[language].trouble;
    const isKnown = camera === undefined || request.visible.status().cameras.some(({ id }) => id === camera);
    const detail = isKnown ? texts.noLatest : texts.noSuchCamera;
    reply.code(404).header('cache-control', 'no-store').header('vary', 'Accept, Accept-Language, Cookie');
    return prefersJson(request.headers.accept) || request.url.startsWith('/latest.json')
      ? reply
          .type('application/problem+json; charset=utf-8')
          .send(JSON.stringify({ type: 'about:blank', title: texts.notFound, status: 404, detail }))
      : reply.type('text/plain; charset=utf-8').send(`${detail}\n`);
  };

  app.get('/latest', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const camera = requestCamera(request);
    if (camera === null) return sendTrouble(deps, request, reply, 'badRequest');
    const found = await newest(request, camera);
    if (!found) return none(request, reply, camera);
    const { still, jpeg } = found;
    if (request.method === 'GET') tellLook(deps, viewings, request, still);
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': PICTURE_POLICY,
        'last-modified': new Date(still.takenAt).toUTCString(),
        'x-stillwatch-taken': stillMoment(still, 'en').iso,
        'x-stillwatch-camera': still.camera,
        'content-location': `/snapshots/${still.path}`,
      })
      .type('image/jpeg')
      .send(jpeg);
  });

  app.get('/latest.json', { config: { access: { may: 'view', of: 'site' } } }, async (request, reply) => {
    const camera = requestCamera(request);
    if (camera === null) return sendTrouble(deps, request, reply, 'badRequest');
    const found = await newest(request, camera);
    if (!found) return none(request, reply, camera);
    const language = requestLanguage(request, deps.language);
    return reply.header('cache-control', 'no-store').send(stillView(found.still, request.visible.status(), language));
  });
};

/** Sends a photo's bytes, in the width that is asked for. The one way they leave, besides `/latest`. */
export type SendPhoto = (
  request: FastifyRequest,
  reply: FastifyReply,
  still: StoredStill | undefined,
  how: {
    readonly caching: string;
    /** For the audit log; default: whoever asks. */
    readonly who?: string;
  },
) => Promise<FastifyReply>;

const tellLook = (
  deps: WebDeps,
  viewings: ViewingLog | undefined,
  request: FastifyRequest,
  still: StoredStill,
  who?: string,
): void => {
  const { principal, origin } = request.identity;
  viewings?.saw({
    who: who ?? principal.name,
    address: origin.address,
    camera: still.camera,
    at: deps.clock.now().wall,
  });
};

export const photoSender = (deps: WebDeps, viewings: ViewingLog | undefined): SendPhoto => {
  const { store } = deps;
  const scaled = scaledStills(deps.thumbnails);

  /** A photo that cannot be decoded here, half a file of another program, is sent as it is: browsers show what there is. */
  const scaledOrWhole = async (sha256: string, width: number, read: ReadJpeg): Promise<Uint8Array | undefined> => {
    try {
      return await scaled(sha256, width, read);
    } catch (thrown) {
      if (thrown instanceof StillwatchError && thrown.code === 'SW_STILL_DAMAGED') return read();
      throw thrown;
    }
  };

  return async (request, reply, still, { caching, who }) => {
    const width = requestWidth(request);
    if (width === null) return sendTrouble(deps, request, reply, 'badRequest');
    if (!still) return sendTrouble(deps, request, reply, 'notFound');
    const etag = width === undefined ? `"${still.sha256}"` : `"${still.sha256}-${width}"`;
    const headers = {
      etag,
      'cache-control': caching,
      'content-security-policy': PICTURE_POLICY,
      'last-modified': new Date(still.takenAt).toUTCString(),
    };
    if (isNotModified(request.headers['if-none-match'], etag)) return reply.headers(headers).code(304).send();
    const read: ReadJpeg = () => store.read(still.path);
    const body = width === undefined ? await read() : await scaledOrWhole(still.sha256, width, read);
    if (!body) return sendTrouble(deps, request, reply, 'notFound');
    if (request.method === 'GET') tellLook(deps, viewings, request, still, who);
    return reply.headers(headers).type('image/jpeg').send(body);
  };
};

export const stillRoutes = (
  app: FastifyInstance,
  deps: WebDeps,
  send: SendPhoto,
  viewings: ViewingLog | undefined,
): void => {
  latestRoutes(app, deps, viewings);
  app.get('/snapshots/*', { config: { access: { may: 'view', of: 'still' } } }, (request, reply) =>
    send(request, reply, request.still, {
      caching: deps.access.publicView ? IMMUTABLE : PRIVATE_IMMUTABLE,
    }),
  );
};
