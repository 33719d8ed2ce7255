// A backup as a folder: `states/` with one sealed file per run, `photos/` with every photo once, whatever run brought it.

import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { type WriteStateOptions, writeState } from './state-tar.ts';

export interface BackupState {
  readonly file: string;
  /** `20261123T143207Z` */
  readonly stamp: string;
  /** False while photos of it may be missing: the run was cut short, or still goes on. */
  readonly isComplete: boolean;
}

export interface BackupFolder {
  /** Newest first. */
  states(): Promise<readonly BackupState[]>;
  /** A new state, not complete yet. */
  begin(stamp: string, options: Omit<WriteStateOptions, 'file'>): Promise<BackupState>;
  /** All of its photos are there. Earlier ones that never were are taken away. */
  complete(state: BackupState): Promise<BackupState>;
  /** Leaves the newest `count` complete ones. @returns how many went */
  keepNewest(count: number): Promise<number>;
}

const NAME = /^state-(\d{8}T\d{6}Z)(\.incomplete)?\.swb$/;
/** File systems without folder handles to sync (network shares, FAT): their own journal has to do. */
const CANNOT_SYNC = new Set(['EINVAL', 'EPERM', 'EACCES', 'ENOTSUP', 'EISDIR']);

/** The photos' place inside a backup. */
export const backupPhotos = (folder: string): string => join(folder, 'photos');

/** What its photos are, so that a later run need not read them again; made anew when it is lost. */
export const backupIndex = (folder: string): string => join(folder, 'index.sqlite');

const syncFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (!CANNOT_SYNC.has(systemCode(thrown) ?? '')) throw thrown;
  }
};

/** @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE */
export const backupFolder = (folder: string): BackupFolder => {
  const dir = join(folder, 'states');
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw storageError(thrown, dir);
    }
  };

  const states = async (): Promise<readonly BackupState[]> => {
    const names = await readdir(dir).catch((thrown: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')) return [];
      throw thrown;
    });
    const found: BackupState[] = [];
    for (const name of names) {
      const [, stamp, incomplete] = NAME.exec(name) ?? [];
      if (stamp) found.push({ file: join(dir, name), stamp, isComplete: incomplete === undefined });
    }
    return found.sort((a, b) => (a.stamp < b.stamp ? 1 : -1));
  };

  return {
    states: () => ask(states),

    begin: (stamp, options) =>
      ask(async () => {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        // What a run that was cut short left; two runs at once into one folder are not meant to be.
        for (const name of await readdir(dir)) if (name.startsWith('.tmp-')) await rm(join(dir, name), { force: true });
        const file = join(dir, `state-${stamp}.incomplete.swb`);
        const draft = join(dir, `.tmp-${stamp}`);
        await writeState({ ...options, file: draft });
        await rename(draft, file);
        await syncFolder(dir);
        return { file, stamp, isComplete: false };
      }),

    complete: (state) =>
      ask(async () => {
        const file = join(dir, `state-${state.stamp}.swb`);
        await rename(state.file, file);
        await syncFolder(dir);
        for (const other of await states()) {
          if (!other.isComplete && other.stamp < state.stamp) await rm(other.file, { force: true });
        }
        return { file, stamp: state.stamp, isComplete: true };
      }),

    keepNewest: (count) =>
      ask(async () => {
        const old = (await states()).filter(({ isComplete }) => isComplete).slice(count);
        for (const { file } of old) await rm(file, { force: true });
        return old.length;
      }),
  };
};

/**
 * The state to restore from: the named file, or the newest complete one of the folder, or the newest.
 * @throws StillwatchError SW_BACKUP_UNKNOWN
 */
export const chooseState = async (folder: string, named?: string): Promise<BackupState> => {
  const states = await backupFolder(folder).states();
  const wanted =
    named === undefined ? undefined : states.find(({ file, stamp }) => file.endsWith(named) || stamp === named);
  const chosen = named === undefined ? (states.find(({ isComplete }) => isComplete) ?? states[0]) : wanted;
  if (!chosen || !(await stat(chosen.file).catch(() => undefined))) {
    throw new StillwatchError('SW_BACKUP_UNKNOWN', { path: named === undefined ? folder : join(folder, named) });
  }
  return chosen;
};
