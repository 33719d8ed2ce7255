// A zip of photos and another program's folder, as an owner types it.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { testJpeg } from '../src/testing/jpegs.ts';
import { command, jsonLines, makeSite } from './support/command.ts';

let base = '';
let site = '';
let paths: readonly string[] = [];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'stillwatch-export-'));
  site = join(base, 'site');
  await mkdir(site);
  const day = Date.UTC(2026, 10, 20);
  paths = await makeSite(site, [day, day + 86_399_000, day + 86_400_000, day + 2 * 86_400_000]);
  await command(site, ['doctor', '--repair']);
});
afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

it('exports the days that were asked for, with their facts, and takes them back somewhere else', async () => {
  const made = await command(site, ['export', 'out.zip', '--from', '2026-11-20', '--to', '2026-11-20']);
  expect(made.code).toBe(0);
  const found = new Map<string, Buffer>();
  const zip = await fromBufferPromise(await readFile(join(site, 'out.zip')));
  for await (const entry of zip.eachEntry())
    found.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  expect([...found.keys()]).toEqual([paths[1], paths[0], 'photos.json']);
  expect(found.get(paths[0] ?? '')?.equals(await readFile(join(site, 'snapshots', paths[0] ?? '')))).toBe(true);
  const facts = JSON.parse(found.get('photos.json')?.toString() ?? '') as Record<string, unknown>[];
  expect(facts.map(({ path, camera, takenAt }) => [path, camera, takenAt])).toEqual([
    [paths[1], 'tapo', '2026-11-20T23:59:59.000+00:00'],
    [paths[0], 'tapo', '2026-11-20T00:00:00.000+00:00'],
  ]);

  const folder = join(base, 'unpacked');
  await mkdir(folder);
  await writeFile(join(folder, 'own.jpg'), found.get(paths[0] ?? '') ?? '');
  await writeFile(join(folder, 'IMG_20250102_030405.jpg'), await testJpeg(9));
  const other = join(base, 'other');
  await mkdir(other);
  await makeSite(other, []);
  const dry = await command(other, ['import', folder, '--camera', 'old', '--dry-run']);
  expect(dry.stdout).toContain('name  IMG_20250102_030405.jpg -> old/2025-01-02/03-04-05.jpg');
  expect(dry.stdout).toContain('Would add 2 photos');
  const done = await command(other, ['import', folder, '--camera', 'old', '--json']);
  expect(jsonLines(done).at(-1)).toMatchObject({ added: 2, known: 0, times: { facts: 1, name: 1 } });
  const again = await command(other, ['import', folder, '--camera', 'old', '--json']);
  expect(jsonLines(again).at(-1)).toMatchObject({ added: 0, known: 2 });
  const healthy = await command(other, ['doctor', '--hash', '--json']);
  expect(jsonLines(healthy).at(-1)).toMatchObject({ files: 2, rows: 2, open: 0 });
});
