// Everything the photo side does, in random order, on a disk that forgets and fails: see testing/fragile-site.ts. Every run has
// a seed of its own; a failing one is printed with its shortest list of acts and with how to play it again.
// STILLWATCH_RUNS=5000 asks for more runs, STILLWATCH_SEED=… for this one.

import { beforeAll, expect, it } from 'vitest';
import { type Act, actsOf, DEEDS, type Played, playSite, type SiteMedia } from '../testing/fragile-site.ts';
import { testJpeg } from '../testing/jpegs.ts';

const WISH = process.env['STILLWATCH_SEED'];
const RUNS = Number(process.env['STILLWATCH_RUNS'] ?? (WISH === undefined ? 250 : 1));
const FIRST_SEED = WISH === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(WISH);

let media: SiteMedia;
beforeAll(async () => {
  const small = (seed: number): Promise<Uint8Array> => testJpeg(seed, { width: 8, height: 8 });
  media = { picture: await small(1), foreign: await Promise.all([2, 3, 4].map(small)) };
});

const troubleOf = (acts: readonly Act[]): Promise<unknown> =>
  playSite(media, acts).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

/** Leaves acts out for as long as it still fails. */
const shortest = async (acts: readonly Act[]): Promise<readonly Act[]> => {
  for (let at = 0; at < acts.length; at++) {
    const fewer = acts.toSpliced(at, 1);
    if ((await troubleOf(fewer)) !== undefined) return shortest(fewer);
  }
  return acts;
};

it('keeps every promise, whatever happens in whatever order', async () => {
  const sums = { deaths: 0, powerCuts: 0, failures: 0, announced: 0, swept: 0 };
  for (let run = 0; run < RUNS; run++) {
    const seed = (FIRST_SEED + run) % 2 ** 31;
    const acts = actsOf(seed);
    try {
      const played: Played = await playSite(media, acts);
      for (const key of ['deaths', 'powerCuts', 'failures', 'announced', 'swept'] as const) sums[key] += played[key];
    } catch (thrown) {
      const few = (await shortest(acts)).map((act) => JSON.stringify(act)).join('\n');
      throw new Error(`seed ${seed}: STILLWATCH_SEED=${seed} plays it again. Enough to fail:\n${few}`, {
        cause: thrown,
      });
    }
  }
  process.stdout.write(`${RUNS} runs from seed ${FIRST_SEED}: ${JSON.stringify(sums)}\n`);
  if (WISH !== undefined) return;
  // That it was a test at all.
  for (const key of ['deaths', 'powerCuts', 'announced'] as const) expect(sums[key], key).toBeGreaterThan(RUNS * 0.4);
  expect(sums.failures).toBeGreaterThan(RUNS);
  expect(sums.swept).toBeGreaterThan(RUNS * 0.05);
}, 3_600_000);

it('dies after each single operation of each deed, and everything is there when it is done again', async () => {
  let deaths = 0;
  const full: readonly Act[] = (['accept', 'accept', 'accept', 'accept', 'ship', 'import', 'backup'] as const).map(
    (deed, index) => ({ deed, number: index * 2 }),
  );
  for (const deed of DEEDS) {
    for (let diesAfter = 0; diesAfter < 60; diesAfter += 3) {
      const dying: Act = { deed, number: 0, diesAfter, ...(diesAfter % 4 === 0 ? { powerCut: diesAfter } : {}) };
      deaths += (await playSite(media, [...full, dying])).deaths;
    }
  }
  expect(deaths).toBeGreaterThan(120);
}, 600_000);

it('one answer of the disk is an error, each in turn, of each deed', async () => {
  let failures = 0;
  const full: readonly Act[] = [0, 2, 4, 6].map((number) => ({ deed: 'accept', number }));
  for (const deed of DEEDS) {
    for (let after = 0; after < 40; after += 2) {
      const fault = { after, count: 1, code: 'EIO', isDone: after % 4 === 0 } as const;
      const cut = after % 3 === 0 ? { powerCut: after } : {};
      const acts: readonly Act[] = [...full, { deed: 'ship', number: 0 }, { deed, number: 0, fault, ...cut }];
      failures += (await playSite(media, acts)).failures;
    }
  }
  expect(failures).toBeGreaterThan(150);
}, 600_000);
