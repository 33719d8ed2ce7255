// The owner's verdicts as a text file beside the favourites: a still's id and the verdict a line. Small enough to be read and
// written whole.

import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StillwatchError } from '../../domain/errors.ts';
import { isStillId, type StillId } from '../../domain/ids.ts';
import { CHANGE_VERDICTS, type ChangeVerdict } from '../../domain/still-change.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import type { Corrections } from '../../ports/keeping.ts';

/** @param file its folder must exist */
export const fsCorrections = (file: string): Corrections => {
  const all = async (): Promise<ReadonlyMap<StillId, ChangeVerdict>> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return new Map();
      throw storageError(thrown, file);
    }
    const verdicts = new Map<StillId, ChangeVerdict>();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const [id = '', word] = line.split(' ');
      const verdict = CHANGE_VERDICTS.find((each) => each === word);
      // Writing the list anew without a line that cannot be read would lose the owner's word for good.
      if (!isStillId(id) || !verdict)
        throw new StillwatchError('SW_STORE_WRITE', { path: file, detail: 'not a list of verdicts' });
      verdicts.set(id, verdict);
    }
    return verdicts;
  };

  const write = async (verdicts: ReadonlyMap<StillId, ChangeVerdict>): Promise<void> => {
    const draft = `${file}.new`;
    try {
      const handle = await open(draft, 'w', 0o640);
      try {
        await handle.writeFile([...verdicts].map(([id, verdict]) => `${id} ${verdict}\n`).join(''));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
      const folder = await open(dirname(file), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (thrown) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw storageError(thrown, file);
    }
  };

  const change = async (id: StillId, verdict: ChangeVerdict | undefined): Promise<void> => {
    const verdicts = new Map(await all());
    if (verdicts.get(id) === verdict) return;
    if (verdict === undefined) verdicts.delete(id);
    else verdicts.set(id, verdict);
    await write(verdicts);
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    set(id, verdict) {
      const next = last.then(() => change(id, verdict));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
