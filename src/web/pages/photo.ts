// One photo, large or as a card. The whole card is the link; the time is its caption.

import type { Language } from '../../domain/errors.ts';
import type { StoredStill } from '../../domain/still.ts';
import { type Html, html } from '../html.ts';
import type { Status } from '../status.ts';
import { cameraName, stillUrl, THUMBNAIL_WIDTHS, thumbnailUrl } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { bytesText, dayTitle, decimal, type Moment, stillMoment } from '../time-text.ts';

export interface PhotoContext {
  readonly language: Language;
  readonly status: Status;
  /** The site's local day. */
  readonly today: string;
}

const altText = (still: StoredStill, moment: Moment, context: PhotoContext): string => {
  const { photo } = TEXTS[context.language];
  const name = cameraName(still.camera, context.status);
  const day = dayTitle(moment.day, context.today, context.language);
  return still.isDemo ? photo.altDemo(name, day, moment.time) : photo.alt(name, day, moment.time);
};

const sourceSet = (still: StoredStill): string => {
  const scaled = THUMBNAIL_WIDTHS.filter((width) => width < still.width).map(
    (width) => `${thumbnailUrl(still, width)} ${width}w`,
  );
  return [...scaled, ...(still.width > 0 ? [`${stillUrl(still)} ${still.width}w`] : [])].join(', ');
};

/** Width and height keep the page from moving while photos load; a photo of unknown size has neither. */
const sizeAttributes = (still: StoredStill): Html | undefined =>
  still.width > 0 && still.height > 0 ? html` width="${still.width}" height="${still.height}"` : undefined;

const demoMark = (still: StoredStill, context: PhotoContext): Html | undefined =>
  still.isDemo ? html`<span class="demo-mark">${TEXTS[context.language].photo.demo}</span>` : undefined;

/** A card takes half a phone's width, and from there on about 240 to 320 px. */
const CARD_SIZES = '(max-width: 520px) 46vw, 280px';
const LARGE_SIZES = '(max-width: 900px) 100vw, 70vw';

export const photoCard = (still: StoredStill, context: PhotoContext, isEager: boolean): Html => {
  const moment = stillMoment(still, context.language);
  const isOneOfMany = context.status.cameras.length > 1;
  const kind =
    still.kind === 'calm' || still.kind === 'adopted' ? undefined : TEXTS[context.language].photo.kinds[still.kind];
  return html`<li class="card" id="still-${still.id}">
  <a href="${stillUrl(still)}">
    <span class="picture"><img src="${thumbnailUrl(still, 320)}" srcset="${sourceSet(still)}" sizes="${CARD_SIZES}"${sizeAttributes(still)} alt="${altText(still, moment, context)}" loading="${isEager ? 'eager' : 'lazy'}" decoding="async">${demoMark(still, context)}</span>
    <span class="caption" aria-hidden="true"><time datetime="${moment.iso}">${moment.time}</time>${isOneOfMany && html`<span class="from">${cameraName(still.camera, context.status)}</span>`}${kind && html`<span class="kind">${kind}</span>`}</span>
  </a>
</li>`;
};

/** The newest photo: as large as the screen gives, its time as the headline. */
export const largePhoto = (still: StoredStill, context: PhotoContext): Html => {
  const { photo } = TEXTS[context.language];
  const moment = stillMoment(still, context.language);
  const isCalm = still.kind === 'calm' && still.delay !== undefined;
  const facts = [
    still.width > 0 ? photo.size(still.width, still.height) : undefined,
    bytesText(still.bytes, context.language),
    isCalm ? photo.takenAfterCalm(decimal((still.delay ?? 0) / 1000, 1, context.language)) : photo.kinds[still.kind],
  ].filter((fact) => fact !== undefined);
  return html`<div class="newest" id="newest" data-live data-still="${still.id}" data-time="${moment.time}">
  <a class="picture" href="${stillUrl(still)}"><img src="${thumbnailUrl(still, 1280)}" srcset="${sourceSet(still)}" sizes="${LARGE_SIZES}"${sizeAttributes(still)} alt="${altText(still, moment, context)}" fetchpriority="high" decoding="async">${demoMark(still, context)}</a>
  <div class="about">
    <p class="where">${cameraName(still.camera, context.status)}</p>
    <h2 class="headline"><span class="visually-hidden">${photo.newest}: </span><time datetime="${moment.iso}"><span class="minutes">${moment.minutes}</span><span class="seconds">${moment.seconds}</span></time></h2>
    <p class="day">${dayTitle(moment.day, context.today, context.language)}</p>
    <p class="facts">${facts.join(' · ')}</p>
    <p><a class="button" href="${stillUrl(still)}">${photo.full}</a></p>
  </div>
</div>`;
};
