// Stills as the outside sees them: their addresses, and their JSON.

import type { Language } from '../domain/errors.ts';
import type { StoredStill } from '../domain/still.ts';
import { namedCameras, type Status } from './status.ts';
import { stillMoment } from './time-text.ts';
import type { StillView } from './wire.ts';

/** The widths a photo can be asked for in (`?w=`), in pixels. 640 is two columns on a phone at three dots per pixel. */
export const THUMBNAIL_WIDTHS = [320, 640, 1280] as const;

export const stillUrl = (still: StoredStill): string => `/snapshots/${still.path}`;

/** The owner's name for it; of a camera that is no longer set up, its id. */
export const cameraName = (id: string, status: Status): string =>
  namedCameras(status).find((camera) => camera.id === id)?.name ?? id;

export const stillView = (still: StoredStill, status: Status, language: Language): StillView => ({
  id: still.id,
  camera: still.camera,
  cameraName: cameraName(still.camera, status),
  kind: still.kind,
  takenAt: stillMoment(still, language).iso,
  url: stillUrl(still),
  width: still.width,
  height: still.height,
  bytes: still.bytes,
  sha256: still.sha256,
  isDemo: still.isDemo,
});
