import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StillwatchErrorCode } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import { type ScryptCost, seal, unseal } from './seal.ts';

/** Weak on purpose: what is tested is the sealing, not scrypt. */
const CHEAP: ScryptCost = { n: 16, r: 1, p: 1 };
const passphrase = new Secret('correct horse');

async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const all = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
};
const sealed = (plain: Uint8Array, size = 10_000): Promise<Buffer> =>
  all(seal(inParts(plain, size), passphrase, CHEAP));
const opened = (bytes: Uint8Array, word = passphrase, size = 10_000): Promise<Buffer> =>
  all(unseal(inParts(bytes, size), word, 'x.swb'));
const codeOf = (work: Promise<unknown>): Promise<StillwatchErrorCode | undefined> =>
  work.then(
    () => undefined,
    (thrown: { code: StillwatchErrorCode }) => thrown.code,
  );

describe('a sealed stream', () => {
  it('gives back what was sealed, however it is cut into parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 131_072, 200_001),
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 700, max: 200_000 }),
        async (length, write, read) => {
          const plain = randomBytes(length);
          const bytes = await sealed(plain, Math.max(write, 50));
          expect((await opened(bytes, passphrase, read)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows nothing of what is in it, and never the same bytes twice', async () => {
    const plain = Buffer.from('PASSWORD=canary\n'.repeat(5000));
    const [one, two] = [await sealed(plain), await sealed(plain)];
    expect(one.includes('canary')).toBe(false);
    expect(one.subarray(300, 400).equals(two.subarray(300, 400))).toBe(false);
  });

  it('is opened by nobody else', async () => {
    const bytes = await sealed(Buffer.from('x'));
    expect(await codeOf(opened(bytes, new Secret('wrong horse')))).toBe('SW_BACKUP_PASSPHRASE');
    expect(await codeOf(opened(bytes, new Secret('')))).toBe('SW_BACKUP_PASSPHRASE');
    // The same word typed on another system: composed and decomposed letters are one.
    const accented = await all(seal(inParts(Buffer.from('x'), 1), new Secret('sm\u00f8r\u00e5'), CHEAP));
    expect((await opened(accented, new Secret('sm\u00f8ra\u030a'))).toString()).toBe('x');
  });

  it('notices each changed byte, each cut, and pieces in another order', async () => {
    const plain = randomBytes(150_000);
    const bytes = await sealed(plain);
    const body = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ by;
          expect(await codeOf(opened(changed))).toMatch(/^SW_BACKUP_/);
          expect(await codeOf(opened(bytes.subarray(0, at)))).toMatch(/^SW_BACKUP_/);
        },
      ),
      { numRuns: 150 },
    );
    const piece = 4 + 65_536 + 16;
    const first = body + 4 + 16;
    const swapped = Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(first + piece, first + 2 * piece),
      bytes.subarray(first, first + piece),
      bytes.subarray(first + 2 * piece),
    ]);
    expect(swapped.length).toBe(bytes.length);
    expect(await codeOf(opened(swapped))).toBe('SW_BACKUP_DAMAGED');
    expect(await codeOf(opened(bytes.subarray(0, first + piece)))).toBe('SW_BACKUP_DAMAGED');
    expect(await codeOf(opened(Buffer.concat([bytes, Buffer.from('x')])))).toBe('SW_BACKUP_DAMAGED');
  });

  it('is not led by a header into work without end', async () => {
    const greedy = `stillwatch-sealed 1\n${JSON.stringify({ kdf: 'scrypt', n: 2 ** 30, r: 8, p: 1, salt: '0'.repeat(64) })}\n`;
    for (const text of [greedy, 'stillwatch-sealed 2\n{}\n', 'stillwatch-sealed 1\nnull\n', 'x'.repeat(9000), '']) {
      expect(await codeOf(opened(Buffer.from(text))), text.slice(0, 40)).toBe('SW_BACKUP_UNKNOWN');
    }
  });
});
