// Keeps the main stream open and its packets in a ring. It costs the camera one session and the link the main stream's
// bits, so it runs only where the owner wants it. Must not decode.

import type { Camera } from '../domain/camera.ts';
import { type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import { between, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PacketSource } from '../ports/packet-source.ts';
import type { PacketRing } from './packet-ring.ts';
import { reconnect } from './reconnect-policy.ts';
import { anchorRun, instantOfPts, type RunAnchor } from './run-clock.ts';

export interface MainRingParts {
  readonly camera: Camera;
  readonly packets: PacketSource;
  readonly ring: PacketRing;
  readonly clock: Clock;
  readonly random: Random;
  /** Told once for each time it is cut off; stills are then taken another way. */
  readonly onCut?: (code: StillwatchErrorCode, retryAfter: Ms) => void;
}

export interface MainRing {
  /** True while a session is held at the camera. */
  readonly isOpen: boolean;
  /** Until `signal` aborts; then the session is closed. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

const GOOD_RUN: Ms = seconds(30);

export const mainRing = ({ camera, packets, ring, clock, random, onCut }: MainRingParts): MainRing => {
  let isOpen = false;
  let hasLoggedIn = false;

  const runOnce = async (signal: AbortSignal): Promise<void> => {
    await using run = await packets.open(camera.streams.main, { signal });
    isOpen = true;
    hasLoggedIn = true;
    let anchor: RunAnchor | undefined;
    for await (const batch of run.batches) {
      const now = clock.now();
      for (const packet of batch) anchor = anchorRun(anchor, packet);
      const settled = anchor;
      if (settled) ring.push(run.format, batch, (pts) => instantOfPts(settled, pts, now));
    }
  };

  return {
    get isOpen() {
      return isOpen;
    },
    async run(signal) {
      for (let failures = 0; !signal.aborted; ) {
        const startedAt = clock.now().mono;
        let code: StillwatchErrorCode = 'SW_CAM_LOST';
        try {
          await runOnce(signal);
        } catch (thrown) {
          code = toStillwatchError(thrown).code;
        } finally {
          isOpen = false;
        }
        if (signal.aborted) break;
        failures = between(startedAt, clock.now().mono) >= GOOD_RUN ? 1 : failures + 1;
        const again = reconnect({ code, failures, hasLoggedIn }, random());
        onCut?.(again.code, again.after);
        await clock.sleep(ms(again.after), signal).catch(() => undefined);
      }
      ring.clear();
    },
  };
};
