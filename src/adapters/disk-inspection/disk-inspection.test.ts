import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiskFinding, DiskInspection } from '../../ports/disk-inspection.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { diskInspection } from './disk-inspection.ts';

const newFolder = temporaryFolders();

const stage = () => {
  const photos = newFolder();
  const data = join(photos, '.stillwatch');
  const spool = join(data, 'spool');
  const shelf = join(data, 'shelf');
  for (const folder of [data, spool, shelf, join(photos, '.incoming'), join(photos, '2026-11-23')]) {
    mkdirSync(folder, { mode: 0o750 });
  }
  return { photos, data, spool, shelf, inspection: diskInspection({ photos, data, spool, shelf }) };
};
const all = async (inspection: DiskInspection): Promise<DiskFinding[]> => {
  const found: DiskFinding[] = [];
  for await (const finding of inspection.findings()) found.push(finding);
  return found;
};
const old = (file: string): void => {
  writeFileSync(file, 'x');
  utimesSync(file, 1000, 1000);
};

describe('the disk’s inspection', () => {
  it('finds nothing where all is well', async () => {
    const { photos, inspection } = stage();
    writeFileSync(join(photos, '2026-11-23', '14-32-07.jpg'), 'x');
    expect(await all(inspection)).toEqual([]);
  });

  it('finds and removes temporaries that nobody is writing any more, and those only', async () => {
    const { photos, data, spool, shelf, inspection } = stage();
    const strays = [
      join(photos, '.incoming', 'abc'),
      join(spool, '.tmp-1'),
      join(shelf, '.tmp-3'),
      join(data, 'favourites.new'),
    ];
    for (const stray of strays) old(stray);
    writeFileSync(join(spool, '.tmp-2'), 'in progress');
    old(join(spool, 'notes.txt'));
    const found = await all(inspection);
    expect(found).toEqual(strays.map((path) => ({ kind: 'stray-temporary', path, isMendable: true })));
    for (const finding of found) expect(await inspection.mend(finding)).toBe(true);
    expect(strays.filter((path) => existsSync(path))).toEqual([]);
    expect(readdirSync(spool).toSorted()).toEqual(['.tmp-2', 'notes.txt']);
    expect(await all(inspection)).toEqual([]);
    for (const finding of found) expect(await inspection.mend(finding)).toBe(false);
  });

  it('removes the copies of a backup or restore that was killed a day ago, and none that is at work', async () => {
    const { data, inspection } = stage();
    for (const name of ['.backup', '.restoring']) {
      mkdirSync(join(data, name));
      writeFileSync(join(data, name, 'catalog.sqlite'), 'copy');
    }
    utimesSync(join(data, '.restoring'), 1000, 1000);
    const found = await all(inspection);
    expect(found).toEqual([{ kind: 'stray-temporary', path: join(data, '.restoring'), isMendable: true }]);
    for (const finding of found) expect(await inspection.mend(finding)).toBe(true);
    expect(readdirSync(data).toSorted()).toEqual(['.backup', 'shelf', 'spool']);
  });

  it('names what was set aside, and leaves it', async () => {
    const { spool, shelf, inspection } = stage();
    const asides = [spool, shelf].map((queue) => join(queue, 'set-aside'));
    for (const aside of asides) {
      mkdirSync(aside);
      writeFileSync(join(aside, 'a.jpg'), 'x');
    }
    expect(await all(inspection)).toEqual(
      asides.map((aside) => ({ kind: 'set-aside', path: join(aside, 'a.jpg'), isMendable: false })),
    );
  });

  it('closes the data folder to others, and leaves the photo folder as the owner made it', async () => {
    const { photos, data, inspection } = stage();
    chmodSync(data, 0o755);
    chmodSync(join(photos, '2026-11-23'), 0o755);
    const found = await all(inspection);
    expect(found).toEqual([{ kind: 'open-to-all', path: data, isMendable: true }]);
    for (const finding of found) await inspection.mend(finding);
    expect(statSync(data).mode & 0o777).toBe(0o750);
    expect(await all(inspection)).toEqual([]);
  });
});
