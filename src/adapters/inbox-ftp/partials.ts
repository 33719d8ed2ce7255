// The beginnings of pictures whose camera was cut off, so that it can go on where it stopped (REST). In memory, a few: a camera
// that does not come back sends the picture anew.

import type { CameraId } from '../../domain/ids.ts';
import { between, type MonoMs, type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';

export interface Partials {
  keep(camera: CameraId, path: string, bytes: Uint8Array): void;
  size(camera: CameraId, path: string): number | undefined;
  /** Gives it and forgets it. */
  take(camera: CameraId, path: string): Uint8Array | undefined;
}

const KEPT_FOR: Ms = ms(15 * 60_000);
/** Of all cameras together. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Partial {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly at: MonoMs;
}

export const partials = (clock: Clock): Partials => {
  /** One per camera: it sends one picture after the other. */
  const kept = new Map<CameraId, Partial>();
  const find = (camera: CameraId, path: string): Partial | undefined => {
    const found = kept.get(camera);
    if (!found || found.path !== path) return undefined;
    if (between(found.at, clock.now().mono) < KEPT_FOR) return found;
    kept.delete(camera);
    return undefined;
  };
  return {
    keep(camera, path, bytes) {
      kept.delete(camera);
      if (bytes.length === 0) return;
      kept.set(camera, { path, bytes, at: clock.now().mono });
      let sum = 0;
      for (const each of kept.values()) sum += each.bytes.length;
      for (const [oldest, each] of kept) {
        if (sum <= MOST_BYTES) break;
        kept.delete(oldest);
        sum -= each.bytes.length;
      }
    },
    size: (camera, path) => find(camera, path)?.bytes.length,
    take(camera, path) {
      const found = find(camera, path);
      if (found) kept.delete(camera);
      return found?.bytes;
    },
  };
};
