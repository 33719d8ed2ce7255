// doctor, catalog rebuild and keep, on real files, as commands.

import { chmod, chown, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, jsonLines, makeSite } from './support/command.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1, 12);
const days = (count: number): number[] => Array.from({ length: count }, (_, index) => START + index * DAY);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-doctor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('stillwatch doctor', () => {
  it('says what is wrong, mends it, and says that all is well', async () => {
    const [first = '', second = '', third = '', fourth = ''] = await makeSite(folder, days(6));
    expect((await command(folder, ['doctor', '--repair'])).stdout).toContain('6 photos added to the catalogue');
    expect(await command(folder, ['doctor', '--hash'])).toMatchObject({ code: 0, stderr: '' });

    const photos = join(folder, 'snapshots');
    await rm(join(photos, first));
    await truncate(join(photos, second), 700);
    const bytes = await readFile(join(photos, third));
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 4;
    await writeFile(join(photos, third), bytes);
    await chmod(join(photos, '.stillwatch'), 0o755);
    await writeFile(join(photos, 'notes.txt'), 'mine');

    const found = await command(folder, ['doctor', '--hash', '--json']);
    expect(found.code).toBe(6);
    const kinds = jsonLines(found).filter((line) => 'kind' in line);
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(
      new Set(['changed', 'foreign', 'half', 'no-file', 'open-to-all']),
    );
    expect(kinds).toHaveLength(5);

    const mended = await command(folder, ['doctor', '--hash', '--repair']);
    expect(mended).toMatchObject({ code: 0, stderr: '' });
    expect(mended.stdout).toContain(`mended ${first}`);
    const after = jsonLines(await command(folder, ['doctor', '--hash', '--json']));
    expect(after.filter((line) => 'kind' in line).map(({ kind, path }) => `${String(kind)} ${String(path)}`)).toEqual([
      `half ${second}`,
      'foreign notes.txt',
    ]);
    expect((await readdir(join(photos, fourth.slice(0, 10)))).length).toBe(1);
  });

  it('finds a photo that somebody else owns', async () => {
    const [first = ''] = await makeSite(folder, days(2));
    const photos = join(folder, 'snapshots');
    await command(folder, ['doctor', '--repair']);
    // As root everything may be read: then the command runs as nobody, who owns all but one file.
    const isRoot = process.getuid?.() === 0;
    const nobody = 65_534;
    if (isRoot) {
      const all = await readdir(folder, { recursive: true });
      await chown(folder, nobody, nobody);
      for (const name of all) await chown(join(folder, name), nobody, nobody);
      await chown(join(photos, first), 0, 0);
    }
    await chmod(join(photos, first), 0o000);
    const under = isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
    const lines = jsonLines(await command(folder, ['doctor', '--json'], { under }));
    expect(lines).toContainEqual({ kind: 'no-access', path: join(photos, first), isMended: false });
  });
});

describe('stillwatch catalog rebuild', () => {
  it('gives back every row from the photos alone, and keeps the old catalogue', async () => {
    await makeSite(folder, days(5));
    await command(folder, ['doctor', '--repair']);
    const data = join(folder, 'snapshots', '.stillwatch');
    const dump = async (): Promise<unknown> => {
      const { default: SqliteDatabase } = await import('better-sqlite3');
      const database = new SqliteDatabase(join(data, 'catalog.sqlite'), { readonly: true });
      try {
        return database.prepare('select * from still order by id').all();
      } finally {
        database.close();
      }
    };
    const before = await dump();
    const outcome = await command(folder, ['catalog', 'rebuild', '--json']);
    expect(jsonLines(outcome)[0]).toMatchObject({ recorded: 5, skipped: 0 });
    expect(await dump()).toEqual(before);
    expect(await readdir(data)).toContain('catalog.sqlite.before-rebuild');
    expect((await command(folder, ['doctor', '--hash'])).code).toBe(0);
  });

  it('does so when the old one is no database at all', async () => {
    await makeSite(folder, days(3));
    await command(folder, ['doctor', '--repair']);
    await writeFile(join(folder, 'snapshots', '.stillwatch', 'catalog.sqlite'), 'x'.repeat(5000));
    expect((await command(folder, ['doctor'])).stderr).toContain('SW_CATALOG_DAMAGED');
    expect((await command(folder, ['catalog', 'rebuild'])).code).toBe(0);
    expect((await command(folder, ['doctor', '--hash'])).code).toBe(0);
  });
});
