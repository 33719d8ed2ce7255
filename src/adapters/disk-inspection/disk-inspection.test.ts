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
  for (const folder of [data, spool, join(photos, '.incoming'), join(photos, '2026-11-23')]) {
    mkdirSync(folder, { mode: 0o750 });
  }
  return { photos, data, spool, inspection: diskInspection({ photos, data, spool }) };
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
    const { photos, data, spool, inspection } = stage();
    const strays = [join(photos, '.incoming', 'abc'), join(spool, '.tmp-1'), join(data, 'favourites.new')];
    for (const stray of strays) old(stray);
    writeFileSync(join(spool, '.tmp-2'), 'in progress');
    old(join(spool, 'notes.txt'));
    const found = await all(inspection);
    expect(found).toEqual(strays.map((path) => ({ kind: 'stray-temporary', path, isMendable: true })));
    for (const finding of found) expect(await inspection.mend(finding)).toBe(true);
    expect(strays.map((path) => existsSync(path))).toEqual([false, false, false]);
    expect(readdirSync(spool).toSorted()).toEqual(['.tmp-2', 'notes.txt']);
    expect(await all(inspection)).toEqual([]);
    for (const finding of found) expect(await inspection.mend(finding)).toBe(false);
  });

  it('names what was set aside, and leaves it', async () => {
    const { spool, inspection } = stage();
    mkdirSync(join(spool, 'set-aside'));
    writeFileSync(join(spool, 'set-aside', 'a.jpg'), 'x');
    expect(await all(inspection)).toEqual([
      { kind: 'set-aside', path: join(spool, 'set-aside', 'a.jpg'), isMendable: false },
    ]);
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
