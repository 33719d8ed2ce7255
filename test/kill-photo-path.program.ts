// The photo path as two small programs, made to be killed. Their first argument is the role:
//   capture <folder> <first> <count>   accepts photos and prints `accepted <id> <sha256>` when each is promised
//   server <folder>                    ships what is pending until it is asked to end by closing stdin; prints `stored <id> <path>`
// KILL_AT=n: dies by SIGKILL right before its n-th file or catalogue operation, after naming it on stderr.
// NO_LINK=1: links from spool to store fail, as between two file systems.

import { readFileSync, writeSync } from 'node:fs';
import * as nodeDisk from 'node:fs/promises';
import { join } from 'node:path';
import { fsSpool, type SpoolDisk } from '../src/adapters/spool-fs/spool-fs.ts';
import { fsStore, type StoreDisk } from '../src/adapters/store-fs/store-fs.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { shipper } from '../src/archive/shipper.ts';
import { cameraId, episodeId, stillId } from '../src/domain/ids.ts';
import { withStillFacts } from '../src/domain/still-facts.ts';
import { epochMs, ms } from '../src/domain/units.ts';
import type { Catalog } from '../src/ports/catalog.ts';
import type { StillDraft } from '../src/ports/spool.ts';

export interface Places {
  readonly root: string;
  readonly spool: string;
  readonly catalog: string;
  readonly jpeg: string;
}

export const placesIn = (folder: string): Places => ({
  root: join(folder, 'snapshots'),
  spool: join(folder, 'snapshots', '.stillwatch', 'spool'),
  catalog: join(folder, 'snapshots', '.stillwatch', 'catalog.sqlite'),
  jpeg: join(folder, 'picture.jpg'),
});

export const ROOT_CAMERA: ReturnType<typeof cameraId> = cameraId('tapo');

/** The n-th photo. Some share a second, some a camera, so that clashes happen. */
export const draftNumber = (number: number): StillDraft => {
  const camera = cameraId(number % 3 ? 'tapo' : 'garden');
  const takenAt = epochMs(1_795_440_720_000 + number * 400);
  const episode = episodeId(camera, takenAt);
  return {
    id: stillId(camera, takenAt, 'calm', episode),
    camera,
    kind: 'calm',
    cause: 'pixels',
    episode,
    takenAt,
    offsetMinutes: 60,
    width: 64,
    height: 48,
    source: 'main-stream',
    delay: ms(number),
    isDemo: false,
  };
};

const [role, folder = '', first, count] = process.argv.slice(2);

const say = (line: string): void => void writeSync(1, `${line}\n`);

const killAt = Number(process.env['KILL_AT'] ?? 0);
let operations = 0;
const before = (operation: string): void => {
  operations++;
  if (operations !== killAt) return;
  writeSync(2, operation);
  process.kill(process.pid, 'SIGKILL');
};

type Handle = Awaited<ReturnType<typeof nodeDisk.open>>;

/** The real disk, with `before` called ahead of every operation, those on file handles included. */
const watchedDisk = (area: string): SpoolDisk & StoreDisk => {
  const watch = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get(real, name) {
        const value: unknown = Reflect.get(real, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          // The folders above ours are only synced, at each start; killing there again and again shows nothing new.
          if (name === 'open' && !String(args[0]).startsWith(join(folder, 'snapshots'))) {
            return (value as (...all: unknown[]) => unknown).apply(real, args);
          }
          before(`${prefix}.${String(name)} ${typeof args[0] === 'string' ? args[0] : ''}`);
          if (name === 'link' && process.env['NO_LINK'] && !String(args[0]).includes('.incoming')) {
            throw Object.assign(new Error('EXDEV: as between two file systems'), { code: 'EXDEV' });
          }
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(real, args);
          return name === 'open' ? watch(result as Handle, `${prefix}.handle`) : result;
        };
      },
    });
  return watch({ ...nodeDisk }, area);
};

const watchedCatalog = (catalog: Catalog): Catalog => ({
  ...catalog,
  async record(stills) {
    before('catalogue.record');
    const count = await catalog.record(stills);
    before('catalogue.recorded');
    return count;
  },
});

const capture = async (from: number, photos: number): Promise<void> => {
  const { spool: dir, jpeg } = placesIn(folder);
  const picture = readFileSync(jpeg);
  const spool = await fsSpool({ dir, disk: watchedDisk('spool') });
  for (let number = from; number < from + photos; number++) {
    const draft = draftNumber(number);
    try {
      const facts = await spool.accept(draft, withStillFacts(picture, draft));
      say(`accepted ${facts.id} ${facts.sha256}`);
    } catch (thrown) {
      say(`refused ${draft.id} ${String((thrown as { code?: unknown }).code)}`);
    }
  }
};

const server = async (): Promise<void> => {
  const { root, spool: dir, catalog: file } = placesIn(folder);
  // Loaded by the server alone, as in the product: the capture process has no database in it.
  const { sqlCatalog } = await import('../src/adapters/catalog-sql/catalog-sql.ts');
  const store = await fsStore({ root, disk: watchedDisk('store') });
  const spool = await fsSpool({ dir, disk: watchedDisk('spool') });
  const catalog = watchedCatalog(await sqlCatalog({ file }));
  const shipping = shipper({
    spool,
    store,
    catalog,
    rootCamera: ROOT_CAMERA,
    clock: systemClock(),
    random: Math.random,
    onStored: (still) => say(`stored ${still.id} ${still.path}`),
    onTrouble: (error) => say(`trouble ${error.code}`),
  });
  const stopping = new AbortController();
  const running = shipping.run(stopping.signal);
  process.stdin.on('data', () => shipping.wake());
  await new Promise((resolve) => process.stdin.on('close', resolve));
  stopping.abort();
  await running;
  await shipping.drain();
  await catalog.close();
};

if (role === 'capture') await capture(Number(first), Number(count));
if (role === 'server') await server();
