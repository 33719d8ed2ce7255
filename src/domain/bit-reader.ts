// Reads a NAL unit's payload bit by bit, without its emulation prevention bytes (ITU-T H.264 7.4.1, H.265 7.4.2).

export interface BitReader {
  /** Unsigned, up to 32 bits. Beyond the end come zeros: a caller checks `isPast` before it believes what it read. */
  readonly bits: (count: number) => number;
  /** Exp-Golomb, unsigned and signed (H.264 9.1). */
  readonly ue: () => number;
  readonly se: () => number;
  readonly isPast: boolean;
}

/** An Exp-Golomb code longer than this is damage. */
const MOST_ZEROS = 31;

/** @param start first byte of the payload; @param end one after its last */
export const bitReader = (bytes: Uint8Array, start: number, end: number): BitReader => {
  let at = start;
  let zeros = 0;
  let current = 0;
  let left = 0;
  let isPast = false;
  const bit = (): number => {
    if (left === 0) {
      if (zeros >= 2 && bytes[at] === 3) {
        at += 1;
        zeros = 0;
      }
      if (at >= end) {
        isPast = true;
        return 0;
      }
      current = bytes[at] ?? 0;
      zeros = current === 0 ? zeros + 1 : 0;
      at += 1;
      left = 8;
    }
    left -= 1;
    return (current >> left) & 1;
  };
  const bits = (count: number): number => {
    let value = 0;
    for (let read = 0; read < count; read++) value = value * 2 + bit();
    return value;
  };
  const ue = (): number => {
    for (let leading = 0; leading <= MOST_ZEROS; leading++) {
      if (bit() === 1) return 2 ** leading - 1 + bits(leading);
    }
    isPast = true;
    return 0;
  };
  return {
    bits,
    ue,
    se: () => {
      const code = ue();
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
    },
    get isPast() {
      return isPast;
    },
  };
};

export interface NalSpan {
  /** Index of the NAL unit's header byte; one after its last byte. */
  readonly start: number;
  readonly end: number;
}

/** NAL units of an access unit in Annex B form (H.264 B.1). */
export const nalSpans = function* (bytes: Uint8Array): Generator<NalSpan, void> {
  let start = -1;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (start >= 0) yield { start, end: at };
    start = at + 3;
    at += 2;
  }
  if (start >= 0) yield { start, end: bytes.length };
};
