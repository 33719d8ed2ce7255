// What every spool does. `open` gives the same spool again for the same place, as after a restart, when it can.

import { describe, expect, it } from 'vitest';
import { epochMs, ms } from '../domain/units.ts';
import type { WaitingSpool } from '../ports/spool.ts';
import { draftOf, SOME_TIME, sha256Of } from './stills.ts';

export interface SpoolPlace {
  readonly open: () => Promise<WaitingSpool>;
  readonly read: (file: string) => Promise<Uint8Array>;
  /** False when what was accepted does not outlive the object. */
  readonly survives: boolean;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const spoolContract = (name: string, place: () => Promise<SpoolPlace>): void => {
  describe(`spool: ${name}`, () => {
    it('gives back what was accepted, with length and hash', async () => {
      const { open, read } = await place();
      const spool = await open();
      const draft = draftOf({
        cause: undefined,
        delay: ms(12),
        choice: { way: 'main-ring', reason: 'moment', failed: [] },
        change: { verdict: 'passing', perMille: 0, mask: '0'.repeat(144) },
        set: '2026-11-23/14-32-07',
      });
      const facts = await spool.accept(draft, bytesOf('photo'));
      expect(facts).toEqual({ ...draft, bytes: 5, sha256: sha256Of(bytesOf('photo')) });
      const pending = await spool.pending();
      expect(pending.map((still) => still.facts)).toEqual([facts]);
      expect(await read(pending[0]?.file ?? '')).toEqual(bytesOf('photo'));
    });

    it('is empty at first, and after release', async () => {
      const { open } = await place();
      const spool = await open();
      expect(await spool.pending()).toEqual([]);
      const { id } = await spool.accept(draftOf(), bytesOf('a'));
      await spool.release(id);
      await spool.release(id);
      expect(await spool.pending()).toEqual([]);
    });

    it('keeps the first of two with the same id, also when they come at once', async () => {
      const { open, read } = await place();
      const spool = await open();
      const both = await Promise.all([
        spool.accept(draftOf(), bytesOf('first')),
        spool.accept(draftOf(), bytesOf('second')),
      ]);
      expect(await spool.accept(draftOf(), bytesOf('third'))).toEqual(both[0]);
      expect(both[1]).toEqual(both[0]);
      const pending = await spool.pending();
      expect(pending).toHaveLength(1);
      expect(sha256Of(await read(pending[0]?.file ?? ''))).toBe(both[0].sha256);
    });

    it('lists the oldest first', async () => {
      const { open } = await place();
      const spool = await open();
      const times = [5000, 1000, 3000].map((by) => epochMs(SOME_TIME + by));
      for (const takenAt of times) await spool.accept(draftOf({ takenAt }), bytesOf(String(takenAt)));
      expect((await spool.pending()).map((still) => still.facts.takenAt)).toEqual(times.toSorted((a, b) => a - b));
    });

    it('keeps whole milliseconds only', async () => {
      const { open } = await place();
      const facts = await (await open()).accept(draftOf({ takenAt: epochMs(1000.7), delay: ms(2.2) }), bytesOf('a'));
      expect(facts).toMatchObject({ takenAt: 1001, delay: 2 });
    });

    it('sets a still aside', async () => {
      const { open } = await place();
      const spool = await open();
      const { id } = await spool.accept(draftOf(), bytesOf('a'));
      await spool.setAside(id);
      await spool.setAside(id);
      expect(await spool.pending()).toEqual([]);
    });

    it('has another in the place of what waits, also after a restart', async () => {
      const { open, read, survives } = await place();
      const spool = await open();
      const { id } = await spool.accept(draftOf(), bytesOf('first'));
      const takenAt = epochMs(SOME_TIME + 60_000);
      const facts = await spool.replace({ ...draftOf({ takenAt }), id }, bytesOf('the second'));
      expect(facts).toMatchObject({ id, takenAt, bytes: 10, sha256: sha256Of(bytesOf('the second')) });
      for (const each of survives ? [spool, await open()] : [spool]) {
        const pending = await each.pending();
        expect(pending.map((still) => still.facts)).toEqual([facts]);
        expect(await read(pending[0]?.file ?? '')).toEqual(bytesOf('the second'));
      }
    });

    it('has it all after a restart', async () => {
      const { open, survives } = await place();
      const facts = await (await open()).accept(draftOf({ episode: undefined }), bytesOf('a'));
      if (survives) expect((await (await open()).pending()).map((still) => still.facts)).toEqual([facts]);
    });
  });
};
