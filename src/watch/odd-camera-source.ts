// Our own client first; the other one only for a camera that ours cannot follow, and ours again when that run is over.

import type { Packet } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';

/** What another client may understand. A refused password or a closed port is as refused and closed to it. */
const isOdd = (thrown: unknown): boolean =>
  thrown instanceof StillwatchError && (thrown.code === 'SW_CAM_PROTOCOL' || thrown.code === 'SW_CAM_CODEC');

export const oddCameraSource = (own: PacketSource, other: PacketSource): PacketSource => {
  /** Addresses whose last run of ours ended because it was not understood. */
  const odd = new Set<string>();

  const watched = (run: PacketRun, url: string): PacketRun => {
    async function* batches(): AsyncGenerator<readonly Packet[]> {
      try {
        yield* run.batches;
      } catch (thrown) {
        if (isOdd(thrown)) odd.add(url);
        throw thrown;
      }
    }
    return {
      format: run.format,
      claimedFps: run.claimedFps,
      batches: batches(),
      pace: (pace) => run.pace(pace),
      counters: () => run.counters(),
      [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
    };
  };

  return {
    async open(address, options) {
      const { url } = address;
      // Once: the camera may have been mended meanwhile, and ours costs a hundredth of the other.
      if (odd.delete(url)) return await other.open(address, options);
      try {
        return watched(await own.open(address, options), url);
      } catch (thrown) {
        if (!isOdd(thrown) || options.signal.aborted) throw thrown;
        try {
          return await other.open(address, options);
        } catch {
          // Ours says more exactly what is wrong with the camera.
          throw options.signal.aborted ? options.signal.reason : thrown;
        }
      }
    },
  };
};
