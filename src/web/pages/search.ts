// Search: by words and by condition, as an address that can be kept. Works without script.

import type { StillCursor } from '../../ports/catalog.ts';
import type { SearchFields } from '../api/schemas.ts';
import { type SearchWish, searchWish } from '../search-wish.ts';
import { namedCameras } from '../status.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, zoneMoment } from '../time-text.ts';
import { formatCursor } from '../visit.ts';
import type { PageView, SearchFormView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { photoView } from './photo.ts';
import { byDay } from './photos.ts';

const PAGE = 60;

const first = <T>(value: T | readonly T[] | undefined): T | undefined =>
  (value === undefined ? [] : ([value].flat() as readonly T[]))[0];

const queryOf = (fields: SearchFields): URLSearchParams => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) if (one !== undefined && one !== '') query.append(name, String(one));
  }
  return query;
};

const addressOf = (fields: SearchFields, before?: StillCursor): string => {
  const query = queryOf(fields);
  if (before) query.set('before', formatCursor(before));
  return query.size > 0 ? `/search?${query.toString()}` : '/search';
};

const formOf = (fields: SearchFields): SearchFormView => ({
  words: fields.q ?? '',
  camera: first(fields.camera) ?? '',
  from: fields.from ?? '',
  until: fields.until ?? '',
  hourFrom: fields.hourFrom === undefined ? '' : String(fields.hourFrom),
  hourUntil: fields.hourUntil === undefined ? '' : String(fields.hourUntil),
  kind: first(fields.kind) ?? '',
  source: first(fields.source) ?? '',
  verdict: first(fields.verdict) ?? '',
  claim: first(fields.claim) ?? '',
  isFavourite: fields.favourite === 'true',
});

/** What was understood, fact by fact, so that a search that finds nothing says what it looked for. */
const understood = ({ query }: SearchWish, { deps, language }: Visit): readonly string[] => {
  const texts = TEXTS[language];
  const status = deps.status();
  const moment = (at: typeof query.from): string | undefined => {
    if (at === undefined) return undefined;
    const { day, minutes } = zoneMoment(at, deps.zone, language);
    return `${dayShort(day, language)} ${minutes}`;
  };
  const [from, until] = [moment(query.from), moment(query.until)];
  return [
    ...(query.cameras ?? []).map((camera) => cameraName(camera, status)),
    ...(from || until ? [`${from ?? ''} – ${until ?? ''}`.trim()] : []),
    ...(query.hours ? [texts.find.hours(query.hours.from, query.hours.until)] : []),
    ...(query.kinds ?? []).map((kind) => texts.photo.kinds[kind]),
    ...(query.verdicts ?? []).map((verdict) => texts.verdict[verdict]),
    ...(query.claims ?? []).map((claim) => texts.find.claims[claim]),
    ...(query.sources ?? []).map((source) => texts.episode.sources[source]),
    ...(query.isFavourite ? [texts.search.favourites] : []),
  ];
};

/** @returns undefined when a day that is asked for does not exist */
export const searchPage = async (
  visit: Visit,
  fields: SearchFields,
  before: StillCursor | undefined,
): Promise<PageView<'search'> | undefined> => {
  const { deps, language, today } = visit;
  const status = deps.status();
  const wish = searchWish(fields, { deps, cameras: namedCameras(status) });
  if (!wish) return undefined;
  const isAsked = queryOf(fields).size > 0;
  const found = isAsked
    ? await deps.catalog.list({ ...wish.query, ...(before ? { before } : {}), limit: PAGE + 1 })
    : [];
  const shown = found.slice(0, PAGE);
  const last = shown.at(-1);
  const context = { language, status, today };
  return {
    page: 'search',
    frame: frameOf(visit, {
      title: fields.q ? `${fields.q} · ${TEXTS[language].nav.search}` : TEXTS[language].nav.search,
      address: addressOf(fields, before),
      section: 'search',
    }),
    data: {
      form: formOf(fields),
      cameras: namedCameras(status).map(({ id, name }) => ({ id, name })),
      isAsked,
      understood: isAsked ? understood(wish, visit) : [],
      unknown: wish.unknown,
      groups: byDay(shown).map((group) => ({
        day: group.day,
        title: dayTitle(group.day, today, language),
        count: null,
        photos: group.stills.map((still) => photoView(still, context)),
      })),
      older: found.length > PAGE && last ? addressOf(fields, last) : null,
      zip: `/api/v1/photos.zip?${queryOf(fields).toString()}`,
    },
  };
};
