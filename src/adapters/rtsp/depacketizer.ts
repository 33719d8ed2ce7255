// RTP payloads into NAL units: RFC 6184 (H.264: single, STAP-A, FU-A) and RFC 7798 (H.265: single, AP, FU). A malformed
// payload is reported as damage and never throws; what it holds of whole units is still delivered.

import type { Codec } from '../../domain/camera.ts';
import { startsWithStartCode } from './nal-unit.ts';

/** Takes NAL units piece by piece, in order: begin, append any number of times, end. */
export interface NalSink {
  begin(): void;
  append(bytes: Uint8Array, start: number, end: number): void;
  end(): void;
  /** What was begun cannot be completed, or something could not be read: the access unit is not whole. */
  damaged(): void;
}

/** State between packets is one thing only: whether a fragmented unit is open. */
export class Depacketizer {
  readonly #codec: Codec;
  readonly #sink: NalSink;
  #isOpen = false;
  readonly #nalHeader = new Uint8Array(2);

  constructor(codec: Codec, sink: NalSink) {
    this.#codec = codec;
    this.#sink = sink;
  }

  /** A gap, or the end of an access unit: an open fragment will never be completed. */
  interrupt(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#sink.damaged();
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.#codec === 'h264') this.#pushH264(bytes, start, end);
    else this.#pushH265(bytes, start, end);
  }

  #pushH264(bytes: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const header = bytes[start] ?? 0;
    const type = header & 0x1f;
    if (type === 28) {
      // RFC 6184 section 5.8.
      if (end - start < 2) {
        this.#fail();
        return;
      }
      const fragment = bytes[start + 1] ?? 0;
      this.#nalHeader[0] = (header & 0xe0) | (fragment & 0x1f);
      this.#fragment(fragment, 1, bytes, start + 2, end);
      return;
    }
    this.interrupt();
    if (type === 24) this.#aggregate(bytes, start + 1, end);
    else if (type >= 1 && type <= 23) this.#whole(bytes, start, end);
    else if (type >= 25 && type <= 29) this.#fail();
    else this.#startCodes(bytes, start, end);
  }

  #pushH265(bytes: Uint8Array, start: number, end: number): void {
    if (end - start < 2) {
      if (end > start) this.#fail();
      return;
    }
    const type = ((bytes[start] ?? 0) >> 1) & 0x3f;
    if (type === 49) {
      // RFC 7798 section 4.4.3.
      if (end - start < 3) {
        this.#fail();
        return;
      }
      const fragment = bytes[start + 2] ?? 0;
      this.#nalHeader[0] = ((bytes[start] ?? 0) & 0x81) | ((fragment & 0x3f) << 1);
      this.#nalHeader[1] = bytes[start + 1] ?? 0;
      this.#fragment(fragment, 2, bytes, start + 3, end);
      return;
    }
    this.interrupt();
    if (type === 48) this.#aggregate(bytes, start + 2, end);
    else if (startsWithStartCode(bytes, start, end) > 0) this.#startCodes(bytes, start, end);
    else if (type < 48) this.#whole(bytes, start, end);
    // PACI holds a unit we cannot reach; what is above is not defined, and no part of the video.
    else if (type === 50) this.#fail();
  }

  /** Bit 7 of a fragment header is its start, bit 6 its end, in both standards. */
  #fragment(fragment: number, headerLength: number, bytes: Uint8Array, start: number, end: number): void {
    const isStart = (fragment & 0x80) !== 0;
    const isEnd = (fragment & 0x40) !== 0;
    if (isStart) {
      this.interrupt();
      this.#isOpen = true;
      this.#sink.begin();
      this.#sink.append(this.#nalHeader, 0, headerLength);
    } else if (!this.#isOpen) {
      this.#sink.damaged();
      return;
    }
    this.#sink.append(bytes, start, end);
    if (isEnd) {
      this.#isOpen = false;
      this.#sink.end();
    }
  }

  /** 16-bit sizes, each followed by a unit (RFC 6184 section 5.7.1, RFC 7798 section 4.4.2). */
  #aggregate(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at + 2 <= end) {
      const size = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      if (at + size > end) {
        this.#sink.damaged();
        return;
      }
      if (size > 0) this.#whole(bytes, at, at + size);
      at += size;
    }
    if (at < end) this.#sink.damaged();
  }

  /**
   * Some cameras put a piece of an Annex B stream, start codes and all, into one packet. Anything else of an undefined
   * type is skipped, as the standard asks.
   */
  #startCodes(bytes: Uint8Array, start: number, end: number): void {
    let unit = start + startsWithStartCode(bytes, start, end);
    if (unit === start) return;
    for (let at = unit; at + 3 <= end; at++) {
      if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
      // Zeros before a start code belong to it, not to the unit.
      let unitEnd = at;
      while (unitEnd > unit && bytes[unitEnd - 1] === 0) unitEnd--;
      this.#whole(bytes, unit, unitEnd);
      unit = at + 3;
      at += 2;
    }
    this.#whole(bytes, unit, end);
  }

  #whole(bytes: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#sink.begin();
    this.#sink.append(bytes, start, end);
    this.#sink.end();
  }

  #fail(): void {
    this.#isOpen = false;
    this.#sink.damaged();
  }
}
