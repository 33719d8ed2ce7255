// What the role has of its process: the signals that stop it, the log it writes.

import { LOG_LEVELS, type Log, openLog } from '../../../adapters/log/log.ts';
import { EXIT } from '../../../domain/errors.ts';

/** Aborts on the first SIGINT or SIGTERM; a second one ends the process at once. */
export const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(EXIT.interrupted);
      stopping.abort();
    });
  }
  return stopping.signal;
};

/** LOG_LEVEL and LOG_FORMAT choose how it starts; SIGUSR2 switches everything on, and off again. */
export const openProcessLog = (): Log => {
  // Whoever read our words is gone (a closed terminal, a restarted pm2): watching goes on without them.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const wanted = LOG_LEVELS.find((level) => level === process.env['LOG_LEVEL']) ?? 'info';
  const log = openLog(process.env['LOG_FORMAT'] === 'json' ? 'json' : 'people', process.stdout, wanted);
  process.on('SIGUSR2', () => {
    log.level = log.level === 'debug' ? (wanted === 'debug' ? 'info' : wanted) : 'debug';
    log.warn(`the log’s level is ${log.level} now`);
  });
  return log;
};
