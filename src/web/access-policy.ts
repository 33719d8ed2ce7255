// Who may look, before there are accounts: a pure decision from what the connection shows.
// A proxy makes everyone look local, and a hostile web page can make a visitor's browser ask for us: both are refused.

import { isIP, isIPv4 } from 'node:net';
import type { Refusal } from './wire.ts';

export interface AccessPolicy {
  /** True: everybody who can reach this program may look (`PUBLIC_VIEW=1`). */
  readonly publicView: boolean;
  /** True: looking needs a login on this network too (`LOGIN_TO_VIEW=1`). */
  readonly loginToView?: boolean;
}

export interface Visitor {
  /** The address at the other end of the socket. */
  readonly peer: string | undefined;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Why a visitor may not look. `elsewhere`: not on this network; `proxied`: cannot be known; `host`: a name that is not local. */
export type { Refusal } from './wire.ts';

/** What proxies and CDNs add. Any of them means that the peer is not the visitor. */
const PROXY_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'via',
  'cf-connecting-ip',
  'true-client-ip',
] as const;

/** Loopback, RFC 1918, link-local, unique local (RFC 4193), also as IPv4-mapped IPv6. Not 100.64/10: carriers use it too. */
export const isPrivateAddress = (address: string): boolean => {
  const bare = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
  if (isIPv4(bare)) {
    const [a = 0, b = 0] = bare.split('.').map(Number);
    return (
      a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254)
    );
  }
  if (isIP(bare) !== 6) return false;
  return bare === '::1' || /^f[cd][0-9a-f]{2}:/.test(bare) || /^fe[89ab][0-9a-f]:/.test(bare);
};

/** Endings that the public name system does not hand out (RFC 6761, 6762, 8375, ICANN's .internal) and routers use. */
const LOCAL_ENDINGS = ['.localhost', '.local', '.lan', '.home', '.home.arpa', '.internal', '.localdomain', '.intranet'];

/** True for an IP address, a name without a dot, and names that only a local network can resolve. */
export const isLocalHost = (host: string | undefined): boolean => {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  if (name.startsWith('[') && name.endsWith(']')) return isIP(name.slice(1, -1)) === 6;
  if (isIP(name) !== 0) return true;
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name)) return false;
  return !name.includes('.') || LOCAL_ENDINGS.some((ending) => name.endsWith(ending));
};

/** undefined: may look. */
export const refusal = (visitor: Visitor, policy: AccessPolicy): Refusal | undefined => {
  if (policy.publicView) return undefined;
  if (policy.loginToView) return 'elsewhere';
  if (PROXY_HEADERS.some((name) => visitor.headers[name] !== undefined)) return 'proxied';
  // nginx speaks HTTP/1.0 to what is behind it and adds no header unless told to. Browsers have not spoken it for decades.
  if (visitor.httpVersion === '1.0') return 'proxied';
  if (visitor.peer === undefined || !isPrivateAddress(visitor.peer)) return 'elsewhere';
  // DNS rebinding: a page on evil.example resolves its own name to our address and reads the answer as its own.
  const host = visitor.headers['host'];
  return isLocalHost(typeof host === 'string' ? host : undefined) ? undefined : 'host';
};
