// The parameter sets of one stream: which are known, in Annex B form for a decoder, and what picture they describe
// (ITU-T H.264 section 7.3.2.1.1, H.265 section 7.3.2.2). Must survive any bytes: a camera's sets are hostile input.

import type { Codec } from '../../domain/camera.ts';
import type { ParameterSetKind } from './nal-unit.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface SequenceParameters {
  readonly id: number;
  /** Visible size, cropping applied; a frame's height also for interlaced video. */
  readonly picture: PictureSize;
  readonly isInterlaced: boolean;
  /** From the VUI timing of H.264, if it is there. */
  readonly framesPerSecond: number | undefined;
}

class OutOfBits extends Error {}

/** Bits of an RBSP, emulation prevention taken out (H.264 section 7.3.1). */
class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(unit: Uint8Array, headerLength: number) {
    const rbsp = new Uint8Array(Math.max(0, unit.length - headerLength));
    let length = 0;
    let zeros = 0;
    for (let i = headerLength; i < unit.length; i++) {
      const byte = unit[i] ?? 0;
      if (zeros >= 2 && byte === 3) {
        zeros = 0;
        continue;
      }
      zeros = byte === 0 ? zeros + 1 : 0;
      rbsp[length++] = byte;
    }
    this.#bytes = rbsp.subarray(0, length);
  }

  flag(): boolean {
    const byte = this.#bytes[this.#bit >> 3];
    if (byte === undefined) throw new OutOfBits();
    return (byte & (0x80 >> (this.#bit++ & 7))) !== 0;
  }

  u(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) value = value * 2 + (this.flag() ? 1 : 0);
    return value;
  }

  skip(bits: number): void {
    this.#bit += bits;
  }

  ue(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 32) throw new OutOfBits();
    return 2 ** zeros - 1 + this.u(zeros);
  }

  se(): number {
    const code = this.ue();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Reads an SPS without start code; undefined if it is damaged or describes no picture of a possible size. */
export const readSequenceParameters = (codec: Codec, sps: Uint8Array): SequenceParameters | undefined => {
  try {
    const parameters = codec === 'h264' ? readH264(new BitReader(sps, 1)) : readH265(new BitReader(sps, 2));
    return isPossible(parameters.picture) ? parameters : undefined;
  } catch (error) {
    if (error instanceof OutOfBits) return undefined;
    throw error;
  }
};

// Level 6.2 of both standards ends at 16888 and 8192 x 4320; nothing that calls itself a camera exceeds 16384.
const isPossible = ({ width, height }: PictureSize): boolean =>
  width >= 16 && height >= 16 && width <= 16_384 && height <= 16_384;

const HAS_CHROMA_FORMAT: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

const readH264 = (bits: BitReader): SequenceParameters => {
  const profile = bits.u(8);
  bits.skip(16);
  const id = bits.ue();
  let chromaFormat = 1;
  let isSeparatePlanes = false;
  if (HAS_CHROMA_FORMAT.has(profile)) {
    chromaFormat = bits.ue();
    if (chromaFormat === 3) isSeparatePlanes = bits.flag();
    bits.ue();
    bits.ue();
    bits.skip(1);
    if (bits.flag()) skipScalingMatrices(bits, chromaFormat === 3 ? 12 : 8);
  }
  bits.ue();
  const orderCountType = bits.ue();
  if (orderCountType === 0) bits.ue();
  else if (orderCountType === 1) skipOrderCountCycle(bits);
  bits.ue();
  bits.skip(1);
  const widthInUnits = bits.ue() + 1;
  const heightInUnits = bits.ue() + 1;
  const isFrameOnly = bits.flag();
  if (!isFrameOnly) bits.skip(1);
  bits.skip(1);
  const fields = isFrameOnly ? 1 : 2;
  // Table 6-1: SubWidthC and SubHeightC; equations 7-19 to 7-22.
  const isChromaArray = chromaFormat !== 0 && !isSeparatePlanes;
  const cropX = isChromaArray && chromaFormat < 3 ? 2 : 1;
  const cropY = (isChromaArray && chromaFormat === 1 ? 2 : 1) * fields;
  const [left, right, top, bottom] = readCrop(bits);
  return {
    id,
    picture: {
      width: widthInUnits * 16 - cropX * (left + right),
      height: heightInUnits * 16 * fields - cropY * (top + bottom),
    },
    isInterlaced: !isFrameOnly,
    framesPerSecond: readH264FrameRate(bits),
  };
};

type Crop = readonly [left: number, right: number, top: number, bottom: number];

const readCrop = (bits: BitReader): Crop => (bits.flag() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0]);

const skipScalingMatrices = (bits: BitReader, count: number): void => {
  for (let i = 0; i < count; i++) {
    if (!bits.flag()) continue;
    let last = 8;
    let next = 8;
    for (let j = 0; j < (i < 6 ? 16 : 64); j++) {
      if (next !== 0) next = (last + bits.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
};

const skipOrderCountCycle = (bits: BitReader): void => {
  bits.skip(1);
  bits.se();
  bits.se();
  // num_ref_frames_in_pic_order_cnt_cycle is at most 255.
  const cycle = Math.min(255, bits.ue());
  for (let i = 0; i < cycle; i++) bits.se();
};

/** VUI (section E.1.1) up to the timing; a set that ends before it simply has no frame rate. */
const readH264FrameRate = (bits: BitReader): number | undefined => {
  try {
    if (!bits.flag()) return undefined;
    if (bits.flag() && bits.u(8) === 255) bits.skip(32);
    if (bits.flag()) bits.skip(1);
    if (bits.flag()) {
      bits.skip(4);
      if (bits.flag()) bits.skip(24);
    }
    if (bits.flag()) {
      bits.ue();
      bits.ue();
    }
    if (!bits.flag()) return undefined;
    const unitsInTick = bits.u(32);
    const timeScale = bits.u(32);
    // Two ticks make a frame (equation D-2 and clause E.2.1).
    const rate = timeScale / (2 * unitsInTick);
    return rate > 0 && rate <= 1000 ? rate : undefined;
  } catch (error) {
    if (error instanceof OutOfBits) return undefined;
    throw error;
  }
};

const readH265 = (bits: BitReader): SequenceParameters => {
  bits.skip(4);
  const subLayers = bits.u(3);
  bits.skip(1);
  skipProfileTierLevel(bits, subLayers);
  const id = bits.ue();
  const chromaFormat = bits.ue();
  if (chromaFormat === 3) bits.skip(1);
  const width = bits.ue();
  const height = bits.ue();
  // Table 6-1; section 7.4.3.2.1: the conformance window is in chroma units.
  const [left, right, top, bottom] = readCrop(bits);
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = chromaFormat === 1 ? 2 : 1;
  return {
    id,
    picture: { width: width - cropX * (left + right), height: height - cropY * (top + bottom) },
    isInterlaced: false,
    framesPerSecond: undefined,
  };
};

/** Section 7.3.3: 88 bits of general profile, 8 of level, then the sub-layers' flags and parts. */
const skipProfileTierLevel = (bits: BitReader, subLayers: number): void => {
  bits.skip(96);
  const present = Array.from({ length: subLayers }, () => [bits.flag(), bits.flag()] as const);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const [hasProfile, hasLevel] of present) bits.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
};

const START_CODE: Uint8Array = Uint8Array.of(0, 0, 0, 1);
const ORDER: readonly ParameterSetKind[] = ['vps', 'sps', 'pps'];
// A stream has one set of each kind; H.264 allows 32 SPS and 256 PPS of a few dozen bytes each.
const MAX_SETS = 64;
const MAX_SET = 4096;

/** The sets of one stream, the newest of each kind and id. */
export class ParameterSets {
  readonly #codec: Codec;
  readonly #sets: ReadonlyMap<ParameterSetKind, Map<number, Uint8Array>> = new Map(
    ORDER.map((kind) => [kind, new Map<number, Uint8Array>()]),
  );
  #sequence: SequenceParameters | undefined;
  #annexB: Uint8Array | undefined;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** What the newest readable SPS says. */
  get sequence(): SequenceParameters | undefined {
    return this.#sequence;
  }

  /** True when a decoder has all it needs. */
  get isComplete(): boolean {
    return ORDER.every((kind) => (kind === 'vps' && this.#codec === 'h264') || (this.#sets.get(kind)?.size ?? 0) > 0);
  }

  /** Learns a set without start code. The bytes are copied. */
  put(kind: ParameterSetKind, unit: Uint8Array): void {
    const sets = this.#sets.get(kind);
    if (!sets || unit.length > MAX_SET) return;
    const sequence = kind === 'sps' ? readSequenceParameters(this.#codec, unit) : undefined;
    if (kind === 'sps' && !sequence) return;
    const id = sequence?.id ?? this.#idOf(kind, unit);
    const known = sets.get(id);
    if (known && isSame(known, unit)) {
      if (sequence) this.#sequence = sequence;
      return;
    }
    if (!known && sets.size >= MAX_SETS) return;
    sets.set(id, Uint8Array.from(unit));
    this.#annexB = undefined;
    if (sequence) this.#sequence = sequence;
  }

  /** All sets with start codes, VPS before SPS before PPS. */
  annexB(): Uint8Array {
    this.#annexB ??= concatenated(ORDER.flatMap((kind) => [...(this.#sets.get(kind)?.values() ?? [])]));
    return this.#annexB;
  }

  #idOf(kind: ParameterSetKind, unit: Uint8Array): number {
    try {
      const bits = new BitReader(unit.subarray(0, 16), this.#codec === 'h264' ? 1 : 2);
      return kind === 'vps' ? bits.u(4) : bits.ue();
    } catch (error) {
      if (error instanceof OutOfBits) return 0;
      throw error;
    }
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const concatenated = (units: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(units.reduce((sum, unit) => sum + START_CODE.length + unit.length, 0));
  let at = 0;
  for (const unit of units) {
    bytes.set(START_CODE, at);
    bytes.set(unit, at + START_CODE.length);
    at += START_CODE.length + unit.length;
  }
  return bytes;
};
