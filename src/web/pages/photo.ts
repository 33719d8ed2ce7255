// What is shown of one photo, and of the set it belongs to.

import type { Language } from '../../domain/errors.ts';
import { type StoredStill, verdictOf } from '../../domain/still.ts';
import type { Status } from '../status.ts';
import { cameraName, stillUrl } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { bytesText, dayTitle, decimal, stillMoment } from '../time-text.ts';
import type { NewestView, PhotoView, StripView } from '../wire-pages.ts';

export interface PhotoContext {
  readonly language: Language;
  readonly status: Status;
  /** The site's local day. */
  readonly today: string;
}

/** A photo of a happening is shown with it; any other is its own page. */
export const stillPage = (still: StoredStill): string =>
  still.episode === undefined ? `/photo/${still.id}` : `/e/${still.episode}`;

export const photoView = (still: StoredStill, context: PhotoContext): PhotoView => {
  const { language, status, today } = context;
  const { photo } = TEXTS[language];
  const moment = stillMoment(still, language);
  const name = cameraName(still.camera, status);
  const title = dayTitle(moment.day, today, language);
  return {
    id: still.id,
    url: stillUrl(still),
    href: stillPage(still),
    width: still.width,
    height: still.height,
    alt: still.isDemo ? photo.altDemo(name, title, moment.time) : photo.alt(name, title, moment.time),
    isDemo: still.isDemo,
    camera: still.camera,
    cameraName: name,
    day: moment.day,
    dayTitle: title,
    time: moment.time,
    minutes: moment.minutes,
    seconds: moment.seconds,
    iso: moment.iso,
    kind: still.kind,
    verdict: verdictOf(still) ?? null,
  };
};

/** The set of one episode: the newest photo of each kind. */
export const stripView = (set: readonly StoredStill[], context: PhotoContext): StripView => {
  const of = (kind: 'before' | 'peak' | 'calm'): PhotoView | null => {
    const still = set.find((one) => one.kind === kind);
    return still ? photoView(still, context) : null;
  };
  return { before: of('before'), peak: of('peak'), calm: of('calm') };
};

export const photoFacts = (still: StoredStill, language: Language): readonly string[] => {
  const { photo } = TEXTS[language];
  const isCalm = still.kind === 'calm' && still.delay !== undefined;
  return [
    still.width > 0 ? photo.size(still.width, still.height) : undefined,
    bytesText(still.bytes, language),
    isCalm ? photo.takenAfterCalm(decimal((still.delay ?? 0) / 1000, 1, language)) : photo.kinds[still.kind],
  ].filter((fact) => fact !== undefined);
};

export const newestView = (still: StoredStill, set: readonly StoredStill[], context: PhotoContext): NewestView => ({
  ...photoView(still, context),
  facts: photoFacts(still, context.language),
  strip: stripView(set, context),
});
