import type { Command } from 'commander';
import { runFromEnvironment } from '../roles/standalone.ts';

/** `stillwatch run`: the standalone role, as `npm start` runs it. */
export const runCommand = (program: Command): void => {
  program
    .command('run')
    .description('watch the cameras and serve the gallery (settings from .env in this folder)')
    .action(async () => {
      process.exitCode = await runFromEnvironment();
    });
};
