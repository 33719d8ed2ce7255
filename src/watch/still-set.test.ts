import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cameraExifFacts } from '../domain/camera-exif.ts';
import { cameraId, type EpisodeId, episodeId, stillId } from '../domain/ids.ts';
import type { StillKind } from '../domain/still.ts';
import { readStillFacts, type StillWords } from '../domain/still-facts.ts';
import { formatStillPath, stillPlace } from '../domain/still-path.ts';
import { epochMs, later, ms } from '../domain/units.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { Spool, StillDraft } from '../ports/spool.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { type MemorySpool, memorySpool } from '../testing/memory-spool.ts';
import { type StillSets, stillSets } from './still-set.ts';

const garden = cameraId('garden');
const words: StillWords = { cameraName: 'Haven', make: 'TP-Link', model: 'Tapo C320WS' };
const START = epochMs(1_795_440_727_120);
const episode = episodeId(garden, START);

const draft = (kind: StillKind, after: number, of: EpisodeId | undefined = episode): StillDraft => {
  const takenAt = later(START, ms(after));
  return {
    id: stillId(garden, takenAt, kind, of ?? ''),
    camera: garden,
    kind,
    cause: 'pixels',
    episode: of,
    takenAt,
    offsetMinutes: 60,
    width: 64,
    height: 48,
    source: 'main-ring',
    delay: ms(100),
    isDemo: false,
  };
};

let jpegs: readonly Uint8Array[];
beforeAll(async () => {
  jpegs = await Promise.all([1, 2, 3].map((seed) => testJpeg(seed)));
});
const jpeg = (index: number): Uint8Array => jpegs[index] ?? new Uint8Array();

/** Reads the same wavy scene from every picture. */
const reader: PictureReader = {
  read: async () => ({
    luma: Uint8Array.from(
      { length: 57_600 },
      (_, at) => 100 + 40 * Math.sin((at % 320) / 5) + 30 * Math.sin(at / 2900),
    ),
    blue: new Uint8Array(14_400).fill(120),
    red: new Uint8Array(14_400).fill(136),
  }),
};

interface Bench {
  readonly spool: MemorySpool;
  readonly shelf: MemorySpool;
  readonly sets: StillSets;
  readonly paths: () => Promise<readonly string[]>;
}

const bench = (
  wrap: (spool: Spool) => Spool = (spool) => spool,
  spools = { spool: memorySpool(), shelf: memorySpool() },
): Bench => ({
  ...spools,
  sets: stillSets({
    camera: garden,
    words: () => words,
    spool: wrap(spools.spool),
    shelf: { spool: wrap(spools.shelf), read: spools.shelf.read },
    reader,
  }),
  paths: async () => {
    const stills = await spools.spool.pending();
    return stills.map(({ facts }) => formatStillPath(stillPlace(undefined, facts))).sort();
  },
});

const SET = ['2026-11-23/14-32-47.before.jpg', '2026-11-23/14-32-47.jpg', '2026-11-23/14-32-47.peak.jpg'];

const takeSet = async (sets: StillSets): Promise<void> => {
  await sets.keep(draft('before', -3000), jpeg(0));
  await sets.keep(draft('peak', 2000), jpeg(1));
  await sets.complete(draft('calm', 40_000), jpeg(2));
};

describe('a set of stills', () => {
  it('waits for the calm photo and then shares its name', async () => {
    const { sets, paths, spool, shelf } = bench();
    await sets.keep(draft('before', -3000), jpeg(0));
    await sets.keep(draft('peak', 2000), jpeg(1));
    expect(await paths()).toEqual([]);
    expect(await shelf.pending()).toHaveLength(2);
    await sets.complete(draft('calm', 40_000), jpeg(2));
    expect(await paths()).toEqual(SET);
    expect(await shelf.pending()).toEqual([]);
    for (const { file, facts } of await spool.pending()) {
      const { bytes: _, sha256: __, ...inner } = facts;
      expect(readStillFacts(await spool.read(file))).toEqual(inner);
      expect(cameraExifFacts(await spool.read(file))).toMatchObject({ make: 'TP-Link', model: 'Tapo C320WS' });
    }
  });

  it('keeps only the latest peak', async () => {
    const { sets, spool } = bench();
    await sets.keep(draft('peak', 2000), jpeg(0));
    await sets.keep(draft('peak', 9000), jpeg(1));
    await sets.complete(draft('calm', 40_000), jpeg(2));
    const stills = await spool.pending();
    expect(stills.map(({ facts }) => [facts.kind, facts.takenAt - START])).toEqual([
      ['peak', 9000],
      ['calm', 40_000],
    ]);
  });

  it('says what changed', async () => {
    const { sets, spool } = bench();
    await takeSet(sets);
    const verdicts = (await spool.pending()).map(({ facts }) => [facts.kind, facts.change?.verdict]);
    expect(verdicts).toEqual([
      ['before', undefined],
      ['peak', 'passing'],
      ['calm', 'passing'],
    ]);
  });

  it('is not mixed with another happening’s', async () => {
    const { sets, paths } = bench();
    const other = episodeId(garden, later(START, ms(100_000)));
    await sets.keep(draft('peak', 101_000, other), jpeg(0));
    await takeSet(sets);
    expect(await paths()).toEqual(SET);
  });

  it('is handed on under the wanted time when the calm photo is missed', async () => {
    const { sets, paths, shelf } = bench();
    await sets.keep(draft('before', -3000), jpeg(0));
    await sets.keep(draft('peak', 2000), jpeg(1));
    await sets.giveUp(episode, { takenAt: later(START, ms(50_000)), offsetMinutes: 60 });
    expect(await paths()).toEqual(['2026-11-23/14-32-57.before.jpg', '2026-11-23/14-32-57.peak.jpg']);
    expect(await shelf.pending()).toEqual([]);
  });

  it('goes on after a restart when its episode does', async () => {
    const first = bench();
    await first.sets.keep(draft('before', -3000), jpeg(0));
    await first.sets.keep(draft('peak', 2000), jpeg(1));
    const second = bench(undefined, first);
    await second.sets.recover(episode);
    expect(await second.paths()).toEqual([]);
    await second.sets.complete(draft('calm', 40_000), jpeg(2));
    expect(await second.paths()).toEqual(SET);
  });

  it('is not lost after a restart when its episode is over', async () => {
    const first = bench();
    await first.sets.keep(draft('before', -3000), jpeg(0));
    await first.sets.keep(draft('peak', 2000), jpeg(1));
    const second = bench(undefined, first);
    await second.sets.recover(undefined);
    expect(await second.paths()).toEqual(['2026-11-23/14-32-09.before.jpg', '2026-11-23/14-32-09.peak.jpg']);
  });

  it('leaves other cameras’ pictures alone', async () => {
    const { sets, shelf } = bench();
    const shed = { ...draft('peak', 0), camera: cameraId('shed') };
    await shelf.accept(shed, jpeg(0));
    await sets.recover(undefined);
    expect(await shelf.pending()).toHaveLength(1);
  });

  it('is whole after a kill before or after any write, once it is taken up again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(16), fc.boolean(), async (killedAt, isDone) => {
        let writes = 0;
        // From the kill on nothing works: what was written before it stays.
        const killing = (spool: Spool): Spool => {
          const step = async <T>(work: () => Promise<T>): Promise<T> => {
            writes += 1;
            if (writes > killedAt + 1 || (writes === killedAt + 1 && !isDone)) throw new Error('killed');
            const done = await work();
            if (writes === killedAt + 1) throw new Error('killed');
            return done;
          };
          return {
            accept: (still, bytes) => step(() => spool.accept(still, bytes)),
            release: (id) => step(() => spool.release(id)),
            pending: () => spool.pending(),
            setAside: (id) => spool.setAside(id),
          };
        };
        const first = bench(killing);
        let isComplete = false;
        try {
          await takeSet(first.sets);
          isComplete = true;
        } catch {
          // killed
        }
        // The calm photo's order goes on with the episode, unless it was on the shelf already.
        const second = bench(undefined, first);
        await second.sets.recover(episode);
        const hasCalm = (await second.paths()).includes('2026-11-23/14-32-47.jpg');
        if (!isComplete && !hasCalm) {
          await takeSet(second.sets);
        }
        expect(await second.paths()).toEqual(SET);
        expect(await second.shelf.pending()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
