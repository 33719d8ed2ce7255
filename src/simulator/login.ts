// The camera's side of a login: challenges and their check (RFC 7616, RFC 2069, RFC 7617). Shares no code with the client.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../domain/secret.ts';
import type { Request } from './request.ts';

/** `digest-md5-qop` is RFC 7616's form; plain `digest-md5` is the older one that most cameras speak. */
export type LoginScheme = 'digest-md5' | 'digest-md5-qop' | 'digest-sha256' | 'basic';

export type LoginAnswer = 'accepted' | 'missing' | 'refused' | 'stale';

export interface Login {
  /** The values of the WWW-Authenticate headers of a 401. */
  challenges(isStale: boolean): readonly string[];
  /** @param oneShot a nonce is good for one request only */
  check(request: Request, oneShot: boolean): LoginAnswer;
}

const REALM = 'Stillwatch simulated camera';

const hash = (algorithm: 'md5' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex');

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** The `name=value` and `name="value"` pairs of a Digest header (RFC 7616 section 3.4). */
const digestFields = (text: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)) {
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  }
  return fields;
};

/** Logins of one connection: a nonce given to another connection is not known here. */
export const connectionLogin = (credentials: Credentials, schemes: readonly LoginScheme[]): Login => {
  const nonces = new Map<string, LoginScheme>();

  const challenge = (scheme: LoginScheme, isStale: boolean): string => {
    if (scheme === 'basic') return `Basic realm="${REALM}"`;
    const nonce = randomBytes(16).toString('hex');
    nonces.set(nonce, scheme);
    const extras = [
      ...(scheme === 'digest-sha256' ? ['algorithm=SHA-256', 'qop="auth"'] : []),
      ...(scheme === 'digest-md5-qop' ? ['algorithm=MD5', 'qop="auth"'] : []),
      ...(isStale ? ['stale=TRUE'] : []),
    ];
    return [`Digest realm="${REALM}"`, `nonce="${nonce}"`, ...extras].join(', ');
  };

  const checkBasic = (text: string): LoginAnswer => {
    const given = Buffer.from(text, 'base64').toString('utf8');
    return same(given, `${credentials.user}:${credentials.password.reveal()}`) ? 'accepted' : 'refused';
  };

  const checkDigest = (request: Request, text: string, oneShot: boolean): LoginAnswer => {
    const fields = digestFields(text);
    const field = (name: string): string => fields.get(name) ?? '';
    const nonce = field('nonce');
    const scheme = nonces.get(nonce);
    if (!scheme) return 'stale';
    if (field('realm') !== REALM || field('uri') !== request.url) return 'refused';
    const algorithm = scheme === 'digest-sha256' ? 'sha256' : 'md5';
    const secret = hash(algorithm, `${credentials.user}:${REALM}:${credentials.password.reveal()}`);
    const asked = hash(algorithm, `${request.method}:${request.url}`);
    const middle = scheme === 'digest-md5' ? nonce : [nonce, field('nc'), field('cnonce'), field('qop')].join(':');
    if (scheme !== 'digest-md5' && field('qop') !== 'auth') return 'refused';
    const isRight =
      same(field('username'), credentials.user) &&
      same(field('response').toLowerCase(), hash(algorithm, `${secret}:${middle}:${asked}`));
    if (oneShot) nonces.delete(nonce);
    return isRight ? 'accepted' : 'refused';
  };

  return {
    challenges: (isStale) => schemes.map((scheme) => challenge(scheme, isStale)),
    check: (request, oneShot) => {
      const header = request.headers.get('authorization') ?? '';
      const match = /^(basic|digest)\s+(.*)$/is.exec(header);
      if (!match) return 'missing';
      const kind = (match[1] ?? '').toLowerCase();
      if (kind === 'basic') return schemes.includes('basic') ? checkBasic(match[2] ?? '') : 'refused';
      return checkDigest(request, match[2] ?? '', oneShot);
    },
  };
};
