// Where a request to an address that somebody else chose may go: cameras are on private networks, so those are fine; this
// machine itself, a cloud's metadata and what is no single host are not, unless the owner names them. Pure: it gets numbers.

export type AddressKind =
  | 'public'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'reserved';

/** 32 or 128 bits. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface IpBlock {
  readonly address: IpAddress;
  readonly prefix: number;
}

const parse4 = (text: string): bigint | undefined => {
  // Only the plain form: `0177.1` and `2130706433` are names for loopback that some resolvers understand.
  const parts = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text) ? text.split('.').map(Number) : [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
};

const words = (text: string): readonly bigint[] | undefined => {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) ? parts.map((part) => BigInt(`0x${part}`)) : undefined;
};

const parse6 = (text: string): bigint | undefined => {
  const [, front = text, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const last = tail === undefined ? undefined : parse4(tail);
  if (tail !== undefined && last === undefined) return undefined;
  const whole = last === undefined ? front : `${front}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const halves = whole.split('::');
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map(words);
  if (!head || (halves.length === 2 && !rest)) return undefined;
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => 0n), ...(rest ?? [])];
  return all.reduce((sum, word) => (sum << 16n) + word, 0n);
};

/** An IPv4 or IPv6 address as it is written in text (RFC 4291 2.2), with brackets or a zone or not; undefined: it is none. */
export const parseIp = (text: string): IpAddress | undefined => {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%[^%\]]*$/, '');
  const four = parse4(bare);
  if (four !== undefined) return { bits: 32, value: four };
  const six = bare.includes(':') ? parse6(bare) : undefined;
  return six === undefined ? undefined : { bits: 128, value: six };
};

/** `10.0.0.0/8`, `fd00::/8`, or one address; undefined: neither. */
export const parseBlock = (text: string): IpBlock | undefined => {
  const [host = '', length] = text.split('/', 2);
  const address = parseIp(host);
  if (!address || text.split('/').length > 2) return undefined;
  if (length === undefined) return { address, prefix: address.bits };
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefix <= address.bits ? { address, prefix } : undefined;
};

export const isInBlock = (address: IpAddress, block: IpBlock): boolean => {
  if (address.bits !== block.address.bits) return false;
  const shift = BigInt(address.bits - block.prefix);
  return address.value >> shift === block.address.value >> shift;
};

const block = (text: string): IpBlock => {
  const found = parseBlock(text);
  if (!found) throw new RangeError(`not a block: ${text}`);
  return found;
};

/** First match wins. Source: IANA special-purpose registries (RFC 6890), and the clouds' own documentation. */
const BLOCKS: readonly (readonly [IpBlock, AddressKind])[] = (
  [
    // AWS, GCP, Azure, OpenStack; ECS tasks; Alibaba; Oracle; Azure's wire server; AWS over IPv6.
    ['169.254.169.254', 'metadata'],
    ['169.254.170.0/24', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::/32', 'metadata'],
    ['0.0.0.0/8', 'unspecified'],
    ['127.0.0.0/8', 'loopback'],
    ['10.0.0.0/8', 'private'],
    ['172.16.0.0/12', 'private'],
    ['192.168.0.0/16', 'private'],
    ['100.64.0.0/10', 'shared'],
    ['169.254.0.0/16', 'link-local'],
    ['192.0.0.0/24', 'reserved'],
    ['192.0.2.0/24', 'reserved'],
    ['198.18.0.0/15', 'reserved'],
    ['198.51.100.0/24', 'reserved'],
    ['203.0.113.0/24', 'reserved'],
    ['224.0.0.0/4', 'multicast'],
    ['240.0.0.0/4', 'reserved'],
    ['::/128', 'unspecified'],
    ['::1/128', 'loopback'],
    ['fc00::/7', 'private'],
    ['fe80::/10', 'link-local'],
    ['fec0::/10', 'reserved'],
    ['ff00::/8', 'multicast'],
    ['2001:db8::/32', 'reserved'],
    ['100::/64', 'reserved'],
    // What is not global unicast (2000::/3) is nobody's.
    ['2000::/3', 'public'],
    ['::/0', 'reserved'],
  ] as const
).map(([text, kind]) => [block(text), kind]);

/** IPv6 forms that lead to an IPv4 host: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). With the bits below them. */
const CARRIERS: readonly (readonly [IpBlock, bigint])[] = [
  [block('::ffff:0:0/96'), 0n],
  [block('::/96'), 0n],
  [block('64:ff9b::/96'), 0n],
  [block('2002::/16'), 80n],
];

/** The IPv4 address inside, where there is one: that is where the packets end up. */
export const innerAddress = (address: IpAddress): IpAddress => {
  if (address.bits === 32) return address;
  // `::` and `::1` look like IPv4-compatible addresses and are not.
  if (address.value < 2n) return address;
  const carrier = CARRIERS.find(([within]) => isInBlock(address, within));
  return carrier ? { bits: 32, value: (address.value >> carrier[1]) & 0xffff_ffffn } : address;
};

export const addressKind = (address: IpAddress): AddressKind => {
  const inner = innerAddress(address);
  return BLOCKS.find(([within]) => isInBlock(inner, within))?.[1] ?? 'public';
};

export interface OutgoingRules {
  /** Addresses, blocks and host names that the owner allows although they would be refused. */
  readonly allow: readonly string[];
}

const HARMLESS: ReadonlySet<AddressKind> = new Set(['public', 'private', 'shared']);

/** May a connection to `host` go to this address of it? undefined: yes; otherwise what kind of address it is. */
export const addressRefusal = (host: string, address: string, rules: OutgoingRules): AddressKind | undefined => {
  const parsed = parseIp(address);
  if (!parsed) return 'reserved';
  const kind = addressKind(parsed);
  if (HARMLESS.has(kind)) return undefined;
  const inner = innerAddress(parsed);
  const isAllowed = rules.allow.some((entry) => {
    const allowed = parseBlock(entry);
    return allowed ? isInBlock(inner, allowed) : entry.toLowerCase() === host.toLowerCase();
  });
  return isAllowed ? undefined : kind;
};
