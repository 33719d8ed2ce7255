import type { Command } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { replaceDatabase } from '../../adapters/sqlite-copy/set-aside.ts';
import { type AdoptionSum, adopt } from '../../archive/adoption.ts';
import { noteAll } from '../../archive/owner-word.ts';
import { loadSettings } from '../../config/config-file.ts';
import { EXIT, type StillwatchError } from '../../domain/errors.ts';
import { openArchivePlace } from '../archive-place.ts';
import { progressLine } from '../progress-line.ts';

/** Reads every photo into a new catalogue, then puts it in the place of the old one. */
const rebuild = async (options: { readonly json?: true }): Promise<void> => {
  const { snapshotsDir, rootCamera, zone, language } = loadSettings(process.cwd(), process.env);
  const troubles: StillwatchError[] = [];
  const { paths, store, favourites, corrections } = await openArchivePlace(snapshotsDir, (trouble) =>
    troubles.push(trouble),
  );
  const fresh = `${paths.catalog}.rebuilding`;
  const progress = progressLine(process.stderr);
  // What an interrupted rebuild has read already is used: its rows are as true as these will be.
  const catalog = await sqlCatalog({ file: fresh });
  const onProgress = ({ seen, recorded }: AdoptionSum): void => progress.show(`${seen} files, ${recorded} photos`);
  let sum: AdoptionSum;
  try {
    sum = await adopt({ store, catalog, rootCamera, zone, onProgress });
    await noteAll({ catalog, favourites, corrections });
  } finally {
    await catalog.close();
  }
  progress.clear();
  if (troubles.length > 0) {
    // Photos that could not be read would be missing from the new one; the old one may know them.
    for (const trouble of troubles) process.stderr.write(`${trouble.code}: ${trouble.text(language)}\n`);
    process.stderr.write('Nothing was changed. Mend this, and run it again: it goes on where it was.\n');
    process.exitCode = EXIT.storage;
    return;
  }
  const kept = `${paths.catalog}.before-rebuild`;
  const aside = (await replaceDatabase(paths.catalog, fresh, kept)) ? kept : undefined;
  if (options.json) process.stdout.write(`${JSON.stringify({ ...sum, aside })}\n`);
  else {
    process.stdout.write(`${sum.known + sum.recorded} photos in the new catalogue, ${sum.skipped} files left out\n`);
    for (const { path, reason } of sum.examples) process.stdout.write(`       ${path}: ${reason}\n`);
    if (aside) process.stdout.write(`The old one is kept as ${aside}\n`);
  }
};

/** `stillwatch catalog` */
export const catalogCommand = (program: Command): void => {
  program
    .command('catalog')
    .description('the index of the photos')
    .command('rebuild')
    .description('make it anew from the photos alone; the old one is kept beside it')
    .option('--json', 'one JSON object')
    .action(rebuild);
};
