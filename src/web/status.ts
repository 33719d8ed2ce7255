// What is known of each camera right now: a pure fold of watch facts. Photos are the catalogue's to count, not this one's.

import { assertNever } from '../domain/assert-never.ts';
import type { Audit } from '../domain/audit.ts';
import type { Camera, EventChannel, MotionWitness } from '../domain/camera.ts';
import type { ClaimKind } from '../domain/camera-message.ts';
import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import { type CheckFigures, doubtError, type LineCounters } from '../domain/event-check.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import { type EpochMs, later, type Ms } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import type { Scene, Sight } from './wire.ts';

export interface Trouble {
  readonly at: EpochMs;
  readonly code: StillwatchErrorCode;
  readonly facts: ErrorFacts;
  /** undefined: not before the owner changes something. */
  readonly retryAt: EpochMs | undefined;
}

/** How it is with the camera's own events. */
export interface EventStatus {
  readonly isHeard: boolean;
  readonly since: EpochMs;
  /** Why they are not heard. */
  readonly trouble: Trouble | undefined;
  /** What speaks against them although they are heard. */
  readonly doubt: Trouble | undefined;
  readonly figures: CheckFigures | undefined;
  /** What they come by; undefined while they are not heard. */
  readonly channel: EventChannel | undefined;
  readonly counters: LineCounters | undefined;
}

export interface CameraStatus {
  readonly id: CameraId;
  readonly name: string;
  readonly isDemo: boolean;
  /** Whose word opens an episode. */
  readonly motionBy: MotionWitness;
  readonly calmPeriod: Ms;
  readonly sight: Sight;
  readonly since: EpochMs;
  /** Why it is blind. */
  readonly trouble: Trouble | undefined;
  readonly episode:
    | { readonly id: EpisodeId; readonly calmAt: EpochMs; readonly claims?: readonly ClaimKind[] | undefined }
    | undefined;
  /** The scene is calm again and its photo is on its way. */
  readonly isTaking: boolean;
  readonly missed: Trouble | undefined;
  /** How motion is looked for, and what of what was skipped held motion; undefined: not known yet. */
  readonly motion?: { readonly audit: Audit; readonly isCareful: boolean } | undefined;
  /** undefined: its events are not used, or it has none. */
  readonly events?: EventStatus | undefined;
  /** undefined: it has not been asked yet. */
  readonly identity?: CameraIdentity | undefined;
  /** Between key frames of the watched stream; undefined: not known yet. */
  readonly keyEvery?: Ms | undefined;
  /** The camera's clock minus ours. */
  readonly clockOffset?: Ms | undefined;
}

/** A camera as it is named, however its pictures come. */
export interface NamedCamera {
  readonly id: CameraId;
  readonly name: string;
}

export interface Status {
  readonly startedAt: EpochMs;
  readonly cameras: readonly CameraStatus[];
  /** Cameras that send by themselves: nothing is watched, so there is no sight to lose. */
  readonly senders?: readonly NamedCamera[];
}

/** Every camera that has photos here. */
export const namedCameras = ({ cameras, senders = [] }: Status): readonly NamedCamera[] => [...cameras, ...senders];

/** The camera as the owner named it; `Camera` satisfies it. */
export type WatchedCamera = Pick<Camera, 'id' | 'name' | 'isDemo' | 'motionBy'> & {
  readonly rules: Pick<Camera['rules'], 'calmPeriod'>;
};

export const newStatus = (cameras: readonly WatchedCamera[], startedAt: EpochMs): Status => ({
  startedAt,
  cameras: cameras.map((camera) => ({
    id: camera.id,
    name: camera.name,
    isDemo: camera.isDemo,
    motionBy: camera.motionBy ?? 'pixels',
    calmPeriod: camera.rules.calmPeriod,
    sight: 'starting',
    since: startedAt,
    trouble: undefined,
    episode: undefined,
    isTaking: false,
    missed: undefined,
  })),
});

const seen = (camera: CameraStatus, at: EpochMs): CameraStatus => ({
  ...camera,
  sight: 'seeing',
  since: camera.sight === 'seeing' ? camera.since : at,
  trouble: undefined,
  // What happened while blind is unknown: an open episode's calm period starts again now (see domain/episode.ts).
  episode: camera.episode && { ...camera.episode, calmAt: later(at, camera.calmPeriod) },
});

const withEvents = (camera: CameraStatus, at: EpochMs, now: Partial<EventStatus>): CameraStatus => {
  const before = camera.events ?? {
    isHeard: false,
    since: at,
    trouble: undefined,
    doubt: undefined,
    figures: undefined,
    channel: undefined,
    counters: undefined,
  };
  const since = now.isHeard === undefined || now.isHeard === before.isHeard ? before.since : at;
  return { ...camera, events: { ...before, since, ...now } };
};

const foldCamera = (camera: CameraStatus, fact: WatchFact): CameraStatus => {
  switch (fact.type) {
    case 'seeing':
      return seen(camera, fact.at);
    case 'blind':
      return {
        ...camera,
        sight: 'blind',
        since: camera.sight === 'blind' ? camera.since : fact.at,
        trouble: { at: fact.at, code: fact.code, facts: fact.facts, retryAt: fact.retryAt },
        // The photo in flight died with the process that was taking it.
        isTaking: fact.code === 'SW_CAPTURE_DIED' ? false : camera.isTaking,
      };
    case 'episode-opened':
      // The continuation of a cut episode keeps its calm period running.
      return {
        ...camera,
        episode: { id: fact.episode, calmAt: camera.episode?.calmAt ?? later(fact.at, camera.calmPeriod) },
      };
    case 'moving':
      return { ...camera, episode: { id: fact.episode, calmAt: fact.calmAt, claims: fact.claims } };
    case 'episode-ended':
      return { ...camera, isTaking: true, episode: fact.end === 'longest' ? camera.episode : undefined };
    case 'still-accepted':
      return fact.kind === 'calm' ? { ...camera, isTaking: false, missed: undefined } : camera;
    case 'still-missed':
      if (fact.kind !== 'calm') return camera;
      return {
        ...camera,
        isTaking: false,
        missed: { at: fact.at, code: fact.code, facts: fact.facts, retryAt: undefined },
      };
    case 'packets-lost':
    case 'trigger':
    case 'moved':
      return camera;
    case 'audited':
      return { ...camera, motion: { audit: fact.audit, isCareful: fact.isCareful } };
    case 'events-heard':
      return withEvents(camera, fact.at, { isHeard: true, trouble: undefined, channel: fact.channel });
    case 'events-lost': {
      // A camera that was only guessed to speak ONVIF and does not: there is nothing to say.
      if (fact.isGuessed && camera.events === undefined) return camera;
      const { at, code, facts, retryAt } = fact;
      return withEvents(camera, at, { isHeard: false, channel: undefined, trouble: { at, code, facts, retryAt } });
    }
    case 'events-counted':
      // Before the first word there is nothing to count, but for a guess that failed.
      return camera.events ? withEvents(camera, fact.at, { counters: fact.counters }) : camera;
    case 'events-checked':
      return withEvents(camera, fact.at, { figures: fact.figures });
    case 'events-doubted':
      return withEvents(camera, fact.at, {
        doubt: fact.doubt && { at: fact.at, ...doubtError(fact.doubt, fact), retryAt: undefined },
      });
    case 'identified':
      return { ...camera, identity: fact.identity };
    case 'keys-measured':
      return { ...camera, keyEvery: fact.every };
    case 'clock-read':
      return camera.clockOffset === fact.offset ? camera : { ...camera, clockOffset: fact.offset };
    default:
      return assertNever(fact);
  }
};

/** Folds one fact. A fact that changes nothing, or of a camera that is not here, gives the same reference back. */
export const foldFact = (status: Status, fact: WatchFact): Status => {
  const at = status.cameras.findIndex((camera) => camera.id === fact.camera);
  const camera = status.cameras[at];
  if (!camera) return status;
  const next = foldCamera(camera, fact);
  return next === camera ? status : { ...status, cameras: status.cameras.with(at, next) };
};

/** What may be said of the scene: nothing at all unless the camera is seen. */
export const sceneOf = (camera: CameraStatus): Scene | undefined => {
  if (camera.sight !== 'seeing') return undefined;
  if (camera.episode) return 'moving';
  return camera.isTaking ? 'taking' : 'calm';
};
