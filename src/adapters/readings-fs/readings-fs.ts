// Kept readings as a file per camera and day (UTC): `<camera>/YYYY-MM-DD.swr`. One process writes a camera's files; any may read.

import * as nodeDisk from 'node:fs/promises';
import { join } from 'node:path';
import type { Audit } from '../../domain/audit.ts';
import type { CameraId } from '../../domain/ids.ts';
import type { KeptReading } from '../../domain/readings.ts';
import { decodeReadings, encodeReadings } from '../../domain/readings-codec.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { type EpochMs, epochMs } from '../../domain/units.ts';
import type { ReadingArchive } from '../../ports/readings.ts';
import { blockOf, MARK, readBlocks } from './block-file.ts';

const DAY_MS = 86_400_000;
const NAME = /^(\d{4}-\d{2}-\d{2})\.swr$/;
/** A block that begins before midnight may reach this far into the next day: the longest pause between two writes. */
const BLOCK_REACH_MS = 3_600_000;
/** Days that are looked back for the last count of the audit: as long as readings are kept. */
const AUDIT_DAYS = 14;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const endOf = (reading: KeptReading): number =>
  reading.from +
  (reading.type === 'calm' ? reading.seconds * 1000 : reading.type === 'areas' || reading.type === 'audit' ? 0 : 1000);

/** Parts that are in order each: a system clock that was set back begins a new one. */
const inOrder = (readings: readonly KeptReading[]): readonly (readonly KeptReading[])[] => {
  const parts: KeptReading[][] = [];
  let until = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    if (reading.from < until && until !== reading.from) parts.push([]);
    parts.at(-1)?.push(reading);
    until = endOf(reading);
  }
  return parts;
};

const missingIsEmpty = (thrown: unknown): Buffer => {
  if (systemCode(thrown) === 'ENOENT') return Buffer.alloc(0);
  throw thrown;
};

const readingsOf = (file: Buffer): readonly KeptReading[] =>
  readBlocks(file).blocks.flatMap((bytes) => {
    try {
      return [...decodeReadings(bytes)];
    } catch (thrown) {
      // Whole by its checksum and yet not readable: another version's. It counts as time not seen.
      if (thrown instanceof RangeError) return [];
      throw thrown;
    }
  });

/** The file operations the readings stand on; tests put a failing disk here. */
export type ReadingsDisk = Pick<typeof nodeDisk, 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rmdir' | 'unlink'>;

/** @param root made when something is first written */
export const fsReadings = (root: string, disk: ReadingsDisk = nodeDisk): ReadingArchive => {
  /** Files whose end is known to be whole, because this process wrote it. */
  const trusted = new Map<CameraId, string>();

  const appendTo = async (camera: CameraId, path: string, bytes: Uint8Array): Promise<void> => {
    const isTrusted = trusted.get(camera) === path;
    trusted.delete(camera);
    if (!isTrusted) await disk.mkdir(join(root, camera), { recursive: true, mode: 0o750 });
    const handle = await disk.open(path, 'a+', 0o640);
    try {
      if (!isTrusted) {
        const { whole } = readBlocks(await handle.readFile());
        await handle.truncate(whole);
        if (whole === 0) await handle.appendFile(MARK);
      }
      await handle.appendFile(blockOf(bytes));
    } finally {
      await handle.close();
    }
    trusted.set(camera, path);
  };

  const daysOf = async (camera: string): Promise<readonly string[]> => {
    const names = await disk.readdir(join(root, camera)).catch((thrown: unknown) => {
      if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return [];
      throw thrown;
    });
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).toSorted();
  };

  const readDay = async (camera: CameraId, day: string): Promise<readonly KeptReading[]> =>
    readingsOf(await disk.readFile(join(root, camera, `${day}.swr`)).catch(missingIsEmpty));

  async function* parts(camera: CameraId, from: EpochMs, until: EpochMs): AsyncGenerator<readonly KeptReading[]> {
    const first = dayOf(from - BLOCK_REACH_MS);
    const last = dayOf(until);
    for (const day of await daysOf(camera)) {
      if (day < first || day > last) continue;
      const kept: KeptReading[] = [];
      for (const reading of await readDay(camera, day)) {
        if (reading.type === 'calm') {
          const start = Math.max(reading.from, from);
          const seconds = Math.floor((Math.min(endOf(reading), until) - start) / 1000);
          if (seconds > 0) kept.push({ type: 'calm', from: epochMs(start), seconds });
        } else if (reading.from >= from && reading.from < until) kept.push(reading);
      }
      yield kept;
    }
  }

  return {
    async append(camera, readings) {
      try {
        for (const part of inOrder(readings)) {
          const [first] = part;
          if (first) await appendTo(camera, join(root, camera, `${dayOf(first.from)}.swr`), encodeReadings(part));
        }
      } catch (thrown) {
        throw storageError(thrown, root);
      }
    },

    async lastAudit(camera) {
      const days = await daysOf(camera);
      for (const day of days.slice(-AUDIT_DAYS).reverse()) {
        const kept = await readDay(camera, day);
        const note = kept.findLast((reading) => reading.type === 'audit');
        if (note?.type === 'audit') return note.audit satisfies Audit;
      }
      return undefined;
    },

    async read(camera, from, until) {
      const kept: KeptReading[] = [];
      for await (const part of parts(camera, from, until)) kept.push(...part);
      return kept;
    },

    parts,

    async sweep(before: EpochMs) {
      let gone = 0;
      const cameras = await disk.readdir(root, { withFileTypes: true }).catch((thrown: unknown) => {
        if (systemCode(thrown) === 'ENOENT') return [];
        throw thrown;
      });
      for (const { name } of cameras.filter((entry) => entry.isDirectory())) {
        const days = await daysOf(name);
        const old = days.filter((day) => Date.parse(day) + DAY_MS <= before);
        for (const day of old) await disk.unlink(join(root, name, `${day}.swr`));
        gone += old.length;
        // A camera that is not watched any more leaves nothing behind; a folder with something in it stays.
        if (old.length > 0 && old.length === days.length) await disk.rmdir(join(root, name)).catch(() => undefined);
      }
      return gone;
    },
  };
};
