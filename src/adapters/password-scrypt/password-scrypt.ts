// Passwords by scrypt (RFC 7914). The parameters are in the hash, so that they can be raised: the next login hashes anew.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { totalmem } from 'node:os';
import { StillwatchError } from '../../domain/errors.ts';
import type { Secret } from '../../domain/secret.ts';
import type { PasswordHasher } from '../../ports/login.ts';

export interface ScryptCost {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const BIG: ScryptCost = { ln: 17, r: 8, p: 1 };
const SMALL: ScryptCost = { ln: 15, r: 8, p: 3 };
/** 128 MB for one login is too much for a Raspberry Pi with 1 or 2 GB; the small one takes 32 MB. OWASP ranks both equal. */
const BIG_FROM = 3 * 2 ** 30;
export const machineCost = (): ScryptCost => (totalmem() >= BIG_FROM ? BIG : SMALL);

/** Logins that may wait for their turn. At half a second each nobody waits longer than 8 s. */
const MOST_WAITING = 16;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** More than this in a stored hash was not written here: it would be a way to exhaust the machine. */
const MOST: ScryptCost = { ln: 18, r: 16, p: 8 };

/** NFKC: the same letters typed on a telephone and on a keyboard are the same password (RFC 8265). */
const derive = (password: Secret, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
    scrypt(password.reveal().normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

const format = ({ ln, r, p }: ScryptCost, salt: Buffer, key: Buffer): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;

interface Stored extends ScryptCost {
  readonly salt: Buffer;
  readonly key: Buffer;
}

const parse = (text: string): Stored | undefined => {
  const [, ln, r, p, salt = '', key = ''] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/.exec(text) ?? [];
  const stored = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (!(stored.ln >= 1 && stored.ln <= MOST.ln && stored.r >= 1 && stored.r <= MOST.r)) return undefined;
  if (!(stored.p >= 1 && stored.p <= MOST.p)) return undefined;
  return { ...stored, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
};

export const scryptPasswords = (cost: ScryptCost = machineCost()): PasswordHasher => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** One at a time: sixteen logins at once would want 2 GB. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= MOST_WAITING) return Promise.reject(new StillwatchError('SW_LOGIN_BUSY'));
    waiting += 1;
    const turn = async (): Promise<T> => {
      try {
        return await work();
      } finally {
        waiting -= 1;
      }
    };
    const next = last.then(turn);
    last = next.catch(() => undefined);
    return next;
  };
  // An account that does not exist is checked against this: it takes as long.
  const dummy: Stored = { ...cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return format(cost, salt, await derive(password, salt, cost));
      }),
    check: (password, text) =>
      inTurn(async () => {
        const stored = text === undefined ? undefined : parse(text);
        const { key, salt, ...used } = stored ?? dummy;
        const isSame = timingSafeEqual(await derive(password, salt, used), key);
        if (!isSame || !stored) return 'wrong';
        return used.ln === cost.ln && used.r === cost.r && used.p === cost.p ? 'right' : 'outdated';
      }),
  };
};
