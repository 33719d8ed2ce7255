// The sweep on real files: what it takes, what it leaves, and that no kill at any system call makes the catalogue lie.

import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, jsonLines, makeSite } from './support/command.ts';

const DAY = 86_400_000;
const OLD = 30;
const YOUNG = 3;

let base = '';
let site = '';
let oldPaths: readonly string[] = [];
let youngPaths: readonly string[] = [];

const photosIn = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(join(folder, 'snapshots'), { recursive: true });
  return names.filter((name) => name.endsWith('.jpg')).toSorted();
};

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'stillwatch-sweep-'));
  site = join(base, 'site');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(site);
  const now = Date.now();
  const at = (index: number, daysAgo: number): number => Math.floor((now - daysAgo * DAY) / 1000) * 1000 + index * 1000;
  const taken = [
    ...Array.from({ length: OLD }, (_, index) => at(index, 100 + (index % 3))),
    ...Array.from({ length: YOUNG }, (_, index) => at(index, 2)),
  ];
  const paths = await makeSite(site, taken, { KEEP_DAYS: 30 });
  oldPaths = paths.slice(0, OLD);
  youngPaths = paths.slice(OLD);
  await command(site, ['doctor', '--repair']);
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('stillwatch keep', () => {
  it('names what would go and takes nothing', async () => {
    const outcome = await command(site, ['keep', '--dry-run', '--json']);
    const lines = jsonLines(outcome);
    expect(
      lines
        .slice(0, -1)
        .map(({ path }) => String(path))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual([...oldPaths].toSorted());
    expect(lines.at(-1)).toMatchObject({ isDryRun: true, going: { stills: OLD, reasons: { age: OLD } } });
    expect(await photosIn(site)).toHaveLength(OLD + YOUNG);
  });

  it('takes it away when told to, except favourites', async () => {
    const folder = join(base, 'swept');
    await cp(site, folder, { recursive: true });
    const [favourite = ''] = oldPaths;
    expect((await command(folder, ['keep', '--favourite', favourite])).code).toBe(0);
    expect((await command(folder, ['keep', '--sweep'])).stdout).toContain(`Gone     ${OLD - 1} photos`);
    expect(await photosIn(folder)).toEqual([favourite, ...youngPaths].toSorted());
    // An emptied day's folder goes too.
    expect((await readdir(join(folder, 'snapshots'))).filter((name) => name.startsWith('20')).length).toBe(2);
    expect((await command(folder, ['doctor', '--hash'])).code).toBe(0);
    expect((await command(folder, ['keep', '--favourite', 'no/such.jpg'])).stderr).toContain('SW_PHOTO_UNKNOWN');
  });

  it.each([
    ['unlink', 3],
    ['fsync', 2],
    ['rmdir', 2],
    ['pwrite64', 30],
  ])('killed at %s number %d: no row without its photo, and the next sweep finishes', async (call, when) => {
    const folder = join(base, `kill-${call}-${when}`);
    await cp(site, folder, { recursive: true });
    const inject = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e'];
    const killed = await command(folder, ['keep', '--sweep'], {
      under: [...inject, `inject=${call}:signal=KILL:when=${when}`],
    });
    expect(killed.code).not.toBe(0);
    const { default: SqliteDatabase } = await import('better-sqlite3');
    const database = new SqliteDatabase(join(folder, 'snapshots', '.stillwatch', 'catalog.sqlite'), { readonly: true });
    const rows = database.prepare('select path from still').all() as { path: string }[];
    database.close();
    for (const { path } of rows) expect(existsSync(join(folder, 'snapshots', path)), path).toBe(true);
    expect((await command(folder, ['keep', '--sweep'])).code).toBe(0);
    expect(await photosIn(folder)).toEqual([...youngPaths].toSorted());
    const after = await command(folder, ['doctor', '--hash', '--json']);
    expect(jsonLines(after).at(-1)).toMatchObject({ files: YOUNG, rows: YOUNG, open: 0 });
    expect(existsSync(join(folder, 'snapshots', '.stillwatch', 'reserve'))).toBe(true);
  });
});
