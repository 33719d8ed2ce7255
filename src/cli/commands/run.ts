import type { Command } from 'commander';

/** `stillwatch run`: the standalone role, as `npm start` runs it. */
export const runCommand = (program: Command): void => {
  program
    .command('run')
    .description('watch the cameras and serve the gallery (settings from stillwatch.yml or .env in this folder)')
    .action(async () => {
      // Loaded here: no other command waits for decoder and web server.
      const { runFromEnvironment } = await import('../roles/standalone/from-environment.ts');
      process.exitCode = await runFromEnvironment();
    });
};
