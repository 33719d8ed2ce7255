// RTP headers (RFC 3550 section 5.1), sequence numbers and timestamps. Pure.

import { type MonoMs, type Ms, ms } from '../../domain/units.ts';

export interface RtpPacket {
  readonly payloadType: number;
  readonly isMarked: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
  /** The payload is `bytes[start, end)`, padding and extension left out. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const HEADER = 12;

/** undefined for anything that is not a whole RTP version 2 packet. */
export const readRtp = (bytes: Buffer, from: number, to: number): RtpPacket | undefined => {
  if (to - from < HEADER) return undefined;
  const first = bytes.readUInt8(from);
  if (first >> 6 !== 2) return undefined;
  let start = from + HEADER + (first & 0x0f) * 4;
  let end = to;
  if ((first & 0x10) !== 0) {
    if (start + 4 > end) return undefined;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  if ((first & 0x20) !== 0) {
    const padding = bytes.readUInt8(end - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  const second = bytes.readUInt8(from + 1);
  return {
    payloadType: second & 0x7f,
    isMarked: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(from + 2),
    timestamp: bytes.readUInt32BE(from + 4),
    source: bytes.readUInt32BE(from + 8),
    bytes,
    start,
    end,
  };
};

/** `late`: it, or its place, is behind us already. `restart`: the camera's numbers jumped; nothing can be counted. */
export type SequenceVerdict =
  | { readonly type: 'next' }
  | { readonly type: 'gap'; readonly lost: number }
  | { readonly type: 'late' }
  | { readonly type: 'restart' };

// RFC 3550 appendix A.1: further ahead, or further behind, than this is not loss but a new start.
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

const NEXT: SequenceVerdict = { type: 'next' };
const LATE: SequenceVerdict = { type: 'late' };
const RESTART: SequenceVerdict = { type: 'restart' };

/** Follows 16-bit sequence numbers of one synchronization source. */
export class SequenceTracker {
  #source: number | undefined;
  #last = 0;
  #cycles = 0;

  /** Extended highest sequence number (RFC 3550 section 6.4.1). */
  get highest(): number {
    return this.#cycles * 0x1_0000 + this.#last;
  }

  follow(packet: Pick<RtpPacket, 'sequence' | 'source'>): SequenceVerdict {
    const isFirst = this.#source === undefined;
    if (packet.source !== this.#source) {
      this.#source = packet.source;
      this.#last = packet.sequence;
      this.#cycles = 0;
      return isFirst ? NEXT : RESTART;
    }
    const ahead = (packet.sequence - this.#last) & 0xffff;
    if (ahead === 0 || ahead > 0x1_0000 - MAX_MISORDER) return LATE;
    if (packet.sequence < this.#last) this.#cycles++;
    this.#last = packet.sequence;
    if (ahead === 1) return NEXT;
    return ahead <= MAX_DROPOUT ? { type: 'gap', lost: ahead - 1 } : RESTART;
  }
}

// A camera that sets its clock makes the RTP timestamps jump; beyond this disagreement with our own clock we believe ours.
// Far above any B-frame reordering, jitter or coalesced read.
const MAX_DISAGREEMENT = 5000;

/** Presentation times since the run's first picture, from 32-bit timestamps that wrap every 13 hours. */
export class PresentationClock {
  readonly #clockRate: number;
  #last: { readonly timestamp: number; readonly pts: number; readonly at: number } | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** @param at when the picture was read here */
  pts(timestamp: number, at: MonoMs): Ms {
    let pts = 0;
    if (this.#last) {
      const ticks = (timestamp - this.#last.timestamp) | 0;
      const stepped = (ticks / this.#clockRate) * 1000;
      const elapsed = at - this.#last.at;
      const isBelievable = Math.abs(stepped - elapsed) <= MAX_DISAGREEMENT;
      pts = Math.max(0, this.#last.pts + (isBelievable ? stepped : elapsed));
    }
    this.#last = { timestamp, pts, at };
    return ms(pts);
  }
}
