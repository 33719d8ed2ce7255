// What the files themselves say, without any index: who may read them, and what a crash left behind.
// It changes modes of what is ours and removes old temporaries; it never touches a photo's bytes.

import { access, chmod, constants, lstat, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../domain/storage-error.ts';
import { type Ms, ms } from '../../domain/units.ts';
import type { DiskFinding, DiskInspection } from '../../ports/disk-inspection.ts';

export interface DiskInspectionOptions {
  /** The photo folder. */
  readonly photos: string;
  /** The folder with spool and catalogue; nobody else's business. */
  readonly data: string;
  readonly spool: string;
  /** Where the pictures of a set wait; a spool too. */
  readonly shelf: string;
  /** How old a temporary must be to be nobody's work in progress. */
  readonly staleAfter?: Ms;
}

const STALE_AFTER: Ms = ms(10 * 60_000);
/** Copies that a backup or a restore works on. A big one takes hours; what is a day old was left by one that was killed. */
const WORK_FOLDERS = ['.backup', '.restoring'];
const WORK_STALE_AFTER: Ms = ms(24 * 3_600_000);
/** As the store and the spool make them. */
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;
const OTHERS = 0o007;
/** Files looked at together: enough to keep a disk busy, few enough for a Raspberry Pi. */
const FILES_AT_ONCE = 32;

const { R_OK, W_OK, X_OK } = constants;

const mayAccess = async (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    (thrown: unknown) => systemCode(thrown) === 'ENOENT',
  );

export const diskInspection = (options: DiskInspectionOptions): DiskInspection => {
  const { photos, data, staleAfter = STALE_AFTER } = options;
  const queues = [options.spool, options.shelf];

  const isOurs = async (path: string): Promise<boolean> => {
    const found = await lstat(path).catch(() => undefined);
    return found !== undefined && (process.getuid === undefined || found.uid === process.getuid());
  };

  const namesIn = async (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);

  const draftsIn = async (queue: string): Promise<readonly string[]> =>
    (await namesIn(queue)).filter((name) => name.startsWith('.tmp-')).map((name) => join(queue, name));

  async function* temporaries(): AsyncGenerator<DiskFinding> {
    const incoming = join(photos, '.incoming');
    const candidates = [
      ...(await namesIn(incoming)).map((name) => join(incoming, name)),
      ...(await Promise.all(queues.map(draftsIn))).flat(),
      ...(await namesIn(data)).filter((name) => name.endsWith('.new')).map((name) => join(data, name)),
    ];
    for (const path of candidates) {
      const found = await lstat(path).catch(() => undefined);
      if (!found?.isFile() || Date.now() - found.mtimeMs < staleAfter) continue;
      yield { kind: 'stray-temporary', path, isMendable: true };
    }
    for (const path of WORK_FOLDERS.map((name) => join(data, name))) {
      const found = await lstat(path).catch(() => undefined);
      if (!found?.isDirectory() || Date.now() - found.mtimeMs < WORK_STALE_AFTER) continue;
      yield { kind: 'stray-temporary', path, isMendable: true };
    }
    for (const aside of queues.map((queue) => join(queue, 'set-aside'))) {
      for (const name of await namesIn(aside)) {
        if (name.endsWith('.jpg')) yield { kind: 'set-aside', path: join(aside, name), isMendable: false };
      }
    }
  }

  /** Spool, catalogue, favourites: readable for the owner and the group, at most. */
  async function* privacy(): AsyncGenerator<DiskFinding> {
    if (process.platform === 'win32') return; // modes mean nothing there
    const found = await lstat(data).catch(() => undefined);
    if (found && (found.mode & OTHERS) !== 0) {
      yield { kind: 'open-to-all', path: data, isMendable: await isOurs(data) };
    }
  }

  async function* accessIn(folder: string): AsyncGenerator<DiskFinding> {
    if (!(await mayAccess(folder, R_OK | W_OK | X_OK))) {
      yield { kind: 'no-access', path: folder, isMendable: await isOurs(folder) };
      return;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
    for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
      const part = files.slice(at, at + FILES_AT_ONCE);
      const answers = await Promise.all(part.map((file) => mayAccess(file, R_OK)));
      for (const [index, path] of part.entries()) {
        if (!answers[index]) yield { kind: 'no-access', path, isMendable: await isOurs(path) };
      }
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) yield* accessIn(join(folder, entry.name));
    }
  }

  return {
    async *findings() {
      yield* temporaries();
      yield* privacy();
      yield* accessIn(data);
      yield* accessIn(photos);
    },

    async mend({ kind, path }) {
      try {
        if (kind === 'stray-temporary') {
          if (WORK_FOLDERS.some((name) => path === join(data, name))) await rm(path, { recursive: true });
          else await unlink(path);
          return true;
        }
        const isFolder = (await lstat(path)).isDirectory();
        await chmod(path, isFolder ? FOLDER_MODE : FILE_MODE);
        return true;
      } catch {
        return false;
      }
    },
  };
};
