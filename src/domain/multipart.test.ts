import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formParts } from './multipart.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes ?? []));

const part = (body: string, header = 'Content-Disposition: form-data; name="image"; filename="a.jpg"'): string =>
  `${header}\r\n\r\n${body}`;

describe('a form as cameras write it', () => {
  it.each([
    ['by the book', `--x\r\n${part('BYTES')}\r\n--x--\r\n`],
    ['without the last boundary', `--x\r\n${part('BYTES')}`],
    ['with bare line feeds', `--x\n${part('BYTES').replaceAll('\r\n', '\n')}\n--x--\n`],
    ['with an empty line before it', `\r\n--x\r\n${part('BYTES')}\r\n--x--`],
  ])('%s', (_, body) => {
    const parts = formParts(latin1(body));
    expect(parts).toHaveLength(1);
    expect(parts?.[0]).toMatchObject({ field: 'image', fileName: 'a.jpg' });
    expect(text(parts?.[0]?.bytes)).toBe('BYTES');
  });

  it('gives every part, also without a file name', () => {
    const parts = formParts(
      latin1(`--x\r\n${part('5', 'Content-Disposition: form-data; name=battery')}\r\n--x\r\n${part('B')}\r\n--x--`),
    );
    expect(parts?.map(({ field, fileName, bytes }) => [field, fileName, text(bytes)])).toEqual([
      ['battery', undefined, '5'],
      ['image', 'a.jpg', 'B'],
    ]);
  });

  it('is no form that does not begin like one', () => {
    expect(formParts(latin1('\xff\xd8\xff'))).toBeUndefined();
    expect(formParts(new Uint8Array(0))).toBeUndefined();
  });

  it('gives back what was put in, whatever the bytes, and survives anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const head = latin1(`--boundary-that-is-not-in-it\r\n${part('')}`);
        const body = Uint8Array.from([...head, ...bytes, ...latin1('\r\n--boundary-that-is-not-in-it--\r\n')]);
        expect(formParts(body)?.[0]?.bytes).toEqual(bytes);
        formParts(bytes);
        formParts(Uint8Array.from([0x2d, 0x2d, ...bytes]));
      }),
    );
  });
});
