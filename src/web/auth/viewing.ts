// Writes down who looked at photos: a photo that is sent costs a count in memory, and what was counted becomes one entry of the
// audit log, which grows while the visit lasts.

import type { FastifyInstance } from 'fastify';
import { StillwatchError } from '../../domain/errors.ts';
import { type Look, looked, NO_VIEWINGS, type ViewingBook } from '../../domain/viewing.ts';
import type { WebDeps } from '../deps.ts';
import type { AuthDeps } from './deps.ts';

/** Milliseconds. What a power cut takes from the log. */
const WRITTEN_AFTER = 30_000;

export interface ViewingLog {
  saw(look: Look): void;
  /** What was seen until now is in the audit log when it resolves. */
  write(): Promise<void>;
}

export const viewingLog = (app: FastifyInstance, deps: Pick<WebDeps, 'log'>, auth: AuthDeps): ViewingLog => {
  let book: ViewingBook = NO_VIEWINGS;
  let timer: NodeJS.Timeout | undefined;
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const told = [...book.values()];
    book = NO_VIEWINGS;
    if (told.length > 0) await auth.accounts.writeViewings(told);
  };
  const writeLater = (): void => {
    write().catch((thrown: unknown) => {
      // A full disk is told by what stores photos; looking at them goes on.
      deps.log.error('who looked at photos could not be written down', {
        code: thrown instanceof StillwatchError ? thrown.code : 'SW_UNEXPECTED',
      });
    });
  };
  app.addHook('onClose', write);
  return {
    saw(look) {
      book = looked(book, look);
      timer ??= setTimeout(writeLater, WRITTEN_AFTER).unref();
    },
    write,
  };
};
