// Signing in: Basic and Digest (RFC 7616, RFC 2617 for cameras without qop), and the rule that a refused password is never
// tried a second time, because cameras lock the account. Must not let the password into any text but the header it makes.

import { createHash } from 'node:crypto';

import type { Credentials } from '../../domain/secret.ts';
import type { RtspHeaders } from './message.ts';
import { excerpt } from './protocol-violation.ts';

export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case, values unquoted. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/;

/**
 * All challenges of the WWW-Authenticate headers: several lines, several challenges in one line, values quoted or not
 * (RFC 9110 section 11.6.1, and cameras that leave out commas).
 */
export const parseChallenges = (values: readonly string[]): readonly Challenge[] => values.flatMap(parseChallengeLine);

const parseChallengeLine = (line: string): Challenge[] => {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const skip = (characters: RegExp): void => {
    while (at < line.length && characters.test(line.charAt(at))) at++;
  };
  const token = (): string => {
    const start = at;
    skip(TOKEN);
    return line.slice(start, at);
  };
  while (at < line.length) {
    skip(/[\s,]/);
    const name = token();
    if (name === '') {
      at++;
      continue;
    }
    skip(/\s/);
    const current = challenges.at(-1);
    if (line.charAt(at) === '=' && current) {
      at++;
      skip(/\s/);
      let value = '';
      if (line.charAt(at) === '"') {
        for (at++; at < line.length && line.charAt(at) !== '"'; at++) {
          if (line.charAt(at) === '\\') at++;
          value += line.charAt(at);
        }
        at++;
      } else {
        const start = at;
        skip(/[^\s,]/);
        value = line.slice(start, at);
      }
      // The first of two counts; a later one would let a forged tail win.
      const key = name.toLowerCase();
      if (!current.parameters.has(key)) current.parameters.set(key, value);
    } else {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    }
  }
  return challenges;
};

const HASHES: Readonly<Record<string, { readonly hash: string; readonly isSession: boolean; readonly rank: number }>> =
  {
    'sha-256': { hash: 'sha256', isSession: false, rank: 4 },
    'sha-256-sess': { hash: 'sha256', isSession: true, rank: 3 },
    md5: { hash: 'md5', isSession: false, rank: 2 },
    'md5-sess': { hash: 'md5', isSession: true, rank: 1 },
  };
const BASIC_RANK = 0;

const hashOf = (challenge: Challenge): (typeof HASHES)[string] | undefined =>
  HASHES[(challenge.parameters.get('algorithm') ?? 'MD5').toLowerCase()];

const rank = (challenge: Challenge): number => {
  if (challenge.scheme === 'basic') return BASIC_RANK;
  if (challenge.scheme !== 'digest' || !challenge.parameters.has('nonce')) return -1;
  const qop = challenge.parameters.get('qop');
  // auth-int alone would mean hashing bodies; no camera asks for it.
  if (qop !== undefined && qop !== '' && !offersAuth(qop)) return -1;
  return hashOf(challenge)?.rank ?? -1;
};

const offersAuth = (qop: string): boolean => qop.split(',').some((one) => one.trim().toLowerCase() === 'auth');

/** The strongest challenge we can answer: SHA-256 before MD5 before Basic. */
export const strongest = (challenges: readonly Challenge[]): Challenge | undefined =>
  challenges
    .filter((challenge) => rank(challenge) >= 0)
    .reduce<Challenge | undefined>((best, one) => (best && rank(best) >= rank(one) ? best : one), undefined);

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&').replace(/[\r\n]/g, '')}"`;

export interface DigestRequest {
  readonly method: string;
  readonly uri: string;
  readonly cnonce: string;
  /** How often this nonce has been used, this time included. */
  readonly count: number;
}

/** The Authorization header's value for a challenge of `strongest()`. */
export const answerChallenge = (challenge: Challenge, credentials: Credentials, request: DigestRequest): string => {
  const user = credentials.user;
  const password = credentials.password.reveal();
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const algorithm = hashOf(challenge);
  if (!algorithm) throw new TypeError('the challenge has no hash we know: it did not come from strongest()');
  const h = (text: string): string => createHash(algorithm.hash).update(text, 'utf8').digest('hex');
  const parameter = (name: string): string => challenge.parameters.get(name) ?? '';
  const { method, uri, cnonce } = request;
  const count = request.count.toString(16).padStart(8, '0');
  const plain = h(`${user}:${parameter('realm')}:${password}`);
  const a1 = algorithm.isSession ? h(`${plain}:${parameter('nonce')}:${cnonce}`) : plain;
  const a2 = h(`${method}:${uri}`);
  const usesQop = offersAuth(parameter('qop'));
  const response = usesQop
    ? h(`${a1}:${parameter('nonce')}:${count}:${cnonce}:auth:${a2}`)
    : h(`${a1}:${parameter('nonce')}:${a2}`);
  const named = challenge.parameters.get('algorithm');
  const opaque = challenge.parameters.get('opaque');
  return [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(parameter('realm'))}`,
    `nonce=${quoted(parameter('nonce'))}`,
    `uri=${quoted(uri)}`,
    // Named only if the camera named it: old ones fail to parse a field they did not send.
    ...(named === undefined ? [] : [`algorithm=${named}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(usesQop ? ['qop=auth', `nc=${count}`] : []),
    ...(usesQop || algorithm.isSession ? [`cnonce=${quoted(cnonce)}`] : []),
  ].join(', ');
};

/** What to do about a 401. `refused`: the camera does not take these credentials; `foreign`: it asks for a scheme we lack. */
export type Verdict = 'try' | 'no-credentials' | 'refused' | 'foreign';

// What is shown of a camera's list; a real one has three.
const MAX_OFFERS = 8;

/** One connection's sign-in state. */
export class SignIn {
  readonly #credentials: Credentials | undefined;
  readonly #randomHex: () => string;
  #challenge: Challenge | undefined;
  #offered: readonly string[] = [];
  #count = 0;
  #wasAccepted = false;

  constructor(credentials: Credentials | undefined, randomHex: () => string) {
    this.#credentials = credentials;
    this.#randomHex = randomHex;
  }

  /** The scheme in use, as the owner may read it: `Digest SHA-256`, `Basic`. */
  get scheme(): string | undefined {
    return this.#challenge && schemeName(this.#challenge);
  }

  /** Every scheme the camera offered when it last asked, in its order; empty if it never did. */
  get offered(): readonly string[] {
    return this.#offered;
  }

  /** The header for the next request; undefined before the camera has asked for one. */
  authorization(method: string, uri: string): string | undefined {
    if (!this.#challenge || !this.#credentials) return undefined;
    this.#count++;
    const request = { method, uri, cnonce: this.#randomHex(), count: this.#count };
    return answerChallenge(this.#challenge, this.#credentials, request);
  }

  /** The camera took a request that carried our header. */
  accepted(): void {
    this.#wasAccepted = true;
  }

  /**
   * The camera answered 401. A password that was sent and refused is not sent again, unless only the nonce was too old:
   * the camera says so (`stale`), or this very connection proves the password (cameras that renew nonces without a word).
   */
  challenged(headers: RtspHeaders, sentAuthorization: boolean): Verdict {
    const challenges = parseChallenges(headers.get('www-authenticate') ?? []);
    this.#offered = challenges.slice(0, MAX_OFFERS).map(schemeName);
    if (!this.#credentials) return 'no-credentials';
    const next = strongest(challenges);
    if (!next) return 'foreign';
    if (sentAuthorization) {
      const nonce = next.parameters.get('nonce');
      const isNewNonce = next.scheme === 'digest' && nonce !== this.#challenge?.parameters.get('nonce');
      const isStale = next.parameters.get('stale')?.toLowerCase() === 'true';
      if (!isNewNonce || !(isStale || this.#wasAccepted)) return 'refused';
    }
    this.#challenge = next;
    this.#count = 0;
    return 'try';
  }
}

export const schemeName = (challenge: Challenge): string =>
  challenge.scheme === 'basic'
    ? 'Basic'
    : challenge.scheme === 'digest'
      ? `Digest ${excerpt(challenge.parameters.get('algorithm') ?? 'MD5')}`
      : excerpt(challenge.scheme);
