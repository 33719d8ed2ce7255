// Who may come in: WS-UsernameToken, HTTP Digest and Basic from the server's side, written from RFC 7616 and the WSS profile.

import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { LoginKind } from './persona.ts';
import { tagText } from './request-text.ts';

export interface Account {
  readonly user: string;
  readonly password: string;
}

const digestOf = (algorithm: 'md5' | 'sha256' | 'sha1', ...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A token is good for this long around the camera's clock, in seconds; the narrowest window cameras use. */
const TOKEN_WINDOW = 5;

/** `undefined`: there is no token in the request. */
export const tokenVerdict = (xml: string, account: Account, now: number): 'good' | 'bad' | 'old' | undefined => {
  const user = tagText(xml, 'Username');
  if (user === undefined) return undefined;
  const password = (tagText(xml, 'Password') ?? '').replaceAll('&amp;', '&');
  const [nonce, created] = [tagText(xml, 'Nonce') ?? '', tagText(xml, 'Created') ?? ''];
  if (user.replaceAll('&amp;', '&') !== account.user) return 'bad';
  const wanted = digestOf('sha1', Buffer.from(nonce, 'base64'), created, account.password).toString('base64');
  if (wanted !== password) return 'bad';
  return Math.abs(Date.parse(created) - now) > TOKEN_WINDOW * 1000 ? 'old' : 'good';
};

const REALM = 'simulated camera';

export interface DigestGate {
  challenges(kind: LoginKind | 'basic', isStale: boolean): string[];
  verdict(request: IncomingMessage, body: string, account: Account): 'good' | 'bad' | 'stale' | undefined;
  /** Every nonce given so far is stale from now on. */
  age(): void;
}

export const digestGate = (): DigestGate => {
  let nonces = new Set<string>();
  const fresh = (): string => {
    const nonce = randomBytes(16).toString('hex');
    nonces.add(nonce);
    if (nonces.size > 500) nonces = new Set([...nonces].slice(250));
    return nonce;
  };
  const field = (header: string, name: string): string | undefined =>
    new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^,\\s]+))`, 'i')
      .exec(header)
      ?.slice(1)
      .find(Boolean);

  return {
    challenges(kind, isStale) {
      const stale = isStale ? ', stale=true' : '';
      if (kind === 'basic') return [`Basic realm="${REALM}"`];
      const md5 = `Digest realm="${REALM}", nonce="${fresh()}", qop="auth"${stale}`;
      if (kind === 'digest-two') {
        return [
          md5,
          `Digest qop="auth,auth-int", algorithm=SHA-256, realm="${REALM}", nonce="${fresh()}"${stale}, opaque="5ccc069c"`,
        ];
      }
      if (kind === 'digest-sha256')
        return [`Digest algorithm="SHA-256", realm="${REALM}", nonce="${fresh()}", qop="auth"${stale}`];
      return [`${md5}, algorithm=MD5`];
    },
    verdict(request, body, account) {
      const header = request.headers.authorization;
      if (header === undefined) return undefined;
      if (/^basic /i.test(header)) {
        return Buffer.from(header.slice(6), 'base64').toString() === `${account.user}:${account.password}`
          ? 'good'
          : 'bad';
      }
      if (!/^digest /i.test(header)) return 'bad';
      const get = (name: string): string => field(header, name) ?? '';
      const algorithm = get('algorithm').toLowerCase().startsWith('sha-256') ? 'sha256' : 'md5';
      const h = (...parts: string[]): string => digestOf(algorithm, parts.join(':')).toString('hex');
      const nonce = get('nonce');
      const qop = get('qop');
      let key = h(account.user, REALM, account.password);
      if (/-sess$/i.test(get('algorithm'))) key = h(key, nonce, get('cnonce'));
      const uri = request.url ?? '';
      const second = qop === 'auth-int' ? h(request.method ?? '', uri, h(body)) : h(request.method ?? '', uri);
      const wanted = qop ? h(key, nonce, get('nc'), get('cnonce'), qop, second) : h(key, nonce, second);
      // RFC 7616, 3.4.6: the uri must be the request's own, query and all.
      if (get('uri') !== uri || get('response') !== wanted) return 'bad';
      return nonces.has(nonce) ? 'good' : 'stale';
    },
    age() {
      nonces = new Set();
    },
  };
};
