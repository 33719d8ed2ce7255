// Who each camera said it is, as JSON beside the catalogue: what a camera is recognised by when its address changes.
// Losing the file costs nothing but that; it is written anew at the next connect.

import { open, readFile, rename, rm } from 'node:fs/promises';
import type { CameraIdentity, MacRule } from '../../domain/identity.ts';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import { storageError } from '../../domain/storage-error.ts';

export interface Identities {
  /** What was kept; empty when nothing was, or nothing readable. */
  all(): Promise<ReadonlyMap<CameraId, CameraIdentity>>;
  /** @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE */
  put(camera: CameraId, identity: CameraIdentity): Promise<void>;
}

const MAC_RULES: readonly MacRule[] = [
  'interface-with-our-address',
  'only-enabled-interface',
  'only-interface',
  'ambiguous',
  'none',
];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** undefined for anything but what `put` wrote. */
const readIdentity = (said: unknown): CameraIdentity | undefined => {
  if (typeof said !== 'object' || said === null) return undefined;
  const fields = said as Readonly<Record<string, unknown>>;
  const host = text(fields['host']);
  const macRule = MAC_RULES.find((rule) => rule === fields['macRule']);
  if (host === undefined || macRule === undefined) return undefined;
  const scopes = Array.isArray(fields['scopes']) ? fields['scopes'].filter((one) => typeof one === 'string') : [];
  return {
    name: text(fields['name']),
    make: text(fields['make']),
    model: text(fields['model']),
    firmware: text(fields['firmware']),
    serial: text(fields['serial']),
    hardwareId: text(fields['hardwareId']),
    host,
    mac: text(fields['mac']),
    macRule,
    // Which ports were open then says nothing of today.
    ports: [],
    scopes,
  };
};

const parse = (content: string): Map<CameraId, CameraIdentity> => {
  const found = new Map<CameraId, CameraIdentity>();
  let said: unknown;
  try {
    said = JSON.parse(content);
  } catch {
    return found;
  }
  for (const [camera, value] of Object.entries(said ?? {})) {
    const identity = readIdentity(value);
    if (identity && isCameraId(camera)) found.set(camera, identity);
  }
  return found;
};

/** @param file its folder must exist */
export const fsIdentities = (file: string): Identities => {
  const all = async (): Promise<Map<CameraId, CameraIdentity>> => parse(await readFile(file, 'utf8').catch(() => ''));

  const write = async (camera: CameraId, identity: CameraIdentity): Promise<void> => {
    const known = await all();
    known.set(camera, { ...identity, ports: [] });
    const draft = `${file}.new`;
    try {
      const handle = await open(draft, 'w', 0o640);
      try {
        await handle.writeFile(`${JSON.stringify(Object.fromEntries(known), undefined, 1)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (thrown) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw storageError(thrown, file);
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    put(camera, identity) {
      const next = last.then(() => write(camera, identity));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
