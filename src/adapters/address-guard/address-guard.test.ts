import { describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import type { PinnedAddress } from '../../ports/address-guard.ts';
import { addressGuard, type Resolve } from './address-guard.ts';

const names: Readonly<Record<string, readonly PinnedAddress[]>> = {
  camera: [{ address: '192.168.1.50', family: 4 }],
  mixed: [
    { address: '127.0.0.1', family: 4 },
    { address: '192.168.1.50', family: 4 },
  ],
  inside: [{ address: '::ffff:127.0.0.1', family: 6 }],
  nothing: [],
};
const resolve: Resolve = async (host) => {
  const found = names[host];
  if (!found) throw new Error('ENOTFOUND');
  return found;
};
const pinned = async (host: string, allow: readonly string[] = []): Promise<string> => {
  try {
    return (await addressGuard({ allow }, resolve).pin(host)).map(({ address }) => address).join();
  } catch (thrown) {
    return thrown instanceof StillwatchError ? thrown.code : String(thrown);
  }
};

describe('address guard', () => {
  it.each([
    ['camera', '192.168.1.50'],
    ['192.168.1.50', '192.168.1.50'],
    ['[fd00::5]', 'fd00::5'],
    ['mixed', '192.168.1.50'],
    ['inside', 'SW_ADDRESS_REFUSED'],
    ['127.0.0.1', 'SW_ADDRESS_REFUSED'],
    ['[::ffff:7f00:1]', 'SW_ADDRESS_REFUSED'],
    ['169.254.169.254', 'SW_ADDRESS_REFUSED'],
    ['nothing', 'SW_CAM_HOST_UNKNOWN'],
    ['unknown', 'SW_CAM_HOST_UNKNOWN'],
  ])('%s: %s', async (host, answer) => {
    expect(await pinned(host)).toBe(answer);
  });

  it('goes where the owner allows it', async () => {
    expect(await pinned('127.0.0.1', ['127.0.0.1'])).toBe('127.0.0.1');
    expect(await pinned('inside', ['inside'])).toBe('::ffff:127.0.0.1');
  });

  it('resolves as the system does, and refuses what that gives for this machine', async () => {
    await expect(addressGuard({ allow: [] }).pin('localhost')).rejects.toThrow('SW_ADDRESS_REFUSED');
    expect(await addressGuard({ allow: ['localhost'] }).pin('localhost')).not.toHaveLength(0);
  });
});
