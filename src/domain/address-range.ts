// A range of IPv4 addresses that an owner names to be searched: `192.168.1.0/24`, `192.168.1.10-40`, `192.168.1.50`.

import { addressKind, type IpAddress, parseIp } from './address-policy.ts';

export interface AddressRange {
  readonly first: bigint;
  /** Included. */
  readonly last: bigint;
}

/** Sixteen household networks; at the sweep's pace ten minutes. Whoever has more names them one by one. */
const MOST_ADDRESSES = 4096n;

const four = (text: string): bigint | undefined => {
  const address = parseIp(text);
  return address?.bits === 32 ? address.value : undefined;
};

const textOf = (value: bigint): string => [24n, 16n, 8n, 0n].map((by) => String((value >> by) & 255n)).join('.');

/** undefined for anything that is no range, or a larger one than is searched at a time. */
export const parseRange = (text: string): AddressRange | undefined => {
  const bounded = (first: bigint, last: bigint): AddressRange | undefined =>
    first <= last && last - first < MOST_ADDRESSES ? { first, last } : undefined;
  const block = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  if (block) {
    const [address, prefix] = [four(block[1] ?? ''), Number(block[2])];
    if (address === undefined || prefix > 32) return undefined;
    const size = 1n << BigInt(32 - prefix);
    const first = (address / size) * size;
    // Network and broadcast address are no hosts; a pair or a single one has neither (RFC 3021).
    return prefix >= 31 ? bounded(first, first + size - 1n) : bounded(first + 1n, first + size - 2n);
  }
  const span = /^([\d.]+)-(?:([\d.]+\.\d+)|(\d{1,3}))$/.exec(text);
  if (span) {
    const first = four(span[1] ?? '');
    if (first === undefined) return undefined;
    const lastByte = Number(span[3] ?? 0);
    const last = span[2] === undefined ? (first & ~255n) + BigInt(lastByte) : four(span[2]);
    return last === undefined || lastByte > 255 ? undefined : bounded(first, last);
  }
  const single = four(text);
  return single === undefined ? undefined : { first: single, last: single };
};

export const rangeSize = ({ first, last }: AddressRange): number => Number(last - first) + 1;

export function* addressesOf({ first, last }: AddressRange): Generator<string> {
  for (let value = first; value <= last; value++) yield textOf(value);
}

/** True when no address of it lies outside the private networks: nobody else's machines are knocked at. */
export const isPrivateRange = ({ first, last }: AddressRange): boolean => {
  const at = (value: bigint): IpAddress => ({ bits: 32, value });
  // The private blocks are whole multiples of 65 536 addresses, and no range is larger: its ends decide.
  return [first, last].every((value) => addressKind(at(value)) === 'private');
};
