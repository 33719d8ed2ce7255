// The ledger: every trigger of a day with what became of it, and the sums of the days before.

import { errorText } from '../../domain/errors.ts';
import type { LedgerRow } from '../../domain/ledger.ts';
import type { StoredStill } from '../../domain/still.ts';
import { dayPlus } from '../day-title.ts';
import { namedCameras } from '../status.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, dayTitle, zoneMoment } from '../time-text.ts';
import type { LedgerDayView, LedgerRowView, PageView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { stillPage } from './photo.ts';

/** Rows on a page: a busy day of twenty cameras; more are counted, and said to be left out. */
const MOST = 500;
/** Days whose sums are shown. */
const DAYS = 14;

export interface LedgerWish {
  readonly day: string | undefined;
  readonly missedOnly: boolean;
}

export const ledgerPage = async (visit: Visit, wish: LedgerWish): Promise<PageView<'ledger'>> => {
  const { deps, language, today } = visit;
  const status = deps.status();
  const day = wish.day ?? today;
  const visible = new Set<string>(namedCameras(status).map(({ id }) => id));
  const query = { day, missedOnly: wish.missedOnly, limit: MOST + 1 };
  const found = (await deps.ledger.list(query)).filter(({ camera }) => visible.has(camera));
  const stills = new Map<string, StoredStill>();
  const stillOf = async ({ outcome }: LedgerRow): Promise<StoredStill | undefined> => {
    if (!('still' in outcome) || outcome.still === undefined) return undefined;
    const still = stills.get(outcome.still) ?? (await deps.catalog.find(outcome.still));
    if (still) stills.set(still.id, still);
    return still;
  };
  const rows = await Promise.all(
    found.slice(0, MOST).map(async (row): Promise<LedgerRowView> => {
      const still = await stillOf(row);
      const moment = zoneMoment(row.at, deps.zone, language);
      return {
        id: row.id,
        time: moment.time,
        iso: moment.iso,
        cameraName: cameraName(row.camera, status),
        origin: row.origin,
        state: row.outcome.state,
        href: still ? stillPage(still) : null,
        code: row.outcome.state === 'missed' ? row.outcome.code : null,
        reason: row.outcome.state === 'missed' ? errorText(row.outcome.code, {}, language) : null,
      };
    }),
  );
  const sums = new Map<string, { triggers: number; missed: number; open: number }>();
  for (const sum of await deps.ledger.sums(dayPlus(today, 1 - DAYS))) {
    if (!visible.has(sum.camera)) continue;
    const before = sums.get(sum.day) ?? { triggers: 0, missed: 0, open: 0 };
    sums.set(sum.day, {
      triggers: before.triggers + sum.triggers,
      missed: before.missed + sum.missed,
      open: before.open + sum.open,
    });
  }
  const days = [...sums].map(
    ([name, sum]): LedgerDayView => ({ day: name, text: dayShort(name, language), isShown: name === day, ...sum }),
  );
  const own = sums.get(day);
  const address = `/ledger?day=${day}${wish.missedOnly ? '&missed=1' : ''}`;
  return {
    page: 'ledger',
    frame: frameOf(visit, { title: TEXTS[language].nav.ledger, address, section: 'system' }),
    data: {
      day,
      title: dayTitle(day, today, language),
      sentence: own ? TEXTS[language].sentence.ledger(own.triggers, own.open) : null,
      missedOnly: wish.missedOnly,
      isCut: found.length > MOST,
      rows,
      days,
    },
  };
};
