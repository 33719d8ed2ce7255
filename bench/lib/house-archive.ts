// A catalogue like a house's after two years: four cameras, and one day on which one of them took a photo each second.

import { type CameraId, cameraId, type StillId } from '../../src/domain/ids.ts';
import type { StoredStill } from '../../src/domain/still.ts';
import { epochMs } from '../../src/domain/units.ts';
import type { Catalog } from '../../src/ports/catalog.ts';

const DAY_MS = 86_400_000;
const DAYS = 730;
const NEWEST = Date.UTC(2026, 10, 23, 12);
const ROWS_AT_ONCE = 20_000;

export const CAMERAS: readonly CameraId[] = ['garden', 'drive', 'gate', 'shed'].map((name) => cameraId(name));
/** Photos of the large day. */
export const LARGE = 86_400;
const dayBefore = (days: number): string => new Date(NEWEST - days * DAY_MS).toISOString().slice(0, 10);
export const LARGE_DAY: string = dayBefore(100);
export const USUAL_DAY: string = dayBefore(10);

const still = (index: number, takenAt: number, camera: CameraId): StoredStill => {
  const id = index.toString(16).padStart(32, '0');
  const iso = new Date(takenAt + 3_600_000).toISOString();
  const time = iso.slice(11, 19).replaceAll(':', '-');
  return {
    id: id as StillId,
    camera,
    kind: index % 400 === 7 ? 'manual' : 'calm',
    cause: 'pixels',
    episode: undefined,
    takenAt: epochMs(takenAt),
    offsetMinutes: 60,
    width: 1920,
    height: 1080,
    bytes: 300_000,
    sha256: id + id,
    source: 'main-stream',
    delay: undefined,
    isDemo: false,
    claims: index % 50 === 0 ? ['person'] : [],
    ...(index % 1000 === 1 ? { isFavourite: true } : {}),
    path: `${camera}/${iso.slice(0, 10)}/${time}-${(index % 9000) + 2}.jpg`,
  };
};

export const fillHouse = async (catalog: Catalog, photos: number): Promise<void> => {
  const spread = photos - LARGE;
  const [garden = cameraId('garden')] = CAMERAS;
  const midnight = Date.parse(`${LARGE_DAY}T00:00:00+01:00`);
  for (let start = 0; start < photos; start += ROWS_AT_ONCE) {
    const part = Array.from({ length: Math.min(ROWS_AT_ONCE, photos - start) }, (_, at) => {
      const index = start + at;
      if (index >= spread) return still(index, midnight + (index - spread) * 1000, garden);
      const takenAt = NEWEST - Math.floor(((spread - index) * DAYS * DAY_MS) / spread);
      return still(index, takenAt, CAMERAS[index % CAMERAS.length] ?? garden);
    });
    await catalog.record(part);
  }
};
