// A page as it leaves the server: the head, the drawn content, and what it was drawn from, for the script that takes it over.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Assets } from './assets.ts';
import { html, render } from './html.ts';
import { rememberLanguage } from './visit.ts';
import type { PageMediaType, PageView } from './wire-pages.ts';

const PAGE: PageMediaType = 'application/vnd.stillwatch.page+json';
export const VARY = 'Accept, Accept-Language, Cookie';

/** True when the page's own script asks. */
export const wantsView = (request: FastifyRequest): boolean => request.headers.accept === PAGE;

/** JSON inside HTML: nothing in it can end the element it stands in. */
const dataText = (view: PageView): string => JSON.stringify(view).replaceAll('<', String.raw`\u003c`);

export const documentOf = (view: PageView, assets: Assets): string => {
  const { frame } = view;
  const pageScript = assets.pageScript(view.page);
  const head = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0c110e" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex, nofollow">
<title>${frame.title} · Stillwatch</title>
<link rel="icon" type="image/svg+xml" href="${assets.icon}">
<link rel="manifest" href="${assets.manifest}">
<link rel="apple-touch-icon" href="${assets.touchIcon}">
<link rel="preload" as="font" type="font/woff2" href="${assets.font}" crossorigin>
<link rel="stylesheet" href="${assets.style}">
${pageScript && html`<link rel="modulepreload" href="${pageScript}">`}
<script type="module" src="${assets.script}"></script>
</head>
<body>
`;
  return `${render(head)}<div id="app">${assets.draw(view)}</div>
<script type="application/json" id="view">${dataText(view)}</script>
</body>
</html>
`;
};

/** Sends a page, or what it is drawn from to the script that shows it already. */
export const sendView = (
  request: FastifyRequest,
  reply: FastifyReply,
  view: PageView,
  assets: Assets,
): FastifyReply => {
  rememberLanguage(request, reply);
  // A page with a key on it has said already that it is not to be stored.
  reply.headers({ 'cache-control': reply.getHeader('cache-control') ?? 'no-cache', vary: VARY });
  if (wantsView(request)) return reply.type(PAGE).send(JSON.stringify(view));
  return reply.type('text/html; charset=utf-8').send(documentOf(view, assets));
};
