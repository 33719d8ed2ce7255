// What a timeline can be narrowed to, in one word each: what people look for when they look through an archive.

import type { ClaimKind } from './camera-message.ts';
import type { StillKind } from './still.ts';
import { type ChangeVerdict, LASTING } from './still-change.ts';

export const PHOTO_FILTERS = [
  'lasting',
  'passing',
  'person',
  'vehicle',
  'animal',
  'favourite',
  'manual',
  'scheduled',
  'uploaded',
] as const;
export type PhotoFilter = (typeof PHOTO_FILTERS)[number];

export const isPhotoFilter = (text: unknown): text is PhotoFilter => PHOTO_FILTERS.some((filter) => filter === text);

/** The conditions a filter stands for: any one value of each that is there. */
export interface FilterConditions {
  readonly kinds?: readonly StillKind[];
  readonly verdicts?: readonly ChangeVerdict[];
  readonly claims?: readonly ClaimKind[];
  readonly isFavourite?: boolean;
}

export const filterConditions = (filter: PhotoFilter | undefined): FilterConditions => {
  switch (filter) {
    case undefined:
      return {};
    case 'lasting':
      return { verdicts: LASTING };
    case 'passing':
      return { verdicts: ['passing'] };
    case 'person':
    case 'vehicle':
    case 'animal':
      return { claims: [filter] };
    case 'favourite':
      return { isFavourite: true };
    case 'manual':
    case 'scheduled':
    case 'uploaded':
      return { kinds: [filter] };
    default:
      return filter;
  }
};

/** What filters look at. */
export interface FilterFacts {
  readonly kind: StillKind;
  /** The owner's word where there is one. */
  readonly verdict: ChangeVerdict | undefined;
  readonly claims: readonly ClaimKind[];
  readonly isFavourite: boolean;
}

export const meets = ({ kinds, verdicts, claims, isFavourite }: FilterConditions, facts: FilterFacts): boolean =>
  (!kinds || kinds.includes(facts.kind)) &&
  (!verdicts || verdicts.some((one) => one === facts.verdict)) &&
  (!claims || claims.some((one) => facts.claims.includes(one))) &&
  (isFavourite === undefined || isFavourite === facts.isFavourite);

/** The filters that a photo passes. */
export const filtersOf = (facts: FilterFacts): readonly PhotoFilter[] =>
  PHOTO_FILTERS.filter((filter) => meets(filterConditions(filter), facts));

const isSameList = (some: readonly string[] = [], more: readonly string[] = []): boolean =>
  some.length === more.length && some.every((one) => more.includes(one));

/** The filter that all of one kind of these conditions together are; what is narrowed further is within it. */
export const filterAround = (conditions: FilterConditions): PhotoFilter | undefined =>
  PHOTO_FILTERS.find((filter) => {
    const { kinds, verdicts, claims, isFavourite } = filterConditions(filter);
    return (
      (!kinds || isSameList(kinds, conditions.kinds)) &&
      (!verdicts || isSameList(verdicts, conditions.verdicts)) &&
      (!claims || isSameList(claims, conditions.claims)) &&
      (isFavourite === undefined || isFavourite === conditions.isFavourite)
    );
  });
