// The contact sheet: newest first, by day, a page at a time; the newest of all is large.

import type { StoredStill } from '../../domain/still.ts';
import { type Html, html } from '../html.ts';
import type { Status } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, stillMoment, zoneMoment } from '../time-text.ts';
import { stateSentence, type TileContext } from './camera.ts';
import { type Frame, layout } from './layout.ts';
import { largePhoto, type PhotoContext, photoCard } from './photo.ts';

export interface PhotosParts extends Frame, TileContext {
  readonly isDemo: boolean;
  readonly status: Status;
  /** Newest first. */
  readonly stills: readonly StoredStill[];
  /** Addresses of the pages on either side. */
  readonly older: string | undefined;
  readonly newer: string | undefined;
  /** Path and query of this page. */
  readonly address: string;
  /** True on the first page, where new photos appear. */
  readonly isNewest: boolean;
  /** The one day that is shown; undefined: all. */
  readonly day:
    | { readonly name: string; readonly before: string | undefined; readonly after: string | undefined }
    | undefined;
  /** Photos of each day that is known, by day. */
  readonly counts: ReadonlyMap<string, number>;
}

interface DayGroup {
  readonly day: string;
  readonly stills: readonly StoredStill[];
}

/** Neighbours of one day together, in the order given. */
export const byDay = (stills: readonly StoredStill[]): readonly DayGroup[] => {
  const groups: { day: string; stills: StoredStill[] }[] = [];
  for (const still of stills) {
    const { day } = stillMoment(still, 'en');
    const last = groups.at(-1);
    if (last?.day === day) last.stills.push(still);
    else groups.push({ day, stills: [still] });
  }
  return groups;
};

const pager = (parts: PhotosParts): Html | false => {
  const { photos } = TEXTS[parts.language];
  return (
    (parts.older !== undefined || parts.newer !== undefined) &&
    html`<nav class="pager" aria-label="${photos.pages}"><ul>
  ${parts.newer !== undefined && html`<li><a class="button" rel="prev" href="${parts.newer}">← ${photos.newer}</a></li>`}
  ${parts.older !== undefined && html`<li class="pager-older"><a class="button" rel="next" href="${parts.older}">${photos.older} →</a></li>`}
</ul></nav>`
  );
};

const dayPager = (parts: PhotosParts): Html | false => {
  const { photos } = TEXTS[parts.language];
  const { before, after } = parts.day ?? {};
  return (
    parts.day !== undefined &&
    html`<nav class="pager day-pager" aria-label="${photos.days}"><ul>
  ${before !== undefined && html`<li><a href="/photos/${before}">${photos.dayBefore(dayShort(before, parts.language))}</a></li>`}
  <li><a href="/photos">${TEXTS[parts.language].photo.all}</a></li>
  ${after !== undefined && html`<li><a href="/photos/${after}">${photos.dayAfter(dayShort(after, parts.language))}</a></li>`}
</ul></nav>`
  );
};

/** Photos above the fold of a desktop are fetched at once. */
const EAGER = 8;

export const photosPage = (parts: PhotosParts): Html => {
  const texts = TEXTS[parts.language];
  const moment = zoneMoment(parts.now, parts.zone, parts.language);
  const context: PhotoContext = { language: parts.language, status: parts.status, today: moment.day };
  const newest = parts.isNewest && parts.day === undefined ? parts.stills[0] : undefined;
  const groups = byDay(newest ? parts.stills.slice(1) : parts.stills);
  const dayHead = (group: DayGroup): Html => {
    const title = dayTitle(group.day, moment.day, parts.language);
    const count = parts.counts.get(group.day);
    return html`<h2 id="title-${group.day}"><a href="/photos/${group.day}">${title}</a>${count !== undefined && html` <span class="count">${texts.photos.count(count)}</span>`}</h2>`;
  };
  const emptyText = parts.day ? texts.photos.emptyDay : texts.empty.waiting;
  const title = parts.day ? dayTitle(parts.day.name, moment.day, parts.language) : texts.photos.title;
  return layout(parts, {
    title,
    address: parts.address,
    section: 'photos',
    sentence: stateSentence(parts.status.cameras, parts),
    isLive: true,
    isDemo: parts.isDemo,
    body: html`<h1 class="${parts.day ? 'page-title' : 'visually-hidden'}">${title}</h1>
${dayPager(parts)}
<div id="sheet" class="days"${parts.isNewest && html` data-live`}>
${newest && largePhoto(newest, context)}
${parts.stills.length === 0 && html`<section class="note empty"><h2>${texts.empty.title}</h2><p>${emptyText}</p></section>`}
${groups.map(
  (
    group,
  ) => html`<section class="day-group" id="day-${group.day}" aria-labelledby="${parts.day ? 'content' : `title-${group.day}`}">
${!parts.day && dayHead(group)}
<ul class="sheet">${group.stills.map((still, at) => photoCard(still, context, at < EAGER && group === groups[0]))}</ul>
</section>`,
)}
</div>
${pager(parts)}`,
  });
};
