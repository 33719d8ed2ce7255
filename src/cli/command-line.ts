// All commands of `stillwatch`. Each lives in its file under commands/ and adds itself here.

import { Command, CommanderError } from 'commander';
import { EXIT } from '../domain/errors.ts';
import { addCommand } from './commands/add.ts';
import { aliveCommand } from './commands/alive.ts';
import { analyseCommand } from './commands/analyse.ts';
import { backupCommand } from './commands/backup.ts';
import { camerasCommand } from './commands/cameras.ts';
import { captureCommand } from './commands/capture.ts';
import { catalogCommand } from './commands/catalog.ts';
import { checkCommand } from './commands/check-access.ts';
import { clockCommand } from './commands/clock.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { discoverCommand } from './commands/discover.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainEventCommand } from './commands/explain-event.ts';
import { exportCommand } from './commands/export.ts';
import { identifyCommand } from './commands/identify.ts';
import { importCommand } from './commands/import.ts';
import { inboxCommand } from './commands/inbox.ts';
import { keepCommand } from './commands/keep.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { notifyCommand } from './commands/notify.ts';
import { photoCommand } from './commands/photo.ts';
import { reportCommand } from './commands/report.ts';
import { reportSupportCommand } from './commands/report-support.ts';
import { restoreCommand } from './commands/restore.ts';
import { runCommand } from './commands/run.ts';
import { tailCommand } from './commands/tail.ts';
import { tuneCommand } from './commands/tune.ts';
import { setupKeyCommand, usersCommand } from './commands/users.ts';
import { printTrouble } from './trouble.ts';
import { version } from './version.ts';

/** In the order of the help text. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  runCommand,
  demoCommand,
  discoverCommand,
  addCommand,
  camerasCommand,
  checkCommand,
  analyseCommand,
  tuneCommand,
  identifyCommand,
  clockCommand,
  reportCommand,
  captureCommand,
  explainEventCommand,
  photoCommand,
  tailCommand,
  aliveCommand,
  ledgerCommand,
  inboxCommand,
  notifyCommand,
  usersCommand,
  setupKeyCommand,
  configCommand,
  keepCommand,
  doctorCommand,
  catalogCommand,
  backupCommand,
  restoreCommand,
  exportCommand,
  importCommand,
  reportSupportCommand,
];

/** The whole command tree; also what docs/reference/cli.md is written from. */
export const buildProgram = (): Command => {
  const program = new Command('stillwatch')
    .description('One good set of photos for everything that happened, from every camera you own.')
    .version(version, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of COMMANDS) add(program);
  return program;
};

/** @returns the exit code */
export const runCommandLine = async (argv: readonly string[]): Promise<number> => {
  try {
    await buildProgram().parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return printTrouble(thrown);
  }
};
