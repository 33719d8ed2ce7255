import { appendFile, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../../domain/ids.ts';
import type { KeptReading } from '../../domain/readings.ts';
import { epochMs } from '../../domain/units.ts';
import { readingArchiveContract } from '../../testing/reading-archive-contract.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsReadings } from './readings-fs.ts';

const garden = cameraId('garden');
const START = 1_795_392_000_000;
const calm = (minute: number): KeptReading => ({ type: 'calm', from: epochMs(START + minute * 60_000), seconds: 60 });
const newFolder = temporaryFolders();
const ALL = [epochMs(START), epochMs(START + 86_400_000)] as const;

readingArchiveContract(async () => fsReadings(join(newFolder(), 'readings')));

describe('readings in files', () => {
  it('lose at most the block that a crash cut short, wherever it was cut', async () => {
    const root = newFolder();
    const file = join(root, 'garden', '2026-11-23.swr');
    const first = fsReadings(root);
    await first.append(garden, [calm(0)]);
    const whole = (await stat(file)).size;
    await first.append(garden, [calm(5)]);
    const longer = (await readFile(file)).subarray();
    for (let length = whole; length < longer.length; length++) {
      await writeFile(file, longer);
      await truncate(file, length);
      const next = fsReadings(root);
      expect(await next.read(garden, ...ALL)).toEqual([calm(0)]);
      await next.append(garden, [calm(9)]);
      expect(await fsReadings(root).read(garden, ...ALL)).toEqual([calm(0), calm(9)]);
    }
  });

  it('leave out what is damaged, and go on behind it', async () => {
    const root = newFolder();
    const file = join(root, 'garden', '2026-11-23.swr');
    await fsReadings(root).append(garden, [calm(0)]);
    const good = await readFile(file);
    await appendFile(file, Buffer.from('rubbish that is no block'));
    expect(await fsReadings(root).read(garden, ...ALL)).toEqual([calm(0)]);
    await fsReadings(root).append(garden, [calm(3)]);
    expect((await readFile(file)).subarray(0, good.length)).toEqual(good);
    expect(await fsReadings(root).read(garden, ...ALL)).toEqual([calm(0), calm(3)]);
    await writeFile(file, 'not ours at all');
    expect(await fsReadings(root).read(garden, ...ALL)).toEqual([]);
  });

  it('say that the disk is the trouble when they cannot be written', async () => {
    const root = newFolder();
    await writeFile(join(root, 'garden'), 'a file where the folder should be');
    await expect(fsReadings(root).append(garden, [calm(0)])).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  });

  it('sweep nothing that is not theirs', async () => {
    const root = newFolder();
    await mkdir(join(root, 'garden'));
    await writeFile(join(root, 'garden', 'notes.txt'), 'mine');
    await fsReadings(root).append(garden, [calm(0)]);
    expect(await fsReadings(root).sweep(epochMs(START + 9 * 86_400_000))).toBe(1);
    expect(await readdir(join(root, 'garden'))).toEqual(['notes.txt']);
  });
});
