// The secret of a second factor must be read again at each login, so it cannot be a hash. It is sealed with AES-256-GCM under a key in a
// file of its own: a copy of the database alone, from a backup or a broken disk, opens nothing.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface SecretSeal {
  /** @param whose sealed in with it: one account's secret is worth nothing in another's row */
  seal(secret: string, whose: string): string;
  /** What was written before there was a seal is given back as it is. @throws when it was changed, or sealed with another key */
  open(sealed: string, whose: string): string;
}

const KEY_BYTES = 32;
/** NIST SP 800-38D, 5.2.1.1 and 5.2.1.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK = 'sealed1:';

export const isSealed = (text: string): boolean => text.startsWith(MARK);

export const secretSeal = (key: Uint8Array): SecretSeal => ({
  seal(secret, whose) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(whose));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return MARK + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  },
  open(sealed, whose) {
    if (!isSealed(sealed)) return sealed;
    const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
    const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)];
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(whose));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  },
});

/** The key in `file`, made when there is none. @param mayMake false: something is sealed with it already */
export const readSealKey = async (file: string, mayMake: boolean): Promise<Uint8Array> => {
  try {
    const key = await readFile(file);
    if (key.length === KEY_BYTES) return key;
    throw new TypeError(`${file} holds no key`);
  } catch (thrown) {
    if (!mayMake || (thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
  const key = randomBytes(KEY_BYTES);
  // Whole and on the disk before anything is sealed with it.
  const made = await open(`${file}.new`, 'w', 0o600);
  try {
    await made.writeFile(key);
    await made.sync();
  } finally {
    await made.close();
  }
  await rename(`${file}.new`, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return key;
};
