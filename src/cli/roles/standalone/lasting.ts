// A database that outlives its disk. A connection stays with the file it opened: when the disk went read-only or was changed, or
// somebody deleted or tore the file, it fails, or writes what nobody will ever read, until it is opened anew.

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type StillwatchError, toStillwatchError } from '../../../domain/errors.ts';
import { systemCode } from '../../../domain/storage-error.ts';
import { between, type Ms, ms } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';

export interface LastingParts<T> {
  readonly file: string;
  readonly clock: Clock;
  /** Opens it, setting a damaged one aside. */
  readonly open: () => Promise<T>;
  /** Takes what is there out of the way: it was found to be damaged while in use. */
  readonly setAside: () => Promise<void>;
  /** It was opened anew; `isOther`: on another file, which may know nothing of what this one did. */
  readonly onRenewed: (isOther: boolean) => void;
  readonly onTrouble: (error: StillwatchError) => void;
}

/** How often the file is looked at: a stat, and only when the database is used. */
const LOOK_EVERY: Ms = ms(1000);
/** The disk answered with an error, or the file is not the one that was opened. */
const DETACHED = /^SQLITE_(IOERR|READONLY|CANTOPEN|NOTADB)/;
const DAMAGED = new Set(['SW_CATALOG_DAMAGED', 'SW_LEDGER_DAMAGED']);

type State = 'well' | 'detached' | 'damaged';

/** Which file it is; undefined: there is none. */
const identityOf = async (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );

const stateAfter = (error: StillwatchError): State => {
  if (DAMAGED.has(error.code)) return 'damaged';
  return DETACHED.test(systemCode(error.cause) ?? '') ? 'detached' : 'well';
};

/** @param T an object of asynchronous functions, one of them `close` */
export const lasting = async <T extends { close(): Promise<void> }>(parts: LastingParts<T>): Promise<T> => {
  const { file, clock } = parts;
  let inner: T | undefined = await parts.open();
  const names = Object.keys(inner).filter((name) => name !== 'close');
  let identity = await identityOf(file);
  let state: State = 'well';
  let lookedAt = clock.now().mono;
  let renewing: Promise<void> | undefined;
  let isClosed = false;
  /** Why there is none at present. */
  let unopened: unknown;

  const renew = async (): Promise<void> => {
    const found = await identityOf(file);
    const isMoved = found !== identity;
    if (state === 'well' && !isMoved) return;
    // Without its folder the disk is gone: what was made now would lie below its mount point.
    if ((await identityOf(dirname(file))) === undefined) return;
    // Closed before the new one is opened: SQLite takes a log away by its name, and the new one's has the same.
    const old = inner;
    inner = undefined;
    await old?.close().catch(() => undefined);
    if (state === 'damaged') await parts.setAside();
    const isOther = state === 'damaged' || isMoved;
    state = 'detached';
    inner = await parts.open();
    identity = await identityOf(file);
    state = 'well';
    parts.onRenewed(isOther);
  };

  const ready = async (): Promise<void> => {
    if (renewing) return renewing;
    if (isClosed || between(lookedAt, clock.now().mono) < LOOK_EVERY) return undefined;
    lookedAt = clock.now().mono;
    renewing = renew().catch((thrown: unknown) => {
      unopened = thrown;
      parts.onTrouble(toStillwatchError(thrown));
    });
    await renewing;
    renewing = undefined;
    return undefined;
  };

  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    await ready();
    if (!inner) throw unopened;
    try {
      const method = Reflect.get(inner, name) as (...all: readonly unknown[]) => Promise<unknown>;
      return await method.apply(inner, [...args]);
    } catch (thrown) {
      const next = stateAfter(toStillwatchError(thrown));
      if (next !== 'well' && state !== 'damaged') state = next;
      throw thrown;
    }
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    await renewing;
    await inner?.close();
  };
  const methods = names.map((name) => [name, (...args: readonly unknown[]) => call(name, args)]);
  // The same functions by the same names: what the type says of `inner` holds.
  return Object.fromEntries([...methods, ['close', close]]) as T;
};
