// How a command ends with an error: one sentence on stderr in the owner's language, and the error's exit code.

import { type Language, toStillwatchError } from '../domain/errors.ts';

export const languageOfEnvironment = (environment: NodeJS.ProcessEnv): Language => {
  const chosen = environment['STILLWATCH_LANG'] ?? environment['LC_ALL'] ?? environment['LANG'] ?? '';
  return /^da/i.test(chosen) ? 'da' : 'en';
};

/** Prints `thrown` and returns the exit code it stands for. */
export const printTrouble = (thrown: unknown): number => {
  const error = toStillwatchError(thrown);
  process.stderr.write(`${error.code}: ${error.text(languageOfEnvironment(process.env))}\n`);
  return error.exit;
};
