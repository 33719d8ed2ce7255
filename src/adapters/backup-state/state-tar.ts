// Everything of an installation that is not a photo, as one sealed file: tar, gzip, seal. Nothing is ever whole in memory.

import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, type Pack, pack } from 'tar-stream';
import { StillwatchError } from '../../domain/errors.ts';
import type { Secret } from '../../domain/secret.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { type ScryptCost, seal, unseal } from './seal.ts';

/** One file on its way into a backup. */
export interface StateEntry {
  /** `settings/.env`, `data/favourites`: `/`-separated. */
  readonly name: string;
  readonly file: string;
}

/** What a backup says of itself; its first entry, so that it can be read alone. */
export interface StateManifest {
  readonly format: 1;
  /** Of the program that made it. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly photos: 'included' | 'by-reference';
  /** Where the photos lay: relative to the folder of the settings when they lay inside it. */
  readonly photosDir: string;
}

const MANIFEST = 'manifest.json';
/** A catalogue shrinks to a third already at the fastest level; more costs minutes on a small machine. */
const GZIP_LEVEL = 1;
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const CHUNK = 256 * 1024;

/** `write` may write less than asked without an error. */
const writeAll = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
    if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
    at += bytesWritten;
  }
};

interface Sink {
  write(chunk: Uint8Array): boolean;
  once(event: 'drain' | 'close', then: () => void): unknown;
  off(event: 'drain' | 'close', then: () => void): unknown;
  readonly destroyed: boolean;
}

/** Until there is room again. A stream that is destroyed meanwhile never says so: it only closes. */
const writeTo = async (sink: Sink, chunk: Uint8Array): Promise<void> => {
  if (sink.destroyed) throw over();
  if (sink.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      sink.off('drain', go);
      sink.off('close', go);
      resolve();
    };
    sink.once('drain', go);
    sink.once('close', go);
  });
};

const over = (): Error => new Error('the other end is gone');

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** `photos` of a newer format cannot be understood; anything else is no manifest at all. */
const parseManifest = (text: string, path: string): StateManifest => {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new StillwatchError('SW_BACKUP_DAMAGED', { path });
  }
  const { format, version, madeAt, photos, photosDir } = said as Record<string, unknown>;
  if (typeof format === 'number' && format > 1)
    throw new StillwatchError('SW_BACKUP_NEWER', { path, version: String(version) });
  const isKnown = photos === 'included' || photos === 'by-reference';
  if (
    format !== 1 ||
    typeof version !== 'string' ||
    typeof madeAt !== 'number' ||
    !isKnown ||
    typeof photosDir !== 'string'
  )
    throw new StillwatchError('SW_BACKUP_DAMAGED', { path });
  return { format, version, madeAt, photos, photosDir };
};

const addFile = async (into: Pack, { name, file }: StateEntry): Promise<void> => {
  const handle = await open(file, 'r').catch((thrown: unknown) => {
    // A spooled photo that was shipped meanwhile: its row is in the catalogue, which comes later in the file.
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw storageError(thrown, file);
  });
  if (!handle) return;
  try {
    const { size, mtime } = await handle.stat();
    const sink = into.entry({ name, size, mtime, mode: PRIVATE_FILE });
    sink.on('error', () => undefined); // what went wrong is thrown where it went wrong
    // A log that grows meanwhile is cut where it was; one that shrinks makes the stream fail.
    for (let at = 0; at < size; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK, size - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0)
        throw new StillwatchError('SW_STORE_WRITE', { path: file, detail: 'it shrank while it was read' });
      at += bytesRead;
      await writeTo(sink, chunk.subarray(0, bytesRead));
    }
    const closed = new Promise<void>((resolve) => void sink.once('close', () => resolve()));
    sink.end(undefined);
    await closed;
  } finally {
    await handle.close();
  }
};

export interface WriteStateOptions {
  /** The new file; it must not exist. */
  readonly file: string;
  readonly manifest: StateManifest;
  /** Asked for one after the other, so that each is made when its turn has come. */
  readonly entries: AsyncIterable<StateEntry>;
  readonly passphrase: Secret;
  readonly cost?: ScryptCost;
}

/** The file is on the disk itself when it resolves. @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE, or what `entries` throws */
export const writeState = async ({ file, manifest, entries, passphrase, cost }: WriteStateOptions): Promise<void> => {
  const tar = pack();
  tar.on('error', () => undefined); // what went wrong is thrown where it went wrong
  const fill = async (): Promise<void> => {
    try {
      tar.entry({ name: MANIFEST, mode: PRIVATE_FILE }, `${JSON.stringify(manifest)}\n`);
      for await (const entry of entries) await addFile(tar, entry);
      tar.finalize();
    } catch (thrown) {
      tar.destroy(over());
      throw thrown;
    }
  };
  const handle = await open(file, 'wx', PRIVATE_FILE).catch((thrown: unknown) => {
    throw storageError(thrown, file);
  });
  try {
    const filling = fill();
    filling.catch(() => undefined); // told below, when the other end has failed too
    try {
      await pipeline(
        tar,
        createGzip({ level: GZIP_LEVEL }),
        (source: AsyncIterable<Uint8Array>) => seal(source, passphrase, cost),
        async (source: AsyncIterable<Uint8Array>) => {
          for await (const chunk of source) await writeAll(handle, chunk);
        },
      );
    } catch (thrown) {
      tar.destroy(over());
      await filling;
      throw thrown;
    }
    await filling;
    await handle.sync();
  } catch (thrown) {
    await rm(file, { force: true }).catch(() => undefined);
    throw storageError(thrown, file);
  } finally {
    await handle.close();
  }
};

/** A name from a file is hostile until checked: plain segments only, so that nothing is written outside. */
const isPlainName = (name: string): boolean =>
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part));

/** Each entry in turn; `take` must read it to its end. Stops early when `take` answers false. */
const eachEntry = async (
  file: string,
  passphrase: Secret,
  take: (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<boolean>,
): Promise<void> => {
  const handle = await open(file, 'r').catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'EISDIR')
      throw new StillwatchError('SW_BACKUP_UNKNOWN', { path: file });
    throw storageError(thrown, file);
  });
  const tar = extract();
  tar.on('error', () => undefined); // told by the loop over it
  const plain = createGunzip();
  const feed = async (): Promise<void> => {
    try {
      await pipeline(unseal(chunksOf(handle), passphrase, file), plain, async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) await writeTo(tar, chunk);
      });
      tar.end(undefined);
    } catch (thrown) {
      tar.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      throw thrown;
    }
  };
  const feeding = feed();
  feeding.catch(() => undefined);
  let isStopped = false;
  try {
    for await (const entry of tar) {
      if (isPlainName(entry.header.name) && (entry.header.type ?? 'file') === 'file') {
        if (!(await take(entry.header.name, entry as AsyncIterable<Uint8Array>))) {
          isStopped = true;
          break;
        }
      }
      entry.resume();
    }
    if (!isStopped) await feeding;
  } catch (thrown) {
    // What the seal says comes first: the tar only knows that it ended too early.
    tar.destroy(over());
    await feeding.catch((first: unknown) => {
      if (first instanceof StillwatchError) throw first;
    });
    if (thrown instanceof StillwatchError) throw thrown;
    if (systemCode(thrown)?.startsWith('E')) throw storageError(thrown, file);
    throw new StillwatchError('SW_BACKUP_DAMAGED', { path: file }, { cause: thrown });
  } finally {
    tar.destroy(over());
    plain.destroy();
    await feeding.catch(() => undefined);
    await handle.close();
  }
};

const textOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

/** @throws StillwatchError SW_BACKUP_UNKNOWN, SW_BACKUP_PASSPHRASE, SW_BACKUP_DAMAGED, SW_BACKUP_NEWER */
export const readManifest = async (file: string, passphrase: Secret): Promise<StateManifest> => {
  let manifest: StateManifest | undefined;
  await eachEntry(file, passphrase, async (name, bytes) => {
    if (name !== MANIFEST) return true;
    manifest = parseManifest(await textOf(bytes), file);
    return false;
  });
  if (!manifest) throw new StillwatchError('SW_BACKUP_DAMAGED', { path: file });
  return manifest;
};

/**
 * Unpacks all of it into a new folder, for this user's eyes only. When it throws, the folder holds a part and is to be removed.
 * @throws StillwatchError as `readManifest`, and SW_STORE_FULL, SW_STORE_WRITE
 */
export const unpackState = async (file: string, passphrase: Secret, into: string): Promise<readonly string[]> => {
  const names: string[] = [];
  await mkdir(into, { recursive: true, mode: PRIVATE_FOLDER });
  await eachEntry(file, passphrase, async (name, bytes) => {
    const target = join(into, ...name.split('/'));
    try {
      await mkdir(dirname(target), { recursive: true, mode: PRIVATE_FOLDER });
      const handle = await open(target, 'wx', PRIVATE_FILE);
      try {
        for await (const chunk of bytes) await writeAll(handle, chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      throw systemCode(thrown) === undefined ? thrown : storageError(thrown, target);
    }
    names.push(name);
    return true;
  });
  return names;
};
