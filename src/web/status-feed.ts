// Holds the present status and tells listeners what changed. The composition root feeds it; the web reads it.

import type { CameraId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Telemetry, WatchFact } from '../ports/telemetry.ts';
import { type CameraStatus, foldFact, newStatus, type Status, sceneOf, type WatchedCamera } from './status.ts';

export type LiveEvent =
  | { readonly type: 'still'; readonly still: StoredStill }
  /** A camera that sends by itself was heard of. */
  | { readonly type: 'sender'; readonly camera: CameraId }
  | { readonly type: 'camera'; readonly camera: CameraStatus; readonly isOnlyCountdown: boolean };

/** What the web needs of it. */
export interface LiveSource {
  /** @returns ends the subscription */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}

export interface StatusFeed extends LiveSource, Telemetry {
  /** A still has reached store and catalogue. */
  stored(still: StoredStill): void;
  /** Something came from this camera, which sends by itself. */
  heard(camera: CameraId): void;
  status(): Status;
  /** These cameras are there from now on; what is known of those that were is kept. */
  setCameras(cameras: readonly WatchedCamera[], at: EpochMs): void;
}

const differsOnlyInCountdown = (before: CameraStatus, after: CameraStatus): boolean =>
  sceneOf(before) === 'moving' &&
  sceneOf(after) === 'moving' &&
  before.missed === after.missed &&
  before.episode?.id === after.episode?.id;

export const statusFeed = (cameras: readonly WatchedCamera[], startedAt: EpochMs): StatusFeed => {
  let status = newStatus(cameras, startedAt);
  const listeners = new Set<(event: LiveEvent) => void>();
  const tellAll = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };
  return {
    tell(fact: WatchFact) {
      const before = status;
      status = foldFact(before, fact);
      if (status === before) return;
      for (const [at, camera] of status.cameras.entries()) {
        const was = before.cameras[at];
        if (!was || was === camera) continue;
        tellAll({ type: 'camera', camera, isOnlyCountdown: differsOnlyInCountdown(was, camera) });
      }
    },
    stored(still) {
      tellAll({ type: 'still', still });
    },
    heard(camera) {
      tellAll({ type: 'sender', camera });
    },
    status: () => status,
    setCameras(next, at) {
      const fresh = newStatus(next, at).cameras;
      status = {
        ...status,
        cameras: fresh.map((camera) => {
          const was = status.cameras.find(({ id }) => id === camera.id);
          return was ? { ...was, name: camera.name, isDemo: camera.isDemo, calmPeriod: camera.calmPeriod } : camera;
        }),
      };
      for (const camera of status.cameras) tellAll({ type: 'camera', camera, isOnlyCountdown: false });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};
