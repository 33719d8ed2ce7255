import { BlockList, isIP, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKind, addressRefusal, isInBlock, parseBlock, parseIp } from './address-policy.ts';

const kindOf = (text: string): string => {
  const address = parseIp(text);
  return address ? addressKind(address) : 'no address';
};

describe('address kinds', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['192.168.1.50', 'private'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['100.64.0.1', 'shared'],
    ['fd12::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['169.254.10.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['4000::1', 'reserved'],
    // IPv6 forms that lead to an IPv4 host
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['0:0:0:0:0:ffff:a9fe:a9fe', 'metadata'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:c0a8:101::1', 'private'],
    ['::ffff:192.168.1.50', 'private'],
    // Not the plain form: names, as far as we are concerned
    ['0177.0.0.1', 'no address'],
    ['127.1', 'no address'],
    ['2130706433', 'no address'],
    ['0x7f.0.0.1', 'no address'],
    ['127.0.0.256', 'no address'],
    ['1::2::3', 'no address'],
    ['1:2:3:4:5:6:7', 'no address'],
    ['1:2:3:4:5:6:7:8:9', 'no address'],
    ['::ffff:127.0.0.256', 'no address'],
    ['localhost', 'no address'],
    ['', 'no address'],
  ])('%s: %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('reads what the platform reads, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(parseIp(text)).toBeDefined();
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4Extended(), fc.stringMatching(/^[0-9a-f:.]{1,20}$/)), (text) => {
        if (isIP(text) === 0 && !/[%[\]]/.test(text)) expect(parseIp(text)).toBeUndefined();
        if (isIP(text) !== 0) expect(parseIp(text)?.bits).toBe(isIPv6(text) ? 128 : 32);
      }),
    );
  });

  it('knows what is in a block as the platform does', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, net, prefix) => {
        const list = new BlockList();
        list.addSubnet(net, prefix);
        const [parsed, within] = [parseIp(address), parseBlock(`${net}/${prefix}`)];
        expect(parsed && within && isInBlock(parsed, within)).toBe(list.check(address));
      }),
    );
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'x/8', '::/129', '10.0.0.0/-1'])('%s is no block', (text) => {
    expect(parseBlock(text)).toBeUndefined();
  });
});

describe('addressRefusal', () => {
  it.each([
    ['camera', '192.168.1.50', [], undefined],
    ['camera', '8.8.8.8', [], undefined],
    ['localhost', '127.0.0.1', [], 'loopback'],
    ['localhost', '127.0.0.1', ['127.0.0.1'], undefined],
    ['localhost', '127.0.0.1', ['127.0.0.0/8'], undefined],
    ['localhost', '127.0.0.1', ['LOCALHOST'], undefined],
    ['localhost', '::ffff:127.0.0.1', ['127.0.0.1'], undefined],
    ['localhost', '::1', ['127.0.0.1'], 'loopback'],
    ['rebound.example', '127.0.0.1', ['localhost'], 'loopback'],
    ['metadata', '169.254.169.254', ['10.0.0.0/8'], 'metadata'],
    ['odd', 'not an address', ['odd'], 'reserved'],
  ] as const)('%s at %s, allowing %j: %s', (host, address, allow, refusal) => {
    expect(addressRefusal(host, address, { allow })).toBe(refusal);
  });
});
