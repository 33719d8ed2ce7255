import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import * as nodeDisk from 'node:fs/promises';
import { link, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StillwatchError } from '../../domain/errors.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import { blobStoreContract } from '../../testing/blob-store-contract.ts';
import { sha256Of } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsStore, type StoreDisk } from './store-fs.ts';

const newFolder = temporaryFolders();
const systemError = (code: string): Error => Object.assign(new Error(`${code}: as injected`), { code });

/** `link` between spool and store fails: they are two file systems. Inside the store it works. */
const twoFileSystems: StoreDisk = {
  ...nodeDisk,
  link: async (from, to) => {
    if (!String(from).includes('.incoming')) throw systemError('EXDEV');
    await link(from, to);
  },
};
const noLinks: StoreDisk = {
  ...nodeDisk,
  link: async () => {
    throw systemError('EPERM'); // what FAT says
  },
};

const place = async (disk?: StoreDisk) => {
  const folder = newFolder();
  const root = join(folder, 'photos', 'snapshots');
  let files = 0;
  const file = async (bytes: Uint8Array): Promise<string> => {
    const name = join(folder, `source-${files++}`);
    await writeFile(name, bytes);
    return name;
  };
  const rewrite = (name: string, bytes: Uint8Array): Promise<void> => writeFile(name, bytes);
  const store = await fsStore({ root, ...(disk ? { disk } : {}) });
  const put = async (path: string, text: string) => {
    const bytes = new TextEncoder().encode(text);
    return store.put(path, { file: await file(bytes), sha256: sha256Of(bytes) });
  };
  return { folder, root, store, file, rewrite, put };
};

blobStoreContract('folder, links', () => place());
blobStoreContract('folder, another file system than the spool’s', () => place(twoFileSystems));
blobStoreContract('folder, no links at all', () => place(noLinks));

const listed = async (store: BlobStore): Promise<readonly string[]> => {
  const paths: string[] = [];
  for await (const blob of store.list()) paths.push(blob.path);
  return paths;
};

describe('the store in a folder', () => {
  it('does not write a second time when a link will do', async () => {
    const { root, store, file } = await place();
    const source = await file(Buffer.from('x'));
    await store.put('a/b.jpg', { file: source, sha256: sha256Of(Buffer.from('x')) });
    expect((await stat(join(root, 'a/b.jpg'))).ino).toBe((await stat(source)).ino);
  });

  it('has its copies in place, and no temporary left, on another file system', async () => {
    for (const disk of [twoFileSystems, noLinks]) {
      const { root, put } = await place(disk);
      await put('a/b.jpg', 'x'.repeat(600_000));
      expect(await put('a/b.jpg', 'other')).toBe('taken');
      expect((await readFile(join(root, 'a/b.jpg'))).length).toBe(600_000);
      expect(readdirSync(join(root, '.incoming'))).toEqual([]);
    }
  });

  it('makes a folder again that somebody removed', async () => {
    const { root, put } = await place();
    await put('2026-11-23/1.jpg', 'x');
    rmSync(join(root, '2026-11-23'), { recursive: true });
    expect(await put('2026-11-23/2.jpg', 'y')).toBe('stored');
  });

  it('leaves dot files, links and other things out of the list', async () => {
    const { folder, root, store, put } = await place();
    await put('a/1.jpg', 'x');
    mkdirSync(join(root, '.stillwatch'));
    writeFileSync(join(root, '.stillwatch', 'x.jpg'), 'x');
    writeFileSync(join(root, 'a', '.2.jpg'), 'x');
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'secret.jpg'), 'x');
    symlinkSync(join(folder, 'outside'), join(root, 'b'));
    symlinkSync(join(folder, 'outside', 'secret.jpg'), join(root, 'a', '3.jpg'));
    symlinkSync(root, join(root, 'loop'));
    expect(await listed(store)).toEqual(['a/1.jpg']);
    for (const path of ['b/secret.jpg', 'a/3.jpg', 'loop/a/1.jpg']) {
      expect(await store.read(path), path).toBeUndefined();
      expect(await store.info(path), path).toBeUndefined();
      expect(await store.hash(path), path).toBeUndefined();
    }
  });

  it('puts nothing through a link that leads out', async () => {
    const { folder, root, put } = await place();
    mkdirSync(join(folder, 'outside'));
    symlinkSync(join(folder, 'outside'), join(root, '2026-11-23'));
    await expect(put('2026-11-23/1.jpg', 'x')).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    expect(readdirSync(join(folder, 'outside'))).toEqual([]);
  });

  it('may itself be reached through a link', async () => {
    const { folder, root, put } = await place();
    await put('a/1.jpg', 'x');
    symlinkSync(root, join(folder, 'link'));
    const store = await fsStore({ root: join(folder, 'link') });
    expect(await listed(store)).toEqual(['a/1.jpg']);
    expect(await store.read('a/1.jpg')).toEqual(new TextEncoder().encode('x'));
  });

  it('names a folder it cannot read, and lists the others', async () => {
    const { root, put } = await place();
    await put('a/1.jpg', 'x');
    await put('b/1.jpg', 'x');
    const troubles: StillwatchError[] = [];
    const refusing = {
      ...nodeDisk,
      async readdir(path: string, options: { withFileTypes: true }) {
        if (path.endsWith('/a')) throw systemError('EACCES');
        return nodeDisk.readdir(path, options);
      },
    } as unknown as StoreDisk;
    const store = await fsStore({ root, disk: refusing, onTrouble: (error) => troubles.push(error) });
    expect(await listed(store)).toEqual(['b/1.jpg']);
    expect(troubles.map((error) => error.code)).toEqual(['SW_STORE_WRITE']);
  });

  it('clears old copies at start, and leaves one that is being made', async () => {
    const { root } = await place();
    mkdirSync(join(root, '.incoming'));
    for (const name of ['old', 'young']) writeFileSync(join(root, '.incoming', name), 'x');
    utimesSync(join(root, '.incoming', 'old'), 1000, 1000);
    await fsStore({ root });
    expect(readdirSync(join(root, '.incoming'))).toEqual(['young']);
  });

  it('says `full` for a full disk, and shows nothing half', async () => {
    const { root, file } = await place();
    const full = {
      ...nodeDisk,
      link: twoFileSystems.link,
      async open(...args: Parameters<typeof nodeDisk.open>) {
        const handle = await nodeDisk.open(...args);
        if (args[1] !== 'wx') return handle;
        let room = 1000;
        return {
          async write(bytes: Uint8Array, at: number, length: number) {
            if (room === 0) throw systemError('ENOSPC');
            const { bytesWritten } = await handle.write(bytes, at, Math.min(length, room));
            room -= bytesWritten;
            return { bytesWritten };
          },
          sync: () => handle.sync(),
          close: () => handle.close(),
        };
      },
    } as unknown as StoreDisk;
    const store = await fsStore({ root, disk: full });
    const bytes = Buffer.alloc(5000, 7);
    const putting = store.put('a/1.jpg', { file: await file(bytes), sha256: sha256Of(bytes) });
    await expect(putting).rejects.toMatchObject({ code: 'SW_STORE_FULL' });
    expect(await listed(store)).toEqual([]);
    expect(readdirSync(join(root, '.incoming'))).toEqual([]);
  });
});
