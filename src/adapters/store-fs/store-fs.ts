// Photos in dated folders on a local or mounted disk. Nothing visible is ever overwritten, and nothing half is ever visible.
// Numbers in comments are the steps of docs/design/still-lifecycle.md. Symbolic links inside the store are not followed.

import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import * as nodeDisk from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { type Ms, ms } from '../../domain/units.ts';
import type { BlobInfo, BlobStore, PutOutcome, RemoveSum } from '../../ports/blob-store.ts';

/** The file operations the store stands on; tests put a failing disk here. */
export type StoreDisk = Pick<
  typeof nodeDisk,
  'link' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename' | 'rmdir' | 'unlink'
>;

export interface FsStoreOptions {
  /** The photos' folder; made when missing. It may itself be a symbolic link. */
  readonly root: string;
  /** How old a temporary must be to count as left by a crash. Default 10 minutes. */
  readonly staleAfter?: Ms;
  /** Told of each folder that `list` had to leave out, with the reason. */
  readonly onTrouble?: (error: StillwatchError) => void;
  readonly disk?: StoreDisk;
}

const STALE_AFTER: Ms = ms(10 * 60_000);
const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;
/** Where copies are written before they are linked into place; on the store's own file system, and never listed. */
const INCOMING = '.incoming';
/** 256 KiB: a few reads per photo, and no more memory for a big one. */
const CHUNK = 256 * 1024;

/** Answers of `link` that mean "not between these two places", not "no". */
const CANNOT_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES']);

const codeOf = (thrown: unknown): string => systemCode(thrown) ?? '';

const ifPresent = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(thrown))) return undefined;
    throw thrown;
  }
};

/** @throws RangeError for a path that is not a plain relative one; the callers' paths come from `still-path.ts` */
const segmentsOf = (path: string): readonly string[] => {
  const segments = path.split('/');
  for (const segment of segments) {
    if (segment === '' || segment.startsWith('.') || segment.includes('\0') || segment.includes('\\')) {
      throw new RangeError(`not a path inside the store: ${JSON.stringify(path)}`);
    }
  }
  return segments;
};

const isPlainPath = (path: string): boolean => {
  try {
    return segmentsOf(path).length > 0;
  } catch {
    return false;
  }
};

const syncAt = async (disk: StoreDisk, path: string): Promise<void> => {
  if (process.platform === 'win32') return; // no folder handles there; NTFS keeps names in its own journal
  const handle = await disk.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Not ours to sync: a parent that this user may not open was not made by us. */
const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS', 'EINVAL']);

/** Each parent of `folder`, whether we just made it or a run before us did and died before it could sync. */
const syncParents = async (disk: StoreDisk, folder: string): Promise<void> => {
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    try {
      await syncAt(disk, parent);
    } catch (thrown) {
      if (!NOT_OURS.has(systemCode(thrown) ?? '')) throw thrown;
    }
    if (parent === dirname(parent)) return;
  }
};

/** SHA-256 of a file, read in chunks; each chunk is also given to `pass`. */
const hashFile = async (
  disk: StoreDisk,
  file: string,
  pass?: (chunk: Uint8Array, length: number) => Promise<void>,
): Promise<string> => {
  const handle = await disk.open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = createHash('sha256');
    const chunk = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
      await pass?.(chunk, bytesRead);
    }
  } finally {
    await handle.close();
  }
};

/**
 * Opens (and makes) the store's folder.
 * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE when the folder cannot be used
 */
export const fsStore = async (options: FsStoreOptions): Promise<BlobStore> => {
  const { staleAfter = STALE_AFTER, onTrouble, disk = nodeDisk } = options;
  const wanted = resolve(options.root);
  /** Folders whose own entry is known to be on the disk. A crash may have come between mkdir and fsync: each is synced once. */
  const durable = new Set<string>();

  /** Makes `folder` and its parents up to and including below `top`, and syncs each one's parent. */
  const makeFolder = async (folder: string, top: string): Promise<void> => {
    if (durable.has(folder) || folder === top) return;
    await makeFolder(dirname(folder), top);
    try {
      await disk.mkdir(folder, { mode: FOLDER_MODE });
    } catch (thrown) {
      if (codeOf(thrown) !== 'EEXIST') throw thrown;
      if (!(await disk.lstat(folder)).isDirectory()) {
        throw new StillwatchError('SW_STORE_WRITE', { path: folder, detail: 'it is not a folder' }, { cause: thrown });
      }
    }
    await syncAt(disk, dirname(folder)); // 8a. a new day folder is durable only when its parent is
    durable.add(folder);
  };

  const open = async (): Promise<string> => {
    await disk.mkdir(wanted, { recursive: true, mode: FOLDER_MODE });
    await syncParents(disk, wanted);
    const root = await disk.realpath(wanted);
    const incoming = join(root, INCOMING);
    for (const name of (await ifPresent(disk.readdir(incoming))) ?? []) {
      const left = await ifPresent(disk.lstat(join(incoming, name)));
      if (left && Date.now() - left.mtimeMs >= staleAfter) await ifPresent(disk.unlink(join(incoming, name)));
    }
    return root;
  };

  let root: string;
  try {
    root = await open();
  } catch (thrown) {
    throw storageError(thrown, wanted);
  }

  /** True when no part of `path` leads elsewhere. */
  const isInside = async (path: string): Promise<boolean> =>
    (await ifPresent(disk.realpath(join(root, path)))) === join(root, path);

  /** What to answer when something lies at `target` already; what is there is made durable first. */
  const compare = async (target: string, sha256: string): Promise<PutOutcome> => {
    const there = await disk.lstat(target);
    if (!there.isFile() || (await hashFile(disk, target)) !== sha256) return 'taken';
    // It may lie there from a run that died before its fsync, or from another program that never does one.
    await syncAt(disk, target);
    await syncAt(disk, dirname(target));
    return 'same';
  };

  /** Where links are unknown, looking and renaming is one act: they come one after the other. */
  let renaming: Promise<unknown> = Promise.resolve();
  const renameUnlessThere = (draft: string, target: string): Promise<'stored' | 'present'> => {
    const act = renaming.then(async (): Promise<'stored' | 'present'> => {
      if (await ifPresent(disk.lstat(target))) return 'present';
      await disk.rename(draft, target);
      return 'stored';
    });
    renaming = act.catch(() => undefined);
    return act;
  };

  /** Publishes a whole file under its name. `link` refuses to overwrite; a file system without it gets the next best. */
  const publish = async (draft: string, target: string): Promise<'stored' | 'present'> => {
    try {
      await disk.link(draft, target);
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return 'present';
      if (!CANNOT_LINK.has(codeOf(thrown))) throw thrown;
      // FAT, exFAT and some network shares know no links. One process writes here, so look-then-rename is as good.
      if ((await renameUnlessThere(draft, target)) === 'present') return 'present';
    }
    await syncAt(disk, dirname(target)); // 8d.
    return 'stored';
  };

  /** Copies the file to this file system and publishes the copy. */
  const copy = async (file: string, target: string, sha256: string): Promise<PutOutcome> => {
    const incoming = join(root, INCOMING);
    await makeFolder(incoming, root);
    const draft = join(incoming, randomBytes(12).toString('hex'));
    try {
      const handle = await disk.open(draft, 'wx', FILE_MODE);
      try {
        const copied = await hashFile(disk, file, async (chunk, length) => {
          for (let at = 0; at < length; ) {
            const { bytesWritten } = await handle.write(chunk, at, length - at);
            if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
            at += bytesWritten;
          }
        });
        if (copied !== sha256) throw damaged(file);
        await handle.sync(); // 8b.
      } finally {
        await handle.close();
      }
      return (await publish(draft, target)) === 'stored' ? 'stored' : await compare(target, sha256);
    } finally {
      await ifPresent(disk.unlink(draft)).catch(() => undefined); // a left-over is cleared at the next start
    }
  };

  const damaged = (file: string): StillwatchError =>
    new StillwatchError('SW_SPOOL_DAMAGED', { path: file, detail: 'other bytes than its hash says' });

  const put = async (path: string, file: string, sha256: string, isForeign: boolean): Promise<PutOutcome> => {
    const target = join(root, ...segmentsOf(path));
    await makeFolder(dirname(target), root);
    // Asked first: a second backup must not write every photo again to find that it is there.
    if (isForeign) return (await infoOf(path)) ? compare(target, sha256) : copy(file, target, sha256);
    try {
      // 8c. The same file system: no second write. The bytes were synced by the spool; a disk that lied shows here.
      if ((await hashFile(disk, file)) !== sha256) throw damaged(file);
      await disk.link(file, target);
      await syncAt(disk, dirname(target)); // 8d.
      return 'stored';
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return compare(target, sha256);
      if (CANNOT_LINK.has(codeOf(thrown))) return copy(file, target, sha256);
      throw thrown;
    }
  };

  const infoOf = async (path: string): Promise<BlobInfo | undefined> => {
    const there = await ifPresent(disk.lstat(join(root, path)));
    return there?.isFile() ? { path, bytes: there.size, changedAt: Math.floor(there.mtimeMs) } : undefined;
  };

  /** Takes an empty folder away, and its parents as far as they are empty too. Best effort: an empty folder harms nobody. */
  const removeEmpty = async (folder: string): Promise<void> => {
    for (let at = folder; at !== root && at.startsWith(root); at = dirname(at)) {
      durable.delete(at);
      try {
        await disk.rmdir(at);
      } catch {
        return;
      }
    }
  };

  /** The unlinking itself; the folder's fsync comes once for all of its files. */
  const unlinkAt = async (path: string, expected: string | undefined): Promise<void> => {
    if (!isPlainPath(path) || !(await isInside(path)) || !(await infoOf(path))) return;
    const target = join(root, path);
    if (expected !== undefined && (await ifPresent(hashFile(disk, target))) !== expected) return;
    await ifPresent(disk.unlink(target));
  };

  const remove: BlobStore['remove'] = async (blobs) => {
    const failed: RemoveSum['failed'][number][] = [];
    const unlinked = new Map<string, string[]>();
    for (const { path, expected } of blobs) {
      try {
        await unlinkAt(path, expected); // 22.
        const folder = dirname(join(root, path));
        unlinked.set(folder, [...(unlinked.get(folder) ?? []), path]);
      } catch (thrown) {
        failed.push({ path, error: storageError(thrown, join(root, path)) });
      }
    }
    const removed: string[] = [];
    for (const [folder, paths] of unlinked) {
      try {
        await ifPresent(syncAt(disk, folder)); // 23.
        removed.push(...paths);
        await removeEmpty(folder);
      } catch (thrown) {
        failed.push(...paths.map((path) => ({ path, error: storageError(thrown, folder) })));
      }
    }
    return { removed, failed };
  };

  /** Folders first get their `/`, so that entries come in the order of whole paths. */
  const sortKey = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);

  const entriesOf = async (folder: string): Promise<readonly Dirent[]> => {
    try {
      const entries = await disk.readdir(join(root, folder), { withFileTypes: true });
      return entries.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    } catch (thrown) {
      // One folder of a wrong owner must not hide all the others.
      if (codeOf(thrown) !== 'ENOENT') onTrouble?.(storageError(thrown, join(root, folder)));
      return [];
    }
  };

  /** 8a. and 8d. made up for: the entries of these files, and of the folders they lie in. */
  const settle = async (paths: readonly string[]): Promise<void> => {
    const folders = new Set<string>();
    for (const path of paths) {
      for (let at = dirname(join(root, ...segmentsOf(path))); at.startsWith(root); at = dirname(at)) folders.add(at);
    }
    for (const folder of folders) {
      try {
        await ifPresent(syncAt(disk, folder));
      } catch (thrown) {
        // A folder that is only readable for us (another user's, a read-only disk) is nothing we have written to.
        if (!NOT_OURS.has(codeOf(thrown))) throw storageError(thrown, folder);
      }
    }
  };

  async function* walk(folder: string): AsyncGenerator<BlobInfo> {
    for (const entry of await entriesOf(folder)) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* walk(path);
      if (!entry.isFile()) continue;
      const info = await infoOf(path);
      if (info) yield info;
    }
  }

  return {
    async put(path, { file, sha256, isForeign = false }) {
      segmentsOf(path);
      try {
        return await put(path, file, sha256, isForeign).catch((thrown: unknown) => {
          if (codeOf(thrown) !== 'ENOENT') throw thrown;
          durable.clear(); // somebody removed a folder that we made: once more from the root
          return put(path, file, sha256, isForeign);
        });
      } catch (thrown) {
        throw storageError(thrown, join(root, path));
      }
    },

    async read(path) {
      if (!isPlainPath(path) || !(await isInside(path))) return undefined;
      const handle = await ifPresent(disk.open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW));
      if (!handle) return undefined;
      try {
        return (await handle.stat()).isFile() ? new Uint8Array(await handle.readFile()) : undefined;
      } finally {
        await handle.close();
      }
    },

    async info(path) {
      return isPlainPath(path) && (await isInside(path)) ? infoOf(path) : undefined;
    },

    async hash(path) {
      if (!isPlainPath(path) || !(await isInside(path)) || !(await infoOf(path))) return undefined;
      return ifPresent(hashFile(disk, join(root, path)));
    },

    remove,
    settle,
    list: () => walk(''),
  };
};
