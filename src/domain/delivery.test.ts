import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELIVERY_WAYS, MOON_PHASES, parseUpload, TIME_SOURCES, uploadText } from './delivery.ts';
import { isConnectionTest, pictureKind, pngSize } from './picture-kind.ts';

describe('how a picture came, as text', () => {
  it('is read back as it was written', () => {
    const number = fc.option(
      fc.integer({ min: -60_000, max: 90_000 }).map((value) => value / 1000),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...DELIVERY_WAYS),
        fc.constantFrom(...TIME_SOURCES),
        number,
        number,
        fc.option(fc.constantFrom(...MOON_PHASES), { nil: undefined }),
        (way, time, battery, temperature, moon) => {
          const facts = {
            way,
            time,
            ...(battery === undefined ? {} : { battery }),
            ...(temperature === undefined ? {} : { temperature }),
            ...(moon === undefined ? {} : { moon }),
          };
          expect(parseUpload(uploadText(facts))).toEqual(facts);
        },
      ),
    );
  });

  it.each(['', 'ftp', 'ftp never', 'x exif', 'ftp exif battery=a', 'ftp exif moon=green', 'ftp exif a=b=c'])(
    'is not %j',
    (text) => {
      expect(parseUpload(text)).toBeUndefined();
    },
  );
});

describe('what bytes are', () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  it.each([
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['\0\0\0\x18ftypheic', 'heic'],
    ['\0\0\0\x18ftypisom', 'clip'],
    ['\0\0\0\x08moov', 'clip'],
    ['RIFF\0\0\0\0AVI LIST', 'clip'],
    ['GIF89a', undefined],
    ['', undefined],
    ['<html>', undefined],
  ])('%j is %s', (text, kind) => {
    expect(pictureKind(bytes(text))).toBe(kind);
  });

  it('reads the size a PNG claims', () => {
    const png = new Uint8Array(33);
    png.set(bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xfe'));
    expect(pngSize(png)).toEqual({ width: 65_535, height: 65_534 });
    expect(pngSize(png.subarray(0, 20))).toBeUndefined();
  });

  it.each([
    ['hello', 'test.txt', true],
    ['hello', 'ftp_test', true],
    ['hello', 'picture.jpg', false],
    ['', 'test.txt', false],
    ['\xff\xd8\xff', 'test.txt', false],
  ])('%j called %s is a connection test: %s', (text, name, expected) => {
    expect(isConnectionTest(bytes(text), name)).toBe(expected);
  });
});
