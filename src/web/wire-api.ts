// The JSON shapes of /api/v1, as types: the browser code imports these and nothing else of ours. The schemas in `api/` that
// check every request and answer, and that the OpenAPI document is made of, are held to these types by the compiler.
// Instants are ISO 8601 with the site's offset, days `YYYY-MM-DD`, durations milliseconds unless the name says otherwise.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { MacRule } from '../domain/identity.ts';
import type { TriggerOrigin } from '../domain/ledger.ts';
import type { RequirementId, RequirementState } from '../domain/requirement.ts';
import type { Cause } from '../domain/signal.ts';
import type { StillKind, StillSourceName } from '../domain/still.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { WayName, WayReason } from '../domain/still-choice.ts';
import type { TroubleView } from './wire.ts';

/** One page of a list; `next` goes into `?cursor=`, null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** RFC 9457, with our error code where the trouble has one. */
export interface ApiProblem {
  /** `/docs/errors#SW_…`, or `about:blank`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Cause and remedy, in the language of the request. */
  readonly detail: string;
  readonly code?: StillwatchErrorCode;
  /** Which parts of the request were wrong. */
  readonly errors?: readonly { readonly at: string; readonly detail: string }[];
}

interface StillChangeView {
  /** What the comparison found; the owner's word, where there is one, is `verdict` of the still. */
  readonly verdict: ChangeVerdict;
  readonly perMille: number;
  /** 32 × 18 bits, row-major, the first cell in the highest bit; 144 hex digits. */
  readonly mask: string;
}

interface StillChoiceView {
  readonly way: WayName;
  readonly reason: WayReason;
  readonly failed: readonly { readonly way: WayName; readonly code: StillwatchErrorCode }[];
}

/** `GET /api/v1/stills/{id}` */
export interface StillResource {
  readonly id: string;
  readonly camera: string;
  readonly kind: StillKind;
  readonly cause: Cause | null;
  readonly episode: string | null;
  readonly takenAt: string;
  readonly day: string;
  /** The full-resolution file; `?w=320|640|1280` for smaller ones. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly source: StillSourceName;
  /** From the order to complete bytes. */
  readonly delayMs: number | null;
  readonly isDemo: boolean;
  readonly isFavourite: boolean;
  /** The owner's verdict, else the comparison's. */
  readonly verdict: ChangeVerdict | null;
  readonly isCorrected: boolean;
  readonly change: StillChangeView | null;
  readonly choice: StillChoiceView | null;
  /** What the camera said was there: `person`, `vehicle`, … */
  readonly claims: readonly string[];
  /** The camera's clock minus ours when it was taken. */
  readonly clockOffsetMs: number | null;
}

/** `DELETE /api/v1/stills/{id}`: until then `POST /api/v1/deleted/{id}/restore` brings it back. */
export interface StillDeleted {
  readonly id: string;
  readonly restorableUntil: string;
}

/** `POST /api/v1/selections` */
export interface SelectionView {
  /** Its name, for `GET /api/v1/photos.zip?selection=` and the rest. */
  readonly selection: string;
  readonly expiresAt: string;
  /** Found of those that were named. */
  readonly photos: number;
  readonly bytes: number;
}

/** One happening: `GET /api/v1/episodes/{id}` */
export interface EpisodeResource {
  readonly id: string;
  readonly camera: string;
  readonly startedAt: string;
  readonly day: string;
  /** The photo that stands for it: calm, else peak, else before. */
  readonly cover: StillResource;
  readonly before: StillResource | null;
  readonly peak: StillResource | null;
  readonly calm: StillResource | null;
}

export interface EpisodeDetail extends EpisodeResource {
  readonly triggers: readonly LedgerTrigger[];
  /** The neighbours at the same camera, for "previous" and "next". */
  readonly older: string | null;
  readonly newer: string | null;
}

/** Who a camera is by its own account; null: it did not say. */
export interface CameraIdentityView {
  readonly name: string | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  readonly hardwareId: string | null;
  /** The address it was reached by. */
  readonly host: string;
  readonly mac: string | null;
  /** Why that MAC was taken, or why none was. */
  readonly macRule: MacRule;
  readonly ports: readonly { readonly protocol: string; readonly port: number; readonly isEnabled: boolean }[];
  /** What it says about itself: its own claims. */
  readonly scopes: readonly string[];
}

/** The requirement report: `GET /api/v1/cameras/{id}/report` */
export interface CameraReportView {
  readonly state: 'none' | 'asking' | 'made' | 'failed';
  /** What the camera is asked now. */
  readonly asking: string | null;
  /** Why the latest asking failed, with the remedy. */
  readonly trouble: TroubleView | null;
  /** The latest that was made, whatever is asked now. */
  readonly report: {
    readonly camera: string;
    readonly at: string;
    readonly lines: readonly {
      readonly id: RequirementId;
      readonly title: string;
      readonly state: RequirementState;
      readonly stateText: string;
      /** The call, the answer, the measured figure: one fact a line. */
      readonly evidence: readonly string[];
      /** What to do or buy; null when it is proven. */
      readonly advice: string | null;
    }[];
  } | null;
}

/** What became of a photo that was asked for: `POST /api/v1/cameras/{id}/stills` */
export interface TakenStill {
  /** The ledger's name for the order. */
  readonly trigger: string;
  readonly id: string;
  /** Not there yet: the photo is safe, and the store is slow to take it. It is found by its id once it is there. */
  readonly still?: StillResource;
}

export interface LedgerTrigger {
  readonly id: string;
  readonly camera: string;
  readonly origin: TriggerOrigin;
  readonly at: string;
  readonly day: string;
  readonly episode: string | null;
  readonly state: 'open' | 'photo' | 'merged' | 'missed';
  readonly still: string | null;
  readonly code: StillwatchErrorCode | null;
  /** Cause and remedy of a miss, in the language of the request. */
  readonly reason: string | null;
  readonly claims: readonly string[];
}

/** One camera's day; `triggers` is the sum of the four after it, and `missed` that of the reasons. */
export interface LedgerDay {
  readonly day: string;
  readonly camera: string;
  readonly triggers: number;
  readonly photo: number;
  readonly merged: number;
  readonly missed: number;
  readonly open: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** `GET /api/v1/timeline`: photos (covers) by day and camera, newest day first. `counts[day][camera]`. */
export interface TimelineView {
  readonly cameras: readonly string[];
  readonly days: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** `GET /api/v1/timeline/{day}/hours`: `counts[hour][camera]`, 24 hours by the site's clock. */
export interface DayHoursView {
  readonly day: string;
  readonly cameras: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * `GET /api/v1/timeline/{day}`: every photo (cover) of a day, or with `hour=` of an hour of it, newest first, in columns of one length. A photo's file is
 * `/snapshots/` + `folders[camera]` + `names[i]` + `.jpg`; its time by the site's clock is the name's first eight letters.
 */
export interface DayView {
  readonly day: string;
  readonly cameras: readonly string[];
  /** Per camera: `2026-11-23/` or `garden/2026-11-23/`. */
  readonly folders: readonly string[];
  /** Sizes that occur; `shape[i]` points into them. */
  readonly shapes: readonly (readonly [width: number, height: number])[];
  readonly verdicts: readonly ChangeVerdict[];
  readonly kinds: readonly StillKind[];
  readonly camera: readonly number[];
  readonly names: readonly string[];
  readonly shape: readonly number[];
  readonly kind: readonly number[];
  /** Index into `verdicts`, −1: none. */
  readonly verdict: readonly number[];
  /** Positions of favourites. */
  readonly favourites: readonly number[];
}

/** `GET /api/v1/search`: what the words were understood as, and the page. */
export interface SearchView extends Page<StillResource> {
  readonly wish: SearchWishView;
}

export interface SearchWishView {
  readonly cameras: readonly string[];
  /** Local days, both included; null: open. */
  readonly from: string | null;
  readonly until: string | null;
  /** Hours of the day, `from` included and `until` not; over midnight when `from` is the greater. */
  readonly hours: { readonly from: number; readonly until: number } | null;
  readonly kinds: readonly StillKind[];
  readonly sources: readonly StillSourceName[];
  readonly verdicts: readonly ChangeVerdict[];
  readonly claims: readonly string[];
  readonly isFavourite: boolean | null;
  /** Words that mean nothing here. */
  readonly unknown: readonly string[];
}

/** `GET /api/v1/storage` */
export interface StorageView {
  readonly heldBytes: number;
  readonly photos: number;
  readonly disk: { readonly free: number; readonly total: number; readonly keepFree: number };
  readonly rules: {
    readonly ageDays: number | null;
    readonly bytes: number | null;
    readonly stillsPerCamera: number | null;
    readonly includesFound: boolean;
    readonly cameras: Readonly<
      Record<string, { readonly ageDays: number | null; readonly bytes: number | null; readonly stills: number | null }>
    >;
  };
  readonly forecast: {
    readonly bytesPerDay: number;
    readonly daysCounted: number;
    readonly fullOn: string | null;
    readonly takesFrom: string | null;
  };
}

/** Keep rules to try: null is no rule of that kind. */
export interface SweepWish {
  readonly ageDays: number | null;
  readonly stillsPerCamera: number | null;
  readonly bytes: number | null;
  /** Bytes left free on the disk; 0: none. */
  readonly free: number | null;
}

/** `POST /api/v1/storage/dry-run`: what a sweep would take away now. */
export interface SweepPlanView {
  readonly stills: number;
  readonly bytes: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** The first ones that would go. */
  readonly examples: readonly StillResource[];
}

/** `GET /api/v1/errors`: the error table in the language of the request. */
export interface ErrorRowView {
  readonly code: StillwatchErrorCode;
  readonly text: string;
  readonly remedy: 'retry' | 'reconfigure' | 'give-up';
}
