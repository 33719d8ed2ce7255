// Digest access authentication (RFC 7616; MD5 as in RFC 2617, which cameras still ask for) and Basic (RFC 7617).

import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '../../domain/secret.ts';

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: 'MD5' | 'SHA-256';
  /** True for `auth`; false for the old form without a client nonce. */
  readonly hasQop: boolean;
}

const parameter = (text: string, name: string): string | undefined => {
  const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`, 'i').exec(text);
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2];
};

/** The strongest digest challenge that can be answered; undefined when there is none. */
export const digestChallenge = (headers: readonly string[]): DigestChallenge | undefined => {
  const found: DigestChallenge[] = [];
  for (const header of headers) {
    // One header may hold several challenges, one after the other.
    for (const part of header.split(/(?=\bDigest\s)/i)) {
      if (!/^\s*Digest\s/i.test(part)) continue;
      const [realm, nonce] = [parameter(part, 'realm'), parameter(part, 'nonce')];
      const algorithm = (parameter(part, 'algorithm') ?? 'MD5').toUpperCase();
      const qop = parameter(part, 'qop');
      if (realm === undefined || !nonce || (algorithm !== 'MD5' && algorithm !== 'SHA-256')) continue;
      if (qop !== undefined && !qop.split(',').some((each) => each.trim().toLowerCase() === 'auth')) continue;
      found.push({ realm, nonce, opaque: parameter(part, 'opaque'), algorithm, hasQop: qop !== undefined });
    }
  }
  return found.find(({ algorithm }) => algorithm === 'SHA-256') ?? found[0];
};

export const asksForBasic = (headers: readonly string[]): boolean =>
  headers.some((header) => /(?:^|,)\s*Basic\b/i.test(header));

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** RFC 7616, 3.4. `path` is the request target as it is sent. */
export const digestAnswer = (
  challenge: DigestChallenge,
  { user, password }: Credentials,
  path: string,
  clientNonce: string = randomBytes(8).toString('hex'),
): string => {
  const hash = (text: string): string =>
    createHash(challenge.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const secret = hash(`${user}:${challenge.realm}:${password.reveal()}`);
  const request = hash(`GET:${path}`);
  // Every shot answers a fresh challenge, so the count is always the first.
  const count = '00000001';
  const middle = challenge.hasQop ? `${count}:${clientNonce}:auth:` : '';
  return [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(challenge.realm)}`,
    `nonce=${quoted(challenge.nonce)}`,
    `uri=${quoted(path)}`,
    `algorithm=${challenge.algorithm}`,
    `response="${hash(`${secret}:${challenge.nonce}:${middle}${request}`)}"`,
    ...(challenge.hasQop ? ['qop=auth', `nc=${count}`, `cnonce="${clientNonce}"`] : []),
    ...(challenge.opaque === undefined ? [] : [`opaque=${quoted(challenge.opaque)}`]),
  ].join(', ');
};

export const basicAnswer = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`;
