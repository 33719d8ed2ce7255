import type { Command } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { diskInspection } from '../../adapters/disk-inspection/disk-inspection.ts';
import { adopt } from '../../archive/adoption.ts';
import { examine, type FindingKind, HARMLESS } from '../../archive/doctor.ts';
import { finishRetired } from '../../archive/sweep.ts';
import { loadSettings } from '../../config/config-file.ts';
import { EXIT } from '../../domain/errors.ts';
import { openArchivePlace } from '../archive-place.ts';
import { progressLine } from '../progress-line.ts';

const WORDS: Readonly<Record<FindingKind, string>> = {
  'no-row': 'not in the catalogue',
  'no-file': 'in the catalogue, but not there',
  changed: 'not the bytes that were recorded',
  half: 'half a picture',
  retired: 'left by a sweep that was cut short',
  foreign: 'no photo’s name (left alone)',
  'stray-temporary': 'left by a crash',
  'open-to-all': 'readable for everybody on this machine',
  'no-access': 'may not be read or written',
  'set-aside': 'set aside as damaged (to be looked at)',
};
/** So many of a kind are named; `--json` names all. */
const MOST_NAMED = 10;

interface DoctorOptions {
  readonly repair?: true;
  readonly hash?: true;
  readonly json?: true;
}

const doctor = async (options: DoctorOptions): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const { paths, store, spool } = await openArchivePlace(settings.snapshotsDir);
  const catalog = await sqlCatalog({ file: paths.catalog });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const progress = progressLine(process.stderr);
  const named = new Map<FindingKind, number>();
  try {
    const sum = await examine(
      {
        store,
        catalog,
        spool,
        inspection: diskInspection(paths),
        finishRetired: () => finishRetired({ store, catalog }),
        adopt: async () => {
          const { rootCamera, zone } = settings;
          return (await adopt({ store, catalog, rootCamera, zone })).recorded;
        },
      },
      {
        ...(options.repair ? { isRepair: true } : {}),
        ...(options.hash ? { isHash: true } : {}),
        onProgress: (photos) => progress.show(`${photos} photos looked at`),
        onFinding: (finding) => {
          const count = (named.get(finding.kind) ?? 0) + 1;
          named.set(finding.kind, count);
          if (options.json) say(JSON.stringify(finding));
          else if (count <= MOST_NAMED) {
            progress.clear();
            say(
              `${finding.isMended ? 'mended' : HARMLESS.has(finding.kind) ? '--    ' : '!!    '} ${finding.path}: ${WORDS[finding.kind]}`,
            );
          }
        },
      },
    );
    progress.clear();
    if (options.json) say(JSON.stringify(sum));
    else {
      for (const [kind, count] of named) if (count > MOST_NAMED) say(`       ${count} in all: ${WORDS[kind]}`);
      say(`${sum.files} files, ${sum.rows} in the catalogue, ${sum.waiting} waiting in the spool`);
      if (sum.recorded > 0) say(`${sum.recorded} photos added to the catalogue`);
      const advice = options.repair ? 'could not be mended' : 'to be mended: run stillwatch doctor --repair';
      say(sum.open === 0 ? 'ok' : `${sum.open} ${advice}`);
    }
    if (sum.open > 0) process.exitCode = EXIT.storage;
  } finally {
    await catalog.close();
  }
};

/** `stillwatch doctor` */
export const doctorCommand = (program: Command): void => {
  program
    .command('doctor')
    .description('compare catalogue and photo folder, and look for half files, stray files and wrong permissions')
    .option('--repair', 'mend what can be mended; no photo’s bytes are ever taken away')
    .option('--hash', 'read every byte too (slow: finds rot)')
    .option('--json', 'one JSON object a line')
    .action(doctor);
};
