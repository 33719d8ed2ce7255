import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { epochMs } from '../../domain/units.ts';
import type { ZipPart } from '../../ports/zip.ts';
import { zipStream } from './zip.ts';

const AT = epochMs(1_795_440_727_000);

async function* of(parts: readonly ZipPart[], onAsked?: (path: string) => void): AsyncGenerator<ZipPart> {
  for (const part of parts) {
    onAsked?.(part.path);
    yield part;
  }
}
const all = async (parts: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of parts) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Read by a library that is not the one that wrote it. */
const unzip = async (zip: Buffer): Promise<ReadonlyMap<string, Buffer>> => {
  const found = new Map<string, Buffer>();
  const file = await fromBufferPromise(zip);
  for await (const entry of file.eachEntry())
    found.set(entry.fileName, await buffer(await file.openReadStreamPromise(entry)));
  return found;
};

describe('a zip as a stream', () => {
  it('holds every part, read by another library', async () => {
    const parts: ZipPart[] = [
      { path: 'a/1.jpg', bytes: randomBytes(500_000), at: AT },
      { path: 'a/empty', bytes: new Uint8Array(), at: AT },
      { path: 'photos.json', bytes: Buffer.from('x'.repeat(100_000)), at: AT, isText: true },
    ];
    const zip = await all(zipStream(of(parts)));
    const found = await unzip(zip);
    expect([...found.keys()]).toEqual(parts.map(({ path }) => path));
    for (const { path, bytes } of parts) expect(found.get(path)?.equals(bytes), path).toBe(true);
    expect(zip.length).toBeLessThan(520_000); // text is packed
  });

  it('asks for no more than the reader takes', async () => {
    const asked: string[] = [];
    const parts = Array.from({ length: 50 }, (_, index) => ({
      path: `${index}.jpg`,
      bytes: randomBytes(300_000),
      at: AT,
    }));
    const reading = zipStream(of(parts, (path) => asked.push(path)))[Symbol.asyncIterator]();
    await reading.next();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length).toBeLessThan(5);
    await reading.return?.();
    expect(asked.length).toBeLessThan(8); // and stops when the reader goes away
  });

  it('fails when a part cannot be made', async () => {
    async function* failing(): AsyncGenerator<ZipPart> {
      yield { path: 'a', bytes: Buffer.from('x'), at: AT };
      throw new Error('disk gone');
    }
    await expect(all(zipStream(failing()))).rejects.toThrow('disk gone');
  });
});
