// A stream's packets, undecoded, from the last key frames: what is needed to see a moment that is over.
// Holds whole groups of pictures; knows their instants; decodes nothing.

import type { Packet, VideoFormat } from '../domain/camera.ts';
import { between, type Instant, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';

export interface RingBounds {
  /** How far back a moment can lie: groups are kept until the next one is this old. */
  readonly reach: Ms;
  /** Never more than this many bytes of packets, whatever the reach. */
  readonly mostBytes: number;
}

/** 10 s: the peak is ordered 2 s after it, "before" 2 s before the trigger, and a camera's group may be 4 s long. */
export const DEFAULT_RING: RingBounds = { reach: seconds(10), mostBytes: 24 * 2 ** 20 };

/** Packets to decode for one picture. */
export interface RingCut {
  readonly format: VideoFormat;
  /** In decoding order, from a key frame to the wanted picture. */
  readonly packets: readonly Packet[];
  /** The wanted picture's presentation time within its run. */
  readonly pts: Ms;
  /** When the camera saw it. */
  readonly at: Instant;
}

export interface PacketRing {
  /** Packets read together, in decoding order, and when pictures with their presentation times were seen. */
  push(format: VideoFormat, batch: readonly Packet[], instantOf: (pts: Ms) => Instant): void;
  /**
   * The picture nearest to `wanted`, or the key frame nearest to it if that is at most `keyWithin` away (decoding a key
   * frame alone costs a tenth of decoding a whole group). With `notAfter` nothing later than `wanted` is chosen.
   * @returns undefined when the ring is empty, or begins only after `wanted` by more than `outside`
   */
  cut(wanted: MonoMs, options?: CutOptions): RingCut | undefined;
  /** The key frame that a cut's pictures depend on, by itself. */
  keyOf(cut: RingCut): RingCut | undefined;
  /** The earliest picture's instant. */
  readonly oldest: Instant | undefined;
  /** The latest picture's instant. */
  readonly newest: Instant | undefined;
  readonly bytes: number;
  /** Forgets everything: a new run, or nobody needs it any more. */
  clear(): void;
}

export interface CutOptions {
  readonly keyWithin?: Ms;
  readonly notAfter?: boolean;
  /** How far outside what is kept a moment may lie. Default one second: that is another moment. */
  readonly outside?: Ms;
}

const OUTSIDE: Ms = seconds(1);

interface Held {
  readonly packet: Packet;
  readonly at: Instant;
}

/** A key frame and what follows it up to the next one, in decoding order. */
interface Group {
  readonly format: VideoFormat;
  readonly held: Held[];
  bytes: number;
  /** The first instant in it; pictures shown before the key frame (leading pictures) may be earlier than the key frame. */
  first: MonoMs;
  last: MonoMs;
  /** False after a new run or a format change: its leading pictures refer to nothing we have. */
  readonly follows: boolean;
}

export const packetRing = (bounds: RingBounds = DEFAULT_RING): PacketRing => {
  let groups: Group[] = [];
  let bytes = 0;
  let newest: Instant | undefined;

  const trim = (): void => {
    while (groups.length > 1) {
      const [oldest, next] = groups;
      if (!oldest || !next) return;
      const keyOfNext = next.held[0]?.at.mono;
      const isOver = newest !== undefined && keyOfNext !== undefined && between(keyOfNext, newest.mono) >= bounds.reach;
      if (!isOver && bytes <= bounds.mostBytes) return;
      groups = groups.slice(1);
      bytes -= oldest.bytes;
    }
    const [only] = groups;
    // One group that is larger than everything allowed (a camera that sends no key frames): without its beginning the rest
    // cannot be decoded, so all of it goes and the next key frame begins anew.
    if (only && bytes > bounds.mostBytes) clear();
  };

  const clear = (): void => {
    groups = [];
    bytes = 0;
    newest = undefined;
  };

  const nearest = (held: readonly Held[], wanted: MonoMs, notAfter: boolean): Held | undefined => {
    let best: Held | undefined;
    for (const each of held) {
      if (notAfter && each.at.mono > wanted) continue;
      if (!best || Math.abs(each.at.mono - wanted) < Math.abs(best.at.mono - wanted)) best = each;
    }
    return best;
  };

  const cutOf = (index: number, chosen: Held): RingCut | undefined => {
    const group = groups[index];
    const key = group?.held[0];
    if (!group || !key) return undefined;
    const own = group.held.slice(0, group.held.indexOf(chosen) + 1).map(({ packet }) => packet);
    // A picture shown before its group's key frame may refer to the group before (open GOP; H.265: RASL pictures).
    const isLeading = chosen.at.mono < key.at.mono;
    const earlier = isLeading && group.follows ? groups[index - 1] : undefined;
    if (isLeading && !earlier) return undefined;
    const packets = earlier ? [...earlier.held.map(({ packet }) => packet), ...own] : own;
    return { format: group.format, packets, pts: chosen.packet.pts, at: chosen.at };
  };

  return {
    push(format, batch, instantOf) {
      for (const packet of batch) {
        const at = instantOf(packet.pts);
        let group = groups.at(-1);
        const isNewRun = group !== undefined && group.format !== format;
        if (packet.isKey) {
          group = { format, held: [], bytes: 0, first: at.mono, last: at.mono, follows: !isNewRun };
          groups.push(group);
        }
        // Without a key frame of its own run a packet cannot be decoded.
        if (!group || (isNewRun && !packet.isKey)) continue;
        group.held.push({ packet, at });
        group.bytes += packet.bytes.length;
        group.first = Math.min(group.first, at.mono) as MonoMs;
        group.last = Math.max(group.last, at.mono) as MonoMs;
        bytes += packet.bytes.length;
        if (!newest || at.mono > newest.mono) newest = at;
      }
      trim();
    },

    cut(wanted, { keyWithin = ms(0), notAfter = false, outside = OUTSIDE } = {}) {
      const keys = groups.flatMap(({ held: [key] }) => (key ? [key] : []));
      const key = nearest(keys, wanted, notAfter);
      if (key && Math.abs(key.at.mono - wanted) <= keyWithin) return cutOf(indexOf(key), key);
      const near = groups.filter(({ first, last }) => wanted >= first - outside && wanted <= last + outside);
      // The nearest first; a leading picture without its group before cannot be decoded, so the next nearest stands in.
      const all = near.flatMap(({ held }) => held).filter(({ at }) => !notAfter || at.mono <= wanted);
      for (const chosen of all.sort((a, b) => Math.abs(a.at.mono - wanted) - Math.abs(b.at.mono - wanted))) {
        if (Math.abs(chosen.at.mono - wanted) > outside) return undefined;
        const cut = cutOf(indexOf(chosen), chosen);
        if (cut) return cut;
      }
      return undefined;
    },

    keyOf(cut) {
      const index = groups.findIndex(({ held: [key] }) => key !== undefined && key.packet === cut.packets[0]);
      const key = groups[index]?.held[0];
      return key && cutOf(index, key);
    },

    get oldest() {
      return groups[0]?.held[0]?.at;
    },
    get newest() {
      return newest;
    },
    get bytes() {
      return bytes;
    },
    clear,
  };

  function indexOf(chosen: Held): number {
    return groups.findIndex(({ held }) => held.includes(chosen));
  }
};
