// HTTP Digest and Basic authentication, client side (RFC 7616, RFC 7617). Pure: nonces and counters come from outside.
// Must not send anything.

import { createHash } from 'node:crypto';
import type { Credentials } from '../../domain/secret.ts';

export interface Challenge {
  /** Lower case: `digest`, `basic`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;

/**
 * Challenges of one or more WWW-Authenticate headers. Several may share a header, divided by the same commas that divide
 * their parameters (RFC 9110, 11.6.1). What cannot be read is skipped.
 */
export const readChallenges = (headers: readonly string[]): readonly Challenge[] =>
  headers.flatMap((header): readonly Challenge[] => {
    const found: { scheme: string; parameters: Map<string, string> }[] = [];
    let at = 0;
    const skip = (pattern: RegExp): void => {
      while (at < header.length && pattern.test(header[at] ?? '')) at++;
    };
    const token = (): string | undefined => {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(header)?.[0];
      at += match?.length ?? 0;
      return match;
    };
    while (at < header.length) {
      skip(/[\s,]/);
      const word = token();
      if (word === undefined) {
        at++;
        continue;
      }
      skip(/\s/);
      if (header[at] !== '=') {
        found.push({ scheme: word.toLowerCase(), parameters: new Map() });
        continue;
      }
      at++;
      skip(/\s/);
      let value = '';
      if (header[at] === '"') {
        for (at++; at < header.length && header[at] !== '"'; at++) {
          if (header[at] === '\\') at++;
          value += header[at] ?? '';
        }
        at++;
      } else value = token() ?? '';
      found.at(-1)?.parameters.set(word.toLowerCase(), value);
    }
    return found;
  });

interface Algorithm {
  readonly hash: 'md5' | 'sha256';
  readonly isSession: boolean;
  /** Higher is preferred. */
  readonly rank: number;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  md5: { hash: 'md5', isSession: false, rank: 1 },
  'md5-sess': { hash: 'md5', isSession: true, rank: 1 },
  'sha-256': { hash: 'sha256', isSession: false, rank: 2 },
  'sha-256-sess': { hash: 'sha256', isSession: true, rank: 2 },
};

// Without a name MD5 is meant (RFC 7616, 3.3); own keys only, so that `constructor` is no algorithm.
const algorithmOf = (challenge: Challenge): Algorithm | undefined => {
  const name = (challenge.parameters.get('algorithm') ?? 'md5').toLowerCase();
  return Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
};

const qopOf = (challenge: Challenge): 'auth' | 'auth-int' | 'none' | undefined => {
  const offered = challenge.parameters.get('qop');
  if (offered === undefined || offered.trim() === '') return 'none';
  const words = offered.toLowerCase().split(/[\s,]+/);
  if (words.includes('auth')) return 'auth';
  return words.includes('auth-int') ? 'auth-int' : undefined;
};

/** The digest challenge to answer: SHA-256 before MD5; undefined when none can be answered. */
export const bestDigest = (challenges: readonly Challenge[]): Challenge | undefined => {
  const usable = challenges.filter(
    (challenge) =>
      challenge.scheme === 'digest' &&
      (challenge.parameters.get('nonce') ?? '') !== '' &&
      algorithmOf(challenge) !== undefined &&
      qopOf(challenge) !== undefined,
  );
  const rank = (challenge: Challenge): number => algorithmOf(challenge)?.rank ?? 0;
  return usable.reduce<Challenge | undefined>(
    (best, next) => (best === undefined || rank(next) > rank(best) ? next : best),
    undefined,
  );
};

export const isStale = (challenge: Challenge): boolean => challenge.parameters.get('stale')?.toLowerCase() === 'true';

export interface DigestRequest {
  readonly method: string;
  /** Path and query, exactly as in the request line (RFC 7616, 3.4.6). */
  readonly target: string;
  readonly body: string;
  readonly cnonce: string;
  /** 1 for the first request with this nonce. */
  readonly count: number;
}

const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

/** The Authorization header's value for `request`, answering `challenge`. */
export const digestAnswer = (challenge: Challenge, credentials: Credentials, request: DigestRequest): string => {
  const algorithm = algorithmOf(challenge) ?? { hash: 'md5', isSession: false, rank: 1 };
  const h = (text: string): string => createHash(algorithm.hash).update(text, 'utf8').digest('hex');
  const parameter = (name: string): string => challenge.parameters.get(name) ?? '';
  const [realm, nonce, opaque] = [parameter('realm'), parameter('nonce'), challenge.parameters.get('opaque')];
  const qop = qopOf(challenge) ?? 'none';
  const { method, target, cnonce } = request;
  const nc = request.count.toString(16).padStart(8, '0');

  const ha1 = h(`${credentials.user}:${realm}:${credentials.password.reveal()}`);
  const key = algorithm.isSession ? h(`${ha1}:${nonce}:${cnonce}`) : ha1;
  const ha2 = h(qop === 'auth-int' ? `${method}:${target}:${h(request.body)}` : `${method}:${target}`);
  const response = qop === 'none' ? h(`${key}:${nonce}:${ha2}`) : h(`${key}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);

  const named = challenge.parameters.get('algorithm');
  return [
    `Digest username=${quoted(credentials.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(target)}`,
    `response="${response}"`,
    ...(named === undefined ? [] : [`algorithm=${named}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    // A -sess key needs its cnonce even when the old form without qop is used.
    ...(qop === 'none' && algorithm.isSession ? [`cnonce=${quoted(cnonce)}`] : []),
    ...(qop === 'none' ? [] : [`qop=${qop}`, `nc=${nc}`, `cnonce=${quoted(cnonce)}`]),
  ].join(', ');
};

export const basicAnswer = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
