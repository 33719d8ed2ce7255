import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import * as nodeDisk from 'node:fs/promises';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StillwatchError } from '../../domain/errors.ts';
import { withStillFacts } from '../../domain/still-facts.ts';
import { later, ms } from '../../domain/units.ts';
import { fragileDisk } from '../../testing/fragile-disk.ts';
import { testJpeg } from '../../testing/jpegs.ts';
import { spoolContract } from '../../testing/spool-contract.ts';
import { draftOf, sha256Of } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsSpool, type SpoolDisk } from './spool-fs.ts';

const newFolder = temporaryFolders();
const photo = new TextEncoder().encode('not really a JPEG, the spool does not care');
const draft = draftOf();

spoolContract('folder', async () => {
  const dir = join(newFolder(), 'deep', 'spool');
  return { open: () => fsSpool({ dir }), read: async (file) => new Uint8Array(await readFile(file)), survives: true };
});

const systemError = (code: string): Error => Object.assign(new Error(`${code}: as injected`), { code });

interface FailingDisk {
  readonly disk: SpoolDisk;
  /** From now on the n-th operation on a file handle or name fails. */
  arm(failAt: number, code: string): void;
  /** Operations since `arm`. */
  operations(): number;
}

const failingDisk = (): FailingDisk => {
  let [count, failAt, code] = [0, 0, ''];
  const next = (): void => {
    count++;
    if (count === failAt) throw systemError(code);
  };
  const disk = {
    ...nodeDisk,
    async open(...args: Parameters<typeof nodeDisk.open>) {
      next();
      const handle = await nodeDisk.open(...args);
      return {
        write: async (bytes: Uint8Array, at: number, length: number) => {
          next();
          return handle.write(bytes, at, Math.min(length, 10)); // short writes, without an error, all the time
        },
        sync: async () => {
          next();
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
    async rename(from: string, to: string) {
      next();
      await nodeDisk.rename(from, to);
    },
  };
  return {
    disk: disk as unknown as SpoolDisk,
    arm: (at, what) => {
      [count, failAt, code] = [0, at, what];
    },
    operations: () => count,
  };
};

describe('the spool on a disk that fails', () => {
  it('writes on after short writes', async () => {
    const dir = newFolder();
    const spool = await fsSpool({ dir, disk: failingDisk().disk });
    const facts = await spool.accept(draft, photo);
    const [still] = await spool.pending();
    expect(sha256Of(await readFile(still?.file ?? ''))).toBe(facts.sha256);
  });

  it('says so at every single operation, leaves nothing behind, and takes the photo at the next try', async () => {
    const counting = failingDisk();
    const well = await fsSpool({ dir: newFolder(), disk: counting.disk });
    counting.arm(0, '');
    await well.accept(draft, photo);
    const all = counting.operations();
    expect(all).toBeGreaterThan(30);
    for (let failAt = 1; failAt <= all; failAt++) {
      const dir = newFolder();
      const failing = failingDisk();
      const spool = await fsSpool({ dir, disk: failing.disk });
      failing.arm(failAt, failAt % 2 ? 'ENOSPC' : 'EIO');
      await expect(spool.accept(draft, photo), `operation ${failAt}`).rejects.toMatchObject({
        code: failAt % 2 ? 'SW_STORE_FULL' : 'SW_STORE_WRITE',
      });
      expect(readdirSync(dir), `operation ${failAt}`).toEqual([]);
      expect(await spool.pending()).toEqual([]);
      await spool.accept(draft, photo);
      expect(await spool.pending()).toHaveLength(1);
    }
  });

  it('refuses a folder that cannot be made', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(fsSpool({ dir: join(file, 'spool') })).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  });
});

describe('the spool after a crash', () => {
  const longAgo = (file: string): void => utimesSync(file, 1000, 1000);

  it('clears old temporaries and lone sidecars, and nothing else', async () => {
    const dir = newFolder();
    await (await fsSpool({ dir })).accept(draft, photo);
    const kept = readdirSync(dir);
    for (const name of [`.tmp-${'a'.repeat(32)}-01`, `${'b'.repeat(32)}.json`, 'notes.txt']) {
      writeFileSync(join(dir, name), 'x');
      longAgo(join(dir, name));
    }
    for (const name of kept) longAgo(join(dir, name));
    const young = [`.tmp-${'c'.repeat(32)}-01`, `${'d'.repeat(32)}.json`];
    for (const name of young) writeFileSync(join(dir, name), 'x');
    const spool = await fsSpool({ dir });
    expect(readdirSync(dir).toSorted()).toEqual([...kept, ...young, 'notes.txt'].toSorted());
    expect(await spool.pending()).toHaveLength(1);
  });

  it('takes the facts from the photo itself when the sidecar is gone or torn', async () => {
    const jpeg = withStillFacts(await testJpeg(), draft);
    for (const torn of [undefined, '{"id":"', '{}', 'null']) {
      const dir = newFolder();
      const facts = await (await fsSpool({ dir })).accept(draft, jpeg);
      const sidecar = join(dir, `${draft.id}.json`);
      if (torn === undefined) await rename(sidecar, join(newFolder(), 'gone'));
      else writeFileSync(sidecar, torn);
      const spool = await fsSpool({ dir });
      expect((await spool.pending()).map((still) => still.facts)).toEqual([facts]);
      expect(JSON.parse(await readFile(sidecar, 'utf8'))).toMatchObject({ id: draft.id, sha256: facts.sha256 });
    }
  });

  it('sets a photo aside that has no facts anywhere, and says so', async () => {
    const dir = newFolder();
    await (await fsSpool({ dir })).accept(draft, photo);
    writeFileSync(join(dir, `${draft.id}.json`), 'torn');
    const troubles: StillwatchError[] = [];
    const spool = await fsSpool({ dir, onTrouble: (error) => troubles.push(error) });
    expect(await spool.pending()).toEqual([]);
    expect(troubles.map((error) => error.code)).toEqual(['SW_SPOOL_DAMAGED']);
    expect(readdirSync(join(dir, 'set-aside')).toSorted()).toEqual([`${draft.id}.jpg`, `${draft.id}.json`]);
    expect(await spool.accept(draft, photo)).toMatchObject({ bytes: photo.length });
  });

  it('finds what another process accepted in the meantime', async () => {
    const dir = newFolder();
    const [capture, main] = [await fsSpool({ dir }), await fsSpool({ dir })];
    const facts = await capture.accept(draft, photo);
    expect((await main.pending()).map((still) => still.facts)).toEqual([facts]);
    await main.release(draft.id);
    expect(await capture.pending()).toEqual([]);
    // Released and accepted again, as by a retry after a lost answer: it is in the queue again, and shipped as `same`.
    expect(await capture.accept(draft, photo)).toEqual(facts);
    expect(await main.pending()).toHaveLength(1);
  });

  it('keeps photos from other users of the machine', async () => {
    const dir = join(newFolder(), 'spool');
    const spool = await fsSpool({ dir });
    await spool.accept(draft, photo);
    expect((await stat(dir)).mode & 0o007).toBe(0);
    for (const name of readdirSync(dir)) expect((await stat(join(dir, name))).mode & 0o137, name).toBe(0);
    await mkdir(join(dir, 'unrelated'));
    expect(await spool.pending()).toHaveLength(1);
  });
});

it('replacing what waits leaves the old or the new, whole, wherever the power goes', async () => {
  const [first, second] = [await testJpeg(1), await testJpeg(2)];
  const old = draftOf({ camera: draft.camera });
  const next = { ...old, takenAt: later(old.takenAt, ms(60_000)) };
  const [before, after] = [withStillFacts(first, old), withStillFacts(second, next)];
  const ends = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const operations = seed % 50;
    const fragile = fragileDisk();
    const spool = await fsSpool({ dir: '/spool', disk: fragile.disk });
    await spool.accept(old, before);
    fragile.dieAfter(operations);
    await spool.replace(next, after).catch(() => undefined);
    let luck = seed;
    fragile.powerCut(() => {
      luck = (luck * 48_271) % 2_147_483_647;
      return luck / 2_147_483_647;
    });
    const again = await fsSpool({ dir: '/spool', disk: fragile.disk });
    const [still, ...more] = await again.pending();
    const bytes = await fragile.disk.readFile(still?.file ?? '');
    const isNew = sha256Of(bytes) === sha256Of(after);
    ends.add(isNew ? 'new' : 'old');
    expect(more).toEqual([]);
    expect(still?.facts).toMatchObject({ takenAt: isNew ? next.takenAt : old.takenAt, sha256: sha256Of(bytes) });
    expect(sha256Of(bytes)).toBe(sha256Of(isNew ? after : before));
  }
  expect([...ends].toSorted()).toEqual(['new', 'old']);
});
