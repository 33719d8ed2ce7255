// Cameras that send by themselves: when each was last heard of, and what to type into them. The key is shown to those who may
// configure that camera only.

import type { FastifyInstance } from 'fastify';
import { isoText } from '../domain/civil-time.ts';
import { contactState, habit } from '../domain/contact.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { allows } from '../domain/permission.ts';
import type { EpochMs } from '../domain/units.ts';
import type { WebDeps } from './deps.ts';
import { sendView, VARY, wantsView } from './document.ts';
import type { InboxPages } from './inbox-pages.ts';
import { prefersJson } from './language.ts';
import { visitOf } from './pages/frame.ts';
import { inboxCameraPage, inboxPage } from './pages/pushed.ts';
import { sendTrouble } from './trouble.ts';
import { seenBy } from './visible.ts';

const cameraJson = (
  camera: InboxCamera,
  { deps, pages }: { readonly deps: WebDeps; readonly pages: InboxPages },
): Record<string, unknown> => {
  const contact = pages.contactOf(camera.id);
  const usual = habit(contact);
  const iso = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, deps.zone));
  // What names the modem and the camera itself is their owner's business.
  const { imei: _, serial: __, ...report } = contact.report;
  const { imei: ___, serial: ____, ...said } = contact.said;
  return {
    id: camera.id,
    name: camera.name,
    state: contactState(contact, deps.clock.now().wall),
    lastContact: iso(contact.lastAt),
    lastPicture: iso(contact.lastPictureAt),
    nextExpected: iso(usual?.expectedAt),
    quietFrom: iso(usual?.quietAt),
    pictures: contact.pictures,
    months: contact.months,
    monthBudget: camera.limits.monthBudget ?? null,
    report,
    said: Object.fromEntries(Object.entries(said).map(([fact, { at, from }]) => [fact, { at: iso(at), from }])),
    refusal: contact.refusal ? { ...contact.refusal, at: iso(contact.refusal.at) } : null,
  };
};

export const inboxRoutes = (app: FastifyInstance, all: WebDeps): void => {
  const { inbox: pages } = all;
  if (!pages) return;

  app.get('/inbox', { config: { access: { may: 'view', of: 'some' } } }, async (request, reply) => {
    const deps = seenBy(request, all);
    if (wantsView(request) || !prefersJson(request.headers.accept)) {
      return sendView(request, reply, await inboxPage(visitOf(request, deps)), deps.assets);
    }
    const cameras = pages.settings.cameras.filter(({ id }) => allows(request.principal, 'view', id));
    const items = cameras.map((camera) => cameraJson(camera, { deps, pages }));
    return reply.headers({ 'cache-control': 'no-store', vary: VARY }).send({ items });
  });

  app.get<{ Params: { camera: string } }>(
    '/inbox/:camera',
    { config: { access: { may: 'configure', of: 'camera' } } },
    async (request, reply) => {
      const camera = pages.settings.cameras.find(({ id }) => id === request.params.camera);
      if (!camera) return sendTrouble(all, request, reply, 'notFound');
      const deps = seenBy(request, all);
      const page = await inboxCameraPage(visitOf(request, deps), camera, pages);
      return sendView(request, reply.header('cache-control', 'no-store'), page, deps.assets);
    },
  );
};
