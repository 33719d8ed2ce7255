// Where a request comes from. Only a proxy that the owner named is believed, and only what it added itself.

import type { IncomingHttpHeaders } from 'node:http';
import { type IpBlock, innerAddress, isInBlock, parseIp } from '../../domain/address-policy.ts';

export interface Origin {
  /** Of the visitor, as far as it can be known: for the throttle and the audit log, never for letting anybody in. */
  readonly address: string;
  /** The visitor's own connection is encrypted. */
  readonly isHttps: boolean;
  readonly isTrustedProxy: boolean;
}

export interface Connection {
  readonly peer: string | undefined;
  readonly isEncrypted: boolean;
  readonly headers: IncomingHttpHeaders;
}

const isTrusted = (address: string, trusted: readonly IpBlock[]): boolean => {
  const parsed = parseIp(address);
  return parsed !== undefined && trusted.some((block) => isInBlock(innerAddress(parsed), block));
};

const listOf = (header: string | readonly string[] | undefined): readonly string[] =>
  [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');

export const originOf = ({ peer = '', isEncrypted, headers }: Connection, trusted: readonly IpBlock[]): Origin => {
  if (!isTrusted(peer, trusted)) return { address: peer, isHttps: isEncrypted, isTrustedProxy: false };
  // From the right: each trusted proxy added the one it heard from. The first that is not trusted wrote the rest itself.
  const hops = listOf(headers['x-forwarded-for']);
  const address = hops.findLast((hop) => !isTrusted(hop, trusted)) ?? peer;
  const scheme = listOf(headers['x-forwarded-proto']).at(-1);
  return {
    address: parseIp(address) ? address : peer,
    isHttps: isEncrypted || scheme?.toLowerCase() === 'https',
    isTrustedProxy: true,
  };
};

/** What the throttle counts by: an IPv6 visitor has a whole /64 to choose from. */
export const throttleKey = (address: string): string => {
  const parsed = parseIp(address);
  if (!parsed) return 'unknown';
  const inner = innerAddress(parsed);
  return inner.bits === 32 ? `4:${inner.value.toString(16)}` : `6:${(inner.value >> 64n).toString(16)}`;
};

/**
 * Did one of our own pages send this? Browsers say so in `Sec-Fetch-Site` (Fetch Metadata) or, older ones, in `Origin`.
 * `unknown`: neither is there, so that it is no browser of this decade.
 */
export const sentBy = (headers: IncomingHttpHeaders): 'own-page' | 'other-page' | 'unknown' => {
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  if (origin !== undefined) {
    if (!URL.canParse(origin)) return 'other-page';
    const { host: from } = new URL(origin);
    // A browser leaves a scheme's own port out of both.
    if (from !== host?.toLowerCase()) return 'other-page';
  }
  if (typeof site === 'string') return site === 'same-origin' || site === 'none' ? 'own-page' : 'other-page';
  return origin === undefined ? 'unknown' : 'own-page';
};
