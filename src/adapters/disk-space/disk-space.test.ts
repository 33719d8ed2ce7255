import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { diskUnder } from './disk-space.ts';

const newFolder = temporaryFolders();

describe('the disk', () => {
  it('says how much is free of how much', async () => {
    const { free, total } = await diskUnder(newFolder()).space();
    expect(free).toBeGreaterThan(0);
    expect(total).toBeGreaterThanOrEqual(free);
  });

  it('that is gone is a storage trouble', async () => {
    await expect(diskUnder(join(newFolder(), 'gone')).space()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  });

  it('holds a reserve, and gives it up', async () => {
    const folder = newFolder();
    const reserve = join(folder, 'reserve');
    const disk = diskUnder(folder, reserve);
    await disk.releaseReserve();
    await disk.holdReserve();
    const { size, blocks, mtimeMs } = statSync(reserve);
    expect(size).toBe(8 * 1024 * 1024);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    await disk.holdReserve();
    expect(statSync(reserve).mtimeMs).toBe(mtimeMs);
    await disk.releaseReserve();
    expect(existsSync(reserve)).toBe(false);
    // Half a reserve, from a crash, is made whole.
    writeFileSync(reserve, 'x');
    await disk.holdReserve();
    expect(statSync(reserve).size).toBe(size);
  });

  it('holds nothing where no file is named', async () => {
    const folder = newFolder();
    await diskUnder(folder).holdReserve();
    await diskUnder(folder).releaseReserve();
    expect(existsSync(join(folder, '.reserve'))).toBe(false);
  });
});
