// A disk in memory that forgets. What was not synced may be gone after a power cut: file contents since the last sync of
// the file, and each change of a folder since the last sync of that folder, in any combination. Renames are atomic.
// It can also stop answering after so many operations, as it looks to a process that is killed, and answer with errors for a
// while: having done nothing, or having done what was asked (a write: some of it) and losing only the answer.

import type { OwnerListDisk } from '../adapters/owner-word-fs/owner-list.ts';
import type { ReadingsDisk } from '../adapters/readings-fs/readings-fs.ts';
import type { SpoolDisk } from '../adapters/spool-fs/spool-fs.ts';
import type { StoreDisk } from '../adapters/store-fs/store-fs.ts';

interface File {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** What a power cut leaves at the least. */
  synced: Uint8Array;
  /**
   * What a failed sync has given up: Linux marks such pages clean, and the next sync says yes without having written them
   * (https://lwn.net/Articles/752063/).
   */
  dropped: Uint8Array | undefined;
}
interface Folder {
  readonly kind: 'folder';
  entries: Map<string, Node>;
  synced: Map<string, Node>;
}
type Node = File | Folder;

/** A change of names that is not on the disk yet. */
interface Pending {
  readonly folder: Folder;
  readonly apply: () => void;
}

type Operation = 'read' | 'change' | 'grow' | 'sync';

/** A disk in trouble. */
export interface DiskFault {
  /** Operations that go well first. */
  readonly after: number;
  /** So many fail then, of those that the error can come from: a full disk still reads, a read-only one does not sync amiss. */
  readonly count: number;
  readonly code: 'EIO' | 'ENOSPC' | 'EROFS';
  /** The answer is lost, not the deed: a rename is done, a write has written some. Never so on a read-only disk. */
  readonly isDone: boolean;
}

export interface FragileDisk {
  readonly disk: SpoolDisk & StoreDisk & OwnerListDisk & ReadingsDisk;
  /** From now on; undefined: the disk is well. */
  fail(fault: DiskFault | undefined): void;
  /** Errors answered so far. */
  readonly failures: number;
  /** From now on the disk answers this many operations and no more. */
  dieAfter(operations: number): void;
  readonly isDead: boolean;
  /** The process starts again; nothing is lost. */
  restart(): void;
  /** The machine starts again. @param random decides what of the unsynced survives */
  powerCut(random: () => number): void;
  /** Operations answered so far. */
  readonly operations: number;
}

/** At most so many bytes a write, as a disk may do. */
const SHORT = 1500;

export class Dead extends Error {}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const newFolder = (): Folder => ({ kind: 'folder', entries: new Map(), synced: new Map() });

const CONCERNS: Readonly<Record<DiskFault['code'], ReadonlySet<Operation>>> = {
  EIO: new Set(['read', 'change', 'grow', 'sync']),
  ENOSPC: new Set(['grow', 'sync']),
  EROFS: new Set(['change', 'grow']),
};

export const fragileDisk = (): FragileDisk => {
  const root = newFolder();
  let pending: Pending[] = [];
  let left = Number.POSITIVE_INFINITY;
  let operations = 0;
  let failures = 0;
  let fault: { well: number; failing: number; readonly code: DiskFault['code']; readonly isDone: boolean } | undefined;

  /** The error that this operation is answered with. */
  const errorOf = (operation: Operation): { readonly code: string; readonly isDone: boolean } | undefined => {
    if (!fault || !CONCERNS[fault.code].has(operation)) return undefined;
    if (fault.well > 0) {
      fault.well--;
      return undefined;
    }
    if (fault.failing === 0) return undefined;
    fault.failing--;
    failures++;
    return { code: fault.code, isDone: fault.isDone && fault.code !== 'EROFS' && operation !== 'sync' };
  };
  const operate = <T>(operation: Operation, work: () => T, partly: () => unknown = work): T => {
    if (left <= 0) throw new Dead();
    left--;
    operations++;
    const error = errorOf(operation);
    if (!error) return work();
    if (error.isDone) partly();
    throw failure(error.code);
  };
  const partsOf = (path: string): string[] => path.split('/').filter(Boolean);
  const find = (path: string): Node | undefined => {
    let at: Node | undefined = root;
    for (const part of partsOf(path)) at = at?.kind === 'folder' ? at.entries.get(part) : undefined;
    return at;
  };
  const here = (path: string): Node => {
    const node = find(path);
    if (!node) throw failure('ENOENT');
    return node;
  };
  const folderOf = (path: string): { folder: Folder; name: string } => {
    const parts = partsOf(path);
    const name = parts.pop() ?? '';
    const folder = here(parts.join('/'));
    if (folder.kind !== 'folder') throw failure('ENOTDIR');
    return { folder, name };
  };
  const change = (folder: Folder, edit: (entries: Map<string, Node>) => void): void => {
    edit(folder.entries);
    pending.push({ folder, apply: () => edit(folder.synced) });
  };
  const add = (path: string, node: Node): void => {
    const { folder, name } = folderOf(path);
    if (folder.entries.has(name)) throw failure('EEXIST');
    change(folder, (entries) => entries.set(name, node));
  };
  const newFile = (): File => ({ kind: 'file', bytes: new Uint8Array(), synced: new Uint8Array(), dropped: undefined });
  const sync = (node: Node): void => {
    if (node.kind === 'file') {
      if (node.bytes !== node.dropped) node.synced = node.bytes;
      return;
    }
    for (const each of pending) if (each.folder === node) each.apply();
    pending = pending.filter((each) => each.folder !== node);
  };
  const drop = (node: Node): void => {
    if (node.kind === 'file' && node.bytes !== node.synced) node.dropped = node.bytes;
  };
  const statOf = (node: Node) => ({
    isFile: () => node.kind === 'file',
    isDirectory: () => node.kind === 'folder',
    size: node.kind === 'file' ? node.bytes.length : 0,
    mtimeMs: 0,
  });

  const handleOf = (node: Node) => {
    let at = 0;
    const fileOf = (): File => {
      if (node.kind !== 'file') throw failure('EISDIR');
      return node;
    };
    const append = (bytes: Uint8Array): number => {
      const file = fileOf();
      const longer = new Uint8Array(file.bytes.length + bytes.length);
      longer.set(file.bytes);
      longer.set(bytes, file.bytes.length);
      file.bytes = longer;
      return bytes.length;
    };
    /** Piece by piece, as Node does it. */
    const writeAll = (text: string | Uint8Array): void => {
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
      for (let from = 0; from < bytes.length; from += SHORT) {
        const piece = bytes.subarray(from, from + SHORT);
        operate(
          'grow',
          () => append(piece),
          () => append(piece.subarray(0, piece.length >> 1)),
        );
      }
    };
    return {
      async write(bytes: Uint8Array, from: number, length: number) {
        const piece = bytes.subarray(from, from + Math.min(length, SHORT));
        const half = piece.subarray(0, piece.length >> 1);
        return operate(
          'grow',
          () => ({ bytesWritten: append(piece) }),
          () => append(half),
        );
      },
      writeFile: async (text: string | Uint8Array) => writeAll(text),
      appendFile: async (text: string | Uint8Array) => writeAll(text),
      async truncate(length: number) {
        return operate('change', () => {
          const file = fileOf();
          if (length < file.bytes.length) file.bytes = file.bytes.slice(0, length);
        });
      },
      async read(into: Uint8Array, offset: number, length: number) {
        return operate('read', () => {
          const part = fileOf().bytes.subarray(at, at + length);
          into.set(part, offset);
          at += part.length;
          return { bytesRead: part.length };
        });
      },
      async sync() {
        try {
          operate('sync', () => sync(node));
        } catch (thrown) {
          if (!(thrown instanceof Dead)) drop(node);
          throw thrown;
        }
      },
      stat: async () => operate('read', () => statOf(node)),
      readFile: async () => operate('read', () => Buffer.from(fileOf().bytes)),
      close: async () => undefined,
    };
  };

  const makeFolders = (path: string): string | undefined => {
    const parts = partsOf(path);
    let first: string | undefined;
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = `/${parts.slice(0, depth).join('/')}`;
      if (find(part)) continue;
      add(part, newFolder());
      first ??= part;
    }
    return first;
  };
  const openFile = (path: string, flags: string | number): Node => {
    if (flags === 'wx') add(path, newFile());
    if ((flags === 'w' || flags === 'a+') && !find(path)) add(path, newFile());
    const node = here(path);
    if (flags === 'w' && node.kind === 'file') node.bytes = new Uint8Array();
    return node;
  };
  const move = (from: string, to: string): void => {
    const node = here(from);
    const [source, target] = [folderOf(from), folderOf(to)];
    const there = target.folder.entries.get(target.name);
    if (there?.kind === 'folder') throw failure('EISDIR');
    if (source.folder !== target.folder) {
      change(target.folder, (entries) => entries.set(target.name, node));
      change(source.folder, (entries) => entries.delete(source.name));
      return;
    }
    change(source.folder, (entries) => {
      // Replayed without its forerunner (the creation was lost), the rename has nothing to move but moves it all the same.
      entries.delete(source.name);
      entries.set(target.name, node);
    });
  };
  const erase = (path: string, kind: Node['kind']): void => {
    const node = here(path);
    if (node.kind !== kind) throw failure(kind === 'file' ? 'EISDIR' : 'ENOTDIR');
    if (node.kind === 'folder' && node.entries.size > 0) throw failure('ENOTEMPTY');
    const { folder, name } = folderOf(path);
    change(folder, (entries) => entries.delete(name));
  };
  const textOf = (path: string, encoding: 'utf8' | undefined): string | Buffer => {
    const node = here(path);
    if (node.kind !== 'file') throw failure('EISDIR');
    return encoding ? new TextDecoder().decode(node.bytes) : Buffer.from(node.bytes);
  };
  const entriesOf = (path: string, isTyped: boolean): readonly unknown[] => {
    const node = here(path);
    if (node.kind !== 'folder') throw failure('ENOTDIR');
    const entries = [...node.entries];
    return isTyped ? entries.map(([name, entry]) => ({ name, ...statOf(entry) })) : entries.map(([name]) => name);
  };

  const disk = {
    mkdir: async (path: string, options?: { recursive?: boolean }) =>
      operate('grow', () => (options?.recursive ? makeFolders(path) : add(path, newFolder()))),
    open: async (path: string, flags: string | number) =>
      operate(flags === 'wx' || flags === 'w' || flags === 'a+' ? 'grow' : 'read', () =>
        handleOf(openFile(path, flags)),
      ),
    readFile: async (path: string, encoding?: 'utf8') => operate('read', () => textOf(path, encoding)),
    readdir: async (path: string, options?: { withFileTypes?: boolean }) =>
      operate('read', () => entriesOf(path, options?.withFileTypes === true)),
    stat: async (path: string) => operate('read', () => statOf(here(path))),
    lstat: async (path: string) => operate('read', () => statOf(here(path))),
    realpath: async (path: string) => operate('read', () => (here(path), path)),
    unlink: async (path: string) => operate('change', () => erase(path, 'file')),
    rmdir: async (path: string) => operate('change', () => erase(path, 'folder')),
    link: async (from: string, to: string) => operate('grow', () => add(to, here(from))),
    rename: async (from: string, to: string) => operate('grow', () => move(from, to)),
  };

  const settle = (node: Node, random: () => number): void => {
    if (node.kind === 'file') {
      if (node.bytes !== node.synced) {
        const grown = Math.max(node.bytes.length, node.synced.length);
        const kept = random() < 0.5 ? node.synced : node.bytes.slice(0, Math.floor(random() * (grown + 1)));
        node.bytes = kept;
        node.synced = kept;
      }
      node.dropped = undefined;
      return;
    }
    node.entries = new Map(node.synced);
    for (const entry of node.entries.values()) settle(entry, random);
  };

  return {
    // The methods answer as the platform's do for what spool, store and the rest ask of them.
    disk: disk as unknown as FragileDisk['disk'],
    fail: (next) => {
      fault = next && { well: next.after, failing: next.count, code: next.code, isDone: next.isDone };
    },
    get failures() {
      return failures;
    },
    dieAfter: (count) => {
      left = count;
    },
    get isDead() {
      return left <= 0;
    },
    restart: () => {
      left = Number.POSITIVE_INFINITY;
    },
    powerCut: (random) => {
      for (const each of pending) if (random() < 0.5) each.apply();
      pending = [];
      settle(root, random);
      left = Number.POSITIVE_INFINITY;
    },
    get operations() {
      return operations;
    },
  };
};
