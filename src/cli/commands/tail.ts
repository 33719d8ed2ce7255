import type { Command } from 'commander';
import { lineForPeople } from '../../adapters/log/log.ts';
import { loadSettings } from '../../config/config-file.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { archivePaths } from '../archive-place.ts';
import { tailOfRunning } from '../control.ts';

const follow = async (camera: string | undefined, options: { readonly json?: true }): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  if (camera !== undefined && !settings.cameras.some(({ id }) => id === camera)) {
    const known = settings.cameras.map(({ id }) => id).join(', ');
    throw new StillwatchError('SW_CAMERA_UNKNOWN', { camera, known });
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const lines = await tailOfRunning(archivePaths(settings.snapshotsDir).control, stop.signal);
  if (!lines) throw new StillwatchError('SW_NOT_RUNNING', { path: settings.snapshotsDir });
  process.stderr.write('Following the running program; Ctrl-C ends it.\n');
  for await (const line of lines) {
    if (camera !== undefined && line.facts['camera'] !== camera) continue;
    process.stdout.write(options.json ? `${JSON.stringify(line)}\n` : lineForPeople(line.at, line.level, line.text));
  }
};

/** `stillwatch tail` */
export const tailCommand = (program: Command): void => {
  program
    .command('tail')
    .description('what the running program says, as it says it, until Ctrl-C')
    .argument('[camera]', 'only this camera')
    .option('--json', 'one JSON object a line, with all facts')
    .action(follow);
};
