// Cameras that send by themselves: when each was last heard of, and what to type into it. Pages that need no script; while a
// camera is waited for, its page asks again by itself. The key is shown to those who may configure that camera only.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isoText } from '../domain/civil-time.ts';
import { type Contact, contactState, habit } from '../domain/contact.ts';
import { errorText, type Language } from '../domain/errors.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { doorSetups } from '../domain/inbox-setup.ts';
import { allows } from '../domain/permission.ts';
import type { EpochMs } from '../domain/units.ts';
import type { WebDeps } from './deps.ts';
import { type Html, html, render } from './html.ts';
import type { InboxPages } from './inbox-pages.ts';
import { prefersJson } from './language.ts';
import { sendTrouble } from './trouble.ts';
import { rememberLanguage, requestLanguage } from './visit.ts';

const TEXT = {
  en: {
    title: 'Cameras that send',
    none: 'No camera delivers here.',
    waiting: 'Waiting for the first picture',
    heard: 'Heard of',
    quiet: 'Silent for longer than usual',
    last: 'Last contact',
    next: 'Expected again',
    pictures: 'Pictures',
    month: 'This month',
    battery: 'Battery',
    signal: 'Signal',
    temperature: 'Temperature',
    refusal: 'Refused last',
    setUp: 'What to type into the camera',
    setUpLink: 'Set up',
    back: 'All cameras that send',
    live: 'This page looks again every five seconds.',
    never: 'never',
  },
  da: {
    title: 'Kameraer, der sender',
    none: 'Intet kamera leverer hertil.',
    waiting: 'Venter på det første billede',
    heard: 'Har ladet høre fra sig',
    quiet: 'Tavst længere end det plejer',
    last: 'Sidste kontakt',
    next: 'Ventes igen',
    pictures: 'Billeder',
    month: 'Denne måned',
    battery: 'Batteri',
    signal: 'Signal',
    temperature: 'Temperatur',
    refusal: 'Sidst afvist',
    setUp: 'Det skal skrives i kameraet',
    setUpLink: 'Opsætning',
    back: 'Alle kameraer, der sender',
    live: 'Siden ser efter igen hvert femte sekund.',
    never: 'aldrig',
  },
} as const;

interface Context {
  readonly deps: WebDeps;
  readonly pages: InboxPages;
  readonly language: Language;
  readonly now: EpochMs;
}

const moment = (at: EpochMs, { deps }: Context): string => isoText(at, deps.zone).slice(0, 16).replace('T', ' ');

const facts = (contact: Contact, context: Context): readonly (readonly [string, string])[] => {
  const { language, pages, now, deps } = context;
  const text = TEXT[language];
  const { report, refusal, lastAt } = contact;
  const usual = habit(contact);
  const budget = pages.settings.cameras.find(({ id }) => id === contact.camera)?.limits.monthBudget;
  const month = contact.months.at(-1);
  const isNow = month?.period === isoText(now, deps.zone).slice(0, 7);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const used = megabytes(isNow ? (month?.bytes ?? 0) : 0);
  const why =
    refusal && `${moment(refusal.at, context)}: ${errorText(refusal.code, { detail: refusal.detail }, language)}`;
  return [
    [text.last, lastAt === undefined ? text.never : moment(lastAt, context)],
    ...(usual ? [[text.next, moment(usual.expectedAt, context)] as const] : []),
    [text.pictures, String(contact.pictures)],
    [text.month, budget === undefined ? used : `${used} / ${megabytes(budget)}`],
    ...(report.battery === undefined ? [] : [[text.battery, `${report.battery} %`] as const]),
    ...(report.voltage === undefined ? [] : [[text.battery, `${report.voltage} V`] as const]),
    ...(report.signal === undefined ? [] : [[text.signal, `${report.signal} %`] as const]),
    ...(report.temperature === undefined ? [] : [[text.temperature, `${report.temperature} °C`] as const]),
    ...(why === undefined ? [] : [[text.refusal, why] as const]),
  ];
};

const list = (rows: readonly (readonly [string, string])[]): Html =>
  html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

const document = (context: Context, title: string, isWaiting: boolean, body: Html): Html => html`<!doctype html>
<html lang="${context.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
${isWaiting && html`<meta http-equiv="refresh" content="5">`}
<title>${title} · Stillwatch</title>
<link rel="icon" type="image/svg+xml" href="${context.deps.assets.icon}">
<link rel="stylesheet" href="${context.deps.assets.style}">
</head>
<body><main id="content">
<p><a href="/">Stillwatch</a></p>
<h1>${title}</h1>
${body}
</main></body>
</html>
`;

const stateOf = (camera: InboxCamera, context: Context): ReturnType<typeof contactState> =>
  contactState(context.pages.contactOf(camera.id), context.now);

const listBody = (cameras: readonly InboxCamera[], context: Context): Html => {
  const text = TEXT[context.language];
  if (cameras.length === 0) return html`<p>${text.none}</p>`;
  return html`${cameras.map(
    (camera) => html`<section id="inbox-${camera.id}">
<h2>${camera.name}</h2>
<p><strong>${text[stateOf(camera, context)]}</strong> · <a href="/inbox/${camera.id}">${text.setUpLink}</a></p>
${list(facts(context.pages.contactOf(camera.id), context))}
</section>`,
  )}`;
};

const cameraBody = (camera: InboxCamera, context: Context): Html => {
  const text = TEXT[context.language];
  const state = stateOf(camera, context);
  return html`<p role="status"><strong>${text[state]}</strong>${state === 'waiting' && html` ${text.live}`}</p>
${list(facts(context.pages.contactOf(camera.id), context))}
<h2>${text.setUp}</h2>
${doorSetups(context.pages.settings, camera, camera.key.reveal()).map(
  ({ door, fields }) => html`<section><h3>${door}</h3>${list(fields)}</section>`,
)}
<p><a href="/inbox">${text.back}</a></p>`;
};

const cameraJson = (camera: InboxCamera, context: Context): Record<string, unknown> => {
  const contact = context.pages.contactOf(camera.id);
  const { deps } = context;
  const usual = habit(contact);
  const iso = (at: EpochMs | undefined): string | null => (at === undefined ? null : isoText(at, deps.zone));
  const { imei: _, ...report } = contact.report;
  return {
    id: camera.id,
    name: camera.name,
    state: stateOf(camera, context),
    lastContact: iso(contact.lastAt),
    lastPicture: iso(contact.lastPictureAt),
    nextExpected: iso(usual?.expectedAt),
    quietFrom: iso(usual?.quietAt),
    pictures: contact.pictures,
    months: contact.months,
    report,
    refusal: contact.refusal ? { ...contact.refusal, at: iso(contact.refusal.at) } : null,
  };
};

export const inboxRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  const { inbox: pages } = deps;
  if (!pages) return;
  const contextOf = (request: FastifyRequest): Context => ({
    deps,
    pages,
    language: requestLanguage(request, deps.language),
    now: deps.clock.now().wall,
  });
  const send = (request: FastifyRequest, reply: FastifyReply, page: Html): FastifyReply => {
    rememberLanguage(request, reply);
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(render(page));
  };

  app.get('/inbox', { config: { access: { may: 'view', of: 'some' } } }, async (request, reply) => {
    const context = contextOf(request);
    const cameras = pages.settings.cameras.filter(({ id }) => allows(request.principal, 'view', id));
    if (prefersJson(request.headers.accept)) {
      const items = cameras.map((camera) => cameraJson(camera, context));
      return reply.header('cache-control', 'no-store').send({ items });
    }
    const isWaiting = cameras.some((camera) => stateOf(camera, context) === 'waiting');
    return send(request, reply, document(context, TEXT[context.language].title, isWaiting, listBody(cameras, context)));
  });

  app.get<{ Params: { camera: string } }>(
    '/inbox/:camera',
    { config: { access: { may: 'configure', of: 'camera' } } },
    async (request, reply) => {
      const context = contextOf(request);
      const camera = pages.settings.cameras.find(({ id }) => id === request.params.camera);
      if (!camera) return sendTrouble(deps, request, reply, 'notFound');
      const isWaiting = stateOf(camera, context) === 'waiting';
      return send(request, reply, document(context, camera.name, isWaiting, cameraBody(camera, context)));
    },
  );
};
