import type { Command } from 'commander';
import { loadSettings } from '../../config/config-file.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { askRunning, ownAddress, type RunningAnswer } from '../running-answer.ts';

const alive = async (options: { readonly ready?: true }): Promise<void> => {
  const { web, snapshotsDir } = loadSettings(process.cwd(), process.env);
  let answer: RunningAnswer;
  try {
    answer = await askRunning(web, options.ready ? '/readyz' : '/healthz');
  } catch (cause) {
    throw new StillwatchError('SW_NOT_RUNNING', { path: snapshotsDir }, { cause });
  }
  process.stdout.write(`${ownAddress(web)}/ answers ${answer.status}${options.ready ? `: ${answer.body}` : ''}\n`);
  if (answer.status !== 200) process.exitCode = 1;
};

/** `stillwatch alive` */
export const aliveCommand = (program: Command): void => {
  program
    .command('alive')
    .description('whether the program of this folder answers, at the address, port and protocol of its settings')
    .option('--ready', 'whether it sees, keeps and ships, too')
    .action(alive);
};
