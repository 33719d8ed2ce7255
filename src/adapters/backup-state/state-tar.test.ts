import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../domain/secret.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { backupFolder, chooseState } from './backup-folder.ts';
import type { ScryptCost } from './seal.ts';
import { stateEntries } from './state-entries.ts';
import { readManifest, type StateEntry, type StateManifest, unpackState, writeState } from './state-tar.ts';

const newFolder = temporaryFolders();
const cost: ScryptCost = { n: 16, r: 1, p: 1 };
const passphrase = new Secret('correct horse');
const manifest: StateManifest = {
  format: 1,
  version: '0.1.0',
  madeAt: 1_795_440_727_120,
  photos: 'included',
  photosDir: 'snapshots',
};
const copyDatabase = async (from: string, to: string): Promise<void> =>
  writeFile(to, `copy of ${readFileSync(from, 'utf8')}`);
async function* of(entries: readonly StateEntry[]): AsyncGenerator<StateEntry> {
  yield* entries;
}

/** An installation with a bit of everything. */
const installation = async (): Promise<{ folder: string; data: string }> => {
  const folder = newFolder();
  const data = join(folder, 'snapshots', '.stillwatch');
  await mkdir(join(data, 'spool', 'set-aside'), { recursive: true });
  await mkdir(join(data, 'readings', 'garden'), { recursive: true });
  await mkdir(join(folder, 'secrets'));
  const files = {
    '.env': 'PASSWORD=canary',
    'secrets/garden': 'canary',
    'snapshots/.stillwatch/favourites': 'f'.repeat(32),
    'snapshots/.stillwatch/reserve': 'r'.repeat(1000),
    'snapshots/.stillwatch/catalog.sqlite': 'catalog',
    'snapshots/.stillwatch/catalog.sqlite-wal': 'wal',
    'snapshots/.stillwatch/catalog.sqlite.before-rebuild': 'old',
    'snapshots/.stillwatch/accounts.sqlite': 'accounts',
    'snapshots/.stillwatch/favourites.new': 'half',
    'snapshots/.stillwatch/readings/garden/2026-11-23.bin': 'readings',
    'snapshots/.stillwatch/spool/.tmp-1': 'half',
    [`snapshots/.stillwatch/spool/${'a'.repeat(32)}.jpg`]: 'photo',
    [`snapshots/.stillwatch/spool/${'a'.repeat(32)}.json`]: '{}',
    [`snapshots/.stillwatch/spool/set-aside/${'b'.repeat(32)}.jpg`]: 'odd',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, data };
};

describe('the state of an installation', () => {
  it('holds what cannot be made again, photos on their way first and the catalogue last', async () => {
    const { folder, data } = await installation();
    const staging = join(data, '.backup');
    const settings = [join(folder, '.env'), join(folder, 'stillwatch.yml')];
    const names: string[] = [];
    const settingsFolders = [join(folder, 'secrets'), join(folder, 'nope')];
    for await (const { name, file } of stateEntries({ settings, settingsFolders, data, staging, copyDatabase })) {
      names.push(name);
      if (name === 'data/accounts.sqlite') expect(readFileSync(file, 'utf8')).toBe('copy of accounts');
    }
    expect(names).toEqual([
      'settings/.env',
      'settings/stillwatch.yml',
      'settings/secrets/garden',
      `data/spool/set-aside/${'b'.repeat(32)}.jpg`,
      `data/spool/${'a'.repeat(32)}.json`,
      `data/spool/${'a'.repeat(32)}.jpg`,
      'data/readings/garden/2026-11-23.bin',
      'data/favourites',
      'data/accounts.sqlite',
      'data/catalog.sqlite',
    ]);
    // Only the catalogue's copy is left: photos are copied by it.
    expect(await readdir(staging)).toEqual(['catalog.sqlite']);
  });

  it('comes back byte for byte, in a folder nobody else may enter', async () => {
    const { folder, data } = await installation();
    const file = join(newFolder(), 'x.swb');
    const big = join(folder, 'big');
    await writeFile(big, Buffer.alloc(3_000_001, 'abc'));
    const entries = [
      { name: 'settings/.env', file: join(folder, '.env') },
      { name: 'data/gone', file: join(data, 'gone') },
      { name: 'data/big', file: big },
      { name: 'data/favourites', file: join(data, 'favourites') },
    ];
    await writeState({ file, manifest, entries: of(entries), passphrase, cost });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file).includes('canary')).toBe(false);
    expect(await readManifest(file, passphrase)).toEqual(manifest);
    const into = join(newFolder(), 'unpacked');
    expect(await unpackState(file, passphrase, into)).toEqual([
      'manifest.json',
      'settings/.env',
      'data/big',
      'data/favourites',
    ]);
    expect(statSync(into).mode & 0o077).toBe(0);
    expect(readFileSync(join(into, 'data/big')).equals(readFileSync(big))).toBe(true);
    expect(readFileSync(join(into, 'settings/.env'), 'utf8')).toBe('PASSWORD=canary');
  });

  it('is refused when it is cut, of another passphrase, newer, or no backup', async () => {
    const { folder } = await installation();
    const file = join(newFolder(), 'x.swb');
    const entries = (): AsyncGenerator<StateEntry> => of([{ name: 'settings/.env', file: join(folder, '.env') }]);
    await writeState({ file, manifest, entries: entries(), passphrase, cost });
    await expect(unpackState(file, new Secret('no'), newFolder())).rejects.toMatchObject({
      code: 'SW_BACKUP_PASSPHRASE',
    });
    await expect(readManifest(join(folder, '.env'), passphrase)).rejects.toMatchObject({ code: 'SW_BACKUP_UNKNOWN' });
    await expect(readManifest(join(folder, 'nope'), passphrase)).rejects.toMatchObject({ code: 'SW_BACKUP_UNKNOWN' });
    await truncate(file, statSync(file).size - 1);
    await expect(unpackState(file, passphrase, join(newFolder(), 'y'))).rejects.toMatchObject({
      code: 'SW_BACKUP_DAMAGED',
    });
    const newer = join(newFolder(), 'n.swb');
    const words = { ...manifest, format: 2 } as unknown as StateManifest;
    await writeState({ file: newer, manifest: words, entries: entries(), passphrase, cost });
    await expect(readManifest(newer, passphrase)).rejects.toMatchObject({ code: 'SW_BACKUP_NEWER' });
  });

  it('writes nothing outside, whatever a name says', async () => {
    const { folder } = await installation();
    const file = join(newFolder(), 'x.swb');
    const source = join(folder, '.env');
    const names = ['../evil', 'a/../../evil', '/evil', 'a//b', 'fine'];
    await writeState({ file, manifest, entries: of(names.map((name) => ({ name, file: source }))), passphrase, cost });
    const into = join(newFolder(), 'deep', 'unpacked');
    expect(await unpackState(file, passphrase, into)).toEqual(['manifest.json', 'fine']);
    expect(await readdir(join(into, '..'))).toEqual(['unpacked']);
  });

  it('leaves nothing behind when what it is made of fails', async () => {
    const file = join(newFolder(), 'x.swb');
    async function* failing(): AsyncGenerator<StateEntry> {
      yield { name: 'a', file: (await installation()).data };
    }
    await expect(writeState({ file, manifest, entries: failing(), passphrase, cost })).rejects.toMatchObject({
      code: 'SW_STORE_WRITE',
    });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a folder of backups', () => {
  it('knows complete states from others, and chooses the newest complete one', async () => {
    const folder = newFolder();
    const backups = backupFolder(folder);
    const begin = (stamp: string) => backups.begin(stamp, { manifest, entries: of([]), passphrase, cost });
    await expect(chooseState(folder)).rejects.toMatchObject({ code: 'SW_BACKUP_UNKNOWN' });
    const first = await begin('20261120T000000Z');
    expect(await chooseState(folder)).toEqual(first);
    await backups.complete(await begin('20261121T000000Z'));
    await begin('20261122T000000Z');
    expect((await chooseState(folder)).stamp).toBe('20261121T000000Z');
    expect((await chooseState(folder, '20261122T000000Z')).isComplete).toBe(false);
    await expect(chooseState(folder, 'x')).rejects.toMatchObject({ code: 'SW_BACKUP_UNKNOWN' });
    // The first never became complete, and went when a later one did.
    expect((await backups.states()).map(({ stamp }) => stamp)).toEqual(['20261122T000000Z', '20261121T000000Z']);
    await backups.complete(await begin('20261123T000000Z'));
    expect(await backups.keepNewest(1)).toBe(1);
    expect((await backups.states()).map(({ stamp }) => stamp)).toEqual(['20261123T000000Z']);
  });
});
