// What the first bytes of a NAL unit say: H.264 (ITU-T H.264 table 7-1, section 7.4.1.2) and H.265 (ITU-T H.265
// table 7-1, section 7.4.2.4). Pure, and total: any bytes give an answer.

import type { Codec } from '../../domain/camera.ts';

export type ParameterSetKind = 'vps' | 'sps' | 'pps';

export interface NalUnit {
  /** A slice of a picture. */
  readonly isSlice: boolean;
  /** The first slice of its picture. */
  readonly isFirstSlice: boolean;
  /** A slice of a picture that decoding can start at. */
  readonly isRandomAccess: boolean;
  /** A slice without inter prediction; H.264 only. */
  readonly isIntra: boolean;
  readonly parameterSet: ParameterSetKind | undefined;
  readonly isDelimiter: boolean;
  /** After a slice, this unit belongs to the next access unit. */
  readonly startsAccessUnit: boolean;
}

const OTHER: NalUnit = {
  isSlice: false,
  isFirstSlice: false,
  isRandomAccess: false,
  isIntra: false,
  parameterSet: undefined,
  isDelimiter: false,
  startsAccessUnit: false,
};
const START: NalUnit = { ...OTHER, startsAccessUnit: true };
const DELIMITER: NalUnit = { ...START, isDelimiter: true };
const VPS: NalUnit = { ...START, parameterSet: 'vps' };
const SPS: NalUnit = { ...START, parameterSet: 'sps' };
const PPS: NalUnit = { ...START, parameterSet: 'pps' };

/** Reads at most a few bytes of the unit `bytes[start, end)`, which has no start code. */
export const readNalUnit = (codec: Codec, bytes: Uint8Array, start: number, end: number): NalUnit => {
  if (end <= start) return OTHER;
  return codec === 'h264' ? readH264(bytes, start, end) : readH265(bytes, start, end);
};

const readH264 = (bytes: Uint8Array, start: number, end: number): NalUnit => {
  const type = (bytes[start] ?? 0) & 0x1f;
  switch (type) {
    case 1:
    case 2:
    case 5: {
      const isFirst = end - start > 1 && ((bytes[start + 1] ?? 0) & 0x80) !== 0;
      return {
        ...OTHER,
        isSlice: true,
        isFirstSlice: isFirst,
        isRandomAccess: type === 5,
        isIntra: type === 5 || isIntraSlice(bytes, start + 1, end),
      };
    }
    case 3:
    case 4:
      // Data partitions B and C: parts of the slice that a partition A began.
      return { ...OTHER, isSlice: true };
    case 6:
      return START;
    case 7:
      return SPS;
    case 8:
      return PPS;
    case 9:
      return DELIMITER;
    default:
      // Section 7.4.1.2.3: prefix NAL and subset SPS to reserved 18 may start an access unit.
      return type >= 14 && type <= 18 ? START : OTHER;
  }
};

/** slice_type (section 7.4.3, table 7-6) is the second ue(v) of a slice: I and SI are 2, 4, 7 and 9. */
const isIntraSlice = (bytes: Uint8Array, start: number, end: number): boolean => {
  let bit = start * 8;
  const ue = (): number => {
    let zeros = 0;
    while (bit < end * 8 && ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0) {
      bit++;
      if (++zeros > 24) return -1;
    }
    let value = 0;
    for (let i = 0; i <= zeros; i++, bit++) {
      if (bit >= end * 8) return -1;
      value = value * 2 + (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0 ? 0 : 1);
    }
    return value - 1;
  };
  if (ue() < 0) return false;
  const type = ue();
  return type === 2 || type === 4 || type === 7 || type === 9;
};

const readH265 = (bytes: Uint8Array, start: number, end: number): NalUnit => {
  const type = ((bytes[start] ?? 0) >> 1) & 0x3f;
  if (type <= 31) {
    // Types 10 to 15 and 22 to 31 are reserved, but they are VCL and delimit alike.
    const isFirst = end - start > 2 && ((bytes[start + 2] ?? 0) & 0x80) !== 0;
    return { ...OTHER, isSlice: true, isFirstSlice: isFirst, isRandomAccess: type >= 16 && type <= 21 };
  }
  if (type === 32) return VPS;
  if (type === 33) return SPS;
  if (type === 34) return PPS;
  if (type === 35) return DELIMITER;
  // Section 7.4.2.4.4: prefix SEI, reserved 41 to 44 and unspecified 48 to 55.
  return type === 39 || (type >= 41 && type <= 44) || (type >= 48 && type <= 55) ? START : OTHER;
};

// profile_idc of what cameras send: Baseline, Main, Extended, High, High 10, High 4:2:2, High 4:4:4 (H.264 annex A).
const H264_PROFILES: ReadonlySet<number> = new Set([66, 77, 88, 100, 110, 122, 244]);

/**
 * Whether an RTP payload starts with a parameter set of the other codec: the owner changed the camera's settings, and the
 * camera did not end the session. A VPS (40 01) is of no defined type in H.264; an SPS of H.264 (67) is of none in H.265.
 */
export const isOfOtherCodec = (codec: Codec, bytes: Uint8Array, start: number, end: number): boolean => {
  if (end - start < 4) return false;
  const first = bytes[start] ?? 0;
  const second = bytes[start + 1] ?? 0;
  return codec === 'h264'
    ? first === 0x40 && second === 1
    : (first & 0x1f) === 7 &&
        first >> 7 === 0 &&
        first >> 5 !== 0 &&
        ((first >> 1) & 0x3f) > 50 &&
        H264_PROFILES.has(second);
};

/** Length of an Annex B start code at `start`, 0 if there is none. */
export const startsWithStartCode = (bytes: Uint8Array, start: number, end: number): number => {
  let zeros = 0;
  while (start + zeros < end && bytes[start + zeros] === 0) zeros++;
  return zeros >= 2 && start + zeros < end && bytes[start + zeros] === 1 ? zeros + 1 : 0;
};
