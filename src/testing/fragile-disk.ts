// A disk in memory that forgets. What was not synced may be gone after a power cut: file contents since the last sync of
// the file, and each change of a folder since the last sync of that folder, in any combination. Renames are atomic.
// It can also stop answering after so many operations, as it looks to a process that is killed.

import type { SpoolDisk } from '../adapters/spool-fs/spool-fs.ts';
import type { StoreDisk } from '../adapters/store-fs/store-fs.ts';

interface File {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** What a power cut leaves at the least. */
  synced: Uint8Array;
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

export interface FragileDisk {
  readonly disk: SpoolDisk & StoreDisk;
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

export class Dead extends Error {}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const newFolder = (): Folder => ({ kind: 'folder', entries: new Map(), synced: new Map() });

export const fragileDisk = (): FragileDisk => {
  const root = newFolder();
  let pending: Pending[] = [];
  let left = Number.POSITIVE_INFINITY;
  let operations = 0;

  const operate = (): void => {
    if (left <= 0) throw new Dead();
    left--;
    operations++;
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
  const sync = (node: Node): void => {
    if (node.kind === 'file') node.synced = node.bytes;
    else {
      for (const each of pending) if (each.folder === node) each.apply();
      pending = pending.filter((each) => each.folder !== node);
    }
  };
  const statOf = (node: Node) => ({
    isFile: () => node.kind === 'file',
    isDirectory: () => node.kind === 'folder',
    size: node.kind === 'file' ? node.bytes.length : 0,
    mtimeMs: 0,
  });

  const handleOf = (node: Node) => {
    let at = 0;
    const bytesOf = (): File => {
      if (node.kind !== 'file') throw failure('EISDIR');
      return node;
    };
    return {
      async write(bytes: Uint8Array, from: number, length: number) {
        operate();
        const file = bytesOf();
        const bytesWritten = Math.min(length, 1500); // always short, as a disk may be
        const longer = new Uint8Array(file.bytes.length + bytesWritten);
        longer.set(file.bytes);
        longer.set(bytes.subarray(from, from + bytesWritten), file.bytes.length);
        file.bytes = longer;
        return { bytesWritten };
      },
      async read(into: Uint8Array, offset: number, length: number) {
        operate();
        const part = bytesOf().bytes.subarray(at, at + length);
        into.set(part, offset);
        at += part.length;
        return { bytesRead: part.length };
      },
      async sync() {
        operate();
        sync(node);
      },
      async stat() {
        operate();
        return statOf(node);
      },
      async readFile() {
        operate();
        return bytesOf().bytes.slice();
      },
      close: async () => undefined,
    };
  };

  const disk = {
    async mkdir(path: string, options?: { recursive?: boolean }) {
      operate();
      if (!options?.recursive) return add(path, newFolder());
      const parts = partsOf(path);
      let first: string | undefined;
      for (let depth = 1; depth <= parts.length; depth++) {
        const part = `/${parts.slice(0, depth).join('/')}`;
        if (find(part)) continue;
        add(part, newFolder());
        first ??= part;
      }
      return first;
    },
    async open(path: string, flags: string | number) {
      operate();
      if (flags === 'wx') add(path, { kind: 'file', bytes: new Uint8Array(), synced: new Uint8Array() });
      return handleOf(here(path));
    },
    async readFile(path: string, encoding?: 'utf8') {
      operate();
      const node = here(path);
      if (node.kind !== 'file') throw failure('EISDIR');
      return encoding ? new TextDecoder().decode(node.bytes) : node.bytes.slice();
    },
    async readdir(path: string, options?: { withFileTypes?: boolean }) {
      operate();
      const node = here(path);
      if (node.kind !== 'folder') throw failure('ENOTDIR');
      const entries = [...node.entries];
      return options?.withFileTypes
        ? entries.map(([name, entry]) => ({ name, ...statOf(entry) }))
        : entries.map(([name]) => name);
    },
    async stat(path: string) {
      operate();
      return statOf(here(path));
    },
    async lstat(path: string) {
      operate();
      return statOf(here(path));
    },
    async realpath(path: string) {
      operate();
      here(path);
      return path;
    },
    async unlink(path: string) {
      operate();
      here(path);
      const { folder, name } = folderOf(path);
      change(folder, (entries) => entries.delete(name));
    },
    async link(from: string, to: string) {
      operate();
      add(to, here(from));
    },
    async rename(from: string, to: string) {
      operate();
      const node = here(from);
      const [source, target] = [folderOf(from), folderOf(to)];
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
    },
  };

  const settle = (node: Node, random: () => number): void => {
    if (node.kind === 'file') {
      if (node.bytes !== node.synced) {
        const grown = Math.max(node.bytes.length, node.synced.length);
        const kept = random() < 0.5 ? node.synced : node.bytes.slice(0, Math.floor(random() * (grown + 1)));
        node.bytes = kept;
        node.synced = kept;
      }
      return;
    }
    node.entries = new Map(node.synced);
    for (const entry of node.entries.values()) settle(entry, random);
  };

  return {
    // The methods answer as the platform's do for what spool and store ask of them.
    disk: disk as unknown as SpoolDisk & StoreDisk,
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
