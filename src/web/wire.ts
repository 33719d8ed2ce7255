// The JSON shapes that leave this program. Types only: the browser code imports them and nothing else of ours.
// Instants are ISO 8601 with the site's offset, except `…Ms`, which are milliseconds since 1970.

import type { EventChannel, MotionWitness } from '../domain/camera.ts';
import type { StillwatchErrorCode } from '../domain/errors.ts';

/** One photo, as `/latest.json`, `/` and the live events give it. */
export interface StillView {
  readonly id: string;
  readonly camera: string;
  readonly cameraName: string;
  readonly kind: string;
  readonly takenAt: string;
  /** The full-resolution file. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly isDemo: boolean;
}

/** Can we see? A camera that is not `seeing` says nothing about what is in front of it. */
export type Sight = 'starting' | 'seeing' | 'blind';
/** What goes on in front of a camera that is seen. `taking`: calm again, the photo is on its way. */
export type Scene = 'calm' | 'moving' | 'taking';

export interface TroubleView {
  readonly code: StillwatchErrorCode;
  /** Cause and remedy, in the language of the request. */
  readonly text: string;
  readonly at: string;
  /** null: not before the owner changes something. */
  readonly retryAt: string | null;
}

/** What the self-audit of motion detection found: a random share of what was skipped is looked at after all. */
export interface MotionAuditView {
  /** True while every picture is decoded, and so nothing is skipped. */
  readonly isCareful: boolean;
  /** Skipped groups of pictures that were looked at, and those in which something had moved. */
  readonly looked: number;
  readonly missed: number;
  /** Share that held motion, 0..1, with its 95 % confidence interval. */
  readonly missRate: number;
  readonly low: number;
  readonly high: number;
}

/** How it is with the camera's own events, and how they agree with what the pixels say. */
export interface CameraEventsView {
  readonly isHeard: boolean;
  /** Since when they are heard, or not. */
  readonly since: string;
  /** What they come by; null while they are not heard. */
  readonly channel: EventChannel | null;
  /** When it last said anything. */
  readonly lastMessageAt: string | null;
  /** Subscriptions since the watching began that came about, and that ended or could not be had. */
  readonly subscriptions: { readonly opened: number; readonly failed: number };
  /** Why they are not heard, or what is doubted about them, with the remedy. */
  readonly trouble: TroubleView | null;
  /** The last 24 hours; null: nothing was compared yet. */
  readonly figures: {
    /** Motions that both saw, and those of one alone. */
    readonly agreed: number;
    readonly onlyPixels: number;
    readonly onlyCamera: number;
    /** Share that both saw, 0..1; null before the first. */
    readonly agreement: number | null;
    /** Share of the watched time in which the camera claimed motion. */
    readonly claimedShare: number | null;
    readonly watchedSeconds: number;
    /** True while pixels stand in for a camera that says nothing. */
    readonly isStandIn: boolean;
  } | null;
}

export interface CameraView {
  readonly id: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly state: Sight;
  /** Since when it is in that state. */
  readonly since: string;
  /** null unless the camera is seen. */
  readonly scene: Scene | null;
  /** While something moves: when the calm period is over, if nothing moves again. */
  readonly calmAt: string | null;
  readonly calmPeriodSeconds: number;
  readonly trouble: TroubleView | null;
  /** The latest photo that was wanted and could not be taken, until one is taken. */
  readonly missed: TroubleView | null;
  /** null: nothing was counted yet. */
  readonly motionAudit: MotionAuditView | null;
  /** Whose word opens an episode. */
  readonly motionBy: MotionWitness;
  /** null: its events are not used, or it has none. */
  readonly events: CameraEventsView | null;
  /** The camera's clock minus ours; null: not known. */
  readonly clockOffsetMs: number | null;
  readonly photosToday: number;
  readonly latest: StillView | null;
}

/** `GET /` with `Accept: application/json`. */
export interface StatusView {
  readonly name: 'Stillwatch';
  readonly version: string;
  readonly isDemo: boolean;
  readonly at: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly zone: string;
  readonly photos: number;
  readonly photosToday: number;
  readonly cameras: readonly CameraView[];
  readonly latest: StillView | null;
}

/** `GET /healthz` */
export interface HealthView {
  readonly status: 'ok' | 'failing';
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly cameras: Readonly<Record<Sight, number>>;
}

interface ReadyPart {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** `GET /readyz` */
export interface ReadyView {
  readonly ready: boolean;
  readonly sees: ReadyPart;
  readonly keeps: ReadyPart;
  readonly ships: ReadyPart;
}

/** Live event `hello` (first on every connection) and `beat` (every 15 s). */
export interface BeatView {
  /** This machine's clock, so that a browser can count down on its own. */
  readonly nowMs: number;
}

/** Live event `camera`: what changed at one camera. */
export interface CameraChange {
  readonly camera: string;
  readonly state: Sight;
  readonly scene: Scene | null;
  readonly calmAtMs: number | null;
  /** True when only the countdown moved. */
  readonly isOnlyCountdown: boolean;
}

/** Live event `still`: a photo has reached the store and the catalogue. */
/** A camera that sends by itself was heard of: a picture, a report, or something that was refused. */
export interface SenderHeard {
  readonly camera: string;
}

export interface StillArrived {
  readonly still: StillView;
}

/** RFC 9457 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Why a visitor without an account is not shown the photos: from elsewhere, through a proxy, or by a public name. */
export type Refusal = 'elsewhere' | 'proxied' | 'host';
