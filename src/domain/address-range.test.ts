import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesOf, isPrivateRange, parseRange, rangeSize } from './address-range.ts';

const ends = (text: string): readonly [string, string, number] | undefined => {
  const range = parseRange(text);
  if (!range) return undefined;
  const all = [...addressesOf(range)];
  return [all[0] ?? '', all.at(-1) ?? '', rangeSize(range)];
};

describe('a range to be searched', () => {
  it.each([
    ['192.168.1.0/24', ['192.168.1.1', '192.168.1.254', 254]],
    ['192.168.1.77/24', ['192.168.1.1', '192.168.1.254', 254]],
    ['10.0.0.0/20', ['10.0.0.1', '10.0.15.254', 4094]],
    ['192.168.1.4/31', ['192.168.1.4', '192.168.1.5', 2]],
    ['192.168.1.4/32', ['192.168.1.4', '192.168.1.4', 1]],
    ['192.168.1.10-40', ['192.168.1.10', '192.168.1.40', 31]],
    ['192.168.1.250-192.168.2.5', ['192.168.1.250', '192.168.2.5', 12]],
    ['192.168.1.50', ['192.168.1.50', '192.168.1.50', 1]],
    ['10.0.0.0/19', undefined],
    ['0.0.0.0/0', undefined],
    ['192.168.1.40-10', undefined],
    ['192.168.1.10-300', undefined],
    ['192.168.1.0/33', undefined],
    ['192.168.1', undefined],
    ['fe80::/64', undefined],
    ['garden.local', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(ends(text)).toEqual(expected);
  });

  it.each([
    ['192.168.1.0/24', true],
    ['10.255.255.0/24', true],
    ['172.31.255.250-172.32.0.5', false],
    ['8.8.8.0/24', false],
    ['127.0.0.1', false],
    ['169.254.1.0/24', false],
    ['100.64.0.0/24', false],
  ])('%s is private: %s', (text, isPrivate) => {
    const range = parseRange(text);
    expect(range && isPrivateRange(range)).toBe(isPrivate);
  });

  it('no text ends it, and no range is longer than is searched', () => {
    const parts = fc.oneof(fc.nat(300).map(String), fc.constantFrom('.', '/', '-', ' ', 'x'));
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 14 }), (words) => {
        const range = parseRange(words.join(''));
        if (range) expect(rangeSize(range)).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 500 },
    );
  });
});
