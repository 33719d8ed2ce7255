// Live events for browsers: `text/event-stream` (WHATWG HTML 9.2), with a heartbeat and a short memory for lost connections.

import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assertNever } from '../domain/assert-never.ts';
import type { CameraId } from '../domain/ids.ts';
import { allows, type Principal } from '../domain/permission.ts';
import { type Ms, seconds } from '../domain/units.ts';
import type { WebDeps } from './deps.ts';
import { eventsAfter, newRing, pushEvent, type RingEvent } from './live-ring.ts';
import { sceneOf } from './status.ts';
import type { LiveEvent } from './status-feed.ts';
import { stillView } from './still-view.ts';
import { sendTrouble } from './trouble.ts';
import type { BeatView, CameraChange, SenderHeard, StillArrived } from './wire.ts';

/** Proxies and phone networks drop a connection that is silent for 30 to 60 s. */
const BEAT_EVERY: Ms = seconds(15);
/** Events kept for those who come back: at one countdown a second and camera, two minutes of one busy camera. */
const KEPT_EVENTS = 256;
/** Open connections. Each costs a socket and some kilobytes; a household has a few. */
const MOST_VIEWERS = 128;
/** Bytes that may wait for a slow reader before it is let go; it comes back by itself and catches up. */
const MOST_WAITING = 256 * 1024;
/** Told to the browser: how long it waits before it connects again. */
const RETRY: Ms = seconds(2);

const frame = (event: RingEvent): string => `id: ${event.id}\nevent: ${event.name}\ndata: ${event.data}\n\n`;

export const liveRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  const viewers = new Map<ServerResponse, Principal>();
  const closing = new AbortController();
  let ring = newRing(deps.clock.now().wall.toString(36), KEPT_EVENTS);

  const write = (viewer: ServerResponse, text: string): void => {
    if (viewer.writableLength > MOST_WAITING) viewer.destroy();
    else viewer.write(text);
  };

  const payload = (event: LiveEvent): CameraChange | StillArrived | SenderHeard => {
    switch (event.type) {
      case 'still':
        return { still: stillView(event.still, deps.status(), 'en') };
      case 'sender':
        return { camera: event.camera };
      case 'camera':
        return {
          camera: event.camera.id,
          state: event.camera.sight,
          scene: sceneOf(event.camera) ?? null,
          calmAtMs: event.camera.episode?.calmAt ?? null,
          isOnlyCountdown: event.isOnlyCountdown,
        };
      default:
        return assertNever(event);
    }
  };

  const cameraOf = (event: LiveEvent): CameraId => {
    if (event.type === 'still') return event.still.camera;
    return event.type === 'sender' ? event.camera : event.camera.id;
  };

  const unsubscribe = deps.live.subscribe((event) => {
    const camera = cameraOf(event);
    ring = pushEvent(ring, event.type, camera, JSON.stringify(payload(event)));
    const last = ring.events.at(-1);
    if (!last) return;
    for (const [viewer, principal] of viewers) if (allows(principal, 'view', camera)) write(viewer, frame(last));
  });

  const beat = (name: 'hello' | 'beat'): string => {
    const data: BeatView = { nowMs: deps.clock.now().wall };
    return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  };

  const beatOn = async (): Promise<void> => {
    for (;;) {
      await deps.clock.sleep(BEAT_EVERY, closing.signal);
      for (const viewer of viewers.keys()) write(viewer, beat('beat'));
    }
  };
  app.addHook('onReady', async () => {
    void beatOn().catch(() => undefined);
  });
  app.addHook('preClose', async () => {
    closing.abort();
    unsubscribe();
    for (const viewer of viewers.keys()) viewer.end();
  });

  /** What a returning viewer missed; `reset` when that is no longer known and it must fetch the page anew. */
  const missed = (request: FastifyRequest): string => {
    const lastId = request.headers['last-event-id'];
    if (typeof lastId !== 'string' || lastId === '') return '';
    const events = eventsAfter(ring, lastId);
    if (!events) return `event: reset\ndata: {}\n\n`;
    return events
      .filter(({ camera }) => allows(request.principal, 'view', camera))
      .map(frame)
      .join('');
  };

  app.get(
    '/api/v1/live',
    { config: { access: { may: 'view', of: 'site' } }, exposeHeadRoute: false },
    (request, reply): FastifyReply => {
      if (viewers.size >= MOST_VIEWERS || closing.signal.aborted) {
        reply.header('retry-after', '30');
        return sendTrouble(deps, request, reply, 'busy');
      }
      const viewer = reply.raw;
      const headers = reply.getHeaders();
      reply.hijack();
      request.raw.socket.setTimeout(0);
      viewer.writeHead(200, {
        ...(headers as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // nginx would otherwise hold events back until its buffer is full.
        'x-accel-buffering': 'no',
      });
      viewers.set(viewer, request.principal);
      viewer.on('close', () => viewers.delete(viewer));
      viewer.on('error', () => viewers.delete(viewer));
      // The id of now: a viewer that loses the connection before the first event can still be told what it missed.
      viewer.write(`retry: ${RETRY}\nid: ${ring.life}-${ring.next - 1}\n${beat('hello')}${missed(request)}`);
      return reply;
    },
  );
};
