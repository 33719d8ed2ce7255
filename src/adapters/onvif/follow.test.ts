import { describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import type { CameraIdentity } from '../../domain/identity.ts';
import type { FoundDevice } from '../../ports/camera-probe.ts';
import { followCamera, followCandidates, type KnownCamera } from './follow.ts';

const identity: CameraIdentity = {
  name: 'gate',
  make: 'Reolink',
  model: 'RLC 811A',
  firmware: '1',
  serial: 'S4711',
  hardwareId: undefined,
  host: '10.0.0.5',
  mac: 'ec:71:db:0a:11:22',
  macRule: 'only-interface',
  ports: [],
  scopes: [],
};
const known: KnownCamera = { identity, endpoint: 'urn:uuid:a' };
const at = (host: string, endpoint: string, scopes: readonly string[] = []): FoundDevice => ({
  host,
  endpoint,
  scopes,
  addresses: [`http://${host}:8000/onvif/device_service`],
});
const MODEL = 'onvif://www.onvif.org/hardware/RLC%20811A';

describe('followCandidates', () => {
  it.each<[string, readonly FoundDevice[], readonly string[]]>([
    [
      'the same endpoint, and nobody else',
      [at('10.0.0.9', 'urn:uuid:a'), at('10.0.0.8', 'urn:uuid:b', [MODEL])],
      ['10.0.0.9'],
    ],
    [
      'a UUID that ends in its MAC',
      [at('10.0.0.9', 'urn:uuid:1-ec71db0a1122'), at('10.0.0.8', 'urn:uuid:b', [MODEL])],
      ['10.0.0.9'],
    ],
    [
      'a scope that holds its MAC',
      [at('10.0.0.9', 'x', ['onvif://www.onvif.org/MAC/EC:71:DB:0A:11:22'])],
      ['10.0.0.9'],
    ],
    ['the same model, when nothing else tells', [at('10.0.0.9', 'x', [MODEL]), at('10.0.0.8', 'y')], ['10.0.0.9']],
    ['strangers only', [at('10.0.0.9', 'x'), at('10.0.0.8', 'y')], []],
    ['where it was', [at('10.0.0.5', 'urn:uuid:a')], []],
    ['no address', [{ ...at('10.0.0.9', 'urn:uuid:a'), addresses: [] }], []],
  ])('%s', (_, found, hosts) => {
    expect(followCandidates(known, found).map(({ host }) => host)).toEqual(hosts);
  });
});

describe('followCamera', () => {
  const follow = async (found: readonly FoundDevice[], who: (host: string) => CameraIdentity | undefined) => {
    const asked: string[] = [];
    const device = await followCamera(
      known,
      { search: async () => found },
      async ({ hostname }) => {
        asked.push(hostname);
        const identity = who(hostname);
        if (!identity) throw new StillwatchError('SW_CAM_AUTH');
        return identity;
      },
      new AbortController().signal,
    );
    return { host: device?.hostname, asked };
  };
  const model = (last: number): FoundDevice => at(`10.0.0.${last}`, `e${last}`, [MODEL]);

  it('follows the one that is recognised, past one that refuses our login', async () => {
    const { host, asked } = await follow([model(7), model(9)], (one) => (one === '10.0.0.9' ? identity : undefined));
    expect(host).toBe('10.0.0.9');
    expect(asked).toEqual(['10.0.0.7', '10.0.0.9']);
  });

  it('does not follow another camera of the model, nor one that cannot be told', async () => {
    const other = { ...identity, mac: 'ec:71:db:0a:11:23', serial: 'S4712' };
    expect((await follow([model(9)], () => other)).host).toBeUndefined();
    expect((await follow([model(9)], () => ({ ...identity, mac: undefined, serial: undefined }))).host).toBeUndefined();
  });

  it('shows the password to three at most', async () => {
    const { asked } = await follow([6, 7, 8, 9].map(model), () => undefined);
    expect(asked).toHaveLength(3);
  });
});
