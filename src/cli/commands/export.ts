import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { zipStream } from '../../adapters/zip/zip.ts';
import { type ExportSum, exportParts, type Selection } from '../../archive/selection-export.ts';
import { loadSettings } from '../../config/config-file.ts';
import { instantOf, isDay, type TimeZone } from '../../domain/civil-time.ts';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import { storageError } from '../../domain/storage-error.ts';
import { type EpochMs, later, ms } from '../../domain/units.ts';
import { openArchivePlace } from '../archive-place.ts';
import { gigabytes } from '../keep-text.ts';
import { progressLine } from '../progress-line.ts';

interface ExportOptions {
  readonly camera?: CameraId;
  readonly from?: string;
  readonly to?: string;
  readonly covers?: true;
  readonly favourites?: true;
}

const dayOf = (text: string): string => {
  if (!isDay(text)) throw new InvalidArgumentError('a day: 2026-11-23');
  return text;
};
const cameraOf = (text: string): CameraId => {
  if (!isCameraId(text)) throw new InvalidArgumentError('a camera’s id');
  return text;
};

/** Long enough that the next midnight lies inside also on a day of 25 hours. */
const DAY_AND_A_BIT = ms(26 * 3_600_000);

const midnight = (day: string, zone: TimeZone): EpochMs | undefined => instantOf(day, '00-00-00', zone);
const midnightAfter = (day: string, zone: TimeZone): EpochMs | undefined => {
  const noon = instantOf(day, '12-00-00', 'UTC');
  const next = noon === undefined ? undefined : new Date(later(noon, DAY_AND_A_BIT)).toISOString().slice(0, 10);
  return next === undefined ? undefined : midnight(next, zone);
};

const selectionOf = (options: ExportOptions, zone: TimeZone): Selection => {
  const from = options.from === undefined ? undefined : midnight(options.from, zone);
  const until = options.to === undefined ? undefined : midnightAfter(options.to, zone);
  return {
    ...(options.camera === undefined ? {} : { camera: options.camera }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(options.covers ? { coversOnly: true } : {}),
    ...(options.favourites ? { isFavourite: true } : {}),
  };
};

const exportZip = async (target: string, options: ExportOptions): Promise<void> => {
  const { snapshotsDir, zone } = loadSettings(process.cwd(), process.env);
  const { paths, store } = await openArchivePlace(snapshotsDir);
  const catalog = await sqlCatalog({ file: paths.catalog });
  const progress = progressLine(process.stderr);
  let sum: ExportSum = { photos: 0, bytes: 0, gone: 0 };
  const parts = exportParts({
    catalog,
    store,
    selection: selectionOf(options, zone),
    now: systemClock().now().wall,
    onProgress: (now) => {
      sum = now;
      progress.show(`${now.photos} photos, ${gigabytes(now.bytes)}`);
    },
  });
  try {
    if (target === '-') await pipeline(Readable.from(zipStream(parts)), process.stdout, { end: false });
    else {
      const draft = `${resolve(target)}.part`;
      try {
        await pipeline(Readable.from(zipStream(parts)), createWriteStream(draft, { mode: 0o640 }));
        const handle = await open(draft, 'r');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(draft, resolve(target));
      } catch (thrown) {
        await rm(draft, { force: true });
        throw storageError(thrown, resolve(target));
      }
    }
    progress.clear();
    const gone = sum.gone > 0 ? `, ${sum.gone} were gone before their turn` : '';
    process.stderr.write(`${sum.photos} photos, ${gigabytes(sum.bytes)}${gone}\n`);
  } finally {
    progress.clear();
    await catalog.close();
  }
};

/** `stillwatch export` */
export const exportCommand = (program: Command): void => {
  program
    .command('export')
    .description('a zip of photos, with all their facts in photos.json')
    .argument('<file>', 'the zip; - writes it to standard output')
    .option('--camera <id>', 'only this camera’s', cameraOf)
    .option('--from <day>', 'from this day on, by the site’s clock', dayOf)
    .option('--to <day>', 'up to and with this day', dayOf)
    .option('--covers', 'without the before and peak pictures')
    .option('--favourites', 'only favourites')
    .action(exportZip);
};
