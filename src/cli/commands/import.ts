import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { photoFolder } from '../../adapters/photo-folder/photo-folder.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { type ImportTime, importPhotos } from '../../archive/photo-import.ts';
import { loadSettings } from '../../config/config-file.ts';
import { isTimeZone } from '../../domain/civil-time.ts';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import { openArchivePlace } from '../archive-place.ts';
import { gigabytes } from '../keep-text.ts';
import { progressLine } from '../progress-line.ts';

interface ImportOptions {
  readonly camera: CameraId;
  readonly zone?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const TIMES: Readonly<Record<ImportTime, string>> = {
  facts: 'this program’s own facts',
  exif: 'the camera’s EXIF',
  name: 'the file’s name',
  file: 'the file’s date (nothing better was there)',
};

const importFolder = async (folder: string, options: ImportOptions): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const { paths, store } = await openArchivePlace(settings.snapshotsDir);
  const catalog = await sqlCatalog({ file: paths.catalog });
  const progress = progressLine(process.stderr);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const root = resolve(folder);
  let files = 0;
  try {
    const sum = await importPhotos({
      source: photoFolder(root),
      fileAt: (path) => join(root, path),
      store,
      catalog,
      camera: options.camera,
      rootCamera: settings.rootCamera,
      zone: options.zone ?? settings.zone,
      now: systemClock().now().wall,
      ...(options.dryRun ? { isDryRun: true } : {}),
      onFile: (file) => {
        progress.show(`${++files} files`);
        if (options.json) say(JSON.stringify(file));
        else if (options.dryRun && file.state === 'added') say(`${file.time.padEnd(5)} ${file.file} -> ${file.path}`);
        else if (file.state === 'refused' && file.reason !== 'no JPEG') {
          progress.clear();
          say(`!!    ${file.file}: ${file.reason}`);
        }
      },
    });
    progress.clear();
    if (options.json) say(JSON.stringify({ ...sum, isDryRun: options.dryRun === true }));
    else {
      say(
        `${options.dryRun ? 'Would add' : 'Added'} ${sum.added} photos, ${gigabytes(sum.bytes)}; ${sum.known} were there already`,
      );
      for (const [time, count] of Object.entries(sum.times))
        say(`         ${count} dated by ${TIMES[time as ImportTime]}`);
      for (const [reason, count] of Object.entries(sum.refused)) say(`         ${count} left out: ${reason}`);
    }
  } finally {
    progress.clear();
    await catalog.close();
  }
};

const cameraOf = (text: string): CameraId => {
  if (!isCameraId(text)) throw new InvalidArgumentError('1 to 40 of a-z, 0-9 and inner hyphens');
  return text;
};
const zoneOf = (text: string): string => {
  if (!isTimeZone(text)) throw new InvalidArgumentError('a zone such as Europe/Copenhagen');
  return text;
};

/** `stillwatch import` */
export const importCommand = (program: Command): void => {
  program
    .command('import')
    .description(
      'take over another program’s folder of dated photos: copied byte for byte, the folder is left as it is',
    )
    .argument('<folder>', 'where the photos are')
    .requiredOption('--camera <id>', 'whose photos they are', cameraOf)
    .option('--zone <zone>', 'the zone of their times; the site’s by default', zoneOf)
    .option('--dry-run', 'only say what would be added, and where each time comes from')
    .option('--json', 'one JSON object a line')
    .action(importFolder);
};
