// What decoding costs, camera by camera: the processor time of this process around each call of the decoder, which is synchronous.

import type { CameraId } from '../../domain/ids.ts';
import type { LumaDecoder } from '../../ports/luma-decoder.ts';

export interface DecodeCost {
  /** The same decoder, whose time counts for this camera. */
  meter(camera: CameraId, decoder: LumaDecoder): LumaDecoder;
  /** Processor time of each camera since the process began. */
  seconds(): readonly (readonly [CameraId, number])[];
}

/** @param cpu microseconds this process has used; default: what the system says */
export const decodeCost = (
  cpu: () => number = () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
): DecodeCost => {
  const spent = new Map<CameraId, number>();
  return {
    meter(camera, decoder) {
      const metered = <T>(work: () => T): T => {
        const before = cpu();
        try {
          return work();
        } finally {
          spent.set(camera, (spent.get(camera) ?? 0) + cpu() - before);
        }
      };
      return {
        open(format, size) {
          const run = metered(() => decoder.open(format, size));
          return {
            decode: (packet) => metered(() => run.decode(packet)),
            drain: () => metered(() => run.drain()),
            reset: () => run.reset(),
            [Symbol.dispose]: () => run[Symbol.dispose](),
          };
        },
      };
    },
    seconds: () => [...spent].map(([camera, micros]) => [camera, micros / 1e6] as const),
  };
};
