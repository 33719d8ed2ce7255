// Names into addresses that may be connected to. What decides is domain/address-policy.ts.

import { lookup } from 'node:dns/promises';
import { addressRefusal, type OutgoingRules, parseIp } from '../../domain/address-policy.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { AddressGuard, PinnedAddress } from '../../ports/address-guard.ts';

/** Every address of a name; the system's own way (hosts file, mDNS), as everything else here resolves names. */
export type Resolve = (host: string) => Promise<readonly PinnedAddress[]>;

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

export const addressGuard = (rules: OutgoingRules, resolve: Resolve = systemResolve): AddressGuard => ({
  async pin(host) {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    const literal = parseIp(bare);
    let all: readonly PinnedAddress[];
    try {
      all = literal ? [{ address: bare, family: literal.bits === 128 ? 6 : 4 }] : await resolve(bare);
    } catch (thrown) {
      throw new StillwatchError('SW_CAM_HOST_UNKNOWN', { host: bare }, { cause: thrown });
    }
    const refused = all.map(({ address }) => addressRefusal(bare, address, rules));
    const allowed = all.filter((_, at) => refused[at] === undefined);
    if (allowed.length > 0) return allowed;
    if (all.length === 0) throw new StillwatchError('SW_CAM_HOST_UNKNOWN', { host: bare });
    throw new StillwatchError('SW_ADDRESS_REFUSED', { host: bare, kind: refused[0] ?? '' });
  },
});
