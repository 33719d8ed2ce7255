// The front page: the newest photo with its time, each camera's ring, what came before it.

import type { StoredStill } from '../../domain/still.ts';
import { type Html, html } from '../html.ts';
import type { Status } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { zoneMoment } from '../time-text.ts';
import { cameraTile, stateSentence, type Tile, type TileContext } from './camera.ts';
import { type Frame, layout } from './layout.ts';
import { largePhoto, type PhotoContext, photoCard } from './photo.ts';

export interface NowParts extends Frame, TileContext {
  readonly isDemo: boolean;
  readonly status: Status;
  readonly tiles: readonly Tile[];
  /** Newest first. */
  readonly stills: readonly StoredStill[];
}

const emptyNote = (parts: NowParts): Html => {
  const { empty } = TEXTS[parts.language];
  const seen = parts.status.cameras.find((camera) => camera.sight === 'seeing');
  return html`<section class="note empty" id="newest" data-live>
  <h2>${empty.title}</h2>
  <p>${seen ? empty.watching(Math.round(seen.calmPeriod / 1000)) : empty.waiting}</p>
</section>`;
};

export const nowPage = (parts: NowParts): Html => {
  const texts = TEXTS[parts.language];
  const moment = zoneMoment(parts.now, parts.zone, parts.language);
  const context: PhotoContext = { language: parts.language, status: parts.status, today: moment.day };
  const [newest, ...rest] = parts.stills;
  return layout(parts, {
    title: texts.nav.now,
    address: '/',
    section: 'now',
    sentence: stateSentence(parts.status.cameras, parts),
    isLive: true,
    isDemo: parts.isDemo,
    body: html`<h1 class="visually-hidden">${texts.nav.now}</h1>
<div class="front${parts.tiles.length === 1 && ' front-one'}">
${newest ? largePhoto(newest, context) : emptyNote(parts)}
<section class="cameras" aria-labelledby="cameras-title">
  <h2 id="cameras-title">${texts.camera.heading(parts.tiles.length)}</h2>
  <ul class="camera-list" id="cameras" data-live>${parts.tiles.map((tile) => cameraTile(tile, parts))}</ul>
</section>
</div>
<section class="recent" id="recent" data-live>
${
  rest.length > 0 &&
  html`<h2>${texts.photo.recent}</h2>
<ul class="sheet">${rest.map((still, at) => photoCard(still, context, at < 4))}</ul>
<p class="more"><a href="/photos">${texts.photo.all}</a></p>`
}
</section>
<p class="as-of" id="as-of" data-live>${texts.live.asOf(moment.time)}<noscript> · <a href="/">${texts.live.reload}</a></noscript></p>`,
  });
};
