import type { Command } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { setFavourite } from '../../archive/owner-word.ts';
import { sweep } from '../../archive/sweep.ts';
import { loadSettings } from '../../config/config-file.ts';
import { civilTime } from '../../domain/civil-time.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import { forecast } from '../../domain/forecast.ts';
import { freeToKeep } from '../../domain/retention.ts';
import { openArchivePlace } from '../archive-place.ts';
import { gigabytes, rulesText, sweepText } from '../keep-text.ts';

interface KeepOptions {
  readonly dryRun?: true;
  readonly sweep?: true;
  readonly favourite?: string;
  readonly unfavourite?: string;
  readonly json?: true;
}

const keep = async (options: KeepOptions): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const place = await openArchivePlace(settings.snapshotsDir);
  const catalog = await sqlCatalog({ file: place.paths.catalog });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  try {
    const chosen = options.favourite ?? options.unfavourite;
    if (chosen !== undefined) {
      const still = await catalog.findByPath(chosen);
      if (!still) throw new StillwatchError('SW_PHOTO_UNKNOWN', { path: chosen });
      await setFavourite({ ...place, catalog }, still.id, options.favourite !== undefined);
      say(
        options.json ? JSON.stringify({ path: chosen, favourite: options.favourite !== undefined }) : `ok  ${chosen}`,
      );
      return;
    }
    const now = systemClock().now().wall;
    const days = await catalog.days();
    const space = await place.disk.space();
    const held = days.reduce((sum, day) => sum + day.bytes, 0);
    const today = civilTime(now, settings.zone).day;
    const ahead = forecast(days, space, settings.keep, held, today);
    const isDryRun = options.sweep !== true;
    // Data on stdout as it comes: a million lines need no memory.
    const sum = await sweep(
      { ...place, catalog },
      {
        rules: settings.keep,
        now,
        isClockSteady: true,
        isDryRun,
        onGoing: ({ still: { path, bytes, camera }, reason }) => {
          if (options.json && options.dryRun) say(JSON.stringify({ path, bytes, camera, reason }));
          else if (options.dryRun) say(`${reason.padEnd(5)} ${path}`);
        },
      },
    );
    const { firstFailure, ...figures } = sum;
    if (options.json) {
      const disk = { ...space, keepFree: freeToKeep(settings.keep, space.total) };
      say(JSON.stringify({ rules: settings.keep, held, disk, forecast: ahead, isDryRun, going: figures }));
    } else {
      say(rulesText(settings.keep, space.total));
      say(`Held     ${gigabytes(held)} of photos; ${gigabytes(space.free)} of ${gigabytes(space.total)} free`);
      const rate = `${gigabytes(ahead.bytesPerDay)} a day over ${ahead.daysCounted} days`;
      const full = ahead.fullOn ? `full on ${ahead.fullOn} if nothing went` : 'not full in this century';
      say(ahead.daysCounted === 0 ? 'Forecast not before a whole day has passed' : `Forecast ${rate}; ${full}`);
      if (ahead.takesFrom) say(`         the oldest photos go from ${ahead.takesFrom}`);
      say(`${isDryRun ? 'Would go' : 'Gone    '} ${sweepText(sum)}`);
      if (sum.unmet.bytes > 0 || sum.unmet.stills > 0)
        say(`         the rules want ${gigabytes(sum.unmet.bytes)} more: favourites, another program’s, or too young`);
    }
    if (firstFailure) {
      process.stderr.write(`${firstFailure.code}: ${firstFailure.text(settings.language)}\n`);
      process.exitCode = EXIT.storage;
    }
  } finally {
    await catalog.close();
  }
};

/** `stillwatch keep` */
export const keepCommand = (program: Command): void => {
  program
    .command('keep')
    .description(
      'what the keep rules are, when the disk would be full, and what would go now (nothing does, without --sweep)',
    )
    .option('--dry-run', 'name each photo that would go')
    .option('--sweep', 'take them away now')
    .option('--favourite <path>', 'keep this photo for ever (its path inside the photo folder)')
    .option('--unfavourite <path>', 'treat it like any other again')
    .option('--json', 'one JSON object a line')
    .action(keep);
};
