import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeCells, packBits } from './onvif-cells.ts';

// A packer of the test's own, from the TIFF 6.0 text.
const pack = (bytes: readonly number[]): Uint8Array => {
  const out: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at] && at + run < bytes.length) run++;
    if (run > 1) out.push(257 - run, bytes[at] ?? 0);
    else out.push(0, bytes[at] ?? 0);
    at += run;
  }
  return Uint8Array.from(out);
};

describe('packBits', () => {
  it('reads the example of TIFF 6.0 section 9', () => {
    const packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
    const bytes = 'aa aa aa 80 00 2a aa aa aa aa 80 00 2a 22 aa aa aa aa aa aa aa aa aa aa';
    expect(Buffer.from(packBits(Uint8Array.from(packed), 100)).toString('hex')).toBe(bytes.replaceAll(' ', ''));
  });

  it('gives back what was packed', () => {
    const byte = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 600 }), (bytes) => {
        expect([...packBits(pack(bytes), bytes.length)]).toEqual(bytes);
      }),
    );
  });

  it('stops at its limit, and ignores padding and a cut tail', () => {
    expect(packBits(Uint8Array.of(0x81, 7, 0x81, 7), 10)).toHaveLength(10);
    expect([...packBits(Uint8Array.of(0x80, 0x00, 5), 9)]).toEqual([5]);
    expect([...packBits(Uint8Array.of(0x05, 1, 2), 9)]).toEqual([1, 2]);
  });
});

describe('activeCells', () => {
  it.each([
    ['the example of ONVIF Analytics, which holds no cell', [0x00, 0x00, 0xfc, 0x00], 8, 6, 0],
    ['all cells', [0xfb, 0xff], 8, 6, 48],
    ['bits beyond the last cell', [0x00, 0xff], 3, 1, 3],
    ['nothing', [], 8, 6, 0],
    ['the upper left cell', [0x00, 0x80], 8, 1, 1],
  ])('%s', (_, packed, columns, rows, active) => {
    expect(activeCells(Uint8Array.from(packed), columns, rows)).toBe(active);
  });
});
