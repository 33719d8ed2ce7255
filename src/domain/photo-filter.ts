// What a timeline can be narrowed to, in one word each: what people look for when they look through an archive.

import type { ClaimKind } from './camera-message.ts';
import type { StillKind } from './still.ts';
import type { ChangeVerdict } from './still-change.ts';

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
      return { verdicts: ['arrived', 'gone'] };
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
