// Secrets in files of their own beside the document: whole or not at all, and for the program's user only.

import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Secret } from '../domain/secret.ts';
import { storageError } from '../domain/storage-error.ts';
import type { ConfigValue } from '../ports/config-document.ts';

const SECRETS = 'secrets';
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Whole or not at all, and on the disk when it returns. */
export const writeWhole = async (path: string, text: string, mode: number): Promise<void> => {
  const partial = join(dirname(path), `.${process.pid}-${Math.random().toString(36).slice(2)}.partial`);
  try {
    const handle = await open(partial, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    await sync(dirname(path));
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw storageError(thrown, path);
  }
};

/** @returns what refers to it in the document */
export const putSecretFile = async (folder: string, name: string, secret: Secret): Promise<ConfigValue> => {
  if (!NAME.test(name)) throw new RangeError('not a name for a secret');
  const dir = join(folder, SECRETS);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw storageError(thrown, dir);
  }
  await writeWhole(join(dir, name), `${secret.reveal()}\n`, 0o600);
  return { file: `${SECRETS}/${name}` };
};

/** Only what lies where `putSecretFile` puts it: a path the owner wrote is the owner's file. */
export const dropSecretFile = async (folder: string, place: ConfigValue | undefined): Promise<void> => {
  if (typeof place !== 'object' || place === null || Array.isArray(place)) return;
  const file = (place as Readonly<Record<string, ConfigValue>>)['file'];
  if (typeof file !== 'string' || !file.startsWith(`${SECRETS}/`)) return;
  const name = file.slice(SECRETS.length + 1);
  if (NAME.test(name)) await rm(join(folder, SECRETS, name), { force: true });
};
