// Which error of the table a failed file operation is. The only place that knows the platform's error names for "full".

import { StillwatchError, type StillwatchErrorCode } from './errors.ts';

/** No space; over the owner's quota; larger than a file may grow (FAT's 4 GiB, `ulimit -f`). */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);

/** The platform's short name of an error (`ENOSPC`), when it carries one. */
export const systemCode = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

/** Anything thrown by a write into `path`, as SW_STORE_FULL or SW_STORE_WRITE. A StillwatchError stays what it is. */
export const storageError = (thrown: unknown, path: string): StillwatchError => {
  if (thrown instanceof StillwatchError) return thrown;
  const code = systemCode(thrown);
  if (code !== undefined && FULL.has(code)) return new StillwatchError('SW_STORE_FULL', { path }, { cause: thrown });
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new StillwatchError('SW_STORE_WRITE', { path, detail }, { cause: thrown });
};

/** What SQLite says about a file that is no (longer a) database. Source: sqlite.org/rescode.html. */
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|FORMAT)/;

/** Anything thrown by a database in the file `path`: `damaged` when it is none any more, else as `storageError`. */
export const databaseError = (thrown: unknown, path: string, damaged: StillwatchErrorCode): StillwatchError => {
  if (!DAMAGED.test(systemCode(thrown) ?? '')) return storageError(thrown, path);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new StillwatchError(damaged, { path, detail }, { cause: thrown });
};
