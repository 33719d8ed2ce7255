// Secrets that the document refers to, each in a file of its own: written before the document names it, taken away when nothing
// names it any more.

import { randomBytes } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';
import type { ConfigDocument, ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import { isMap } from './merge-patch.ts';
import { type Change, changeDocument } from './settings-view.ts';

/** Another file for each new secret: until the document refers to it, the one before is in force, and whole. */
const secretName = (id: string, of: 'camera' | 'inbox'): string => `${of}-${id}-${randomBytes(4).toString('hex')}`;

export interface NewSecret {
  readonly id: string;
  readonly of: 'camera' | 'inbox';
  /** undefined: the change needs none. */
  readonly secret: Secret | undefined;
}

/**
 * Changes the document, which may then name where the secret lies; when nothing is changed, no secret is left behind.
 * @throws StillwatchError as `changeDocument`
 */
export const changeWithSecret = async (
  document: ConfigDocument,
  { id, of, secret }: NewSecret,
  change: (place: ConfigValue | undefined) => Change,
): Promise<ConfigReading> => {
  const place = secret && (await document.putSecret(secretName(id, of), secret));
  try {
    return await changeDocument(document, change(place));
  } catch (thrown) {
    await document.dropSecret(place);
    throw thrown;
  }
};

/** True when no other entry has its secret, under `key`, in the same place. */
export const isAlone = (
  entries: Readonly<Record<string, ConfigValue>>,
  id: string,
  key: 'password' | 'key',
  place: ConfigValue | undefined,
): boolean =>
  Object.entries(entries).every(
    ([other, one]) => other === id || !isMap(one) || JSON.stringify(one[key]) !== JSON.stringify(place),
  );
