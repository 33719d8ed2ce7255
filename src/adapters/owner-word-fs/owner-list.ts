// One list of the owner's words as a text file beside the catalogue: a still a line. Small enough to be read and written whole.

import * as nodeDisk from 'node:fs/promises';
import { dirname } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import type { StillId } from '../../domain/ids.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';

/** The file operations the lists stand on; tests put a failing disk here. */
export type OwnerListDisk = Pick<typeof nodeDisk, 'open' | 'readFile' | 'rename' | 'unlink'>;

export interface OwnerListForm<Word> {
  /** What the list holds, for the error: `photos`. */
  readonly of: string;
  /** undefined: no line of this list. */
  readonly read: (line: string) => readonly [StillId, Word] | undefined;
  readonly line: (id: StillId, word: Word) => string;
}

export interface OwnerList<Word> {
  /** @throws StillwatchError SW_STORE_WRITE for a file that holds anything else */
  all(): Promise<ReadonlyMap<StillId, Word>>;
  /** One change after the other. `undefined` takes the word back. @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE */
  set(id: StillId, word: Word | undefined): Promise<void>;
}

/** @param file its folder must exist */
export const ownerList = <Word>(
  file: string,
  form: OwnerListForm<Word>,
  disk: OwnerListDisk = nodeDisk,
): OwnerList<Word> => {
  const all = async (): Promise<ReadonlyMap<StillId, Word>> => {
    let text: string;
    try {
      text = await disk.readFile(file, 'utf8');
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return new Map();
      throw storageError(thrown, file);
    }
    const words = new Map<StillId, Word>();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const entry = form.read(line);
      // It may be what is left of a line: taking the wrong photo away, or writing the list anew without it, is for good.
      if (!entry) throw new StillwatchError('SW_STORE_WRITE', { path: file, detail: `not a list of ${form.of}` });
      words.set(...entry);
    }
    return words;
  };

  const write = async (words: ReadonlyMap<StillId, Word>): Promise<void> => {
    const draft = `${file}.new`;
    try {
      const handle = await disk.open(draft, 'w', 0o640);
      try {
        await handle.writeFile([...words].map(([id, word]) => `${form.line(id, word)}\n`).join(''));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await disk.rename(draft, file);
      const folder = await disk.open(dirname(file), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (thrown) {
      await disk.unlink(draft).catch(() => undefined);
      throw storageError(thrown, file);
    }
  };

  const change = async (id: StillId, word: Word | undefined): Promise<void> => {
    const words = new Map(await all());
    if (words.get(id) === word) return;
    if (word === undefined) words.delete(id);
    else words.set(id, word);
    await write(words);
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    set(id, word) {
      const next = last.then(() => change(id, word));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
