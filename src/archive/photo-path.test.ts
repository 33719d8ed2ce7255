// The whole path from accept to catalogue on a disk that forgets: whatever is done in whatever order, and wherever the
// process is killed or the power cut, an announced photo is there afterwards, once and whole. A failing run prints its seed.

import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { fsStore } from '../adapters/store-fs/store-fs.ts';
import { cameraId, type StillId } from '../domain/ids.ts';
import { jpegDamage } from '../domain/jpeg.ts';
import { readStillFacts, withStillFacts } from '../domain/still-facts.ts';
import { epochMs } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { StillDraft } from '../ports/spool.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { Dead, type FragileDisk, fragileDisk } from '../testing/fragile-disk.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { draftOf, SOME_TIME } from '../testing/stills.ts';
import { adopt } from './adoption.ts';
import { shipper } from './shipper.ts';

const SPOOL = '/a/spool';
const STORE = '/b/photos';
const rootCamera = cameraId('tapo');

let picture: Uint8Array;
beforeAll(async () => {
  picture = await testJpeg(1, { width: 8, height: 8 });
});

/** What is done, and after how many operations of the disk it ends in death, if it does. */
interface Act {
  readonly what: 'accept' | 'ship' | 'adopt';
  /** Which photo. Four of them share a second. */
  readonly number: number;
  readonly diesAfter: number | undefined;
  readonly isPowerCut: boolean;
  /** The linear congruential generator's state that decides what survives a power cut. */
  readonly luck: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('accept', 'accept', 'ship', 'ship', 'adopt'),
  number: fc.nat(5),
  diesAfter: fc.option(fc.nat(60), { nil: undefined, freq: 3 }),
  isPowerCut: fc.boolean(),
  luck: fc.nat(),
});

const randomFrom = (seed: number): (() => number) => {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0; // neighbouring seeds must not begin alike
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const draftNumber = (number: number): StillDraft =>
  draftOf({
    camera: cameraId(number % 3 ? 'tapo' : 'garden'),
    takenAt: epochMs(SOME_TIME + number * 200),
    kind: number === 5 ? 'peak' : 'calm',
    width: 8,
    height: 8,
  });

/** The catalogue as one process sees it: a transaction is there or not, and a dead process starts none. */
const catalogFor = (catalog: Catalog, fragile: FragileDisk): Catalog => ({
  ...catalog,
  record: async (stills) => {
    if (fragile.isDead) throw new Dead();
    return catalog.record(stills);
  },
});

const play = async (acts: readonly Act[]): Promise<{ announced: number; deaths: number }> => {
  const fragile = fragileDisk();
  const catalog = memoryCatalog();
  const announced = new Map<StillId, string>();
  let deaths = 0;
  const { disk } = fragile;
  const seen = catalogFor(catalog, fragile);

  const perform = async ({ what, number }: Act): Promise<void> => {
    const spool = await fsSpool({ dir: SPOOL, disk });
    const store = await fsStore({ root: STORE, disk });
    if (what === 'accept') {
      const draft = draftNumber(number);
      const facts = await spool.accept(draft, withStillFacts(picture, draft));
      announced.set(facts.id, facts.sha256);
    } else if (what === 'ship') {
      const options = { spool, store, catalog: seen, rootCamera, clock: fakeClock(), random: () => 0 };
      await shipper({ ...options, onStored: () => undefined, onTrouble: () => undefined }).runOnce();
    } else {
      await adopt({ store, catalog: seen, rootCamera, zone: 'Europe/Copenhagen' });
    }
  };

  for (const each of acts) {
    fragile.dieAfter(each.diesAfter ?? Number.POSITIVE_INFINITY);
    try {
      await perform(each);
    } catch (thrown) {
      if (!fragile.isDead) throw thrown; // the disk is well: nothing may fail
    }
    if (each.diesAfter !== undefined) {
      if (fragile.isDead) deaths++;
      if (each.isPowerCut) fragile.powerCut(randomFrom(each.luck));
      else fragile.restart();
    }
  }

  fragile.restart();
  await perform({ what: 'ship', number: 0, diesAfter: undefined, isPowerCut: false, luck: 0 });
  const store = await fsStore({ root: STORE, disk });
  const photos = new Map<string, string>();
  for await (const { path } of store.list()) {
    const bytes = (await store.read(path)) ?? new Uint8Array();
    expect(jpegDamage(bytes), path).toBeUndefined();
    const id = readStillFacts(bytes)?.id ?? '';
    expect(photos.has(id), `${id} twice`).toBe(false);
    photos.set(id, createHash('sha256').update(bytes).digest('hex'));
    expect(await catalog.findByPath(path), path).toMatchObject({ id, sha256: photos.get(id) });
  }
  for (const [id, sha256] of announced) expect(photos.get(id), `announced ${id}`).toBe(sha256);
  expect(await catalog.byPath('', 1000)).toHaveLength(photos.size);
  expect(await disk.readdir(SPOOL)).toEqual([]);
  return { announced: announced.size, deaths };
};

describe('the photo path on a disk that forgets', () => {
  it('keeps every announced photo, once and whole, whatever happens in whatever order', async () => {
    let deaths = 0;
    let announced = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
        const played = await play(acts);
        deaths += played.deaths;
        announced += played.announced;
      }),
      { numRuns: 200 },
    );
    // That it was a test at all.
    expect(deaths).toBeGreaterThan(150);
    expect(announced).toBeGreaterThan(200);
  }, 60_000);

  it('keeps them when it dies after every single operation, and the power is cut then or after the work was repeated', async () => {
    const done = { number: 1, diesAfter: undefined, isPowerCut: false, luck: 0 };
    const [accept, ship]: [Act, Act] = [
      { ...done, what: 'accept' },
      { ...done, what: 'ship' },
    ];
    for (let diesAfter = 1; diesAfter <= 60; diesAfter++) {
      for (let luck = 1; luck <= 3; luck++) {
        const [killed, cut] = [{ diesAfter }, { diesAfter, isPowerCut: true, luck }];
        const cutNow: Act = { ...ship, diesAfter: 0, isPowerCut: true, luck: luck * 1000 + diesAfter };
        await play([{ ...accept, ...cut }]);
        await play([accept, { ...ship, ...cut }]);
        // What a killed run left unsynced, the repeated one must sync before it promises anything.
        await play([{ ...accept, ...killed }, accept, cutNow]);
        await play([accept, { ...ship, ...killed }, ship, cutNow]);
      }
    }
  }, 60_000);
});
