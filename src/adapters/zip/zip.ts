// A zip as a stream, one part in memory at a time. Sizes come after the data, and zip64 where it is needed: no limit but patience.

import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ZipPart, ZipWriter } from '../../ports/zip.ts';

const PRIVATE_FILE = 0o100_640;

/** Adds one part and waits until its bytes have gone out. */
const add = (zip: ZipFile, { path, bytes, at, isText = false }: ZipPart): Promise<void> =>
  new Promise((resolve) => {
    // Not `addBuffer`: the library would hold every buffer until the end.
    let held: Uint8Array | undefined = bytes;
    const options = { mtime: new Date(at), mode: PRIVATE_FILE, compress: isText };
    zip.addReadStreamLazy(path, options, (give) => {
      const stream = Readable.from(
        held && held.length > 0 ? [Buffer.from(held.buffer, held.byteOffset, held.length)] : [],
      );
      held = undefined;
      stream.once('close', () => resolve());
      give(undefined, stream);
    });
  });

export const zipStream: ZipWriter = async function* (parts) {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const fill = async (): Promise<void> => {
    try {
      for await (const part of parts) {
        if (out.destroyed) return;
        await Promise.race([add(zip, part), new Promise<void>((resolve) => void out.once('close', resolve))]);
      }
      zip.end();
    } catch (thrown) {
      out.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  };
  const filling = fill();
  try {
    for await (const chunk of out) yield chunk as Uint8Array;
  } finally {
    out.destroy();
    await filling;
  }
};
