// When a picture was seen, from its presentation time. Packets arrive late (network, coalesced reads), never early:
// the smallest lateness seen in a run is the anchor.

import type { Packet } from '../domain/camera.ts';
import { type Instant, later, type MonoMs, type Ms, ms } from '../domain/units.ts';

/** The arrival, on the monotonic clock, that a packet with presentation time 0 would have had on an idle network. */
export interface RunAnchor {
  readonly zeroAt: MonoMs;
  readonly pts: Ms;
}

/** A camera's crystal may run up to this much slow against ours; the anchor follows it. Source: ±100 ppm is a poor crystal. */
const DRIFT_PER_MS = 0.0002;

/** Folds one packet's arrival. */
export const anchorRun = (anchor: RunAnchor | undefined, packet: Packet): RunAnchor => {
  const zeroAt = later(packet.arrivedAt, ms(-packet.pts));
  if (!anchor) return { zeroAt, pts: packet.pts };
  const drifted = anchor.zeroAt + Math.max(0, packet.pts - anchor.pts) * DRIFT_PER_MS;
  return { zeroAt: Math.min(zeroAt, drifted) as MonoMs, pts: packet.pts };
};

/** The instant of `pts`; never after `now`. */
export const instantOfPts = (anchor: RunAnchor, pts: Ms, now: Instant): Instant => {
  const mono = Math.min(now.mono, anchor.zeroAt + pts) as MonoMs;
  return { mono, wall: later(now.wall, ms(Math.round(mono - now.mono))) };
};
