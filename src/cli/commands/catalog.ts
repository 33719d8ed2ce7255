import type { Command } from 'commander';
import { replaceCatalog, sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { type AdoptionSum, adopt } from '../../archive/adoption.ts';
import { noteAll } from '../../archive/owner-word.ts';
import { loadSettings } from '../../config/config-file.ts';
import { openArchivePlace } from '../archive-place.ts';
import { progressLine } from '../progress-line.ts';

/** Reads every photo into a new catalogue, then puts it in the place of the old one. */
const rebuild = async (options: { readonly json?: true }): Promise<void> => {
  const { snapshotsDir, rootCamera, zone } = loadSettings(process.cwd(), process.env);
  const { paths, store, favourites, corrections } = await openArchivePlace(snapshotsDir);
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
  const aside = await replaceCatalog(paths.catalog, fresh);
  progress.clear();
  if (options.json) process.stdout.write(`${JSON.stringify({ ...sum, aside })}\n`);
  else {
    process.stdout.write(`${sum.known + sum.recorded} photos in the new catalogue, ${sum.skipped} files left out\n`);
    for (const { path, reason } of sum.examples) process.stdout.write(`       ${path}: ${reason}\n`);
    if (aside) process.stdout.write(`The old one is kept as ${aside}\n`);
    process.stdout.write('If Stillwatch is running, restart it now.\n');
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
