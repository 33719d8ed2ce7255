// The quantiser of an H.264 picture from the head of its first slice: with it a packet's size says how much changed, whatever
// the encoder's rate control did (ITU-T H.264 7.3.2.1.1, 7.3.2.2, 7.3.3). Anything unusual gives undefined: size alone is used.

import { type BitReader, bitReader, nalSpans } from '../domain/bit-reader.ts';

const SLICE = 1;
const IDR_SLICE = 5;
const SPS = 7;
const PPS = 8;
const I_SLICE = 2;
const P_SLICE = 0;
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

interface Sps {
  readonly hasChroma: boolean;
  readonly frameNumBits: number;
  readonly orderBits: number | undefined;
  readonly isFramesOnly: boolean;
}

interface Pps {
  readonly isCabac: boolean;
  readonly hasFieldOrder: boolean;
  readonly references: number;
  readonly isWeighted: boolean;
  readonly qp: number;
  readonly hasRedundant: boolean;
}

const readSps = (reader: BitReader): Sps | undefined => {
  const profile = reader.bits(8);
  reader.bits(16);
  reader.ue();
  let hasChroma = true;
  if (HIGH_PROFILES.has(profile)) {
    const chromaFormat = reader.ue();
    if (chromaFormat === 3) return undefined;
    hasChroma = chromaFormat !== 0;
    reader.ue();
    reader.ue();
    reader.bits(1);
    if (reader.bits(1) === 1) return undefined;
  }
  const frameNumBits = reader.ue() + 4;
  const orderType = reader.ue();
  if (orderType === 1) return undefined;
  const orderBits = orderType === 0 ? reader.ue() + 4 : undefined;
  reader.ue();
  reader.bits(1);
  reader.ue();
  reader.ue();
  const isFramesOnly = reader.bits(1) === 1;
  return reader.isPast ? undefined : { hasChroma, frameNumBits, orderBits, isFramesOnly };
};

const readPps = (reader: BitReader): Pps | undefined => {
  reader.ue();
  reader.ue();
  const isCabac = reader.bits(1) === 1;
  const hasFieldOrder = reader.bits(1) === 1;
  // Slice groups: nobody sends them.
  if (reader.ue() > 0) return undefined;
  const references = reader.ue() + 1;
  reader.ue();
  const isWeighted = reader.bits(1) === 1;
  reader.bits(2);
  const qp = 26 + reader.se();
  reader.se();
  reader.se();
  reader.bits(2);
  const hasRedundant = reader.bits(1) === 1;
  return reader.isPast ? undefined : { isCabac, hasFieldOrder, references, isWeighted, qp, hasRedundant };
};

/** Skips the reference list modification (7.3.3.1). @returns false when it makes no sense */
const skipModification = (reader: BitReader): boolean => {
  if (reader.bits(1) === 0) return true;
  for (let entries = 0; entries < 66; entries++) {
    const operation = reader.ue();
    if (operation === 3) return true;
    if (operation > 3 || reader.isPast) return false;
    reader.ue();
  }
  return false;
};

/** Skips the prediction weights of a P slice (7.3.3.2). */
const skipWeights = (reader: BitReader, references: number, hasChroma: boolean): boolean => {
  if (references > 32) return false;
  reader.ue();
  if (hasChroma) reader.ue();
  for (let reference = 0; reference < references; reference++) {
    if (reader.bits(1) === 1) {
      reader.se();
      reader.se();
    }
    if (hasChroma && reader.bits(1) === 1) for (let value = 0; value < 4; value++) reader.se();
  }
  return !reader.isPast;
};

/** Skips the decoded reference picture marking of a picture that is not an IDR (7.3.3.3). */
const skipMarking = (reader: BitReader): boolean => {
  if (reader.bits(1) === 0) return true;
  for (let entries = 0; entries < 66; entries++) {
    const operation = reader.ue();
    if (operation === 0) return true;
    if (operation > 6 || reader.isPast) return false;
    if (operation === 1 || operation === 2 || operation === 3 || operation === 4 || operation === 6) reader.ue();
    if (operation === 3) reader.ue();
  }
  return false;
};

const readSliceQp = (reader: BitReader, header: number, sps: Sps, pps: Pps): number | undefined => {
  const isIdr = (header & 31) === IDR_SLICE;
  const isReference = (header & 0x60) !== 0;
  reader.ue();
  const type = reader.ue() % 5;
  if (type !== P_SLICE && type !== I_SLICE) return undefined;
  reader.ue();
  reader.bits(sps.frameNumBits);
  if (!sps.isFramesOnly && reader.bits(1) === 1) reader.bits(1);
  if (isIdr) reader.ue();
  if (sps.orderBits !== undefined) {
    reader.bits(sps.orderBits);
    if (pps.hasFieldOrder) reader.se();
  }
  if (pps.hasRedundant) reader.ue();
  if (type === P_SLICE) {
    const references = reader.bits(1) === 1 ? reader.ue() + 1 : pps.references;
    if (!skipModification(reader)) return undefined;
    if (pps.isWeighted && !skipWeights(reader, references, sps.hasChroma)) return undefined;
  }
  if (isReference) {
    if (isIdr) reader.bits(2);
    else if (!skipMarking(reader)) return undefined;
  }
  if (pps.isCabac && type !== I_SLICE) reader.ue();
  const qp = pps.qp + reader.se();
  return reader.isPast || qp < 0 || qp > 51 ? undefined : qp;
};

const START_CODE = 3;

/** The first byte after the next start code, or the length when there is none. */
const nextNal = (bytes: Uint8Array, from: number): number => {
  for (let at = from; at + 2 < bytes.length; at++) {
    if (bytes[at + 2] === 1 && bytes[at] === 0 && bytes[at + 1] === 0) return at + START_CODE;
  }
  return bytes.length;
};

export interface SliceQpReader {
  /** The quantiser (0..51) of the first slice in an access unit. */
  read(accessUnit: Uint8Array): number | undefined;
}

/** Keeps the newest parameter sets it meets, starting with those of the SDP. */
export const sliceQpReader = (parameterSets: Uint8Array): SliceQpReader => {
  let sps: Sps | undefined;
  let pps: Pps | undefined;
  const learn = (bytes: Uint8Array, start: number, end: number): void => {
    const type = (bytes[start] ?? 0) & 31;
    if (type === SPS) sps = readSps(bitReader(bytes, start + 1, end));
    if (type === PPS) pps = readPps(bitReader(bytes, start + 1, end));
  };
  for (const { start, end } of nalSpans(parameterSets)) learn(parameterSets, start, end);
  return {
    read(accessUnit) {
      for (let at = nextNal(accessUnit, 0); at < accessUnit.length; at = nextNal(accessUnit, at)) {
        const header = accessUnit[at] ?? 0;
        const type = header & 31;
        // Nothing behind the first slice is looked at: searching it for start codes would be the gate's dearest part.
        if (type === SLICE || type === IDR_SLICE) {
          const reader = bitReader(accessUnit, at + 1, accessUnit.length);
          return sps && pps ? readSliceQp(reader, header, sps, pps) : undefined;
        }
        if (type === SPS || type === PPS) learn(accessUnit, at, nextNal(accessUnit, at) - START_CODE);
      }
      return undefined;
    },
  };
};
