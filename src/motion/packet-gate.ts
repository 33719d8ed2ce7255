// Watches packets without decoding them: pictures in which something moves cost more bits than calm ones.
// It may only open, never close or veto: alone it finds three of four episodes, so key frames are looked at regardless.

import type { Packet, VideoFormat } from '../domain/camera.ts';
import { sliceQpReader } from './slice-qp.ts';

/** Frames whose sizes are remembered: 40 s at 15 fps. */
const MEMORY = 600;
/** Frames before the gate says anything. */
const FIRST_VERDICT = 60;
/** Logarithmic sizes are kept in steps of 1/16 of a doubling, from 0 to 32 doublings. */
const STEPS = 16;
const SLOTS = 32 * STEPS;
/** The calm size: under it lie 40 % of frames, also when half of the time something moves. */
const CALM_QUANTILE = 0.4;
const LOW_QUANTILE = 0.1;
/** Excess over the calm size, in doublings, that opens: this many times the calm frames' own spread, at least LEAST. */
const SPREADS = 5;
const LEAST = 0.36;
/** Bytes of headers and skip runs that a picture costs anyway: without them a stream of tiny packets is all spread. */
const OVERHEAD = 128;
/** A weaker excess counts when it lasts: a running mean over so many frames … */
const LASTING = 1 / 6;
/** … against this share of what a sudden one needs. */
const LASTING_SHARE = 0.75;
/** Doublings that one frame may add to the running mean: a single burst must not last. */
const MOST_AT_ONCE = 2;
/** The quantiser doubles its step every six, so that many doublings of size are due to it. */
const QP_PER_DOUBLING = 6;
const USUAL_QP = 28;
/** Quantiles move slowly: they are taken again every so many frames. */
const RECOUNT_EVERY = 15;

export interface PacketGate {
  /** Folds the next packet in decoding order. @returns true while sizes say that something moves */
  fold(packet: Packet): boolean;
  /** Factor on the thresholds: below 1 the gate opens earlier, above 1 later. */
  widen(factor: number): void;
}

export const packetGate = (format: VideoFormat): PacketGate => {
  const qpReader = format.codec === 'h264' ? sliceQpReader(format.parameterSets) : undefined;
  const ring = new Uint16Array(MEMORY);
  const counts = new Uint16Array(SLOTS);
  let seen = 0;
  let calm = 0;
  let spread = 0;
  let lasting = 0;
  let previous: number | undefined;
  let isAfterKey = true;
  let factor = 1;

  const quantile = (share: number, filled: number): number => {
    const wanted = share * filled;
    let passed = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      passed += counts[slot] ?? 0;
      if (passed > wanted) return slot / STEPS;
    }
    return 0;
  };

  const remember = (size: number): void => {
    const slot = Math.max(0, Math.min(SLOTS - 1, Math.round(size * STEPS)));
    const at = seen % MEMORY;
    if (seen >= MEMORY) {
      const oldest = ring[at] ?? 0;
      counts[oldest] = (counts[oldest] ?? 1) - 1;
    }
    ring[at] = slot;
    counts[slot] = (counts[slot] ?? 0) + 1;
    seen += 1;
    if (seen % RECOUNT_EVERY !== 0) return;
    const filled = Math.min(seen, MEMORY);
    calm = quantile(CALM_QUANTILE, filled);
    spread = calm - quantile(LOW_QUANTILE, filled);
  };

  return {
    fold(packet) {
      // The key frame is always large, and the picture after it pays for what the key frame left out.
      const qp = qpReader?.read(packet.bytes);
      if (packet.isKey) {
        isAfterKey = true;
        previous = undefined;
        return false;
      }
      if (isAfterKey) {
        isAfterKey = false;
        return false;
      }
      const size = Math.log2(packet.bytes.length + OVERHEAD) + ((qp ?? USUAL_QP) - USUAL_QP) / QP_PER_DOUBLING;
      const mean = previous === undefined ? size : (size + previous) / 2;
      lasting +=
        ((seen < FIRST_VERDICT ? size : Math.min(size, calm + MOST_AT_ONCE)) - lasting) * (seen === 0 ? 1 : LASTING);
      const needed = factor * Math.max(SPREADS * spread, LEAST);
      const isLasting = lasting - calm > LASTING_SHARE * needed;
      const isOpen = previous !== undefined && seen >= FIRST_VERDICT && (mean - calm > needed || isLasting);
      previous = size;
      remember(size);
      return isOpen;
    },
    widen(to) {
      factor = to;
    },
  };
};
