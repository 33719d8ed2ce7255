import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { someId } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsCorrections } from './corrections.ts';

describe('corrections in a file', () => {
  const folder = temporaryFolders();

  it('are kept over restarts, changed, and taken back', async () => {
    const file = join(folder(), 'corrections');
    const corrections = fsCorrections(file);
    expect(await corrections.all()).toEqual(new Map());
    await Promise.all([
      corrections.set(someId('a'), 'arrived'),
      corrections.set(someId('b'), 'gone'),
      corrections.set(someId('a'), 'light-only'),
      corrections.set(someId('c'), 'passing'),
      corrections.set(someId('b'), undefined),
    ]);
    const kept = new Map([
      [someId('a'), 'light-only'],
      [someId('c'), 'passing'],
    ]);
    expect(await fsCorrections(file).all()).toEqual(kept);
    expect(await readFile(file, 'utf8')).toBe(`${someId('a')} light-only\n${someId('c')} passing\n`);
  });

  it('a file that is no such list is left as it is', async () => {
    const file = join(folder(), 'damaged');
    await writeFile(file, `${someId('a')} wonderful\n`);
    const corrections = fsCorrections(file);
    await expect(corrections.all()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    await expect(corrections.set(someId('b'), 'gone')).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    expect(await readFile(file, 'utf8')).toBe(`${someId('a')} wonderful\n`);
  });
});
