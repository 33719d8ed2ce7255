// A photo that the owner ordered from the command line: what it is called, and its way into the gallery.

import { shipper } from '../archive/shipper.ts';
import { civilTime } from '../domain/civil-time.ts';
import { type CameraId, type StillId, stillId } from '../domain/ids.ts';
import type { Shot, StoredStill } from '../domain/still.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { StillDraft } from '../ports/spool.ts';
import type { ArchivePlace } from './archive-place.ts';

export const manualDraft = (
  camera: { readonly id: CameraId; readonly isDemo: boolean },
  shot: Shot,
  zone: string,
): StillDraft => ({
  id: stillId(camera.id, shot.takenAt, 'manual', ''),
  camera: camera.id,
  kind: 'manual',
  cause: 'owner',
  episode: undefined,
  takenAt: shot.takenAt,
  offsetMinutes: civilTime(shot.takenAt, zone).offsetMinutes,
  width: shot.width,
  height: shot.height,
  source: shot.source,
  delay: shot.delay,
  isDemo: camera.isDemo,
});

export interface ShipNowParts {
  readonly place: ArchivePlace;
  readonly catalog: Catalog;
  readonly rootCamera: CameraId | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

/** One round of the shipper. @returns the still as it is stored; another process may have been quicker */
export const shipNow = async (
  { place, catalog, ...parts }: ShipNowParts,
  id: StillId,
): Promise<StoredStill | undefined> => {
  const shipping = shipper({
    ...place,
    ...parts,
    catalog,
    onStored: () => undefined,
    onTrouble: () => undefined,
  });
  await shipping.runOnce();
  return catalog.find(id);
};
