// The spool in a folder: `<id>.jpg` is an accepted photo, `<id>.json` its facts. Several processes may accept, one ships.
// Numbers in comments are the steps of docs/design/still-lifecycle.md. A photo is never written in place.

import { createHash, randomBytes } from 'node:crypto';
import * as nodeDisk from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import { isStillId, type StillId } from '../../domain/ids.ts';
import type { StillFacts } from '../../domain/still.ts';
import { readStillFacts } from '../../domain/still-facts.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { epochMs, type Ms, ms } from '../../domain/units.ts';
import type { SpooledStill, StillDraft, WaitingSpool } from '../../ports/spool.ts';
import { parseSidecar, sidecarText } from './sidecar.ts';

/** The file operations the spool stands on; tests put a failing disk here. */
export type SpoolDisk = Pick<typeof nodeDisk, 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'stat' | 'unlink'>;

export interface FsSpoolOptions {
  readonly dir: string;
  /**
   * How old a temporary or a lone sidecar must be to count as left by a crash, not as another process's work. Default
   * 10 minutes: an accept takes milliseconds, on a dying SD card seconds.
   */
  readonly staleAfter?: Ms;
  /** Told of every photo that was set aside, with the reason. */
  readonly onTrouble?: (error: StillwatchError) => void;
  readonly disk?: SpoolDisk;
}

const STALE_AFTER: Ms = ms(10 * 60_000);
/** The owner may read and write, the group may read (a backup), others nothing: photos are private. */
const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;
const TEMPORARY = '.tmp-';
const SET_ASIDE = 'set-aside';

const ifPresent = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const syncFolder = async (disk: SpoolDisk, folder: string): Promise<void> => {
  if (process.platform === 'win32') return; // no folder handles there; NTFS keeps names in its own journal
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Not ours to sync: a parent that this user may not open was not made by us. */
const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS', 'EINVAL']);

/** Each parent of `folder`, whether we just made it or a run before us did and died before it could sync. */
const syncParents = async (disk: SpoolDisk, folder: string): Promise<void> => {
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    try {
      await syncFolder(disk, parent);
    } catch (thrown) {
      if (!NOT_OURS.has(systemCode(thrown) ?? '')) throw thrown;
    }
    if (parent === dirname(parent)) return;
  }
};

/** A new file with all of `bytes`, on the disk itself. `write` may write less than asked without an error. */
const writeDurably = async (disk: SpoolDisk, file: string, bytes: Uint8Array): Promise<void> => {
  const handle = await disk.open(file, 'wx', FILE_MODE);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
      // Zero would loop for ever; the next write after a short one says why it was short.
      if (bytesWritten === 0) throw new Error(`nothing more could be written after ${at} of ${bytes.length} bytes`);
      at += bytesWritten;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Opens (and makes) the spool folder and clears away what a crash left there.
 * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE when the folder cannot be used
 */
export const fsSpool = async (options: FsSpoolOptions): Promise<WaitingSpool> => {
  const { staleAfter = STALE_AFTER, onTrouble, disk = nodeDisk } = options;
  const dir = resolve(options.dir);
  const photo = (id: StillId): string => join(dir, `${id}.jpg`);
  const sidecar = (id: StillId): string => join(dir, `${id}.json`);
  const temporary = (id: StillId): string => join(dir, `${TEMPORARY}${id}-${randomBytes(6).toString('hex')}`);
  /** Facts never change, so a sidecar is read once. */
  const known = new Map<StillId, StillFacts>();
  const accepting = new Map<StillId, Promise<StillFacts>>();

  const readFacts = async (id: StillId): Promise<StillFacts | undefined> => {
    const cached = known.get(id);
    if (cached) return cached;
    const text = await ifPresent(disk.readFile(sidecar(id), 'utf8'));
    const facts = text === undefined ? undefined : parseSidecar(text);
    return facts?.id === id ? facts : undefined;
  };

  const remove = async (file: string): Promise<void> => {
    await ifPresent(disk.unlink(file));
  };

  /** A photo without a readable sidecar: its own EXIF and XMP say what the sidecar did. */
  const factsFromPhoto = async (id: StillId): Promise<StillFacts | undefined> => {
    const bytes = await ifPresent(disk.readFile(photo(id)));
    const inner = bytes && readStillFacts(bytes);
    if (!bytes || inner?.id !== id) return undefined;
    const facts: StillFacts = { ...inner, bytes: bytes.length, sha256: sha256(bytes) };
    const draft = temporary(id);
    await writeDurably(disk, draft, Buffer.from(sidecarText(facts)));
    await disk.rename(draft, sidecar(id));
    await syncFolder(disk, dir);
    return facts;
  };

  const setAside = async (id: StillId): Promise<void> => {
    const aside = join(dir, SET_ASIDE);
    await disk.mkdir(aside, { recursive: true, mode: FOLDER_MODE });
    await ifPresent(disk.rename(photo(id), join(aside, `${id}.jpg`)));
    await ifPresent(disk.rename(sidecar(id), join(aside, `${id}.json`)));
    known.delete(id);
  };

  const write = async (facts: StillFacts, jpeg: Uint8Array): Promise<void> => {
    const { id } = facts;
    const [photoDraft, sidecarDraft] = [temporary(id), temporary(id)];
    const made = [photoDraft, sidecarDraft];
    try {
      await writeDurably(disk, photoDraft, jpeg); // 2. bytes into a temporary; 3. file fsync
      await writeDurably(disk, sidecarDraft, Buffer.from(sidecarText(facts))); // 4. the same for the sidecar
      made.unshift(photo(id), sidecar(id));
      await disk.rename(sidecarDraft, sidecar(id)); // 5. sidecar visible
      await disk.rename(photoDraft, photo(id)); // 6. photo visible: from here on it is shipped, even after a crash
      await syncFolder(disk, dir); // 7. folder fsync: accepted
    } catch (thrown) {
      // The caller is told "not taken", so nothing may be found later. Each removal by itself: the disk is in trouble.
      for (const file of made) await remove(file).catch(() => undefined);
      throw storageError(thrown, dir);
    }
  };

  /** 1. Whole milliseconds, so that file, sidecar and catalogue agree; length and hash of the final bytes. */
  const measured = (draft: StillDraft, jpeg: Uint8Array): StillFacts => ({
    ...draft,
    takenAt: epochMs(Math.round(draft.takenAt)),
    delay: draft.delay === undefined ? undefined : ms(Math.round(draft.delay)),
    bytes: jpeg.length,
    sha256: sha256(jpeg),
  });

  const accept = async (draft: StillDraft, jpeg: Uint8Array): Promise<StillFacts> => {
    const { id } = draft;
    const facts = measured(draft, jpeg);
    try {
      const isThere = await ifPresent(disk.stat(photo(id)));
      const earlier = isThere && ((await readFacts(id)) ?? (await factsFromPhoto(id)));
      if (earlier) {
        // Visible, but perhaps from a process that died between 6 and 7.
        await syncFolder(disk, dir);
        return earlier;
      }
    } catch (thrown) {
      throw storageError(thrown, dir);
    }
    try {
      await write(facts, jpeg);
    } catch (thrown) {
      if (!(thrown instanceof StillwatchError) || systemCode(thrown.cause) !== 'ENOENT') throw thrown;
      // Somebody removed the folder: it is made again, but not its parents. They are gone when the disk is, and photos on
      // the wrong disk would be hidden as soon as the right one is back.
      await disk.mkdir(dir, { mode: FOLDER_MODE }).catch(() => undefined);
      await syncFolder(disk, dirname(dir)).catch(() => undefined);
      await write(facts, jpeg);
    }
    known.set(id, facts);
    return facts;
  };

  /** Never a sidecar beside a photo that it does not speak of: between the two the photo's own facts are read. */
  const replace = async (draft: StillDraft, jpeg: Uint8Array): Promise<StillFacts> => {
    const { id } = draft;
    const facts = measured(draft, jpeg);
    const [photoDraft, sidecarDraft] = [temporary(id), temporary(id)];
    try {
      await writeDurably(disk, photoDraft, jpeg);
      await writeDurably(disk, sidecarDraft, Buffer.from(sidecarText(facts)));
      known.delete(id);
      await remove(sidecar(id));
      await syncFolder(disk, dir);
      await disk.rename(photoDraft, photo(id));
      await syncFolder(disk, dir);
      await disk.rename(sidecarDraft, sidecar(id));
      await syncFolder(disk, dir);
    } catch (thrown) {
      for (const file of [photoDraft, sidecarDraft]) await remove(file).catch(() => undefined);
      throw storageError(thrown, dir);
    }
    known.set(id, facts);
    return facts;
  };

  const spool: WaitingSpool = {
    replace,

    accept(draft, jpeg) {
      const running = accepting.get(draft.id);
      if (running) return running;
      const work = accept(draft, jpeg).finally(() => accepting.delete(draft.id));
      accepting.set(draft.id, work);
      return work;
    },

    async pending() {
      try {
        const names = await disk.readdir(dir);
        const stills: SpooledStill[] = [];
        const present = new Set<StillId>();
        for (const name of names) {
          const id = name.slice(0, -4);
          // Being written here and now: not accepted yet.
          if (!name.endsWith('.jpg') || !isStillId(id) || accepting.has(id)) continue;
          const facts = (await readFacts(id)) ?? (await factsFromPhoto(id));
          if (facts) {
            known.set(id, facts);
            present.add(id);
            stills.push({ facts, file: photo(id) });
          } else if (await ifPresent(disk.stat(photo(id)))) {
            await setAside(id);
            onTrouble?.(new StillwatchError('SW_SPOOL_DAMAGED', { path: photo(id), detail: 'its facts are gone' }));
          }
        }
        for (const id of known.keys()) if (!present.has(id) && !accepting.has(id)) known.delete(id);
        return stills.sort((a, b) => a.facts.takenAt - b.facts.takenAt || (a.facts.id < b.facts.id ? -1 : 1));
      } catch (thrown) {
        throw storageError(thrown, dir);
      }
    },

    async release(id) {
      try {
        // 11. The photo first: a lone sidecar is nothing, a lone photo would be shipped again.
        // No fsync: should a power cut bring it back, the store answers `same` and it is released again.
        await remove(photo(id));
        await remove(sidecar(id)); // 12.
        known.delete(id);
      } catch (thrown) {
        throw storageError(thrown, dir);
      }
    },

    async setAside(id) {
      try {
        await setAside(id);
      } catch (thrown) {
        throw storageError(thrown, dir);
      }
    },
  };

  try {
    await disk.mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    await syncParents(disk, dir);
    const names = new Set(await disk.readdir(dir));
    for (const name of names) {
      const isLone = /^[0-9a-f]{32}\.json$/.test(name) && !names.has(`${name.slice(0, -5)}.jpg`);
      if (!isLone && !name.startsWith(TEMPORARY)) continue;
      const found = await ifPresent(disk.stat(join(dir, name)));
      if (!found || Date.now() - found.mtimeMs < staleAfter) continue;
      if (isLone && (await ifPresent(disk.stat(join(dir, `${name.slice(0, -5)}.jpg`))))) continue;
      await remove(join(dir, name));
    }
  } catch (thrown) {
    throw storageError(thrown, dir);
  }
  return spool;
};
