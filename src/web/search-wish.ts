// What a search asks for: its words and its fields as one query. The page, the API and the zip read it here, so that an
// address that was kept or sent to somebody means the same everywhere.

import { civilTime, instantOf, isDay, type TimeZone } from '../domain/civil-time.ts';
import { type CameraId, isCameraId } from '../domain/ids.ts';
import { readSearchWords } from '../domain/search-words.ts';
import { type ChangeVerdict, LASTING } from '../domain/still-change.ts';
import { type EpochMs, epochMs, later, ms } from '../domain/units.ts';
import type { StillQuery } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { SearchFields } from './api/schemas.ts';

export interface SearchWish {
  readonly query: Omit<StillQuery, 'limit' | 'before' | 'after' | 'cameras'> & {
    readonly cameras?: readonly CameraId[];
  };
  /** Words that mean nothing here. */
  readonly unknown: readonly string[];
}

interface SearchContext {
  readonly deps: { readonly clock: Clock; readonly zone: TimeZone };
  readonly cameras: readonly { readonly id: CameraId; readonly name: string }[];
}

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] | undefined =>
  value === undefined ? undefined : ([value].flat() as readonly T[]);

const verdictsOf = (wanted: SearchFields['verdict']): readonly ChangeVerdict[] | undefined =>
  listed(wanted)?.flatMap((verdict) => (verdict === 'lasting' ? LASTING : verdict));

/** A condition that is empty is none. */
const unlessEmpty = <Key extends 'kinds' | 'sources' | 'verdicts' | 'claims'>(
  key: Key,
  values: StillQuery[Key],
): Partial<StillQuery> => (values && values.length > 0 ? { [key]: values } : {});

/** What a field says counts before what the words say. @returns undefined when a day that is asked for does not exist */
export const searchWish = (
  { q = '', ...asked }: SearchFields,
  { deps, cameras }: SearchContext,
): SearchWish | undefined => {
  if ([asked.from, asked.until].some((day) => day !== undefined && !isDay(day))) return undefined;
  const dayStart = (day: string): EpochMs => instantOf(day, '00-00-00', deps.zone) ?? epochMs(0);
  const dayEnd = (day: string): EpochMs => {
    const noonAfter = later(dayStart(day), ms(36 * 3_600_000));
    return dayStart(civilTime(noonAfter, deps.zone).day);
  };
  const words = readSearchWords(q, { now: deps.clock.now().wall, zone: deps.zone, cameras });
  const named = [...(listed(asked.camera) ?? []), ...words.cameras].filter((id): id is CameraId => isCameraId(id));
  const hours =
    asked.hourFrom === undefined && asked.hourUntil === undefined
      ? words.hours
      : { from: (asked.hourFrom ?? 0) % 24, until: asked.hourUntil ?? 24 };
  const from = asked.from === undefined ? words.from : dayStart(asked.from);
  const until = asked.until === undefined ? words.until : dayEnd(asked.until);
  const isFavourite = asked.favourite === undefined ? words.isFavourite : asked.favourite === 'true';
  const kinds = listed(asked.kind) ?? words.kinds;
  return {
    query: {
      ...(named.length > 0 ? { cameras: named } : {}),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(hours ? { hours } : {}),
      ...unlessEmpty('kinds', kinds),
      ...unlessEmpty('sources', listed(asked.source)),
      ...unlessEmpty('verdicts', verdictsOf(asked.verdict) ?? words.verdicts),
      ...unlessEmpty('claims', listed(asked.claim) ?? words.claims),
      ...(isFavourite === undefined ? {} : { isFavourite }),
      // Before and peak only when they are asked for by kind.
      coversOnly: kinds.length === 0,
    },
    unknown: words.unknown,
  };
};
