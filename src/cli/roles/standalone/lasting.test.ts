// A catalogue whose file is deleted, replaced, or on a disk that fails, while it is in use.

import { rmSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlCatalog } from '../../../adapters/catalog-sql/catalog-sql.ts';
import { setDatabaseAside } from '../../../adapters/sqlite-copy/set-aside.ts';
import { StillwatchError } from '../../../domain/errors.ts';
import { ms } from '../../../domain/units.ts';
import { fakeClock } from '../../../testing/fake-clock.ts';
import { storedStill } from '../../../testing/stills.ts';
import { temporaryFolders } from '../../../testing/temporary-folder.ts';
import { lasting } from './lasting.ts';

const newFolder = temporaryFolders();
const [first, second] = ['a.jpg', 'b.jpg'].map((path) => storedStill(path)) as [
  ReturnType<typeof storedStill>,
  ReturnType<typeof storedStill>,
];

const stage = async () => {
  const folder = join(newFolder(), 'data');
  const file = join(folder, 'catalog.sqlite');
  const clock = fakeClock();
  const renewed: boolean[] = [];
  const troubles: string[] = [];
  const catalog = await lasting({
    file,
    clock,
    open: () => sqlCatalog({ file }),
    setAside: async () => void (await setDatabaseAside(file, `${file}.damaged`)),
    onRenewed: (isOther) => renewed.push(isOther),
    onTrouble: (error) => troubles.push(error.code),
  });
  await catalog.record([first]);
  const wait = (): Promise<void> => clock.advance(ms(2000));
  return { folder, file, catalog, renewed, troubles, wait };
};

describe('a catalogue in use', () => {
  it('whose file is deleted begins anew, says so, and what is recorded then is kept', async () => {
    const { file, catalog, renewed, wait } = await stage();
    rmSync(file);
    await wait();
    await catalog.record([second]);
    expect(renewed).toEqual([true]);
    await catalog.close();
    const again = await sqlCatalog({ file });
    expect((await again.list({ limit: 9 })).map(({ path }) => path)).toEqual(['b.jpg']);
    await again.close();
  });

  it('that is replaced by another is the other', async () => {
    const { file, catalog, renewed, wait } = await stage();
    const other = await sqlCatalog({ file: `${file}.other` });
    await other.record([second]);
    await other.close();
    await setDatabaseAside(file, `${file}.old`);
    await rename(`${file}.other`, file);
    await wait();
    expect((await catalog.list({ limit: 9 })).map(({ path }) => path)).toEqual(['b.jpg']);
    expect(renewed).toEqual([true]);
    await catalog.close();
  });

  it('makes nothing while its folder is gone, and goes on when the disk is back', async () => {
    const { folder, file, catalog, renewed, wait } = await stage();
    await rename(folder, `${folder}.unplugged`);
    await wait();
    await catalog.record([second]).catch(() => undefined);
    expect(() => statSync(file)).toThrow();
    await rename(`${folder}.unplugged`, folder);
    await wait();
    expect((await catalog.list({ limit: 9 })).map(({ path }) => path)).toContain('a.jpg');
    expect(renewed).toEqual([]);
    await catalog.close();
  });
});

it('a connection that a failing disk has spoiled is opened again, as often as it takes', async () => {
  const file = join(newFolder(), 'a.sqlite');
  writeFileSync(file, '');
  const clock = fakeClock();
  const ioError = (): never => {
    throw new StillwatchError(
      'SW_STORE_WRITE',
      { path: file, detail: 'disk I/O error' },
      { cause: Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' }) },
    );
  };
  let opened = 0;
  const renewed: boolean[] = [];
  const troubles: string[] = [];
  const work = await lasting({
    file,
    clock,
    setAside: async () => undefined,
    open: async () => {
      opened++;
      if (opened === 2) ioError();
      return { write: async () => (opened < 3 ? ioError() : opened), close: async () => undefined };
    },
    onRenewed: (isOther) => renewed.push(isOther),
    onTrouble: (error) => troubles.push(error.code),
  });
  await expect(work.write()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  await clock.advance(ms(2000));
  await expect(work.write()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  await clock.advance(ms(2000));
  expect(await work.write()).toBe(3);
  expect(renewed).toEqual([false]);
  expect(troubles).toEqual(['SW_STORE_WRITE']);
});

it('one that turns out to be damaged while in use is set aside before it is opened again', async () => {
  const file = join(newFolder(), 'a.sqlite');
  writeFileSync(file, '');
  const clock = fakeClock();
  const done: string[] = [];
  const work = await lasting({
    file,
    clock,
    setAside: async () => void done.push('aside'),
    open: async () => {
      done.push('open');
      const isTorn = done.length === 1;
      return {
        read: async () => {
          if (isTorn) throw new StillwatchError('SW_CATALOG_DAMAGED', { path: file, detail: 'malformed' });
          return 'well';
        },
        close: async () => void done.push('close'),
      };
    },
    onRenewed: (isOther) => void done.push(isOther ? 'other' : 'same'),
    onTrouble: () => expect.unreachable(),
  });
  await expect(work.read()).rejects.toMatchObject({ code: 'SW_CATALOG_DAMAGED' });
  await clock.advance(ms(2000));
  expect(await work.read()).toBe('well');
  expect(done).toEqual(['open', 'close', 'aside', 'open', 'other']);
});
