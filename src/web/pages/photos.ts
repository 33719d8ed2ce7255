// The contact sheet: newest first, by day, a page at a time; the newest of all is large.

import type { CameraId } from '../../domain/ids.ts';
import { filterConditions, type PhotoFilter } from '../../domain/photo-filter.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { CoverCondition, StillCursor, StillQuery } from '../../ports/catalog.ts';
import { namedCameras } from '../status.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, stillMoment } from '../time-text.ts';
import { formatCursor } from '../visit.ts';
import type { LinkView, PageView, SheetDayView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { newestView, type PhotoContext, photoView } from './photo.ts';

/** Photos on one page. */
const PAGE = 60;

/** Where a page begins; undefined: at the newest photo. */
export type From = { readonly before: StillCursor } | { readonly after: StillCursor } | undefined;

export interface SheetWish {
  readonly day: string | undefined;
  /** undefined: all. */
  readonly cameras: readonly CameraId[] | undefined;
  readonly what: PhotoFilter | undefined;
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

const conditionOf = ({ cameras, what }: SheetWish): CoverCondition => ({
  ...(cameras ? { cameras } : {}),
  ...(what ? { what } : {}),
});

/** One photo more than a page is asked for: it says whether there is another page. */
const readSheet = async ({ deps }: Visit, wish: SheetWish): Promise<Sheet> => {
  const { day, cameras, what, from } = wish;
  const query: StillQuery = {
    ...filterConditions(what),
    ...(cameras ? { cameras } : {}),
    ...(day ? { day } : {}),
    coversOnly: true,
    limit: PAGE + 1,
  };
  const found = await deps.catalog.list({ ...query, ...from });
  const hasMore = found.length > PAGE;
  // Coming from older photos, the one too many is the newest.
  return from && 'after' in from
    ? { stills: hasMore ? found.slice(1) : found, hasOlder: true, hasNewer: hasMore }
    : { stills: found.slice(0, PAGE), hasOlder: hasMore, hasNewer: from !== undefined };
};

const queryOf = ({ cameras = [], what }: SheetWish): URLSearchParams => {
  const query = new URLSearchParams();
  for (const id of cameras) query.append('camera', id);
  if (what) query.set('what', what);
  return query;
};

/** With a place in the list, or without. */
const addressOf = (wish: SheetWish, from?: From): string => {
  const query = queryOf(wish);
  if (from) query.set('after' in from ? 'after' : 'before', formatCursor('after' in from ? from.after : from.before));
  const path = wish.day ? `/photos/${wish.day}` : '/photos';
  return query.size > 0 ? `${path}?${query.toString()}` : path;
};

/** A day's photos by camera, those of the newest photo first; the order within a camera is kept. */
const byCamera = (
  stills: readonly StoredStill[],
): readonly { readonly camera: CameraId; readonly stills: readonly StoredStill[] }[] => {
  const groups = new Map<CameraId, StoredStill[]>();
  for (const still of stills) {
    const group = groups.get(still.camera);
    if (group) group.push(still);
    else groups.set(still.camera, [still]);
  }
  return [...groups].map(([camera, stills]) => ({ camera, stills })).sort((a, b) => (a.camera < b.camera ? -1 : 1));
};

/** @returns the address to go to instead, when the page asked for is the first one under another name */
export const photosPage = async (visit: Visit, wish: SheetWish): Promise<PageView<'photos'> | { to: string }> => {
  const { deps, language, today } = visit;
  const { day, cameras, what, from } = wish;
  const { stills, hasOlder, hasNewer } = await readSheet(visit, wish);
  // Back at the newest photos: that page has one address, and it is kept up to date.
  if (from && 'after' in from && !hasNewer) return { to: addressOf(wish) };
  const status = deps.status();
  const context: PhotoContext = { language, status, today };
  const all = await deps.catalog.coverDays({});
  const rows = what
    ? await deps.catalog.coverDays(conditionOf(wish))
    : all.filter(({ camera }) => !cameras || cameras.includes(camera));
  const counts = new Map<string, number>();
  for (const row of rows) {
    counts.set(row.day, (counts.get(row.day) ?? 0) + row.covers);
    counts.set(`${row.day} ${row.camera}`, row.covers);
  }
  const days = [...new Set(rows.map((row) => row.day))].sort();
  const link = (name: string | undefined): LinkView | null =>
    name === undefined ? null : { href: addressOf({ ...wish, day: name }), text: dayShort(name, language) };
  const [first, last] = [stills[0], stills.at(-1)];
  const isFront = from === undefined && day === undefined && cameras === undefined && what === undefined;
  const newest = isFront ? first : undefined;
  const set = newest?.episode ? await deps.catalog.list({ episode: newest.episode, limit: 50 }) : [];
  const groups = byDay(newest ? stills.slice(1) : stills).map(
    (group): SheetDayView => ({
      day: group.day,
      title: dayTitle(group.day, today, language),
      count: counts.get(group.day) ?? null,
      parts: byCamera(group.stills).map(({ camera, stills }) => ({
        camera,
        name: cameraName(camera, status),
        count: counts.get(`${group.day} ${camera}`) ?? null,
        photos: stills.map((still) => photoView(still, context)),
      })),
    }),
  );
  const known = new Set([...namedCameras(status).map(({ id }) => id), ...all.map(({ camera }) => camera)]);
  const dayText = day ? dayTitle(day, today, language) : TEXTS[language].photos.title;
  const named = (cameras ?? []).map((camera) => cameraName(camera, status)).join(', ');
  const title = named === '' ? dayText : `${named} · ${dayText}`;
  return {
    page: 'photos',
    frame: frameOf(visit, { title, address: addressOf(wish, from), section: 'photos' }),
    data: {
      title,
      day: day
        ? {
            name: day,
            before: link(days.findLast((other) => other < day)),
            after: link(days.find((other) => other > day)),
            cameras: all
              .filter((row) => row.day === day && (!cameras || cameras.includes(row.camera)))
              .map(({ camera }) => ({ id: camera, name: cameraName(camera, status) })),
          }
        : null,
      isNewest: from === undefined,
      range: days[0] === undefined ? null : { first: days[0], last: days.at(-1) ?? days[0] },
      cameras: [...known].map((id) => ({ id, name: cameraName(id, status), isOn: cameras?.includes(id) ?? false })),
      what: what ?? '',
      narrowed: queryOf(wish).toString(),
      newest: newest ? newestView(newest, set, context) : null,
      groups,
      newer: hasNewer ? addressOf(wish, first ? { after: first } : undefined) : null,
      older: hasOlder && last ? addressOf(wish, { before: last }) : null,
    },
  };
};
