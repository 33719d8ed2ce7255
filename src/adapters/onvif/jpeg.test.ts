import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedPicture } from '../../simulator/onvif/picture.ts';
import { jpegFacts } from './jpeg.ts';

const picture = simulatedPicture(320, 200, 'mark');

describe('jpegFacts', () => {
  it('reads the size of a whole picture, padded or not', async () => {
    const jpeg = await picture;
    expect(jpegFacts(jpeg)).toEqual({ width: 320, height: 200 });
    expect(jpegFacts(Buffer.concat([jpeg, Buffer.alloc(512)]))).toEqual({ width: 320, height: 200 });
  });

  it('refuses every picture that was cut', async () => {
    const jpeg = await picture;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: jpeg.length - 1 }), (length) => {
        expect(typeof jpegFacts(jpeg.subarray(0, length))).toBe('string');
      }),
    );
  });

  it('reads any bytes without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        jpegFacts(Uint8Array.from([0xff, 0xd8, ...bytes]));
        expect(jpegFacts(bytes.length > 1 && bytes[0] === 0xff ? bytes : Uint8Array.of(0x3c))).toBeDefined();
      }),
    );
  });
});
