import { mkdir, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { backupFolder, backupIndex, backupPhotos } from '../../adapters/backup-state/backup-folder.ts';
import { stateEntries } from '../../adapters/backup-state/state-entries.ts';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { copyDatabase } from '../../adapters/sqlite-copy/sqlite-copy.ts';
import { fsStore } from '../../adapters/store-fs/store-fs.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { type CopySum, copyToBackup } from '../../archive/photo-copy.ts';
import { loadSettings } from '../../config/config-file.ts';
import { civilTime } from '../../domain/civil-time.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import { storageError } from '../../domain/storage-error.ts';
import type { EpochMs } from '../../domain/units.ts';
import { archivePaths, openArchivePlace, SECRETS_FOLDER, SETTINGS_FILES } from '../archive-place.ts';
import { gigabytes } from '../keep-text.ts';
import { readPassphrase } from '../passphrase.ts';
import { progressLine } from '../progress-line.ts';
import { version } from '../version.ts';

interface BackupOptions {
  /** commander's name for `--no-photos` when it is not given. */
  readonly photos: boolean;
  readonly passphraseFile?: string;
  readonly keep?: number;
  readonly json?: true;
}

/** `20261123T143207Z` */
export const stampOf = (at: EpochMs): string => {
  const { day, time } = civilTime(at, 'UTC');
  return `${day}T${time}Z`.replaceAll('-', '');
};

const isInside = (inner: string, outer: string): boolean => {
  const way = relative(outer, inner);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
};

/** A backup among the photos would be taken for photos, and backed up itself. @throws StillwatchError SW_BACKUP_PLACE */
const checkPlace = async (folder: string, photos: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [there, here] = [await realpath(folder), await realpath(photos).catch(() => photos)];
    if (isInside(there, here) || isInside(here, there)) throw new StillwatchError('SW_BACKUP_PLACE', { path: folder });
  } catch (thrown) {
    throw storageError(thrown, folder);
  }
};

export const copyText = ({ photos, copied, bytes, there, gone, missing }: CopySum): string =>
  [
    `${photos} photos`,
    `${copied} copied (${gigabytes(bytes)})`,
    `${there} there already`,
    ...(gone > 0 ? [`${gone} swept meanwhile`] : []),
    ...(missing > 0 ? [`${missing} MISSING`] : []),
  ].join(', ');

const backup = async (target: string, options: BackupOptions): Promise<void> => {
  const { snapshotsDir } = loadSettings(process.cwd(), process.env);
  const folder = resolve(target);
  await checkPlace(folder, snapshotsDir);
  const paths = archivePaths(snapshotsDir);
  const { passphraseFile } = options;
  const passphrase = await readPassphrase({
    path: folder,
    isNew: true,
    ...(passphraseFile === undefined ? {} : { file: passphraseFile }),
  });
  const { store } = await openArchivePlace(snapshotsDir);
  const living = await sqlCatalog({ file: paths.catalog });
  const progress = progressLine(process.stderr);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const staging = join(paths.data, '.backup');
  try {
    const madeAt = systemClock().now().wall;
    const backups = backupFolder(folder);
    const isNear = isInside(snapshotsDir, process.cwd());
    progress.show('settings, accounts, ledger and catalogue');
    await rm(staging, { recursive: true, force: true });
    const begun = await backups.begin(stampOf(madeAt), {
      manifest: {
        format: 1,
        version,
        madeAt,
        photos: options.photos ? 'included' : 'by-reference',
        photosDir: isNear ? relative(process.cwd(), snapshotsDir) : snapshotsDir,
      },
      entries: stateEntries({
        settings: SETTINGS_FILES.map((name) => resolve(name)),
        settingsFolders: [resolve(SECRETS_FOLDER)],
        data: paths.data,
        staging,
        copyDatabase: (from, to) =>
          copyDatabase(from, to, (copied, total) =>
            progress.show(`catalogue: ${Math.round((copied / total) * 100)} %`),
          ),
      }),
      passphrase,
    });
    let sum: CopySum | undefined;
    if (options.photos) {
      const catalog = await sqlCatalog({ file: join(staging, 'catalog.sqlite') });
      const index = await sqlCatalog({ file: backupIndex(folder) });
      try {
        const total = (await catalog.days()).reduce((all, day) => all + day.stills, 0);
        sum = await copyToBackup(
          {
            catalog,
            living,
            index,
            from: store,
            fileAt: (path) => join(snapshotsDir, path),
            to: await fsStore({ root: backupPhotos(folder) }),
          },
          { onProgress: (now) => progress.show(`${now.photos} of ${total} photos, ${gigabytes(now.bytes)} copied`) },
        );
      } finally {
        await catalog.close();
        await index.close();
      }
    }
    const state = await backups.complete(begun);
    const removed = options.keep === undefined ? 0 : await backups.keepNewest(options.keep);
    progress.clear();
    if (options.json) say(JSON.stringify({ state: state.file, photos: sum ?? null, removed }));
    else {
      say(`ok  ${state.file}`);
      say(sum ? copyText(sum) : 'photos by reference only: they must be kept safe by themselves');
      for (const { path, detail } of sum?.examples ?? []) say(`       ${path}: ${detail}`);
      if (removed > 0) say(`${removed} older states taken away`);
    }
    if (sum && sum.missing > 0) process.exitCode = EXIT.storage;
  } finally {
    progress.clear();
    await living.close();
    await rm(staging, { recursive: true, force: true });
  }
};

const countOf = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number, 1 at least');
  return count;
};

/** `stillwatch backup` */
export const backupCommand = (program: Command): void => {
  program
    .command('backup')
    .description(
      'back up photos, catalogue, ledger, accounts and settings into a folder; run it again to bring it up to date',
    )
    .argument('<folder>', 'where to; best on another disk')
    .option('--no-photos', 'leave the photos out: only where they lie')
    .option('--passphrase-file <file>', 'read the passphrase from here (or set STILLWATCH_BACKUP_PASSPHRASE)')
    .option('--keep <count>', 'leave only so many earlier states of the catalogue and the settings', countOf)
    .option('--json', 'one JSON object')
    .action(backup);
};
