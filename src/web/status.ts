// What is known of each camera right now: a pure fold of watch facts. Photos are the catalogue's to count, not this one's.

import { assertNever } from '../domain/assert-never.ts';
import type { Camera } from '../domain/camera.ts';
import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
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

export interface CameraStatus {
  readonly id: CameraId;
  readonly name: string;
  readonly isDemo: boolean;
  readonly calmPeriod: Ms;
  readonly sight: Sight;
  readonly since: EpochMs;
  /** Why it is blind. */
  readonly trouble: Trouble | undefined;
  readonly episode: { readonly id: EpisodeId; readonly calmAt: EpochMs } | undefined;
  /** The scene is calm again and its photo is on its way. */
  readonly isTaking: boolean;
  readonly missed: Trouble | undefined;
}

export interface Status {
  readonly startedAt: EpochMs;
  readonly cameras: readonly CameraStatus[];
}

/** The camera as the owner named it; `Camera` satisfies it. */
export type WatchedCamera = Pick<Camera, 'id' | 'name' | 'isDemo'> & {
  readonly rules: Pick<Camera['rules'], 'calmPeriod'>;
};

export const newStatus = (cameras: readonly WatchedCamera[], startedAt: EpochMs): Status => ({
  startedAt,
  cameras: cameras.map((camera) => ({
    id: camera.id,
    name: camera.name,
    isDemo: camera.isDemo,
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
      return { ...camera, episode: { id: fact.episode, calmAt: fact.calmAt } };
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
      return camera;
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
