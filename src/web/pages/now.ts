// The front page: the newest photo with its set, each camera's ring, the day of each camera, what came before.

import type { CameraId } from '../../domain/ids.ts';
import { type StoredStill, verdictOf } from '../../domain/still.ts';
import { isLasting } from '../../domain/still-change.ts';
import type { EpochMs } from '../../domain/units.ts';
import { searchWish } from '../search-wish.ts';
import { type CameraStatus, namedCameras } from '../status.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { stillMoment, zoneMoment } from '../time-text.ts';
import type { NowData, PageView, RibbonView, SentencePart, TileView } from '../wire-pages.ts';
import { cameraTiles } from './cameras.ts';
import { frameOf, type Visit } from './frame.ts';
import { newestView, type PhotoContext, photoView } from './photo.ts';
import { pushedViews } from './pushed.ts';

/** Photos under the newest one. */
const RECENT = 12;
/** Marks of one camera's day: more than this cannot be told apart on a line. */
const MARKS = 1000;

/** Thousandths of the local day that are over at `HH:MM:SS` or `HH.MM.SS`. */
export const dayShare = (time: string): number => {
  const [hour = 0, minute = 0, second = 0] = time.split(/[:.]/).map(Number);
  return Math.round(((hour * 60 + minute) * 60 + second) / 86.4);
};

const ribbonOf = async (visit: Visit, camera: CameraStatus, count: number): Promise<RibbonView> => {
  const { deps, language, today } = visit;
  const share = (at: EpochMs): number => dayShare(zoneMoment(at, deps.zone, language).time);
  const triggers = await deps.ledger.list({ day: today, camera: camera.id, limit: MARKS });
  const stills = await deps.catalog.list({ day: today, camera: camera.id, coversOnly: true, limit: MARKS });
  const isSinceToday = zoneMoment(camera.since, deps.zone, language).day === today;
  return {
    camera: camera.id,
    name: camera.name,
    photos: [...new Set(stills.map((still) => dayShare(stillMoment(still, language).time)))],
    motion: [...new Set(triggers.filter((row) => row.outcome.state !== 'missed').map((row) => share(row.at)))],
    missed: [...new Set(triggers.filter((row) => row.outcome.state === 'missed').map((row) => share(row.at)))],
    blindFrom: camera.sight === 'blind' ? (isSinceToday ? share(camera.since) : 0) : null,
    now: share(deps.clock.now().wall),
    count,
  };
};

/** "41 triggers, 41 accounted for": those of happenings that go on are said to be open. */
const ledgerSentence = async ({ deps, today, language }: Visit): Promise<readonly SentencePart[]> => {
  const shown = new Set<string>(namedCameras(deps.status()).map(({ id }) => id));
  const sums = (await deps.ledger.sums(today)).filter((sum) => sum.day === today && shown.has(sum.camera));
  const triggers = sums.reduce((all, sum) => all + sum.triggers, 0);
  if (triggers === 0) return [];
  const open = sums.reduce((all, sum) => all + sum.open, 0);
  return [{ text: TEXTS[language].sentence.ledger(triggers, open), tone: null, href: null }];
};

/** Until this hour the night is asked for. */
const NOON = 12;
/** More than this and it is said to be more. */
const COUNTED = 500;

/** Cameras that are named on one line; of more it is said that there are more. */
const NAMED = 3;

/** Whose photos these are, whoever has most first. */
const camerasOf = (stills: readonly StoredStill[], { deps }: Visit): string => {
  const status = deps.status();
  if (namedCameras(status).length < 2) return '';
  const counts = new Map<CameraId, number>();
  for (const { camera } of stills) counts.set(camera, (counts.get(camera) ?? 0) + 1);
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([camera]) => cameraName(camera, status));
  return [...names.slice(0, NAMED), ...(names.length > NAMED ? ['…'] : [])].join(', ');
};

/** "What happened last night?", answered where it is asked first. */
const nightOf = async (visit: Visit): Promise<NowData['night']> => {
  const { deps, language } = visit;
  const now = zoneMoment(deps.clock.now().wall, deps.zone, language).time;
  if (Number.parseInt(now, 10) >= NOON) return null;
  const { find } = TEXTS[language];
  const wish = searchWish({ q: find.nightWords }, { deps, cameras: [] });
  if (!wish) return null;
  const photos = await deps.catalog.list({ ...wish.query, coversOnly: true, limit: COUNTED + 1 });
  const counted = photos.slice(0, COUNTED);
  const lasting = counted.filter((still) => isLasting(verdictOf(still)));
  const count = photos.length > COUNTED ? `${COUNTED}+` : String(photos.length);
  const search = (fields: Readonly<Record<string, string>>): string =>
    `/search?${new URLSearchParams({ q: find.nightWords, ...fields }).toString()}`;
  return {
    all: { href: search({}), text: find.nightSum(count) },
    lasting:
      lasting.length > 0
        ? {
            href: search({ verdict: 'lasting' }),
            text: find.nightLasting(lasting.length, camerasOf(lasting, visit)),
          }
        : null,
  };
};

/** What needs somebody comes first; the others stay where one knows them. */
const blindFirst = (tiles: readonly TileView[]): readonly TileView[] => [
  ...tiles.filter(({ state }) => state === 'blind'),
  ...tiles.filter(({ state }) => state !== 'blind'),
];

const setOf = async ({ deps }: Visit, still: StoredStill): Promise<readonly StoredStill[]> =>
  still.episode === undefined ? [still] : deps.catalog.list({ episode: still.episode, limit: 50 });

export const nowPage = async (visit: Visit): Promise<PageView<'now'>> => {
  const { deps, language, today } = visit;
  const status = deps.status();
  const context: PhotoContext = { language, status, today };
  const days = (await deps.catalog.days()).filter((row) => row.day === today);
  const countOf = (camera: CameraStatus): number => days.find((row) => row.camera === camera.id)?.covers ?? 0;
  const [newest, ...recent] = await deps.catalog.list({ coversOnly: true, limit: RECENT + 1 });
  const tiles = blindFirst(await cameraTiles(visit));
  const seen = status.cameras.find((camera) => camera.sight === 'seeing');
  return {
    page: 'now',
    frame: frameOf(visit, {
      title: TEXTS[language].nav.now,
      address: '/',
      section: 'now',
      also: await ledgerSentence(visit),
    }),
    data: {
      newest: newest ? newestView(newest, await setOf(visit, newest), context) : null,
      night: newest ? await nightOf(visit) : null,
      tiles,
      pushed: await pushedViews(visit),
      recent: recent.map((still) => photoView(still, context)),
      ribbons: newest
        ? await Promise.all(status.cameras.map((camera) => ribbonOf(visit, camera, countOf(camera))))
        : [],
      emptySeconds: seen ? Math.round(seen.calmPeriod / 1000) : null,
    },
  };
};
