// Reads films in child processes, one at a time.

import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isErrorCode, StillwatchError } from '../domain/errors.ts';
import { ms } from '../domain/units.ts';
import type { ClipReader, ClipStill } from '../ports/inbox.ts';

/** A minute of 4K decodes in ten seconds on a small Pi; longer is a film made to hang us. */
const WITHIN_MS = 60_000;

type Said = { readonly stills: readonly number[] } | { readonly error: string };

const isSaid = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && ('stills' in value || 'error' in value);

const childFile = (): string => {
  const here = fileURLToPath(import.meta.url);
  return here.replace(/clip-reader\.(ts|js)$/, 'clip-child.$1');
};

const ask = (film: string, folder: string): Promise<Said | undefined> =>
  new Promise((resolve, reject) => {
    const child = fork(childFile(), [film, folder], { stdio: 'ignore' });
    let said: Said | undefined;
    const late = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
    child.on('message', (message: unknown) => {
      if (isSaid(message)) said = message;
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(late);
      resolve(said);
    });
  });

const read = async (bytes: Uint8Array): Promise<readonly ClipStill[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-clip-'));
  try {
    const film = join(folder, 'film');
    await writeFile(film, bytes, { mode: 0o600 });
    const said = await ask(film, folder);
    if (said && 'stills' in said) {
      return await Promise.all(
        said.stills.map(async (at, index) => ({ jpeg: await readFile(join(folder, `${index}.jpg`)), at: ms(at) })),
      );
    }
    const code = said && isErrorCode(said.error) ? said.error : 'SW_FILE_UNREADABLE';
    throw new StillwatchError(code, { file: 'the film', detail: said ? said.error : 'its decoder ended' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const clipReader = (): ClipReader => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    stills(bytes) {
      const next = last.then(() => read(bytes));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
