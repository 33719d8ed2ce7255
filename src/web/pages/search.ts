// Search: by words and by condition, as an address that can be kept. Works without script.

import type { CameraId } from '../../domain/ids.ts';
import { readSearchWords } from '../../domain/search-words.ts';
import { CHANGE_VERDICTS, type ChangeVerdict } from '../../domain/still-change.ts';
import type { StillCursor, StillQuery } from '../../ports/catalog.ts';
import { namedCameras } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { dayTitle } from '../time-text.ts';
import { formatCursor } from '../visit.ts';
import type { PageView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { photoView } from './photo.ts';
import { byDay } from './photos.ts';

const PAGE = 60;

export interface SearchWish {
  readonly words: string;
  readonly camera: CameraId | undefined;
  readonly verdict: ChangeVerdict | undefined;
  readonly isFavourite: boolean;
  readonly before: StillCursor | undefined;
}

export const isVerdict = (value: unknown): value is ChangeVerdict => CHANGE_VERDICTS.some((one) => one === value);

const addressOf = (wish: SearchWish, before?: StillCursor): string => {
  const query = new URLSearchParams();
  if (wish.words !== '') query.set('q', wish.words);
  if (wish.camera) query.set('camera', wish.camera);
  if (wish.verdict) query.set('verdict', wish.verdict);
  if (wish.isFavourite) query.set('favourite', '1');
  if (before) query.set('before', formatCursor(before));
  return query.size > 0 ? `/search?${query.toString()}` : '/search';
};

export const searchPage = async (visit: Visit, wish: SearchWish): Promise<PageView<'search'>> => {
  const { deps, language, today } = visit;
  const status = deps.status();
  const cameras = namedCameras(status);
  const words = readSearchWords(wish.words, { now: deps.clock.now().wall, zone: deps.zone, cameras });
  const named = wish.camera ? [wish.camera] : words.cameras;
  const verdicts = wish.verdict ? [wish.verdict] : words.verdicts;
  const isAsked = addressOf(wish) !== '/search';
  const query: StillQuery = {
    ...(named.length > 0 ? { cameras: named } : {}),
    ...(words.from === undefined ? {} : { from: words.from }),
    ...(words.until === undefined ? {} : { until: words.until }),
    ...(words.hours ? { hours: words.hours } : {}),
    ...(words.kinds.length > 0 ? { kinds: words.kinds } : {}),
    ...(verdicts.length > 0 ? { verdicts } : {}),
    ...(words.claims.length > 0 ? { claims: words.claims } : {}),
    ...(wish.isFavourite || words.isFavourite ? { isFavourite: true } : {}),
    ...(wish.before ? { before: wish.before } : {}),
    // Siblings only when they are asked for by kind.
    coversOnly: words.kinds.length === 0,
    limit: PAGE + 1,
  };
  const found = isAsked ? await deps.catalog.list(query) : [];
  const shown = found.slice(0, PAGE);
  const last = shown.at(-1);
  const context = { language, status, today };
  return {
    page: 'search',
    frame: frameOf(visit, {
      title: TEXTS[language].nav.search,
      address: addressOf(wish, wish.before),
      section: 'search',
    }),
    data: {
      words: wish.words,
      camera: wish.camera ?? '',
      verdict: wish.verdict ?? '',
      isFavourite: wish.isFavourite,
      cameras: cameras.map(({ id, name }) => ({ id, name })),
      isAsked,
      unknown: words.unknown,
      groups: byDay(shown).map((group) => ({
        day: group.day,
        title: dayTitle(group.day, today, language),
        count: null,
        photos: group.stills.map((still) => photoView(still, context)),
      })),
      older: found.length > PAGE && last ? addressOf(wish, last) : null,
    },
  };
};
