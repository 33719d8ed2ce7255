import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../domain/camera.ts';
import { isOfOtherCodec, type NalUnit, readNalUnit, startsWithStartCode } from './nal-unit.ts';

const read = (codec: Codec, ...bytes: number[]): NalUnit =>
  readNalUnit(codec, Uint8Array.from([0xee, ...bytes, 0xee]), 1, 1 + bytes.length);
/** The claims that hold, in words. */
const words = (unit: NalUnit): string =>
  [
    ...(unit.isSlice ? ['slice'] : []),
    ...(unit.isFirstSlice ? ['first'] : []),
    ...(unit.isRandomAccess ? ['key'] : []),
    ...(unit.isIntra ? ['intra'] : []),
    ...(unit.parameterSet ? [unit.parameterSet] : []),
    ...(unit.isDelimiter ? ['delimiter'] : []),
    ...(unit.startsAccessUnit ? ['starts'] : []),
  ].join(' ');

describe('readNalUnit, H.264 table 7-1', () => {
  it.each([
    ['P slice', [0x41, 0x9a], 'slice first'],
    ['B slice', [0x01, 0x9e], 'slice first'],
    ['I slice that is no IDR', [0x41, 0x88], 'slice first intra'],
    ['I slice, first_mb_in_slice 39', [0x41, 0x05, 0x02, 0x20], 'slice intra'],
    ['IDR slice', [0x65, 0x88], 'slice first key intra'],
    ['second IDR slice', [0x65, 0x04], 'slice key intra'],
    ['data partition A', [0x42, 0x9a], 'slice first'],
    ['data partition B', [0x43, 0x80], 'slice'],
    ['SEI', [0x06, 0x05], 'starts'],
    ['SPS', [0x67, 0x42], 'sps starts'],
    ['PPS', [0x68, 0xce], 'pps starts'],
    ['delimiter', [0x09, 0x10], 'delimiter starts'],
    ['end of sequence', [0x0a], ''],
    ['filler', [0x0c, 0xff], ''],
    ['prefix', [0x6e, 0x00], 'starts'],
    ['coded slice extension', [0x74, 0x00], ''],
    ['a slice without content', [0x41], 'slice'],
    ['nothing', [], ''],
  ])('%s', (_, bytes, expected) => {
    expect(words(read('h264', ...bytes))).toBe(expected);
  });
});

describe('readNalUnit, H.265 table 7-1', () => {
  const header = (type: number): number[] => [type << 1, 1];
  it.each([
    ['TRAIL_N', [...header(0), 0x80], 'slice first'],
    ['TRAIL_R, not the first', [...header(1), 0x40], 'slice'],
    ['RASL_R', [...header(9), 0x80], 'slice first'],
    ['BLA_W_LP', [...header(16), 0x80], 'slice first key'],
    ['IDR_W_RADL', [...header(19), 0x80], 'slice first key'],
    ['CRA', [...header(21), 0x40], 'slice key'],
    ['reserved IRAP', [...header(22), 0x80], 'slice first'],
    ['VPS', header(32), 'vps starts'],
    ['SPS', header(33), 'sps starts'],
    ['PPS', header(34), 'pps starts'],
    ['delimiter', header(35), 'delimiter starts'],
    ['end of sequence', header(36), ''],
    ['prefix SEI', header(39), 'starts'],
    ['suffix SEI', header(40), ''],
    ['reserved 41', header(41), 'starts'],
    ['reserved 45', header(45), ''],
    ['unspecified 48', header(48), 'starts'],
    ['unspecified 56', header(56), ''],
  ])('%s', (_, bytes, expected) => {
    expect(words(read('h265', ...bytes))).toBe(expected);
  });
});

describe('isOfOtherCodec', () => {
  const of = (codec: Codec, ...bytes: number[]): boolean =>
    isOfOtherCodec(codec, Uint8Array.from(bytes), 0, bytes.length);
  it.each<[string, Codec, number[], boolean]>([
    ['a VPS in H.264', 'h264', [0x40, 0x01, 0x0c, 0x01], true],
    ['an SPS in H.265', 'h265', [0x67, 0x64, 0x00, 0x28], true],
    ['an SPS of less weight in H.265', 'h265', [0x27, 0x42, 0xc0, 0x1e], false],
    ['an SPS in H.264', 'h264', [0x67, 0x64, 0x00, 0x28], false],
    ['a VPS in H.265', 'h265', [0x40, 0x01, 0x0c, 0x01], false],
    ['a fragment in H.265', 'h265', [0x62, 0x01, 0x93, 0x00], false],
    ['a fragment in H.264', 'h264', [0x7c, 0x85, 0x88, 0x00], false],
    ['an aggregate in H.264', 'h264', [0x78, 0x00, 0x19, 0x67], false],
    ['too little to tell', 'h264', [0x40, 0x01], false],
  ])('%s', (_, codec, bytes, expected) => {
    expect(of(codec, ...bytes)).toBe(expected);
  });

  it('is never claimed of a payload that the codec may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 29 }), fc.nat(3), fc.uint8Array({ minLength: 3 }), (type, weight, rest) => {
        expect(of('h264', (weight << 5) | type, ...rest)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.uint8Array({ minLength: 3 }), (type, rest) => {
        expect(of('h265', type << 1, 1, ...rest)).toBe(false);
      }),
    );
  });
});

describe('startsWithStartCode', () => {
  it.each([
    [[0, 0, 1, 5], 3],
    [[0, 0, 0, 1], 4],
    [[0, 0, 0, 0, 1], 5],
    [[0, 1], 0],
    [[0, 0], 0],
    [[0, 0, 2], 0],
    [[], 0],
  ])('%j: %i', (bytes, length) => {
    expect(startsWithStartCode(Uint8Array.from(bytes), 0, bytes.length)).toBe(length);
  });
});
