// One happening: its photos beside each other, what changed, and why they were taken.

import { errorText, type Language } from '../../domain/errors.ts';
import type { EpisodeId } from '../../domain/ids.ts';
import type { LedgerRow } from '../../domain/ledger.ts';
import { type StoredStill, verdictOf } from '../../domain/still.ts';
import { TEXTS } from '../texts.ts';
import { decimal, stillMoment, zoneMoment } from '../time-text.ts';
import type { EpisodeData, FactView, PageView, TriggerView } from '../wire-pages.ts';
import { filmsBehind } from './films.ts';
import { frameOf, type Visit } from './frame.ts';
import { type PhotoContext, photoFacts, photoView, stillPage, stripView } from './photo.ts';
import { seenOf } from './seen.ts';

/** Photos of one happening: three, and more only when it was continued after a restart. */
const MOST = 50;
/** Ledger rows of one day that are searched for those of this happening. */
const ROWS = 2000;

const ORDER = ['calm', 'recovered', 'uploaded', 'manual', 'scheduled', 'adopted', 'peak', 'before'] as const;

/** The photo that stands for it. */
const coverOf = (set: readonly StoredStill[]): StoredStill | undefined =>
  [...set].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.takenAt - a.takenAt)[0];

const triggersOf = async ({ deps }: Visit, cover: StoredStill): Promise<readonly LedgerRow[]> => {
  const { day } = zoneMoment(cover.takenAt, deps.zone, 'en');
  const rows = await deps.ledger.list({ day, camera: cover.camera, limit: ROWS });
  const isOurs = ({ work, outcome }: LedgerRow): boolean =>
    (cover.episode !== undefined && work === cover.episode) || ('still' in outcome && outcome.still === cover.id);
  return rows.filter(isOurs).reverse();
};

const outcomeText = ({ outcome }: LedgerRow, language: Language): string => {
  const texts = TEXTS[language].ledger.states;
  return outcome.state === 'missed'
    ? `${texts.missed}: ${errorText(outcome.code, {}, language)}`
    : texts[outcome.state];
};

const triggerView = (row: LedgerRow, { deps, language }: Visit): TriggerView => ({
  id: row.id,
  time: zoneMoment(row.at, deps.zone, language).time,
  origin: TEXTS[language].ledger.origins[row.origin],
  outcome: outcomeText(row, language),
});

const whyOf = (cover: StoredStill, triggers: readonly LedgerRow[], language: Language): readonly FactView[] => {
  const { why, ways, reasons, sources } = TEXTS[language].episode;
  const seconds = (ms: number): string => `${decimal(ms / 1000, 1, language)} s`;
  const facts: (FactView | undefined)[] = [
    cover.cause && {
      term: why.cause,
      text: TEXTS[language].ledger.origins[cover.cause === 'camera' ? 'camera' : 'pixels'],
    },
    triggers.length > 0 ? { term: why.triggers, text: String(triggers.length) } : undefined,
    cover.claims && cover.claims.length > 0 ? { term: why.claims, text: cover.claims.join(', ') } : undefined,
    { term: why.source, text: sources[cover.source] },
    cover.choice && { term: why.way, text: `${ways[cover.choice.way]}: ${reasons[cover.choice.reason]}` },
    cover.choice && cover.choice.failed.length > 0
      ? {
          term: why.failed,
          text: cover.choice.failed.map(({ way, code }) => `${ways[way]} (${code})`).join(', '),
        }
      : undefined,
    cover.delay === undefined ? undefined : { term: why.delay, text: seconds(cover.delay) },
    cover.clockOffset === undefined ? undefined : { term: why.clock, text: seconds(cover.clockOffset) },
    { term: why.file, text: photoFacts(cover, language).slice(0, 2).join(' · ') },
  ];
  return facts.filter((fact) => fact !== undefined);
};

export const fileNameOf = (cover: StoredStill): string => {
  const { day, time } = stillMoment(cover, 'en');
  return `${cover.camera}-${day}-${time.replaceAll(':', '-')}`;
};

export type EpisodeWish = { readonly episode: EpisodeId } | { readonly still: StoredStill };

/** undefined: nothing is left of it. */
export const episodePage = async (visit: Visit, wish: EpisodeWish): Promise<PageView<'episode'> | undefined> => {
  const { deps, language, today } = visit;
  const set = 'still' in wish ? [wish.still] : await deps.catalog.list({ episode: wish.episode, limit: MOST });
  const cover = coverOf(set);
  if (!cover) return undefined;
  const context: PhotoContext = { language, status: deps.status(), today };
  const photo = photoView(cover, context);
  const triggers = await triggersOf(visit, cover);
  const near = { camera: cover.camera, coversOnly: true, limit: 1 };
  const [older] = await deps.catalog.list({ ...near, before: cover });
  const [newer] = await deps.catalog.list({ ...near, after: cover });
  const texts = TEXTS[language];
  const verdict = verdictOf(cover) ?? null;
  const share = cover.change ? `${decimal(cover.change.perMille / 10, 1, language)} %` : undefined;
  const data: EpisodeData = {
    cover: photo,
    set: stripView(set, context),
    episode: 'episode' in wish ? wish.episode : null,
    films: await filmsBehind(set, visit),
    stills: set.map((still) => still.id),
    isFavourite: cover.isFavourite ?? false,
    verdict,
    isCorrected: cover.ownerVerdict !== undefined,
    change: cover.change && share ? { share, mask: cover.change.mask } : null,
    summary: [
      verdict ? texts.verdict[verdict] : texts.photo.kinds[cover.kind],
      ...(share && verdict !== 'cannot-compare' ? [texts.episode.share(share)] : []),
    ].join(', '),
    why: whyOf(cover, triggers, language),
    triggers: triggers.map((row) => triggerView(row, visit)),
    seen: await seenOf(visit, set),
    older: older ? stillPage(older) : null,
    newer: newer ? stillPage(newer) : null,
    fileName: fileNameOf(cover),
  };
  const title = `${photo.cameraName} · ${photo.dayTitle} ${photo.time}`;
  return { page: 'episode', frame: frameOf(visit, { title, address: stillPage(cover), section: 'photos' }), data };
};
