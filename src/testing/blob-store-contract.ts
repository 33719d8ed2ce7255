// What every store does.

import { describe, expect, it } from 'vitest';
import type { BlobInfo, BlobStore } from '../ports/blob-store.ts';
import { sha256Of } from './stills.ts';

export interface StorePlace {
  readonly store: BlobStore;
  /** Makes a file that can be put. */
  readonly file: (bytes: Uint8Array) => Promise<string>;
  /** Changes a file that was made, in place. */
  readonly rewrite: (file: string, bytes: Uint8Array) => Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const blobStoreContract = (name: string, place: () => Promise<StorePlace>): void => {
  const open = async () => {
    const { store, file, rewrite } = await place();
    const put = async (path: string, text: string) =>
      store.put(path, { file: await file(bytesOf(text)), sha256: sha256Of(bytesOf(text)) });
    const listed = async (): Promise<readonly BlobInfo[]> => {
      const all: BlobInfo[] = [];
      for await (const blob of store.list()) all.push(blob);
      return all;
    };
    return { store, file, rewrite, put, listed };
  };

  describe(`store: ${name}`, () => {
    it('keeps what is put, and says where', async () => {
      const { store, put } = await open();
      expect(await put('2026-11-23/14-32-07.jpg', 'photo')).toBe('stored');
      expect(await store.read('2026-11-23/14-32-07.jpg')).toEqual(bytesOf('photo'));
      expect(await store.info('2026-11-23/14-32-07.jpg')).toMatchObject({ path: '2026-11-23/14-32-07.jpg', bytes: 5 });
      expect(await store.hash('2026-11-23/14-32-07.jpg')).toBe(sha256Of(bytesOf('photo')));
    });

    it('knows nothing of what is not there', async () => {
      const { store, put, listed } = await open();
      expect(await listed()).toEqual([]);
      await put('a/b.jpg', 'x');
      for (const path of [
        'b.jpg',
        'a',
        'a/c.jpg',
        'a/b.jpg/c',
        '../a/b.jpg',
        'a//b.jpg',
        '/a/b.jpg',
        './a/b.jpg',
        '',
      ]) {
        expect(await store.read(path), path).toBeUndefined();
        expect(await store.info(path), path).toBeUndefined();
        expect(await store.hash(path), path).toBeUndefined();
      }
    });

    it('says `same` for the same bytes and `taken` for others, and overwrites neither', async () => {
      const { store, put } = await open();
      await put('a/b.jpg', 'first');
      expect(await put('a/b.jpg', 'first')).toBe('same');
      expect(await put('a/b.jpg', 'other')).toBe('taken');
      expect(await store.read('a/b.jpg')).toEqual(bytesOf('first'));
    });

    it('lets one of two puts at once win', async () => {
      const { store, put } = await open();
      const outcomes = await Promise.all([put('a/b.jpg', 'one'), put('a/b.jpg', 'two')]);
      expect(outcomes.toSorted()).toEqual(['stored', 'taken']);
      expect(await store.read('a/b.jpg')).toEqual(bytesOf(outcomes[0] === 'stored' ? 'one' : 'two'));
    });

    it('leaves the source as it is', async () => {
      const { store, file } = await open();
      const source = await file(bytesOf('x'));
      const sha256 = sha256Of(bytesOf('x'));
      await store.put('a/1.jpg', { file: source, sha256 });
      expect(await store.put('a/2.jpg', { file: source, sha256 })).toBe('stored');
    });

    it.each([false, true])('refuses a file that is not what its hash says (foreign: %s)', async (isForeign) => {
      const { store, file, listed } = await open();
      const source = { file: await file(bytesOf('torn')), sha256: sha256Of(bytesOf('whole')), isForeign };
      await expect(store.put('a/b.jpg', source)).rejects.toMatchObject({ code: 'SW_SPOOL_DAMAGED' });
      expect(await listed()).toEqual([]);
    });

    it('shares nothing with a foreign file, and answers the same of it', async () => {
      const { store, file, rewrite } = await open();
      const source = await file(bytesOf('whole'));
      const foreign = { file: source, sha256: sha256Of(bytesOf('whole')), isForeign: true };
      expect(await store.put('a/b.jpg', foreign)).toBe('stored');
      expect(await store.put('a/b.jpg', foreign)).toBe('same');
      await rewrite(source, bytesOf('other'));
      expect(await store.read('a/b.jpg')).toEqual(bytesOf('whole'));
      expect(await store.put('a/b.jpg', { ...foreign, sha256: sha256Of(bytesOf('other')) })).toBe('taken');
    });

    it.each(['', '/a.jpg', '../a.jpg', 'a/../b.jpg', 'a//b.jpg', 'a/', '.hidden', 'a/.b.jpg', 'a\\b.jpg', 'a\0b'])(
      'refuses the path %j',
      async (path) => {
        const { put, listed } = await open();
        await expect(put(path, 'x')).rejects.toBeInstanceOf(Error);
        expect(await listed()).toEqual([]);
      },
    );

    it('lists in order of path, also where a folder sorts among files', async () => {
      const { put, listed } = await open();
      const paths = [
        'b/1.jpg',
        'a/2.jpg',
        'a/10.jpg',
        'a-b/1.jpg',
        'a/2.peak.jpg',
        'a/2-2.jpg',
        'a/2/x.jpg',
        'Ø/1.jpg',
      ];
      for (const path of paths) await put(path, path);
      expect((await listed()).map((blob) => blob.path)).toEqual(paths.toSorted());
      expect((await listed()).map((blob) => blob.bytes)).toEqual(paths.toSorted().map((path) => bytesOf(path).length));
    });

    it('removes what is named and nothing else, and does not mind what is not there', async () => {
      const { store, put, listed } = await open();
      for (const path of ['a/1.jpg', 'a/2.jpg', 'b/1.jpg']) await put(path, path);
      const paths = ['a/1.jpg', 'b/1.jpg', 'c/1.jpg', '../a/2.jpg', ''];
      const sum = await store.remove(paths.map((path) => ({ path })));
      expect(sum.removed.toSorted()).toEqual(paths.toSorted());
      expect(sum.failed).toEqual([]);
      expect((await listed()).map((blob) => blob.path)).toEqual(['a/2.jpg']);
      expect(await store.read('a/1.jpg')).toBeUndefined();
      expect(await store.remove([])).toEqual({ removed: [], failed: [] });
    });

    it('removes only the expected bytes when asked to', async () => {
      const { store, put } = await open();
      await put('a/1.jpg', 'mine');
      await put('a/2.jpg', 'yours');
      const expected = sha256Of(bytesOf('mine'));
      await store.remove([
        { path: 'a/1.jpg', expected },
        { path: 'a/2.jpg', expected },
      ]);
      expect(await store.read('a/1.jpg')).toBeUndefined();
      expect(await store.read('a/2.jpg')).toEqual(bytesOf('yours'));
    });

    it('takes puts again where it was emptied', async () => {
      const { store, put } = await open();
      await put('a/1.jpg', 'one');
      await store.remove([{ path: 'a/1.jpg' }]);
      expect(await put('a/1.jpg', 'two')).toBe('stored');
      expect(await store.read('a/1.jpg')).toEqual(bytesOf('two'));
    });
  });
};
