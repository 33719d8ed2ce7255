// What every store of films holds to.

import { describe, expect, it } from 'vitest';
import { filmName } from '../domain/film.ts';
import { cameraId } from '../domain/ids.ts';
import { type EpochMs, epochMs, later, ms } from '../domain/units.ts';
import type { ClipStore, ClipWish } from '../ports/inbox.ts';

const FOREST = cameraId('forest');
const GATE = cameraId('gate');
const NOON = epochMs(Date.UTC(2026, 10, 23, 12));
const at = (minutes: number): EpochMs => later(NOON, ms(minutes * 60_000));
const named = (minutes: number, hash: string): string => filmName(at(minutes), hash.padEnd(8, '0'), 'mp4');
const film = (text: string): Uint8Array => Buffer.from(text);

export const clipStoreContract = (name: string, open: () => Promise<ClipStore>): void => {
  describe(`${name} keeps films`, () => {
    it('lists a camera’s own, newest first, all or those that began in a span', async () => {
      const store = await open();
      await store.keep(FOREST, named(0, 'a'), film('first'));
      await store.keep(FOREST, named(3, 'b'), film('second'));
      // Over midnight, in the day before.
      await store.keep(FOREST, named(-13 * 60, 'c'), film('earlier'));
      await store.keep(GATE, named(1, 'd'), film('elsewhere'));
      expect((await store.list(FOREST)).map(({ name }) => name)).toEqual([
        named(3, 'b'),
        named(0, 'a'),
        named(-780, 'c'),
      ]);
      const span = { from: at(-800), until: at(0) };
      expect(await store.list(FOREST, span)).toEqual([
        { name: named(0, 'a'), takenAt: at(0), ending: 'mp4', bytes: 5 },
        { name: named(-780, 'c'), takenAt: at(-780), ending: 'mp4', bytes: 7 },
      ]);
      expect(await store.list(cameraId('nobody'))).toEqual([]);
    });

    it('lists no more than were asked for: the newest, of the whole or of a span, over days', async () => {
      const store = await open();
      const minutes = [0, 3, -13 * 60, -13 * 60 - 1];
      for (const [index, at] of minutes.entries()) await store.keep(FOREST, named(at, 'abcd'.charAt(index)), film('x'));
      const listed = async (wish: ClipWish): Promise<readonly EpochMs[]> =>
        (await store.list(FOREST, wish)).map(({ takenAt }) => takenAt);
      expect(await listed({ most: 1 })).toEqual([at(3)]);
      expect(await listed({ most: 3 })).toEqual([at(3), at(0), at(-780)]);
      expect(await listed({ until: at(0), most: 2 })).toEqual([at(0), at(-780)]);
      expect(await listed({ from: at(0), most: 9 })).toEqual([at(3), at(0)]);
    });

    it('gives any part of one', async () => {
      const store = await open();
      await store.keep(FOREST, named(0, 'a'), film('0123456789'));
      const opened = await store.open(FOREST, named(0, 'a'));
      expect(opened?.bytes).toBe(10);
      const part: Uint8Array[] = [];
      for await (const chunk of opened?.read({ from: 2, until: 5 }) ?? []) part.push(chunk);
      expect(Buffer.concat(part).toString()).toBe('234');
      expect(await store.open(GATE, named(0, 'a'))).toBeUndefined();
      expect(await store.open(FOREST, '../secrets/key')).toBeUndefined();
    });

    it('forgets whole days that are over', async () => {
      const store = await open();
      await store.keep(FOREST, named(0, 'a'), film('now'));
      await store.keep(FOREST, named(-2 * 24 * 60, 'b'), film('then'));
      await store.forget(FOREST, at(-24 * 60));
      expect((await store.list(FOREST)).map(({ name }) => name)).toEqual([named(0, 'a')]);
    });
  });
};
