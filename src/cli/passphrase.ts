// The passphrase of a backup: from a file, from the environment, or asked for at a terminal. Never from an argument, which
// everybody on the machine can read.

import { readFile } from 'node:fs/promises';
import { isCancel, password } from '@clack/prompts';
import { StillwatchError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { systemCode } from '../domain/storage-error.ts';

const VARIABLE = 'STILLWATCH_BACKUP_PASSPHRASE';
/** A thief has all the time there is; shorter ones are guessed. */
const LEAST_LENGTH = 8;

export interface PassphraseWish {
  readonly file?: string;
  /** What it is for, in the question and the error. */
  readonly path: string;
  /** A new one is asked for twice, and may not be too short. */
  readonly isNew: boolean;
}

const ask = async (message: string): Promise<string> => {
  const answer = await password({ message });
  return isCancel(answer) ? '' : answer;
};

/** @throws StillwatchError SW_BACKUP_PASSPHRASE, SW_CONFIG_UNREADABLE */
export const readPassphrase = async ({ file, path, isNew }: PassphraseWish): Promise<Secret> => {
  const refuse = (): StillwatchError => new StillwatchError('SW_BACKUP_PASSPHRASE', { path });
  let given = process.env[VARIABLE];
  if (file !== undefined) {
    // One line; an editor's last line break is no part of it.
    given = await readFile(file, 'utf8').catch((thrown: unknown) => {
      throw new StillwatchError('SW_CONFIG_UNREADABLE', { file, detail: systemCode(thrown) ?? '' }, { cause: thrown });
    });
    given = given.replace(/\r?\n$/, '');
  } else if (given === undefined && process.stdin.isTTY) {
    given = await ask(
      isNew ? `A passphrase for the backup (at least ${LEAST_LENGTH} characters)` : 'The backup’s passphrase',
    );
    if (isNew && given !== '' && (await ask('The same again')) !== given) throw refuse();
  }
  if (given === undefined || given === '' || (isNew && given.length < LEAST_LENGTH)) throw refuse();
  return new Secret(given);
};
