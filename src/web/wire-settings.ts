// The JSON shapes of settings in /api/v1, as types: the document's own words (docs/reference/document.md), so that a key of
// `stillwatch.yml` and a field of the API are one thing. The browser code imports these.

import type { EventChannel, MotionMode, MotionWitness } from '../domain/camera.ts';
import type { StillwatchErrorCode } from '../domain/errors.ts';

/** From the upper left of the picture, both 0 to 1. */
export type Corner = readonly [x: number, y: number];
export type Sensitivity = 'low' | 'normal' | 'high';

/** Where a secret lies: one of the three. */
export interface SecretPlaceWords {
  readonly file?: string;
  readonly env?: string;
  readonly credential?: string;
}

export interface MaskWords {
  readonly polygon: readonly Corner[];
  readonly enabled?: boolean;
}

export interface ZoneWords extends MaskWords {
  readonly sensitivity?: Sensitivity;
}

export interface ScheduleWords {
  readonly every?: string;
  readonly at?: string;
  readonly wait?: string;
}

/** One camera. Durations `"10s"`, sizes `"50GB"`. */
export interface CameraWords {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly address?: string;
  readonly user?: string;
  readonly password?: SecretPlaceWords;
  readonly main?: string;
  readonly sub?: string;
  readonly snapshot?: string;
  readonly calmPeriod?: string;
  readonly longestEpisode?: string;
  readonly sensitivity?: Sensitivity;
  readonly mode?: MotionMode;
  readonly triggers?: MotionWitness;
  readonly onvif?: {
    readonly enabled?: boolean;
    readonly device?: string;
    readonly channels?: readonly EventChannel[];
  };
  readonly masks?: Readonly<Record<string, MaskWords>>;
  readonly zones?: Readonly<Record<string, ZoneWords>>;
  readonly schedule?: readonly ScheduleWords[];
  readonly keep?: { readonly days?: number; readonly photos?: number; readonly size?: string };
  readonly keepMain?: { readonly reach?: string; readonly memory?: string };
  readonly costlyLink?: boolean;
  readonly streamLimit?: number;
  readonly threshold?: number;
}

/** RFC 7396: null takes a key out. */
export type MergePatch<T> = { readonly [K in keyof T]?: MergePatchValue<T[K]> | null };
type MergePatchValue<V> = V extends string | number | boolean | readonly unknown[] | undefined ? V : MergePatch<V>;

/** `PATCH /api/v1/cameras/{camera}/settings`; the password itself, which is never answered. */
export type CameraPatch = MergePatch<Omit<CameraWords, 'password'>> & { readonly password?: string | null };

/** `GET /api/v1/cameras/{camera}/settings`; its ETag is the revision that a patch names. */
export interface CameraSettingsView {
  readonly id: string;
  /** What the owner wrote. */
  readonly written: CameraWords;
  /** What is in force: environment, document, `.env`, defaults. `calmPeriod` and `longestEpisode` in seconds: `"300s"`. */
  readonly effective: CameraWords;
  /** Keys that the environment sets. */
  readonly fixed: readonly string[];
  readonly hasPassword: boolean;
  /** False: the document has mistakes, and what was last good is in force. */
  readonly isInForce: boolean;
  /** The mistake that keeps only this camera from being watched. */
  readonly trouble: { readonly code: StillwatchErrorCode; readonly text: string } | null;
}

/** `GET /api/v1/settings`: everything but the cameras, in the document's words; `fixed` as `web.port`. */
export interface SiteSettingsView {
  readonly written: SiteWords;
  readonly effective: SiteWords;
  readonly fixed: readonly string[];
  readonly awaitsRestart: readonly string[];
  readonly isInForce: boolean;
}

export interface SiteWords {
  readonly site?: { readonly zone?: string; readonly language?: 'en' | 'da' };
  readonly store?: { readonly folder?: string; readonly rootCamera?: string };
  readonly keep?: { readonly days?: number; readonly photos?: number; readonly size?: string; readonly free?: string };
  readonly defaults?: {
    readonly calmPeriod?: string;
    readonly longestEpisode?: string;
    readonly sensitivity?: Sensitivity;
    readonly mode?: MotionMode;
  };
  readonly web?: {
    readonly port?: number;
    readonly bind?: string;
    readonly publicView?: boolean;
    readonly loginToView?: boolean;
    readonly trustProxy?: readonly string[];
  };
  /** Other sections, as docs/reference/document.md has them. */
  readonly [section: string]: unknown;
}

export interface ConfigProblemView {
  readonly code: StillwatchErrorCode;
  /** Cause and remedy, in the language of the request. */
  readonly text: string;
  /** `cameras.garden.calmPeriod`; empty: the document as a whole. */
  readonly key: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The only camera it keeps from being watched. */
  readonly camera: string | null;
}

/** `GET /api/v1/config`: the whole document, for an editor. */
export interface ConfigView {
  readonly text: string;
  readonly exists: boolean;
  readonly problems: readonly ConfigProblemView[];
  readonly isInForce: boolean;
  readonly awaitsRestart: readonly string[];
}

/** `POST /api/v1/config/check` */
export interface ConfigCheckView {
  readonly problems: readonly ConfigProblemView[];
  /** What saving it would touch; null: it cannot be put in force. */
  readonly touches: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
    readonly renamed: readonly string[];
    readonly awaitsRestart: readonly string[];
  } | null;
}
