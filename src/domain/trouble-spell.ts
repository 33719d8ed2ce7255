// Trouble that comes again and again, as a full disk does with every write: when it begins, and when it is over. A fold.

import { between, type EpochMs, type Instant, type Ms, ms } from './units.ts';

export interface Spell {
  /** What makes it the same trouble. */
  readonly key: string;
  readonly since: EpochMs;
  readonly last: Instant;
  readonly times: number;
  /** Something that could not be done has been done since. */
  readonly hasImproved: boolean;
}

/** The troubles that are going on. */
export type Spells = ReadonlyMap<string, Spell>;

export const NO_SPELLS: Spells = new Map();

/** A success among failures (a small row finds room where a photo does not) is no end yet. */
const CALM_AFTER_IMPROVING: Ms = ms(60_000);
/** The shipper's longest wait is five minutes: who asks no more often than that has not been well in between. */
const CALM: Ms = ms(6 * 60_000);

export const tellSpell = (
  spells: Spells,
  key: string,
  now: Instant,
): { readonly next: Spells; readonly isNew: boolean } => {
  const old = spells.get(key);
  const spell: Spell = {
    key,
    since: old?.since ?? now.wall,
    last: now,
    times: (old?.times ?? 0) + 1,
    hasImproved: false,
  };
  return { next: new Map(spells).set(key, spell), isNew: !old };
};

/** What failed before works: for all whose key `isMeant` names. */
export const improveSpells = (spells: Spells, isMeant: (key: string) => boolean): Spells => {
  const stuck = [...spells.values()].filter(({ key, hasImproved }) => !hasImproved && isMeant(key));
  if (stuck.length === 0) return spells;
  return new Map([...spells, ...stuck.map((spell) => [spell.key, { ...spell, hasImproved: true }] as const)]);
};

export const endSpells = (spells: Spells, now: Instant): { readonly next: Spells; readonly over: readonly Spell[] } => {
  const over = [...spells.values()].filter(
    ({ last, hasImproved }) => between(last.mono, now.mono) >= (hasImproved ? CALM_AFTER_IMPROVING : CALM),
  );
  if (over.length === 0) return { next: spells, over };
  const ended = new Set(over.map(({ key }) => key));
  return { next: new Map([...spells].filter(([key]) => !ended.has(key))), over };
};
