// Secrets that the document refers to, each in a file of its own: written before the document names it, taken away when nothing
// names it any more.

import { randomBytes } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';
import type { ConfigDocument, ConfigReading, ConfigValue } from '../../ports/config-document.ts';
import { isMap } from './merge-patch.ts';
import { type Change, changeDocument } from './settings-view.ts';

type Owner = 'camera' | 'inbox' | 'webhook';

/** Another file for each new secret: until the document refers to it, the one before is in force, and whole. */
const secretName = (id: string, of: Owner): string => `${of}-${id}-${randomBytes(4).toString('hex')}`;

export interface NewSecrets {
  readonly id: string;
  readonly of: Owner;
  readonly secrets: readonly Secret[];
}

/**
 * Changes the document, which may then name where the secrets lie; when nothing is changed, no secret is left behind.
 * @throws StillwatchError as `changeDocument`
 */
export const changeWithSecrets = async (
  document: ConfigDocument,
  { id, of, secrets }: NewSecrets,
  change: (places: readonly ConfigValue[]) => Change,
): Promise<ConfigReading> => {
  const places: ConfigValue[] = [];
  try {
    for (const secret of secrets) places.push(await document.putSecret(secretName(id, of), secret));
    return await changeDocument(document, change(places));
  } catch (thrown) {
    for (const place of places) await document.dropSecret(place);
    throw thrown;
  }
};

export interface NewSecret {
  readonly id: string;
  readonly of: Owner;
  /** undefined: the change needs none. */
  readonly secret: Secret | undefined;
}

/** The same with one secret, or none. */
export const changeWithSecret = (
  document: ConfigDocument,
  { id, of, secret }: NewSecret,
  change: (place: ConfigValue | undefined) => Change,
): Promise<ConfigReading> =>
  changeWithSecrets(document, { id, of, secrets: secret ? [secret] : [] }, ([place]) => change(place));

/** True when no other entry has its secret, under `key`, in the same place. */
export const isAlone = (
  entries: Readonly<Record<string, ConfigValue>>,
  id: string,
  key: 'password' | 'key' | 'url' | 'secret',
  place: ConfigValue | undefined,
): boolean =>
  Object.entries(entries).every(
    ([other, one]) => other === id || !isMap(one) || JSON.stringify(one[key]) !== JSON.stringify(place),
  );
