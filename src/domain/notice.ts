// A notice: one thing that happened, in the words it is told to others in. Whoever is told gets the same words under the same id.

import { CLAIM_KINDS, type ClaimKind } from './camera-message.ts';
import type { CameraId } from './ids.ts';
import type { ChangeVerdict } from './still-change.ts';
import type { EpochMs } from './units.ts';

export const NOTICE_TYPES = ['photo.taken', 'episode.ended', 'camera.blind', 'camera.seeing', 'store.low'] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** What a photo is taken for: something moved, the camera said what it was, somebody asked, it was planned, it was sent. */
export type PhotoCause = ClaimKind | 'manual' | 'scheduled' | 'uploaded';
export const PHOTO_CAUSES: readonly PhotoCause[] = [...CLAIM_KINDS, 'manual', 'scheduled', 'uploaded'];

/** Said by hand, to see whether it arrives. */
export const TEST_TYPE = 'test';

declare const brand: unique symbol;
/** What a receiver knows a repetition by (`webhook-id`). */
export type NoticeId = string & { readonly [brand]: 'notice' };

export type NoticeWord =
  | string
  | number
  | boolean
  | null
  | readonly NoticeWord[]
  | { readonly [name: string]: NoticeWord };

export interface Notice {
  readonly id: NoticeId;
  readonly type: NoticeType | typeof TEST_TYPE;
  /** When it happened, not when it is told. */
  readonly at: EpochMs;
  /** undefined: it is about no camera. */
  readonly camera: CameraId | undefined;
  /** What a photo shows that the one before it did not; undefined: it is no photo, or nothing could be compared. */
  readonly verdict?: ChangeVerdict | undefined;
  /** What a photo was taken for. */
  readonly causes?: readonly PhotoCause[];
  readonly data: { readonly [name: string]: NoticeWord };
}

/**
 * The same thing has the same id every time, also after a kill: who is told twice can tell. `subject` says which one of its type.
 */
export const noticeId = (type: Notice['type'], subject: string): NoticeId =>
  `msg_${type.replace('.', '-')}_${subject.replace(/[^A-Za-z0-9-]/g, '')}` as NoticeId;
