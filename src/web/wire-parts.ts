// What several pages are drawn from: a photo, a camera's tile, a line of facts. Types only.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { StillKind } from '../domain/still.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { Scene } from './wire.ts';

export interface PictureView {
  readonly id: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  readonly isDemo: boolean;
}

/** A photo with what is written beside it. */
export interface PhotoView extends PictureView {
  readonly href: string;
  readonly camera: string;
  readonly cameraName: string;
  readonly day: string;
  readonly dayTitle: string;
  readonly time: string;
  readonly minutes: string;
  readonly seconds: string;
  readonly iso: string;
  readonly kind: StillKind;
  readonly verdict: ChangeVerdict | null;
}

export interface StripView {
  readonly before: PhotoView | null;
  readonly peak: PhotoView | null;
  readonly calm: PhotoView | null;
}

export interface TroubleNote {
  readonly lead: string | null;
  readonly text: string;
  readonly tail: string | null;
  readonly code: StillwatchErrorCode;
}

export interface TileView {
  readonly id: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly state: Scene | 'blind' | 'starting';
  readonly since: string;
  readonly calmAtMs: number;
  readonly calmPeriodMs: number;
  readonly trouble: TroubleNote | null;
  readonly missed: TroubleNote | null;
  readonly latest: PhotoView | null;
  readonly photosToday: number;
}

/** A film that a camera sent and that is kept. */
export interface FilmView {
  readonly href: string;
  /** Of the file when it is downloaded. */
  readonly name: string;
  readonly time: string;
  readonly size: string;
  readonly isPlayable: boolean;
}

/** Why a photo was taken, line by line. */
export interface FactView {
  readonly term: string;
  readonly text: string;
}
