// A stream of bytes under a passphrase: scrypt for the key, AES-256-GCM over pieces, numbered and with the last one marked
// (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): nothing can be cut off, swapped or changed unseen.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { StillwatchError } from '../../domain/errors.ts';
import type { Secret } from '../../domain/secret.ts';

const MAGIC = 'stillwatch-sealed 1';
/** 64 KiB of plain text at a time: memory stays small, and 20 bytes more per piece are nothing. */
const PIECE = 65_536;
const TAG = 16;
const KEY = 32;
const LONGEST_HEADER = 1024;
/** In the piece's length: it is the last one. */
const LAST = 0x8000_0000;

export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and half a second on a small server. A backup is attacked where it lies, with all the time there is. */
export const STRONG: ScryptCost = { n: 2 ** 17, r: 8, p: 1 };
/** A header may not ask for more than this: it is read before anything is proven. */
const MOST_MEMORY = 2 ** 30;

const keyOf = (passphrase: Secret, salt: Buffer, { n, r, p }: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const text = passphrase.reveal().normalize('NFC');
    // scrypt holds 128·N·r bytes; twice that, because the platform counts its own too.
    scrypt(text, salt, KEY, { N: n, r, p, maxmem: 256 * n * r + 2 ** 20 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

/** Each file has a key of its own (its salt is random), so a counter is a nonce that never repeats. */
const nonceOf = (index: number, isLast: boolean): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 3);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
};

/** Regroups whatever sizes come into pieces of exactly `size`, the last one shorter. */
async function* inPieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    held.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
    length += part.length;
    if (length < size) continue;
    const all = Buffer.concat(held);
    let at = 0;
    for (; length - at >= size; at += size) yield all.subarray(at, at + size);
    held = [all.subarray(at)];
    length -= at;
  }
  if (length > 0) yield Buffer.concat(held);
}

/** @param source plain bytes @returns sealed bytes */
export async function* seal(
  source: AsyncIterable<Uint8Array>,
  passphrase: Secret,
  cost: ScryptCost = STRONG,
): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(32);
  const header = Buffer.from(`${MAGIC}\n${JSON.stringify({ kdf: 'scrypt', ...cost, salt: salt.toString('hex') })}\n`);
  const key = await keyOf(passphrase, salt, cost);
  const sealed = (index: number, plain: Buffer, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index, isLast));
    cipher.setAAD(header);
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE((text.length | (isLast ? LAST : 0)) >>> 0);
    return Buffer.concat([length, text, cipher.getAuthTag()]);
  };
  yield header;
  // An empty piece first: when it cannot be opened the passphrase is wrong; a later one is damage.
  yield sealed(0, Buffer.alloc(0), false);
  let index = 1;
  let waiting: Buffer | undefined;
  for await (const piece of inPieces(source, PIECE)) {
    if (waiting) yield sealed(index++, waiting, false);
    waiting = piece;
  }
  yield sealed(index, waiting ?? Buffer.alloc(0), true);
}

/** Bytes in the sizes that are asked for. */
const byteReader = (source: AsyncIterable<Uint8Array>) => {
  const parts = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await parts.next();
    if (next.done) return false;
    held = Buffer.concat([held, next.value]);
    return true;
  };
  return {
    /** undefined when fewer are left. */
    async take(count: number): Promise<Buffer | undefined> {
      while (held.length < count) if (!(await more())) return undefined;
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    async line(most: number): Promise<string | undefined> {
      for (;;) {
        const at = held.indexOf(10);
        if (at >= 0) {
          const text = held.subarray(0, at).toString('utf8');
          held = held.subarray(at + 1);
          return text;
        }
        if (held.length > most || !(await more())) return undefined;
      }
    },
    get isEmpty() {
      return held.length === 0;
    },
    more,
    close: async () => void (await parts.return?.()),
  };
};

interface Header {
  readonly text: string;
  readonly cost: ScryptCost;
  readonly salt: Buffer;
}

const parseHeader = (line: string): Header | undefined => {
  try {
    const { kdf, n, r, p, salt } = JSON.parse(line) as Record<string, unknown>;
    if (kdf !== 'scrypt' || typeof salt !== 'string' || !/^[0-9a-f]{64}$/.test(salt)) return undefined;
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
    if (!isCount(n) || !isCount(r) || !isCount(p) || (n & (n - 1)) !== 0 || 128 * n * r * p > MOST_MEMORY)
      return undefined;
    return { text: `${MAGIC}\n${line}\n`, cost: { n, r, p }, salt: Buffer.from(salt, 'hex') };
  } catch {
    return undefined;
  }
};

/**
 * The plain bytes of what `seal` made. What it has given out is authentic; that it is complete is known at the end.
 * @param path for the message
 * @throws StillwatchError SW_BACKUP_UNKNOWN, SW_BACKUP_PASSPHRASE, SW_BACKUP_DAMAGED
 */
export async function* unseal(
  source: AsyncIterable<Uint8Array>,
  passphrase: Secret,
  path: string,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(source);
  try {
    const magic = await reader.line(LONGEST_HEADER);
    const header = magic === MAGIC ? parseHeader((await reader.line(LONGEST_HEADER)) ?? '') : undefined;
    if (!header) throw new StillwatchError('SW_BACKUP_UNKNOWN', { path });
    const key = await keyOf(passphrase, header.salt, header.cost);
    const aad = Buffer.from(header.text);
    for (let index = 0; ; index++) {
      const damaged = (): StillwatchError =>
        new StillwatchError(index === 0 ? 'SW_BACKUP_PASSPHRASE' : 'SW_BACKUP_DAMAGED', { path });
      const word = (await reader.take(4))?.readUInt32BE();
      if (word === undefined) throw new StillwatchError('SW_BACKUP_DAMAGED', { path });
      const isLast = word >= LAST;
      const length = isLast ? word - LAST : word;
      if (length > PIECE) throw damaged();
      const sealed = await reader.take(length + TAG);
      if (!sealed) throw new StillwatchError('SW_BACKUP_DAMAGED', { path });
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index, isLast), { authTagLength: TAG });
      decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(length));
      let plain: Buffer;
      try {
        plain = Buffer.concat([decipher.update(sealed.subarray(0, length)), decipher.final()]);
      } catch {
        throw damaged();
      }
      if (plain.length > 0) yield plain;
      if (!isLast) continue;
      if (!reader.isEmpty || (await reader.more())) throw new StillwatchError('SW_BACKUP_DAMAGED', { path });
      return;
    }
  } finally {
    await reader.close();
  }
}
