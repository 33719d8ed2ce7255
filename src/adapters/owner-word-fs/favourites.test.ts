import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { someId } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsFavourites } from './favourites.ts';

const newFolder = temporaryFolders();
const [a, b, c] = [someId('a'), someId('b'), someId('c')];

describe('favourites', () => {
  it('are none at first, and stay over a restart', async () => {
    const folder = newFolder();
    const file = join(folder, 'favourites');
    expect(await fsFavourites(file).all()).toEqual(new Set());
    await fsFavourites(file).set(a, true);
    await fsFavourites(file).set(b, true);
    await fsFavourites(file).set(b, true);
    expect(await fsFavourites(file).all()).toEqual(new Set([a, b]));
    await fsFavourites(file).set(a, false);
    await fsFavourites(file).set(a, false);
    expect(await fsFavourites(file).all()).toEqual(new Set([b]));
    expect(readdirSync(folder)).toEqual(['favourites']);
  });

  it('that come at once are all kept', async () => {
    const favourites = fsFavourites(join(newFolder(), 'favourites'));
    await Promise.all([a, b, c].map((id) => favourites.set(id, true)));
    expect(await favourites.all()).toEqual(new Set([a, b, c]));
  });

  it.each([
    ['half an id', (file: string) => writeFileSync(file, `${a}\n${b.slice(0, 9)}\n`)],
    ['no file', (file: string) => mkdirSync(file)],
  ])('that cannot be read whole are an error, not none: %s', async (_, spoil) => {
    const file = join(newFolder(), 'favourites');
    spoil(file);
    await expect(fsFavourites(file).all()).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    await expect(fsFavourites(file).set(c, true)).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  });

  it('that cannot be written leave the old list', async () => {
    const folder = newFolder();
    const file = join(folder, 'favourites');
    await fsFavourites(file).set(a, true);
    mkdirSync(`${file}.new`);
    await expect(fsFavourites(file).set(b, true)).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
    expect(await fsFavourites(file).all()).toEqual(new Set([a]));
  });
});
