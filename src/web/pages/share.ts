// What somebody sees who was sent a link: the photos of its selection under addresses of the link's own, and nothing that
// tells of other cameras, other days or the folder they lie in.

import type { Language } from '../../domain/errors.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { StillCursor } from '../../ports/catalog.ts';
import type { WebDeps } from '../deps.ts';
import type { Selection } from '../share/selection.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, zoneMoment } from '../time-text.ts';
import { formatCursor } from '../visit.ts';
import type { DayGroupView, NewestView, PageView, PhotoView, ShareData } from '../wire-pages.ts';
import { fileNameOf } from './episode.ts';
import { strangerFrame } from './frame.ts';
import { newestView, type PhotoContext, photoView } from './photo.ts';
import { byDay } from './photos.ts';

const PAGE = 60;

export interface GuestVisit {
  readonly deps: WebDeps;
  readonly language: Language;
  /** `/s/<token>` */
  readonly path: string;
  readonly selection: Selection;
}

const contextOf = ({ deps, language }: GuestVisit): PhotoContext => ({
  language,
  status: deps.status(),
  today: zoneMoment(deps.clock.now().wall, deps.zone, language).day,
});

/** The photo at the link's own addresses. */
const guestPhoto = <T extends PhotoView>(photo: T, path: string): T => ({
  ...photo,
  url: `${path}/${photo.id}.jpg`,
  href: `${path}/${photo.id}`,
});

const shownView = async (visit: GuestVisit, still: StoredStill): Promise<NewestView> => {
  const { path, selection } = visit;
  const view = newestView(still, await selection.set(still), contextOf(visit));
  const { before, peak, calm } = view.strip;
  const at = (photo: PhotoView | null): PhotoView | null => photo && guestPhoto(photo, path);
  return { ...guestPhoto(view, path), strip: { before: at(before), peak: at(peak), calm: at(calm) } };
};

const titleOf = ({ deps, language, selection }: GuestVisit, today: string): string => {
  const { scope } = selection.share;
  const name = cameraName(scope.camera, deps.status());
  return scope.of === 'day' ? `${name} · ${dayTitle(scope.day, today, language)}` : name;
};

const pageOf = (visit: GuestVisit, address: string, data: Omit<ShareData, 'title' | 'until'>): PageView<'share'> => {
  const { deps, language, selection } = visit;
  const title = titleOf(visit, contextOf(visit).today);
  const over = zoneMoment(selection.share.expiresAt, deps.zone, language);
  const until = TEXTS[language].share.until(`${dayShort(over.day, language)} ${over.minutes}`);
  return {
    page: 'share',
    frame: strangerFrame(deps, { language, title, address, isGuest: true }),
    data: { title, until, ...data },
  };
};

/** The sheet of the selection; of one happening, its set. */
export const sharePage = async (visit: GuestVisit, before: StillCursor | undefined): Promise<PageView<'share'>> => {
  const { path, selection } = visit;
  const found = await selection.covers({ limit: PAGE + 1, ...(before ? { before } : {}) });
  const stills = found.slice(0, PAGE);
  const [first, last] = [stills[0], stills.at(-1)];
  const isFirst = before === undefined;
  const shown = isFirst && first ? await shownView(visit, first) : null;
  const context = contextOf(visit);
  const groups = byDay(shown ? stills.slice(1) : stills).map(
    (group): DayGroupView => ({
      day: group.day,
      title: dayTitle(group.day, context.today, context.language),
      count: null,
      photos: group.stills.map((still) => guestPhoto(photoView(still, context), path)),
    }),
  );
  return pageOf(visit, isFirst ? path : `${path}?before=${formatCursor(before)}`, {
    shown,
    mask: (shown && first?.change?.mask) ?? null,
    fileName: first ? fileNameOf(first) : '',
    groups,
    back: null,
    newer: isFirst ? null : path,
    older: found.length > PAGE && last ? `${path}?before=${formatCursor(last)}` : null,
  });
};

/** One photo of the selection. */
export const sharedPhotoPage = async (visit: GuestVisit, still: StoredStill): Promise<PageView<'share'>> => {
  const { path, selection } = visit;
  const next = async (way: 'before' | 'after'): Promise<string | null> => {
    const beside = await selection.covers({ [way]: still, limit: PAGE });
    // Newest first: the nearest newer one comes last.
    const nearest = (way === 'before' ? beside : beside.toReversed()).find(
      (one) => still.episode === undefined || one.episode !== still.episode,
    );
    return nearest ? `${path}/${nearest.id}` : null;
  };
  return pageOf(visit, `${path}/${still.id}`, {
    shown: await shownView(visit, still),
    mask: still.change?.mask ?? null,
    fileName: fileNameOf(still),
    groups: [],
    back: path,
    newer: await next('after'),
    older: await next('before'),
  });
};
