// A real, very small file system that fills, turns read-only, and loses its folders, under the real spool, store and
// catalogue. What was accepted is never lost, what cannot be kept is said, and all of it comes right by itself.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlCatalog } from '../src/adapters/catalog-sql/catalog-sql.ts';
import { shipper } from '../src/archive/shipper.ts';
import { finishRetired } from '../src/archive/sweep.ts';
import { sweeper } from '../src/archive/sweeper.ts';
import { openArchivePlace } from '../src/cli/archive-place.ts';
import type { StillwatchError } from '../src/domain/errors.ts';
import { cameraId, stillId } from '../src/domain/ids.ts';
import type { KeepRules } from '../src/domain/retention.ts';
import { withStillFacts } from '../src/domain/still-facts.ts';
import { epochMs, ms } from '../src/domain/units.ts';
import { fakeClock } from '../src/testing/fake-clock.ts';
import { testJpeg } from '../src/testing/jpegs.ts';
import { draftOf, sha256Of } from '../src/testing/stills.ts';
import { eventually } from './support/program.ts';

const MB = 1024 * 1024;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const camera = cameraId('tapo');

const mount = (...args: string[]): void => {
  const outcome = spawnSync('mount', args, { encoding: 'utf8' });
  if (outcome.status !== 0) throw new Error(`mount ${args.join(' ')}: ${outcome.stderr} (these tests need root)`);
};

let disk = '';
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'stillwatch-disk-'));
  mount('-t', 'tmpfs', '-o', 'size=40m,mode=0755', 'tmpfs', disk);
});
afterEach(() => {
  spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Everything of the role but the cameras. `days`: the clock of each photo, counted back from now. */
const start = async (rules: Partial<KeepRules>) => {
  const photos = join(disk, 'snapshots');
  const troubles: string[] = [];
  const onTrouble = (error: StillwatchError): void => void troubles.push(error.code);
  const place = await openArchivePlace(photos, onTrouble);
  const catalog = await sqlCatalog({ file: place.paths.catalog });
  await place.disk.holdReserve();
  const clock = fakeClock(epochMs(NOW));
  await finishRetired({ store: place.store, catalog });
  const shipping = shipper({
    ...place,
    catalog,
    rootCamera: camera,
    clock,
    random: () => 0.5,
    onStored: () => undefined,
    onTrouble,
  });
  const swept: number[] = [];
  const sweeping = sweeper({
    parts: { ...place, catalog },
    rules: { each: {}, cameras: {}, free: 0, includesFound: false, ...rules },
    clock,
    onSwept: (sum) => swept.push(sum.stills),
    onTrouble,
    onClockJump: () => undefined,
  });
  const stopping = new AbortController();
  const running = Promise.all([shipping.run(stopping.signal), sweeping.run(stopping.signal)]);
  const picture = await testJpeg(3, { width: 1000, height: 700 });
  const accepted = new Map<string, string>();
  /** As the photographer does: accepted, or the reason why not. */
  const take = async (name: number, daysAgo: number): Promise<string> => {
    const takenAt = epochMs(NOW - daysAgo * DAY + name * 1000);
    const draft = draftOf({ camera, takenAt, offsetMinutes: 0, id: stillId(camera, takenAt, 'calm', String(name)) });
    const jpeg = withStillFacts(picture, draft);
    try {
      const facts = await place.spool.accept(draft, jpeg);
      accepted.set(facts.id, facts.sha256);
      shipping.wake();
      return 'accepted';
    } catch (thrown) {
      sweeping.wake();
      return (thrown as StillwatchError).code;
    }
  };
  /** Every accepted photo is whole in spool or store, or was swept. */
  const lost = async (): Promise<readonly string[]> => {
    const missing: string[] = [];
    const pending = new Map((await place.spool.pending()).map((still) => [String(still.facts.id), still]));
    for (const [id, sha256] of accepted) {
      const row = await catalog.find(id as never);
      const bytes = row && (await place.store.read(row.path));
      if (bytes ? sha256Of(bytes) !== sha256 : !pending.has(id)) missing.push(id);
    }
    return missing;
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
    await catalog.close();
  };
  const bytes = picture.length;
  return { place, catalog, clock, take, lost, stop, troubles, swept, bytes, accepted, photos };
};

/** Another program that takes all the space there is. */
const fill = (): string => {
  const file = join(disk, 'somebody-elses');
  try {
    for (let part = 0; part < 100; part++) writeFileSync(file, Buffer.alloc(MB, 1), { flag: 'a' });
  } catch {
    // full
  }
  return file;
};

describe('a disk that is full', () => {
  it('loses nothing that was accepted, says what was not, and takes photos again when there is room', async () => {
    const site = await start({});
    for (let name = 0; name < 5; name++) expect(await site.take(name, 3)).toBe('accepted');
    await eventually('they are shipped', async () => ((await site.catalog.count()) === 5 ? true : undefined));
    const other = fill();
    expect(await site.take(10, 0)).toBe('SW_STORE_FULL');
    expect(await site.take(11, 0)).toBe('SW_STORE_FULL');
    rmSync(other);
    expect(await site.take(12, 0)).toBe('accepted');
    await eventually('the new one is shipped', async () => {
      await site.clock.advance(ms(5 * 60_000));
      return (await site.catalog.count()) === 6 ? true : undefined;
    });
    expect(await site.lost()).toEqual([]);
    await site.stop();
  });

  it('gets room from the oldest photos by the rule, though not a byte is free', async () => {
    const site = await start({ free: 3 * MB });
    let name = 0;
    for (; name < 40; name++) expect(await site.take(name, 30)).toBe('accepted');
    await site.clock.advance(ms(1000));
    await eventually('all are shipped', async () => ((await site.catalog.count()) === 40 ? true : undefined));
    fill();
    expect(await site.take(name++, 0)).toBe('SW_STORE_FULL');
    // Woken by the photo that found no room; the catalogue itself has none to write in, but for the reserve.
    await eventually(
      'it swept',
      async () => {
        await site.clock.advance(ms(61_000));
        return site.swept.some((stills) => stills > 0) ? true : undefined;
      },
      20_000,
    ).catch((thrown: unknown) => {
      throw new Error(`troubles: ${site.troubles.join(' ')}; swept ${site.swept.join(' ')}`, { cause: thrown });
    });
    expect(await site.take(name++, 0)).toBe('accepted');
    await eventually('the new one is shipped', async () => {
      await site.clock.advance(ms(5 * 60_000));
      return (await site.place.spool.pending()).length === 0 ? true : undefined;
    });
    const left = await site.catalog.list({ limit: 100 });
    expect(left[0]?.takenAt).toBeGreaterThan(NOW - DAY);
    expect(left.length).toBeLessThan(41);
    for (const still of left) expect(await site.place.store.hash(still.path)).toBe(still.sha256);
    expect(await site.catalog.retired(10)).toEqual([]);
    await site.stop();
  });
});

describe('a disk that turns read-only', () => {
  it('is said, and photos are taken again when it is writable', async () => {
    const site = await start({});
    expect(await site.take(1, 0)).toBe('accepted');
    await eventually('it is shipped', async () => ((await site.catalog.count()) === 1 ? true : undefined));
    // SQLite holds its log open for writing, so the mount itself stays writable for it: bind the folder read-only.
    mount('--bind', disk, disk);
    mount('-o', 'remount,bind,ro', disk);
    expect(await site.take(2, 0)).toBe('SW_STORE_WRITE');
    spawnSync('umount', ['-l', disk]);
    expect(await site.take(3, 0)).toBe('accepted');
    await eventually('it is shipped too', async () => {
      await site.clock.advance(ms(5 * 60_000));
      return (await site.catalog.count()) === 2 ? true : undefined;
    });
    expect(await site.lost()).toEqual([]);
    await site.stop();
  });
});

describe('a photo folder that somebody removes', () => {
  it('is made again, and nothing that was accepted later is lost', async () => {
    const site = await start({});
    expect(await site.take(1, 0)).toBe('accepted');
    await eventually('it is shipped', async () => ((await site.catalog.count()) === 1 ? true : undefined));
    for (const name of readdirSync(site.photos)) {
      if (!name.startsWith('.')) rmSync(join(site.photos, name), { recursive: true });
    }
    rmSync(site.place.paths.spool, { recursive: true });
    site.accepted.clear();
    expect(await site.take(2, 0)).toBe('accepted');
    await eventually('it is shipped', async () => {
      await site.clock.advance(ms(5 * 60_000));
      return (await site.place.spool.pending()).length === 0 && (await site.catalog.count()) === 2 ? true : undefined;
    });
    expect(await site.lost()).toEqual([]);
    await site.stop();
  });

  it('cannot be made again while a file lies in its place; then it can', async () => {
    const site = await start({});
    rmSync(site.place.paths.spool, { recursive: true });
    writeFileSync(site.place.paths.spool, 'in the way');
    expect(await site.take(1, 0)).toBe('SW_STORE_WRITE');
    rmSync(site.place.paths.spool);
    mkdirSync(site.place.paths.spool);
    expect(await site.take(2, 0)).toBe('accepted');
    expect(existsSync(site.place.paths.spool)).toBe(true);
    await site.stop();
  });
});
