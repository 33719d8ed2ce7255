import { afterEach, describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import type { CameraIdentity } from '../../domain/identity.ts';
import { Secret } from '../../domain/secret.ts';
import type { FoundDevice } from '../../ports/camera-probe.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../../simulator/onvif/camera.ts';
import type { PersonaName } from '../../simulator/onvif/persona.ts';
import { systemClock } from '../system/clock.ts';
import { type OnvifLink, onvifLink } from './link.ts';
import { pullPointSource } from './pull-point.ts';

const account = { user: 'admin', password: 'canary-follow-9' };
const clock = systemClock();
const { signal } = new AbortController();
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

const camera = async (persona: PersonaName, host: string, password = account.password): Promise<SimulatedOnvif> => {
  const made = await simulatedOnvif({ persona, host, account: { ...account, password } });
  opened.push(made);
  return made;
};

/** As WS-Discovery would find it. */
const found = ({ host, deviceUrl, persona }: SimulatedOnvif): FoundDevice => ({
  host,
  addresses: [deviceUrl],
  scopes: [`onvif://www.onvif.org/hardware/${encodeURIComponent(persona.model)}`],
  endpoint: `urn:uuid:1-2-3-${persona.mac.replace(/[:-]/g, '').toLowerCase()}`,
});

interface Watched {
  readonly link: OnvifLink;
  readonly moved: readonly string[];
  readonly identities: readonly CameraIdentity[];
  readonly searches: () => number;
}

const watch = (device: string, answers: () => readonly FoundDevice[], known?: CameraIdentity): Watched => {
  const moved: string[] = [];
  const identities: CameraIdentity[] = [];
  let searches = 0;
  const link = onvifLink({
    host: new URL(device).hostname,
    device: new URL(device),
    credentials: { user: account.user, password: new Secret(account.password) },
    clock,
    known,
    search: () => ({
      search: async () => {
        searches += 1;
        return answers();
      },
    }),
    onIdentity: (identity) => void identities.push(identity),
    onClock: () => undefined,
    onMoved: (from, to) => void moved.push(`${from} → ${to}`),
    onSnapshot: () => undefined,
  });
  opened.push(link);
  return { link, moved, identities, searches: () => searches };
};

const open = async ({ link }: Watched): Promise<void> => {
  const channel = await link.source('pull-point', (client) => pullPointSource(client, clock)).open(signal);
  await channel[Symbol.asyncDispose]();
};

describe('a camera that DHCP gave another address', () => {
  it('is followed once it is recognised there', async () => {
    const before = await camera('axis', '127.0.0.1');
    const watched = watch(before.deviceUrl, () => [found(after)]);
    await open(watched);
    await before[Symbol.asyncDispose]();
    const after = await camera('axis', '127.0.0.2');
    // A camera that reboots is away for a moment; the network is asked only after several failures.
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(open(watched)).rejects.toBeInstanceOf(StillwatchError);
      expect(watched.searches()).toBe(0);
    }
    for (let tries = 0; tries < 5 && watched.moved.length === 0; tries += 1) await open(watched).catch(() => undefined);
    await open(watched);
    expect(watched.moved).toEqual(['127.0.0.1 → 127.0.0.2']);
    expect(watched.link.host()).toBe('127.0.0.2');
    expect(watched.identities.at(-1)).toMatchObject({ host: '127.0.0.2', mac: 'ac:cc:8e:0a:11:22' });
  });

  it('is not mistaken for another of the same make, and the network is not asked again and again', async () => {
    const before = await camera('axis', '127.0.0.1');
    const stranger = await camera('hikvision', '127.0.0.3');
    const watched = watch(before.deviceUrl, () => [
      // It announces our camera's model, and is another: only its own answer tells.
      { ...found(stranger), scopes: ['onvif://www.onvif.org/hardware/P3245-LVE'] },
    ]);
    await open(watched);
    await before[Symbol.asyncDispose]();
    for (let tries = 0; tries < 10; tries += 1) await expect(open(watched)).rejects.toBeInstanceOf(StillwatchError);
    expect(watched.moved).toEqual([]);
    expect(watched.searches()).toBe(1);
    // One login: the first request is answered with its challenge.
    expect(stranger.requests.get('GetDeviceInformation')).toBeLessThanOrEqual(2);
  });

  it('is followed also when another camera has its old address now', async () => {
    const before = await camera('axis', '127.0.0.2');
    const first = watch(before.deviceUrl, () => []);
    await open(first);
    const [known] = first.identities;
    const usurper = await camera('dahua', '127.0.0.1');
    const watched = watch(usurper.deviceUrl, () => [found(before)], {
      ...(known as CameraIdentity),
      host: '127.0.0.1',
    });
    await open(watched);
    expect(watched.moved).toEqual(['127.0.0.1 → 127.0.0.2']);
    expect(usurper.subscriptions.created).toBe(0);
  });
});

it('a password that is refused is sent once a try, and nothing is searched for it', async () => {
  const other = await camera('axis', '127.0.0.1', 'another');
  const watched = watch(other.deviceUrl, () => [found(other)]);
  await expect(open(watched)).rejects.toMatchObject({ code: 'SW_CAM_AUTH' });
  expect(other.failedLogins).toBe(1);
  expect(watched.searches()).toBe(0);
});
