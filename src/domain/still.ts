// A still: one immutable photo, named once.

import type { ClaimKind } from './camera-message.ts';
import type { UploadFacts } from './delivery.ts';
import type { CameraId, EpisodeId, StillId } from './ids.ts';
import type { Cause } from './signal.ts';
import type { ChangeVerdict, StillChange } from './still-change.ts';
import type { StillChoice } from './still-choice.ts';
import type { EpochMs, Ms } from './units.ts';

export const STILL_KINDS = [
  'calm',
  'before',
  'peak',
  'manual',
  'scheduled',
  'uploaded',
  'recovered',
  'adopted',
] as const;
/** `adopted`: found in the photo folder, made by another program. */
export type StillKind = (typeof STILL_KINDS)[number];

/** How the bytes were got. `file`: they were there before us. */
export const STILL_SOURCES = ['main-stream', 'main-ring', 'http-snapshot', 'sub-frame', 'upload', 'file'] as const;
export type StillSourceName = (typeof STILL_SOURCES)[number];

/** What a still source hands over: the bytes and what is known of them, before they are spooled. */
export interface Shot {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** When the camera saw it, as near as can be known here. */
  readonly takenAt: EpochMs;
  readonly source: StillSourceName;
  /** From the order to complete bytes. */
  readonly delay: Ms;
}

/** Everything known of a still except its bytes. */
export interface StillFacts {
  readonly id: StillId;
  readonly camera: CameraId;
  readonly kind: StillKind;
  readonly cause: Cause | undefined;
  readonly episode: EpisodeId | undefined;
  readonly takenAt: EpochMs;
  /** Minutes east of UTC at the site at that instant. */
  readonly offsetMinutes: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  readonly source: StillSourceName;
  readonly delay: Ms | undefined;
  readonly isDemo: boolean;
  /** Which way it was taken, and why that one. */
  readonly choice?: StillChoice | undefined;
  /** What it shows that the still before it did not. */
  readonly change?: StillChange | undefined;
  /** The name it shares with the others of its set: when the calm photo was taken, `YYYY-MM-DD/HH-MM-SS` by the site's clock. */
  readonly set?: string | undefined;
  /** What the camera said was there, when it said anything. */
  readonly claims?: readonly ClaimKind[] | undefined;
  /** The camera's clock minus ours when it was taken, where it is known: what a clock burnt into the picture is off by. */
  readonly clockOffset?: Ms | undefined;
  /** How it came, and what its camera said, of one that was sent. Kept in the file only. */
  readonly upload?: UploadFacts | undefined;
}

/** A still that has its place in the store. */
export interface StoredStill extends StillFacts {
  /** Path inside the store, `/`-separated (see `still-path.ts`). */
  readonly path: string;
  /** Said by the owner, and no fact of the file. */
  readonly isFavourite?: true;
  readonly ownerVerdict?: ChangeVerdict;
}

/** What it shows, as the owner says, else as the comparison does. */
export const verdictOf = ({
  ownerVerdict,
  change,
}: Pick<StoredStill, 'ownerVerdict' | 'change'>): ChangeVerdict | undefined => ownerVerdict ?? change?.verdict;
