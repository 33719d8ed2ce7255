// Random secrets and what is kept of them. 256 bits need no slow hash: nobody guesses them.

import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { SecretHash } from '../../domain/account.ts';

export const secretHash = (secret: string): SecretHash =>
  createHash('sha256').update(secret).digest('hex') as SecretHash;

/** 256 bits, 43 characters that need no escaping in an address. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
export const newId = (): string => randomBytes(8).toString('hex');

/** Crockford's: none that is mistaken for another when it is typed from a terminal. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const letters = (count: number): string =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** 40 bits: it lives for an hour, and tries are throttled. */
export const newSetupKey = (): string => `${letters(4)}-${letters(4)}`;
/** 80 bits. */
export const newRecoveryCode = (): string => [1, 2, 3, 4].map(() => letters(4)).join('-');

/** As people type it: lower case, without the hyphens, with O for 0 and I or L for 1. */
export const typedSecret = (typed: string): SecretHash =>
  secretHash(
    typed
      .toUpperCase()
      .replace(/[^0-9A-Z]/g, '')
      .replace(/O/g, '0')
      .replace(/[IL]/g, '1'),
  );
