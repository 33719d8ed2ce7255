// Finds pictures that never came: the H.264 decoder papers over a gap in frame_num without a flag or an error.
// Reads only what that needs: two fields of the SPS (ITU-T H.264 7.3.2.1.1) and the head of the slice header (7.3.3).

import { bitReader, nalSpans } from '../../domain/bit-reader.ts';
import type { Packet } from '../../domain/camera.ts';

const SLICE = 1;
const IDR_SLICE = 5;
const SPS = 7;

interface FrameNumRules {
  readonly frameNumBits: number;
  readonly hasColourPlanes: boolean;
  readonly areGapsAllowed: boolean;
}

/** Profiles whose SPS carries a chroma format (7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

const readSps = (bytes: Uint8Array, start: number, end: number): FrameNumRules | undefined => {
  const { bits, ue } = bitReader(bytes, start + 1, end);
  const profile = bits(8);
  bits(16);
  ue();
  let hasColourPlanes = false;
  if (HIGH_PROFILES.has(profile)) {
    if (ue() === 3) hasColourPlanes = bits(1) === 1;
    ue();
    ue();
    bits(1);
    // Scaling matrices would have to be read through; no camera seen sends them in the SPS.
    if (bits(1) === 1) return undefined;
  }
  const frameNumBits = ue() + 4;
  const orderType = ue();
  if (orderType === 0) ue();
  else if (orderType === 1) return undefined;
  ue();
  return frameNumBits > 16 ? undefined : { frameNumBits, hasColourPlanes, areGapsAllowed: bits(1) === 1 };
};

/** The index of the first packet before which a reference picture is missing, or undefined. */
export const firstGap = (parameterSets: Uint8Array, packets: readonly Packet[]): number | undefined => {
  let rules: FrameNumRules | undefined;
  for (const nal of nalSpans(parameterSets)) {
    if (((parameterSets[nal.start] ?? 0) & 31) === SPS) rules = readSps(parameterSets, nal.start, nal.end);
  }
  let reference: number | undefined;
  for (const [index, { bytes }] of packets.entries()) {
    for (const nal of nalSpans(bytes)) {
      const head = bytes[nal.start] ?? 0;
      const type = head & 31;
      if (type === SPS) rules = readSps(bytes, nal.start, nal.end);
      if (!rules || (type !== SLICE && type !== IDR_SLICE)) continue;
      if (rules.areGapsAllowed) return undefined;
      const { bits, ue } = bitReader(bytes, nal.start + 1, nal.end);
      ue();
      ue();
      ue();
      if (rules.hasColourPlanes) bits(2);
      const frameNum = bits(rules.frameNumBits);
      if (type === IDR_SLICE || reference === undefined) {
        reference = frameNum;
        break;
      }
      // 7.4.3: a picture's frame_num is that of the reference picture before it, plus one; a second field repeats it.
      if (frameNum !== reference && frameNum !== (reference + 1) % 2 ** rules.frameNumBits) return index;
      const isReference = (head >> 5) & 3;
      if (isReference) reference = frameNum;
      // One slice of a picture tells it all.
      break;
    }
  }
  return undefined;
};
