import { type Html, html } from '../html.ts';
import { TEXTS } from '../texts.ts';
import { type Frame, layout } from './layout.ts';

interface TroubleParts extends Frame {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
}

export const troubleView = (parts: TroubleParts): Html =>
  layout(parts, {
    title: parts.title,
    address: '/',
    section: undefined,
    isLive: false,
    isDemo: false,
    body: html`<section class="note">
  <h1>${parts.title}</h1>
  <p>${parts.detail}</p>
  ${parts.remedy && html`<p>${parts.remedy}</p>`}
  <p><a class="button" href="/">${TEXTS[parts.language].trouble.toStart}</a></p>
</section>`,
  });
