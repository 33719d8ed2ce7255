import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testJpeg } from '../testing/jpegs.ts';
import { type JpegDamage, jpegDamage, jpegHeader, jpegSegment, jpegSize, spliceSegments } from './jpeg.ts';

const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** Where the first scan's compressed data begins. */
const scanStart = (jpeg: Uint8Array): number => {
  const sos = jpegHeader(jpeg).at(-1)?.end ?? 0;
  return sos + 2 + ((jpeg[sos + 2] ?? 0) << 8) + (jpeg[sos + 3] ?? 0);
};

const holed = (jpeg: Uint8Array, at: number, length: number, filler: number): Uint8Array => {
  const copy = jpeg.slice();
  copy.fill(filler, at, at + length);
  return copy;
};

describe('a whole JPEG', () => {
  const whole: readonly [string, Parameters<typeof testJpeg>[1]][] = [
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['own code tables', { optimised: true }],
    ['grey', { grey: true }],
    ['flat', { look: 'flat', width: 1920, height: 1080 }],
    [
      'flat with own code tables, whose data is nearly all zero',
      { look: 'flat', optimised: true, width: 2560, height: 1440 },
    ],
    ['flat and grey with own code tables', { look: 'flat', optimised: true, grey: true, width: 2560, height: 1440 }],
    ['flat and progressive', { look: 'flat', progressive: true, width: 2560, height: 1440 }],
    ['one pixel', { width: 1, height: 1 }],
  ];
  it.each(whole)('%s: has its size and no damage', async (_, look) => {
    const jpeg = await testJpeg(1, look);
    expect(jpegSize(jpeg)).toEqual({ width: look?.width ?? 64, height: look?.height ?? 48 });
    expect(jpegDamage(jpeg)).toBeUndefined();
  });

  it('the flat case does hold a run that would be a hole elsewhere', async () => {
    const jpeg = await testJpeg(1, { look: 'flat', optimised: true, grey: true, width: 2560, height: 1440 });
    expect(Buffer.from(jpeg).includes(Buffer.alloc(256))).toBe(true);
  });

  it('may be followed by anything and have fill bytes before a marker', async () => {
    const jpeg = await testJpeg();
    expect(jpegDamage(joined(jpeg, new Uint8Array(5000)))).toBeUndefined();
    expect(jpegDamage(joined(jpeg.subarray(0, 2), [0xff, 0xff], jpeg.subarray(2)))).toBeUndefined();
    expect(jpegDamage(joined(jpeg.subarray(0, -2), [0xff, 0xff, 0xff, 0xff], jpeg.subarray(-2)))).toBeUndefined();
  });
});

describe('damage', () => {
  let jpeg: Uint8Array;
  beforeAll(async () => {
    jpeg = await testJpeg(2, { width: 320, height: 240 });
  });

  it('of every prefix is named, and none counts as whole', () => {
    const seen = new Set<JpegDamage | undefined>();
    for (let length = 0; length < jpeg.length; length++) seen.add(jpegDamage(jpeg.subarray(0, length)));
    expect(seen).toEqual(new Set<JpegDamage>(['not a JPEG', 'cut short']));
  });

  const cases: readonly [string, (jpeg: Uint8Array) => Uint8Array, JpegDamage][] = [
    ['nothing', () => new Uint8Array(), 'not a JPEG'],
    ['a PNG', () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'not a JPEG'],
    ['only zeros', () => new Uint8Array(4096), 'not a JPEG'],
    ['no picture data', (j) => joined(j.subarray(0, jpegHeader(j).at(-1)?.end), [0xff, 0xd9]), 'no picture data'],
    ['no frame header', (j) => spliceSegments(j, [], (s) => s.marker >= 0xc0 && s.marker <= 0xc2), 'no picture size'],
    [
      'a segment of impossible length',
      (j) => joined(j.subarray(0, 2), [0xff, 0xe0, 0, 1], j.subarray(2)),
      'broken segment',
    ],
    [
      'text where a marker should be',
      (j) => joined(j.subarray(0, 2), [0xff, 0x00, 1, 2], j.subarray(2)),
      'broken segment',
    ],
    ['zeros up to the end', (j) => holed(j, j.length - 2000, 2000, 0), 'hole'],
    ['zeros up to the last marker', (j) => holed(j, j.length - 2000, 1998, 0), 'hole'],
    ['a lost sector in the middle', (j) => holed(j, scanStart(j) + 1000, 512, 0), 'hole'],
    ['erased flash in the middle', (j) => holed(j, scanStart(j) + 1000, 512, 0xff), 'hole'],
    [
      'a height of zero',
      (j) => {
        const frame = jpegHeader(j).find((segment) => segment.marker === 0xc0)?.start ?? 0;
        return holed(j, frame + 5, 2, 0);
      },
      'no picture size',
    ],
  ];
  it.each(cases)('%s', (_, damaged, expected) => {
    expect(jpegDamage(damaged(jpeg))).toBe(expected);
  });

  it('is found in every aligned lost sector of the picture data', () => {
    for (let at = scanStart(jpeg); at + 512 < jpeg.length - 2; at += 97) {
      expect(jpegDamage(holed(jpeg, at, 512, 0)), `hole at ${at}`).toBe('hole');
    }
  });
});

describe('hostile bytes', () => {
  it('never throw and never loop', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        const bytes = joined([0xff, 0xd8, 0xff], tail);
        jpegDamage(bytes);
        const size = jpegSize(bytes);
        expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true);
        for (const segment of jpegHeader(bytes)) expect(segment.end).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('splicing segments', () => {
  it('keeps JFIF first, drops what is named, and leaves every other byte', async () => {
    const bare = await testJpeg(3); // this encoder writes no JFIF header
    const jfif = jpegSegment(0xe0, new TextEncoder().encode('JFIF\0\x01\x02\0\0\x01\0\x01\0\0'));
    const jpeg = joined(bare.subarray(0, 2), jfif, bare.subarray(2));
    const comment = jpegSegment(0xfe, Uint8Array.of(1, 2, 3));
    const once = spliceSegments(jpeg, [comment], () => false);
    expect(
      jpegHeader(once)
        .map((segment) => segment.marker)
        .slice(0, 2),
    ).toEqual([0xe0, 0xfe]);
    expect(once.length).toBe(jpeg.length + comment.length);
    expect(spliceSegments(once, [], (segment) => segment.marker === 0xfe)).toEqual(jpeg);
  });

  it('puts them right after SOI when there is no JFIF header', async () => {
    const without = await testJpeg(3);
    const spliced = spliceSegments(without, [jpegSegment(0xe1, new Uint8Array(5))], () => false);
    expect(jpegHeader(spliced)[0]?.marker).toBe(0xe1);
    expect(jpegDamage(spliced)).toBeUndefined();
  });

  it('refuses a payload that no segment can hold', () => {
    expect(jpegSegment(0xe1, new Uint8Array(65_533)).length).toBe(65_537);
    expect(() => jpegSegment(0xe1, new Uint8Array(65_534))).toThrow(RangeError);
  });
});
