// Copies of SQLite files as they are at one moment, while another process writes to them, and whether one does.

import SqliteDatabase from 'better-sqlite3';
import { databaseError, systemCode } from '../../domain/storage-error.ts';

/** Pages copied between two looks at the clock: 1 MB of 4 KiB pages. */
const PAGES_AT_ONCE = 256;
/** A writer may be in the middle of a transaction. */
const BUSY_MS = 5000;

/**
 * A consistent copy, made in pieces; writers are never held up.
 * @throws StillwatchError SW_CATALOG_DAMAGED, SW_STORE_FULL, SW_STORE_WRITE
 */
export const copyDatabase = async (
  from: string,
  to: string,
  onProgress?: (copied: number, total: number) => void,
): Promise<void> => {
  let db: SqliteDatabase.Database | undefined;
  try {
    db = new SqliteDatabase(from, { fileMustExist: true, timeout: BUSY_MS });
    // A read transaction holds one moment of the file (https://sqlite.org/isolation.html). Without it the copy would start
    // over at each write of the running program, and might never come to an end.
    db.exec('begin');
    db.prepare('select count(*) from sqlite_master').get();
    await db.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.(totalPages - remainingPages, totalPages);
        return PAGES_AT_ONCE;
      },
    });
    db.exec('commit');
  } catch (thrown) {
    throw databaseError(thrown, from, 'SW_CATALOG_DAMAGED');
  } finally {
    db?.close();
  }
};

/** True when another process has the database open, so that it may not be replaced. A file that is not there is not. */
export const isDatabaseInUse = (file: string): boolean => {
  let db: SqliteDatabase.Database | undefined;
  try {
    db = new SqliteDatabase(file, { fileMustExist: true, timeout: 0 });
    // In this mode a connection wants the file for itself: https://sqlite.org/wal.html#use_of_wal_without_shared_memory
    db.pragma('locking_mode = exclusive');
    db.exec('begin immediate; rollback');
    return false;
  } catch (thrown) {
    return /^SQLITE_(BUSY|LOCKED)/.test(systemCode(thrown) ?? '');
  } finally {
    db?.close();
  }
};
