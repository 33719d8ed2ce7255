import { access, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { confirm } from '@clack/prompts';
import type { Command } from 'commander';
import { backupPhotos, chooseState } from '../../adapters/backup-state/backup-folder.ts';
import { putInPlace } from '../../adapters/backup-state/put-in-place.ts';
import { readManifest, unpackState } from '../../adapters/backup-state/state-tar.ts';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { sqlLedger } from '../../adapters/ledger-sql/ledger-sql.ts';
import { isDatabaseInUse } from '../../adapters/sqlite-copy/sqlite-copy.ts';
import { fsStore } from '../../adapters/store-fs/store-fs.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { type CopySum, checkPhotos, copyFromBackup } from '../../archive/photo-copy.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import { storageError } from '../../domain/storage-error.ts';
import { archivePaths, SETTINGS_FILES } from '../archive-place.ts';
import { gigabytes } from '../keep-text.ts';
import { readPassphrase } from '../passphrase.ts';
import { type ProgressLine, progressLine } from '../progress-line.ts';
import { copyText, stampOf } from './backup.ts';

interface RestoreOptions {
  readonly to?: string;
  readonly photos?: string;
  readonly state?: string;
  readonly over?: true;
  readonly hash?: true;
  readonly passphraseFile?: string;
  readonly json?: true;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws StillwatchError SW_RESTORE_OCCUPIED, SW_RESTORE_RUNNING */
const checkTarget = async (to: string, catalog: string, isOver: boolean): Promise<void> => {
  const candidates = [...SETTINGS_FILES.map((name) => join(to, name)), catalog];
  const found: string[] = [];
  for (const path of candidates) if (await exists(path)) found.push(path);
  if (found.length > 0 && !isOver) {
    const question = `There is an installation already (${found.join(', ')}). Restore over it? What is there is kept beside it.`;
    const isMeant = process.stdin.isTTY && (await confirm({ message: question, initialValue: false })) === true;
    if (!isMeant) throw new StillwatchError('SW_RESTORE_OCCUPIED', { path: to });
  }
  if (isDatabaseInUse(catalog)) throw new StillwatchError('SW_RESTORE_RUNNING', { path: to });
};

interface Photos {
  readonly unpacked: string;
  readonly snapshotsDir: string;
  /** Where the backup's photos lie; undefined: it names them only. */
  readonly from: string | undefined;
  readonly isHash: boolean;
}

/** Puts the photos back, or looks whether they are where they were. */
const restorePhotos = async (photos: Photos, progress: ProgressLine): Promise<CopySum | undefined> => {
  const { unpacked, snapshotsDir, from, isHash } = photos;
  const file = join(unpacked, 'data', 'catalog.sqlite');
  if (!(await exists(file))) return undefined;
  // Opened before anything is put in place: a catalogue that cannot be read, or is newer, stops here.
  const catalog = await sqlCatalog({ file });
  try {
    const total = (await catalog.days()).reduce((all, day) => all + day.stills, 0);
    const onProgress = (sum: CopySum): void =>
      progress.show(`${sum.photos} of ${total} photos, ${gigabytes(sum.bytes)} copied`);
    const store = await fsStore({ root: snapshotsDir });
    if (from === undefined) return await checkPhotos({ catalog, store }, { isHash, onProgress });
    const source = await fsStore({ root: from });
    const parts = { catalog, from: source, fileAt: (path: string) => join(from, path), to: store };
    return await copyFromBackup(parts, { onProgress });
  } finally {
    await catalog.close();
  }
};

const restore = async (from: string, options: RestoreOptions): Promise<void> => {
  const folder = resolve(from);
  const state = await chooseState(folder, options.state);
  const { passphraseFile } = options;
  const wish = { path: state.file, isNew: false, ...(passphraseFile === undefined ? {} : { file: passphraseFile }) };
  const passphrase = await readPassphrase(wish);
  const manifest = await readManifest(state.file, passphrase);
  const to = resolve(options.to ?? '.');
  const snapshotsDir = options.photos === undefined ? resolve(to, manifest.photosDir) : resolve(options.photos);
  const paths = archivePaths(snapshotsDir);
  await checkTarget(to, paths.catalog, options.over === true);
  const progress = progressLine(process.stderr);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const unpacked = join(paths.data, '.restoring');
  try {
    for (const dir of [to, paths.data]) await mkdir(dir, { recursive: true, mode: 0o750 });
    await rm(unpacked, { recursive: true, force: true });
  } catch (thrown) {
    throw storageError(thrown, paths.data);
  }
  try {
    progress.show('reading settings, accounts, ledger and catalogue');
    await unpackState(state.file, passphrase, unpacked);
    const ledger = join(unpacked, 'data', 'ledger.sqlite');
    if (await exists(ledger)) await (await sqlLedger({ file: ledger })).close();
    const sum = await restorePhotos(
      {
        unpacked,
        snapshotsDir,
        from: manifest.photos === 'included' ? backupPhotos(folder) : undefined,
        isHash: options.hash === true,
      },
      progress,
    );
    const aside = `.before-restore-${stampOf(systemClock().now().wall)}`;
    const kept = await putInPlace(unpacked, { settings: to, data: paths.data, aside });
    progress.clear();
    if (options.json) {
      say(
        JSON.stringify({
          state: state.file,
          madeAt: manifest.madeAt,
          to,
          photosDir: snapshotsDir,
          photos: sum ?? null,
          kept,
        }),
      );
    } else {
      say(`ok  the state of ${new Date(manifest.madeAt).toISOString()} is back in ${to}`);
      if (!state.isComplete) say('    this backup was cut short: photos of it may be missing');
      if (sum) say(`    ${copyText(sum)}`);
      for (const { path, detail } of sum?.examples ?? []) say(`       ${path}: ${detail}`);
      if (kept.length > 0) say(`    what was there is kept: ${kept.join(', ')}`);
      if (snapshotsDir !== resolve(to, manifest.photosDir))
        say(`    the photos are in ${snapshotsDir} now: set SNAPSHOTS_DIR to it before you start`);
      say('Start Stillwatch now; then stillwatch doctor --hash reads every byte.');
    }
    if (sum && sum.missing > 0) process.exitCode = EXIT.storage;
  } finally {
    progress.clear();
    await rm(unpacked, { recursive: true, force: true });
  }
};

/** `stillwatch restore` */
export const restoreCommand = (program: Command): void => {
  program
    .command('restore')
    .description('bring back what stillwatch backup wrote; stop the program first')
    .argument('<folder>', 'the backup')
    .option('--to <folder>', 'where the settings go and the program will run; the present folder by default')
    .option('--photos <folder>', 'where the photos go; where they were by default')
    .option('--over', 'an installation is there already: restore over it, and keep what is there beside it')
    .option('--state <name>', 'an earlier state, by its file name; the newest by default')
    .option('--hash', 'with a backup without photos: read every byte of the photos, not only their length')
    .option('--passphrase-file <file>', 'read the passphrase from here (or set STILLWATCH_BACKUP_PASSPHRASE)')
    .option('--json', 'one JSON object')
    .action(restore);
};
