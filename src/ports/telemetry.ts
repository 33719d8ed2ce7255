import type { Audit } from '../domain/audit.ts';
import type { EventChannel } from '../domain/camera.ts';
import type { ClaimKind } from '../domain/camera-message.ts';
import type { EpisodeEnd } from '../domain/episode.ts';
import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import type { CheckFigures, EventDoubt, LineCounters } from '../domain/event-check.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId, EpisodeId, StillId } from '../domain/ids.ts';
import type { TriggerId, TriggerOrigin } from '../domain/ledger.ts';
import type { Cause } from '../domain/signal.ts';
import type { StillKind, StillSourceName } from '../domain/still.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';
import type { StillChoice } from '../domain/still-choice.ts';
import type { EpochMs, Ms } from '../domain/units.ts';

/** What happened at a camera, told once. Plain data: it crosses process borders as JSON. */
export type WatchFact =
  | { readonly type: 'seeing'; readonly camera: CameraId; readonly at: EpochMs; readonly codec: string }
  | {
      readonly type: 'blind';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly code: StillwatchErrorCode;
      readonly facts: ErrorFacts;
      /** When the next try is; undefined: not before the owner changes something. */
      readonly retryAt: EpochMs | undefined;
    }
  | {
      readonly type: 'episode-opened';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly episode: EpisodeId;
      readonly cause: Cause;
    }
  /** Told at most once a second while something moves: the calm period ends at `calmAt` unless it moves again. */
  | {
      readonly type: 'moving';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly episode: EpisodeId;
      readonly score: number;
      readonly calmAt: EpochMs;
      readonly claims?: readonly ClaimKind[];
    }
  | {
      readonly type: 'episode-ended';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly episode: EpisodeId;
      readonly end: EpisodeEnd;
      readonly peakScore: number;
    }
  /** Somebody says that there is something to photograph; for the ledger. */
  | {
      readonly type: 'trigger';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly trigger: TriggerId;
      readonly origin: TriggerOrigin;
      /** undefined: it stands by itself. */
      readonly episode: EpisodeId | undefined;
      /** What the camera said it was. */
      readonly claims?: readonly ClaimKind[];
    }
  | {
      readonly type: 'still-accepted';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly episode: EpisodeId | undefined;
      /** What asked for it, when it is no episode. */
      readonly trigger?: TriggerId;
      readonly still: StillId;
      readonly kind: StillKind;
      readonly source: StillSourceName;
      readonly width: number;
      readonly height: number;
      readonly delay: Ms;
      readonly choice?: StillChoice;
      readonly change?: ChangeVerdict;
    }
  | {
      readonly type: 'still-missed';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly episode: EpisodeId | undefined;
      readonly trigger?: TriggerId;
      readonly kind: StillKind;
      readonly code: StillwatchErrorCode;
      readonly facts: ErrorFacts;
    }
  /** The audit of skipped pictures counted, or the camera began or ceased to be decoded fully. */
  | {
      readonly type: 'audited';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly audit: Audit;
      readonly isCareful: boolean;
    }
  | {
      readonly type: 'packets-lost';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly lost: number;
      readonly seconds: number;
    }
  /** The camera's own word reaches us, or no longer does. Told when it changes, and for each new reason. */
  | {
      readonly type: 'events-heard';
      readonly camera: CameraId;
      readonly at: EpochMs;
      /** What they come by now. */
      readonly channel: EventChannel;
    }
  | {
      readonly type: 'events-lost';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly code: StillwatchErrorCode;
      readonly facts: ErrorFacts;
      readonly retryAt: EpochMs;
      /** Nobody said that it speaks ONVIF. */
      readonly isGuessed: boolean;
    }
  /** What the line has carried and cost; told when it changed, at most once a minute. */
  | {
      readonly type: 'events-counted';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly counters: LineCounters;
    }
  /** How well the camera's word and our pixels agree; told when a count changed, at most once a minute. */
  | { readonly type: 'events-checked'; readonly camera: CameraId; readonly at: EpochMs; readonly figures: CheckFigures }
  /** undefined: no longer. */
  | {
      readonly type: 'events-doubted';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly doubt: EventDoubt | undefined;
      readonly rebuilds: number;
      readonly claimedShare: number | undefined;
    }
  /** Who the camera says it is; told at each connect. */
  | { readonly type: 'identified'; readonly camera: CameraId; readonly at: EpochMs; readonly identity: CameraIdentity }
  /** It answers at another address than before, and was recognised there. */
  | {
      readonly type: 'moved';
      readonly camera: CameraId;
      readonly at: EpochMs;
      readonly from: string;
      readonly to: string;
    }
  /** How far apart the key frames of the watched stream are; told when it is known, and when it changes. */
  | { readonly type: 'keys-measured'; readonly camera: CameraId; readonly at: EpochMs; readonly every: Ms }
  /** The camera's clock minus ours. */
  | { readonly type: 'clock-read'; readonly camera: CameraId; readonly at: EpochMs; readonly offset: Ms };

/** Write-only: no core layer reads it. */
export interface Telemetry {
  tell(fact: WatchFact): void;
}
