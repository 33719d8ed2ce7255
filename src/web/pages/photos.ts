// The contact sheet: newest first, by day, a page at a time; the newest of all is large.

import type { CameraId } from '../../domain/ids.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { StillCursor } from '../../ports/catalog.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, stillMoment } from '../time-text.ts';
import { formatCursor } from '../visit.ts';
import type { DayGroupView, LinkView, PageView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { newestView, type PhotoContext, photoView } from './photo.ts';

/** Photos on one page. */
const PAGE = 60;

/** Where a page begins; undefined: at the newest photo. */
export type From = { readonly before: StillCursor } | { readonly after: StillCursor } | undefined;

export interface SheetWish {
  readonly day: string | undefined;
  readonly camera: CameraId | undefined;
  readonly from: From;
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

interface Sheet {
  readonly stills: readonly StoredStill[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** One photo more than a page is asked for: it says whether there is another page. */
const readSheet = async ({ deps }: Visit, { day, camera, from }: SheetWish): Promise<Sheet> => {
  const query = { ...(day ? { day } : {}), ...(camera ? { camera } : {}), coversOnly: true, limit: PAGE + 1 };
  const found = await deps.catalog.list({ ...query, ...from });
  const hasMore = found.length > PAGE;
  // Coming from older photos, the one too many is the newest.
  return from && 'after' in from
    ? { stills: hasMore ? found.slice(1) : found, hasOlder: true, hasNewer: hasMore }
    : { stills: found.slice(0, PAGE), hasOlder: hasMore, hasNewer: from !== undefined };
};

const pathOf = ({ day, camera }: SheetWish): string =>
  ['/photos', ...(day ? [day] : []), ...(day && camera ? [camera] : [])].join('/');

const addressOf = (path: string, from: From): string => {
  if (!from) return path;
  return 'after' in from ? `${path}?after=${formatCursor(from.after)}` : `${path}?before=${formatCursor(from.before)}`;
};

/** @returns the address to go to instead, when the page asked for is the first one under another name */
export const photosPage = async (visit: Visit, wish: SheetWish): Promise<PageView<'photos'> | { to: string }> => {
  const { deps, language, today } = visit;
  const { day, camera, from } = wish;
  const path = pathOf(wish);
  const { stills, hasOlder, hasNewer } = await readSheet(visit, wish);
  // Back at the newest photos: that page has one address, and it is kept up to date.
  if (from && 'after' in from && !hasNewer) return { to: path };
  const status = deps.status();
  const context: PhotoContext = { language, status, today };
  const counts = new Map<string, number>();
  for (const row of await deps.catalog.days()) {
    if (!camera || row.camera === camera) counts.set(row.day, (counts.get(row.day) ?? 0) + row.covers);
  }
  const days = [...counts.keys()].sort();
  const link = (name: string | undefined): LinkView | null =>
    name === undefined ? null : { href: pathOf({ ...wish, day: name }), text: dayShort(name, language) };
  const [first, last] = [stills[0], stills.at(-1)];
  const newest = from === undefined && day === undefined ? first : undefined;
  const set = newest?.episode ? await deps.catalog.list({ episode: newest.episode, limit: 50 }) : [];
  const groups = byDay(newest ? stills.slice(1) : stills).map(
    (group): DayGroupView => ({
      day: group.day,
      title: dayTitle(group.day, today, language),
      count: counts.get(group.day) ?? null,
      photos: group.stills.map((still) => photoView(still, context)),
    }),
  );
  const dayText = day ? dayTitle(day, today, language) : TEXTS[language].photos.title;
  const title = camera ? `${cameraName(camera, status)} · ${dayText}` : dayText;
  return {
    page: 'photos',
    frame: frameOf(visit, { title, address: addressOf(path, from), section: 'photos' }),
    data: {
      title,
      day: day
        ? {
            name: day,
            before: link(days.findLast((other) => other < day)),
            after: link(days.find((other) => other > day)),
          }
        : null,
      isNewest: from === undefined,
      range: days[0] === undefined ? null : { first: days[0], last: days.at(-1) ?? days[0] },
      newest: newest ? newestView(newest, set, context) : null,
      groups,
      newer: hasNewer ? (first ? `${path}?after=${formatCursor(first)}` : path) : null,
      older: hasOlder && last ? `${path}?before=${formatCursor(last)}` : null,
    },
  };
};
