import { describe, expect, it } from 'vitest';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memoryCorrections, memoryFavourites } from '../testing/memory-words.ts';
import { someId, storedStill } from '../testing/stills.ts';
import { correctVerdict, noteAll, setFavourite } from './owner-word.ts';

describe('the owner’s word', () => {
  const change = { verdict: 'arrived' as const, perMille: 31, mask: 'f'.repeat(144) };
  const still = storedStill('a/1.jpg', { change });

  it('survives a catalogue that was made anew', async () => {
    const [favourites, corrections] = [memoryFavourites(), memoryCorrections()];
    const catalog = memoryCatalog();
    await catalog.record([still]);
    await setFavourite({ catalog, favourites, corrections }, still.id, true);
    const said = await correctVerdict({ catalog, favourites, corrections }, still.id, 'light-only');
    expect(said).toEqual({ ...still, isFavourite: true, ownerVerdict: 'light-only' });

    const anew = memoryCatalog();
    await anew.record([still]);
    await noteAll({ catalog: anew, favourites, corrections });
    expect(await anew.find(still.id)).toEqual(said);
  });

  it('is kept of a photo that the catalogue does not know, and taken back', async () => {
    const [favourites, corrections] = [memoryFavourites(), memoryCorrections()];
    const catalog = memoryCatalog();
    const parts = { catalog, favourites, corrections };
    expect(await setFavourite(parts, someId('later'), true)).toBeUndefined();
    await noteAll(parts);
    expect(await favourites.all()).toEqual(new Set([someId('later')]));
    await catalog.record([still]);
    await correctVerdict(parts, still.id, 'gone');
    expect(await correctVerdict(parts, still.id, undefined)).toEqual(still);
    expect(await corrections.all()).toEqual(new Map());
  });
});
