// Backup and restore as an owner types them: on another folder, over an installation, cut short, with the wrong word.

import { existsSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, jsonLines, makeSite, type Outcome } from './support/command.ts';

const WORD = 'seven blue bicycles';
const PHOTOS = 12;
const START = Date.UTC(2026, 9, 25, 0, 59, 55);

let base = '';
let site = '';
let paths: readonly string[] = [];

const run = (folder: string, args: readonly string[], word = WORD): Promise<Outcome> =>
  command(folder, args, { env: { STILLWATCH_BACKUP_PASSPHRASE: word } });
const photosOf = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = await readdir(join(folder, 'snapshots'), { recursive: true });
  const found = new Map<string, string>();
  for (const name of names.filter((each) => each.endsWith('.jpg')).toSorted())
    found.set(name, (await readFile(join(folder, 'snapshots', name))).toString('base64'));
  return found;
};
const healthy = async (folder: string, files: number): Promise<void> => {
  const outcome = await command(folder, ['doctor', '--hash', '--json']);
  expect(jsonLines(outcome).at(-1)).toMatchObject({ files, rows: files, open: 0 });
};

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'stillwatch-backup-'));
  site = join(base, 'site');
  await mkdir(site);
  paths = await makeSite(
    site,
    Array.from({ length: PHOTOS }, (_, index) => START + index * 1000),
  );
  await mkdir(join(site, 'secrets'));
  await writeFile(join(site, 'secrets', 'garden'), 'canary-site-2');
  await command(site, ['doctor', '--repair']);
  await command(site, ['keep', '--favourite', paths[3] ?? '']);
});
afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

describe('stillwatch backup and restore', () => {
  it('bring a site back in an empty folder: photos, favourites, settings, and nothing readable without the word', async () => {
    const to = join(base, 'disk');
    const made = await run(site, ['backup', to, '--json']);
    expect(made.stderr).toBe('');
    expect(jsonLines(made).at(-1)).toMatchObject({ photos: { photos: PHOTOS, copied: PHOTOS, missing: 0 } });
    for (const name of await readdir(to, { recursive: true })) {
      const path = join(to, name);
      if ((await stat(path)).isFile()) expect(readFileSync(path).includes('canary-site'), name).toBe(false);
    }
    expect(existsSync(join(site, 'snapshots', '.stillwatch', '.backup'))).toBe(false);

    const home = join(base, 'new-home');
    const back = await run(site, ['restore', to, '--to', home]);
    expect(back.stdout).toContain(`${PHOTOS} copied`);
    expect(back.code).toBe(0);
    expect(await photosOf(home)).toEqual(await photosOf(site));
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe(readFileSync(join(site, '.env'), 'utf8'));
    expect(readFileSync(join(home, 'secrets', 'garden'), 'utf8')).toBe('canary-site-2');
    await healthy(home, PHOTOS);
    expect(readFileSync(join(home, 'snapshots/.stillwatch/favourites'), 'utf8')).toBe(
      readFileSync(join(site, 'snapshots/.stillwatch/favourites'), 'utf8'),
    );
    // A folder of photos cannot hold its own backup.
    expect((await run(site, ['backup', join(site, 'snapshots', 'backup')])).stderr).toContain('SW_BACKUP_PLACE');
    expect((await run(site, ['restore', to, '--to', join(base, 'x')], 'not the right word')).stderr).toContain(
      'SW_BACKUP_PASSPHRASE',
    );
    expect(existsSync(join(base, 'x'))).toBe(false);
    expect((await command(site, ['backup', join(base, 'no-word')])).stderr).toContain('SW_BACKUP_PASSPHRASE');
  });

  it('a second backup copies only what is new, and older states stay restorable', async () => {
    const folder = join(base, 'twice');
    await cp(site, folder, { recursive: true });
    const to = join(base, 'disk-2');
    const first = jsonLines(await run(folder, ['backup', to, '--json'])).at(-1);
    await makeSite(folder, [START + 3_600_000]);
    await command(folder, ['doctor', '--repair']);
    const second = await run(folder, ['backup', to, '--json']);
    expect(jsonLines(second).at(-1)).toMatchObject({ photos: { copied: 1, there: PHOTOS } });
    const state = String(first?.['state']).split('/').at(-1) ?? '';
    const home = join(base, 'older');
    expect((await run(base, ['restore', to, '--to', home, '--state', state])).code).toBe(0);
    await healthy(home, PHOTOS);
    expect((await run(folder, ['backup', to, '--keep', '1'])).stdout).toContain('2 older states taken away');
  });

  it('over an installation: asks first, overwrites no photo, and keeps what was there', async () => {
    const to = join(base, 'disk-3');
    await run(site, ['backup', to]);
    const folder = join(base, 'changed');
    await cp(site, folder, { recursive: true });
    // Another photo took the name of one that had gone, and the settings were changed.
    const [first = '', second = ''] = paths;
    const data = join(folder, 'snapshots', '.stillwatch');
    await writeFile(join(folder, 'snapshots', first), readFileSync(join(site, 'snapshots', second)));
    await rm(join(folder, 'snapshots', second));
    await appendFile(join(folder, '.env'), 'KEEP_DAYS=7\n');
    const refused = await run(folder, ['restore', to]);
    expect(refused.stderr).toContain('SW_RESTORE_OCCUPIED');
    expect(refused.code).toBe(2);
    const back = await run(folder, ['restore', to, '--over', '--json']);
    expect(back.code).toBe(0);
    expect(jsonLines(back).at(-1)).toMatchObject({ photos: { copied: 2, there: PHOTOS - 2, missing: 0 } });
    expect(readFileSync(join(folder, '.env'), 'utf8')).not.toContain('KEEP_DAYS');
    const asides = (await readdir(folder)).filter((name) => name.startsWith('.env.before-restore-'));
    expect(readFileSync(join(folder, asides[0] ?? ''), 'utf8')).toContain('KEEP_DAYS=7');
    expect((await readdir(data)).some((name) => name.startsWith('catalog.sqlite.before-restore-'))).toBe(true);
    // Every photo of the backup is there, the one whose name was taken under the next name of its second.
    const restored = new Set((await photosOf(folder)).values());
    for (const [path, bytes] of await photosOf(site)) expect(restored.has(bytes), path).toBe(true);
    expect(existsSync(join(folder, 'snapshots', first.replace('.jpg', '-2.jpg')))).toBe(true);
    await command(folder, ['doctor', '--repair']);
    await healthy(folder, PHOTOS + 1);
  });

  it.each([
    ['link', 5],
    ['rename', 1],
  ])('killed at %s number %d: nothing is half, and doing it again finishes', async (call, when) => {
    const inject = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e'];
    const under = [...inject, `inject=${call}:signal=KILL:when=${when}`];
    // One thread for files, so that the count of calls is the program's.
    const env = { STILLWATCH_BACKUP_PASSPHRASE: WORD, UV_THREADPOOL_SIZE: '1' };
    const to = join(base, `killed-disk-${when}`);
    const killed = await command(site, ['backup', to], { under, env });
    expect(killed.code).not.toBe(0);
    for (const name of await readdir(to, { recursive: true })) {
      const path = join(to, name);
      if (name.endsWith('.jpg'))
        expect(
          readFileSync(path).equals(readFileSync(join(site, 'snapshots', name.slice('photos/'.length)))),
          name,
        ).toBe(true);
    }
    expect((await run(site, ['backup', to])).code).toBe(0);
    expect((await readdir(join(to, 'states'))).every((name) => /^state-\d{8}T\d{6}Z\.swb$/.test(name))).toBe(true);
    const home = join(base, `killed-home-${when}`);
    const again = await command(base, ['restore', to, '--to', home], { under, env });
    expect(again.code).not.toBe(0);
    const last = await run(base, ['restore', to, '--to', home, '--over']);
    expect(last.stderr).toBe('');
    expect(await photosOf(home)).toEqual(await photosOf(site));
    await healthy(home, PHOTOS);
  });

  it('by reference: names the photos only, and says on the way back which are not there', async () => {
    const to = join(base, 'disk-4');
    expect((await run(site, ['backup', to, '--no-photos'])).stdout).toContain('by reference');
    expect(existsSync(join(to, 'photos'))).toBe(false);
    const home = join(base, 'referenced');
    await cp(join(site, 'snapshots'), join(home, 'snapshots'), {
      recursive: true,
      filter: (path) => !path.includes('.stillwatch') && !path.endsWith(paths[5] ?? ''),
    });
    const other = join(home, 'snapshots', paths[6] ?? '');
    const bytes = readFileSync(other);
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
    await writeFile(other, bytes);
    const back = await run(base, ['restore', to, '--to', home, '--hash', '--json']);
    expect(jsonLines(back).at(-1)).toMatchObject({ photos: { there: PHOTOS - 2, missing: 2 } });
    expect(back.code).not.toBe(0);
  });
});
