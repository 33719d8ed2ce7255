// One encoded clip, cut into access units: what a simulated stream plays round and round.
// Reads Annex B only as far as playing needs it: NAL types, first slices and the parameter sets.

import { readFile } from 'node:fs/promises';
import type { Codec } from '../domain/camera.ts';

/** All NAL units of one picture, without start codes, in decoding order. */
export interface AccessUnit {
  readonly nals: readonly Uint8Array[];
  readonly isKey: boolean;
  /** By how many pictures it is shown later than its place in decoding order; 0 without B-frames, else it may be negative. */
  readonly shownLater: number;
}

export interface Clip {
  readonly codec: Codec;
  readonly fps: number;
  /** VPS (H.265 only), SPS and PPS, without start codes. */
  readonly parameterSets: readonly Uint8Array[];
  /** The first unit is a key frame. */
  readonly units: readonly AccessUnit[];
}

/** ITU-T H.264 table 7-1. */
const H264 = { nonIdrSlice: 1, idrSlice: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const;
/** ITU-T H.265 table 7-1. */
const H265 = { lastSlice: 31, firstIrap: 16, lastIrap: 23, vps: 32, sps: 33, pps: 34, delimiter: 35, prefixSei: 39 };

export const nalType = (codec: Codec, nal: Uint8Array): number =>
  codec === 'h264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f;

export const isSlice = (codec: Codec, nal: Uint8Array): boolean => {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type >= H264.nonIdrSlice && type <= H264.idrSlice : type <= H265.lastSlice;
};

export const isKeySlice = (codec: Codec, nal: Uint8Array): boolean => {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type === H264.idrSlice : type >= H265.firstIrap && type <= H265.lastIrap;
};

/** `first_mb_in_slice` is 0 (H.264 7.3.3) or `first_slice_segment_in_pic_flag` is set (H.265 7.3.6.1): both are one 1 bit. */
const isFirstSlice = (codec: Codec, nal: Uint8Array): boolean =>
  isSlice(codec, nal) && ((nal[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0;

export const isParameterSet = (codec: Codec, nal: Uint8Array): boolean => {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type === H264.sps || type === H264.pps : type >= H265.vps && type <= H265.pps;
};

/** NAL types that can only stand before a picture's first slice (H.264 7.4.1.2.3, H.265 7.4.2.4.4). */
const opensUnit = (codec: Codec, nal: Uint8Array): boolean => {
  const type = nalType(codec, nal);
  return codec === 'h264'
    ? type >= H264.sei && type <= H264.delimiter
    : (type >= H265.vps && type <= H265.delimiter) || type === H265.prefixSei;
};

/** NAL units of an Annex B byte stream (H.264 and H.265 Annex B), without start codes and trailing zero bytes. */
export const splitNals = (bytes: Uint8Array): Uint8Array[] => {
  const nals: Uint8Array[] = [];
  let start = -1;
  const close = (end: number): void => {
    let last = end;
    while (last > start && bytes[last - 1] === 0) last -= 1;
    if (start >= 0 && last > start) nals.push(bytes.subarray(start, last));
  };
  for (let at = bytes.indexOf(1, 2); at !== -1; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] !== 0 || bytes[at - 2] !== 0) continue;
    close(at - 2);
    start = at + 1;
  }
  close(bytes.length);
  return nals;
};

export const accessUnit = (codec: Codec, nals: readonly Uint8Array[], shownLater: number = 0): AccessUnit => ({
  nals,
  isKey: nals.some((nal) => isKeySlice(codec, nal)),
  shownLater,
});

/** A clip of units that are already apart, e.g. straight from an encoder. @throws TypeError if no key frame opens it */
export const clipOfUnits = (codec: Codec, fps: number, units: readonly AccessUnit[]): Clip => {
  if (!units[0]?.isKey) throw new TypeError('a clip must begin with a key frame');
  const seen = new Map<number, Uint8Array>();
  for (const nal of units[0].nals) if (isParameterSet(codec, nal)) seen.set(nalType(codec, nal), nal);
  const parameterSets = [...seen.entries()].sort(([a], [b]) => a - b).map(([, nal]) => nal);
  if (parameterSets.length < (codec === 'h264' ? 2 : 3))
    throw new TypeError('the first key frame has no parameter sets');
  return { codec, fps, parameterSets, units };
};

/**
 * Cuts an Annex B stream into access units. Pictures are taken to be shown in decoding order (no B-frames).
 * @throws TypeError if the stream does not begin with parameter sets and a key frame
 */
export const clipOfAnnexB = (codec: Codec, fps: number, bytes: Uint8Array): Clip => {
  const units: AccessUnit[] = [];
  let nals: Uint8Array[] = [];
  let hasSlice = false;
  for (const nal of splitNals(bytes)) {
    if (hasSlice && (isFirstSlice(codec, nal) || opensUnit(codec, nal))) {
      units.push(accessUnit(codec, nals));
      nals = [];
      hasSlice = false;
    }
    nals.push(nal);
    hasSlice ||= isSlice(codec, nal);
  }
  if (hasSlice) units.push(accessUnit(codec, nals));
  return clipOfUnits(codec, fps, units);
};

export const readClip = async (file: string | URL, codec: Codec, fps: number): Promise<Clip> =>
  clipOfAnnexB(codec, fps, await readFile(file));

/** The unit that plays at a tick: the clip runs round and round. */
export const unitAt = (clip: Clip, tick: number): AccessUnit => {
  const unit = clip.units[tick % clip.units.length];
  if (!unit) throw new RangeError(`no access unit at tick ${tick}`);
  return unit;
};

/** The tick of the newest key frame at or before `tick`. */
export const keyTickBefore = (clip: Clip, tick: number): number => {
  let at = tick;
  while (!unitAt(clip, at).isKey) at -= 1;
  return at;
};

const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** NAL units as an Annex B byte stream. */
export const annexB = (nals: readonly Uint8Array[]): Buffer => Buffer.concat(nals.flatMap((nal) => [START_CODE, nal]));
