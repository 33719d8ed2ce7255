// The frame every page shares: head, navigation, content, foot. Full HTML that needs no script.

import type { Language } from '../../domain/errors.ts';
import type { Assets } from '../assets.ts';
import { type Html, type HtmlPart, html } from '../html.ts';
import { LANGUAGES } from '../language.ts';
import { TEXTS } from '../texts.ts';

export interface Frame {
  readonly language: Language;
  readonly assets: Assets;
  readonly version: string;
}

export interface PageParts {
  readonly title: string;
  /** Path and query of this page without `lang`, for the language links. */
  readonly address: string;
  readonly section: 'now' | 'photos' | undefined;
  /** The state sentence, or nothing where the visitor may not know. */
  readonly sentence?: Html;
  /** True when the script keeps this page up to date. */
  readonly isLive: boolean;
  readonly isDemo: boolean;
  readonly body: Html;
}

/** The calm ring: an open circle with a still point. Decoration here; the word stands beside it. */
export const ringMark: Html = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
  <circle class="mark-track" cx="16" cy="16" r="12" />
  <circle class="mark-arc" cx="16" cy="16" r="12" pathLength="100" stroke-dasharray="78 100" transform="rotate(-90 16 16)" />
  <circle class="mark-point" cx="16" cy="16" r="4" />
</svg>`;

const withLanguage = (address: string, language: Language): string =>
  `${address}${address.includes('?') ? '&' : '?'}lang=${language}`;

const languageLinks = (address: string, current: Language): HtmlPart =>
  LANGUAGES.map((language) =>
    language === current
      ? html`<li><span aria-current="true">${TEXTS[language].self}</span></li>`
      : html`<li><a href="${withLanguage(address, language)}" hreflang="${language}" lang="${language}" rel="nofollow">${TEXTS[language].self}</a></li>`,
  );

export const layout = (frame: Frame, page: PageParts): Html => {
  const { language, assets } = frame;
  const texts = TEXTS[language];
  const link = (href: string, section: 'now' | 'photos', text: string): Html =>
    html`<li><a href="${href}"${page.section === section && html` aria-current="page"`}>${text}</a></li>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0c110e" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex, nofollow">
<title>${page.title} · Stillwatch</title>
<link rel="icon" type="image/svg+xml" href="${assets.icon}">
<link rel="preload" as="font" type="font/woff2" href="${assets.font}" crossorigin>
<link rel="stylesheet" href="${assets.style}">
${page.isLive && html`<script type="module" src="${assets.script}"></script>`}
</head>
<body>
<a class="skip" href="#content">${texts.nav.skip}</a>
<header class="top">
  <a class="brand" href="/">${ringMark}<span>Stillwatch</span></a>
  <nav class="main-nav" aria-label="${texts.nav.label}"><ul>
    ${link('/', 'now', texts.nav.now)}
    ${link('/photos', 'photos', texts.nav.photos)}
  </ul></nav>
  ${page.sentence && html`<p class="sentence" id="sentence" data-live>${page.sentence}</p>`}
</header>
${
  page.isLive &&
  html`<p class="lost" id="lost" role="status" hidden>${texts.live.lost}</p>
<p class="visually-hidden" id="said" role="status" data-arrived="${texts.live.arrived('{time}')}"></p>`
}
<main id="content" tabindex="-1">
${page.isDemo && html`<p class="demo-note"><strong class="demo-mark">${texts.demo.title}</strong> ${texts.demo.note}</p>`}
${page.body}
</main>
<footer class="foot">
  <p>${texts.foot.version(frame.version)}</p>
  <nav aria-label="${texts.nav.language}"><ul>${languageLinks(page.address, language)}</ul></nav>
</footer>
</body>
</html>
`;
};
