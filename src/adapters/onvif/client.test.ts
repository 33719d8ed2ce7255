import { createHash, X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import { epochMs, seconds } from '../../domain/units.ts';
import { type SimulatedOnvif, type SimulatedOnvifSettings, simulatedOnvif } from '../../simulator/onvif/camera.ts';
import type { FaultRule } from '../../simulator/onvif/fault.ts';
import { PERSONA_NAMES, PERSONAS, type PersonaName } from '../../simulator/onvif/persona.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { ownCertificate } from '../self-signed/self-signed.ts';
import { systemClock as realClock } from '../system/clock.ts';
import { type OnvifClient, onvifClient } from './client.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http.ts';
import { cameraProbe } from './probe.ts';
import { snapshotSource } from './snapshot.ts';

const systemClock = realClock();
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});
const folder = temporaryFolders();
const signal = new AbortController().signal;

const camera = async (persona: PersonaName, more: Partial<SimulatedOnvifSettings> = {}): Promise<SimulatedOnvif> => {
  const made = await simulatedOnvif({ persona, second: 20, ...more });
  open.push(made);
  return made;
};
const clientOf = (
  from: SimulatedOnvif,
  password: string = from.account.password,
  allowPlainBasic = true,
): OnvifClient => {
  const made = onvifClient({
    device: new URL(from.deviceUrl),
    credentials: { user: from.account.user, password: new Secret(password) },
    clock: systemClock,
    http: { ...HTTP_SETTINGS, allowPlainBasic },
  });
  open.push(made);
  return made;
};
const codeOf = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked;
    return 'none';
  } catch (error) {
    return error instanceof StillwatchError ? error.code : String(error);
  }
};

describe('over TLS', () => {
  const made = ownCertificate(folder(), '127.0.0.1');
  const secure = async (trust: HttpSettings['trust'], persona: PersonaName = 'hikvision') => {
    const { key, certificate } = await made;
    const from = await camera(persona, { tls: { key: key.reveal(), cert: certificate } });
    const client = onvifClient({
      device: new URL(from.tlsUrl ?? ''),
      credentials: { user: from.account.user, password: new Secret(from.account.password) },
      clock: systemClock,
      http: { ...HTTP_SETTINGS, trust },
    });
    open.push(client);
    return { from, client };
  };

  it.each(['hikvision', 'axis', 'tapo'] as const)(
    '%s is asked, shoots and is listened to without a word in the clear',
    async (persona) => {
      const { from, client } = await secure('any', persona);
      expect(await cameraProbe(client).identify(signal)).toMatchObject({ model: PERSONAS[persona].model });
      if (PERSONAS[persona].snapshot !== 'none') {
        const { url, scheme } = await snapshotSource(client, systemClock).take({ signal });
        expect(url).toMatch(/^https:/);
        expect(scheme).toMatch(/^digest/);
      }
      const subscription = await client.events.createPullPoint(seconds(60), signal);
      expect(subscription.urls.map(({ protocol }) => protocol)).toEqual(['https:']);
      await client.events.giveBack(subscription);
      expect(from.subscriptions.live()).toEqual([]);
    },
  );

  it('a certificate is believed as the owner says', async () => {
    const sha256 = createHash('sha256')
      .update(new X509Certificate((await made).certificate).raw)
      .digest('hex');
    const asked = async (trust: HttpSettings['trust']) => codeOf((await secure(trust)).client.device.clock(signal));
    expect(await asked({ sha256 })).toBe('none');
    expect(await asked({ sha256: (sha256.match(/../g) ?? []).join(':').toUpperCase() })).toBe('none');
    expect(await asked({ sha256: sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) })).toBe(
      'SW_ONVIF_REPLY',
    );
    expect(await asked('system')).toBe('SW_ONVIF_REPLY');
  });
});

describe('every make', () => {
  it.each(PERSONA_NAMES)('%s tells who it is, exactly as it wrote it', async (name) => {
    const persona = PERSONAS[name];
    const identity = await cameraProbe(clientOf(await camera(name))).identify(signal);
    expect(identity).toMatchObject({
      make: persona.make,
      model: persona.model,
      firmware: persona.firmware,
      serial: persona.serial,
      hardwareId: persona.hardwareId,
    });
    const bare = persona.mac.replace(/[:-]/g, '').toLowerCase();
    expect(identity.mac?.replaceAll(':', '')).toBe(name === 'liar' ? undefined : bare);
  });

  it.each(PERSONA_NAMES.filter((name) => name !== 'liar'))('%s lists its streams, the largest first', async (name) => {
    const client = clientOf(await camera(name));
    const profiles = await client.media.profiles(signal);
    expect(profiles.map(({ token }) => token)).toEqual(['main', 'sub']);
    expect(profiles[0]).toMatchObject(PERSONAS[name].main);
    expect(client.media.version()).toBe(PERSONAS[name].hasMedia2 ? 2 : 1);
    expect(await client.media.streamUri('main', signal)).toMatch(/^rtsp:\/\/127\.0\.0\.1:554\/stream1$/);
  });

  it.each(PERSONA_NAMES.filter((name) => PERSONAS[name].snapshot !== 'none'))('%s gives a snapshot', async (name) => {
    const source = snapshotSource(clientOf(await camera(name)), systemClock);
    const shot = await source.take({ signal });
    expect(shot).toMatchObject({ ...PERSONAS[name].main, source: 'http-snapshot' });
    expect(shot.scheme).toMatch(PERSONAS[name].snapshot === 'basic' ? /^basic$/ : /^digest/);
  });

  it.each(['tapo', 'liar'] as const)('%s has no snapshot, and says so', async (name) => {
    const source = snapshotSource(clientOf(await camera(name)), systemClock);
    const codes = [await codeOf(source.take({ signal })), await codeOf(source.take({ signal }))];
    expect(codes[0]).toMatch(/SW_ONVIF_(?:NO_SNAPSHOT|REFUSED)/);
    expect(codes[1]).toBe(codes[0]);
  });

  it('lists presets and what is recorded where it is offered', async () => {
    expect(await clientOf(await camera('dahua')).media.presets('main', signal)).toEqual([
      { token: '1', name: 'Gate' },
      { token: '2', name: '2' },
    ]);
    const { media } = clientOf(await camera('axis'));
    expect((await media.recordings(signal)).count).toBe(3);
    expect(await media.findRecordings(signal)).toEqual(['recording-1']);
    expect(await media.replayUri('recording-1', signal)).toBe('rtsp://127.0.0.1:554/replay/recording-1');
    expect(await codeOf(clientOf(await camera('tapo')).media.presets('main', signal))).toBe('SW_ONVIF_REFUSED');
    const imaging = await clientOf(await camera('ajax')).media.imaging('vs0', signal);
    expect([...imaging]).toEqual([
      ['Brightness', '50'],
      ['IrCutFilter', 'AUTO'],
      ['WideDynamicRange', 'ON'],
    ]);
  });
});

describe('logging in', () => {
  it.each(['tapo', 'axis', 'hikvision', 'dahua'] as const)('a wrong password at %s is tried once', async (name) => {
    const from = await camera(name);
    const client = clientOf(from, 'wrong');
    expect(await codeOf(client.device.information(signal))).toBe('SW_CAM_AUTH');
    expect(from.failedLogins).toBeLessThanOrEqual(PERSONAS[name].login === 'token-or-digest' ? 2 : 1);
  });

  it.each(['auth-400', 'auth-500', 'auth-401'] as const)('%s is a refused login', async (fault) => {
    const from = await camera('tapo');
    from.faults.set([{ fault }]);
    expect(await codeOf(clientOf(from).device.information(signal))).toBe('SW_CAM_AUTH');
  });

  it.each(['clock-ahead', 'clock-behind', 'clock-1970'] as const)('%s does not keep us out', async (fault) => {
    const from = await camera('tapo');
    from.faults.set([{ fault }]);
    const client = clientOf(from);
    expect((await cameraProbe(client).identify(signal)).model).toBe('Tapo C100');
    expect(Math.abs((await client.measureClock(signal)).offset)).toBeGreaterThan(3_000_000);
  });

  it('a clock that is set while we talk costs one refused call, not the camera', async () => {
    const from = await camera('tapo');
    const client = clientOf(from);
    await client.services(signal);
    await client.device.information(signal);
    from.faults.set([{ fault: 'clock-ahead' }]);
    expect((await client.device.information(signal)).model).toBe('Tapo C100');
    expect(from.failedLogins).toBe(1);
  });

  it('a clock that is set twice while it boots is no wrong password', async () => {
    const from = await camera('tapo');
    const client = clientOf(from);
    await client.device.information(signal);
    // An hour ahead when the first token comes, an hour behind when the second one does.
    let asked = 0;
    const panel = { ...from.faults };
    from.faults.strikes = (fault, operation) => {
      // Asked once for each token that comes.
      if (fault === 'auth-400') {
        asked += 1;
        if (asked === 1) panel.set([{ fault: 'clock-ahead' }]);
        if (asked === 2) panel.set([{ fault: 'clock-behind' }]);
      }
      return panel.strikes(fault, operation);
    };
    await client.device.information(signal);
    expect(asked).toBe(3);
    expect(from.failedLogins).toBe(2);
  });

  it('a clock that was wrong for a moment, and right again when we look, is no wrong password', async () => {
    const from = await camera('tapo');
    const client = clientOf(from);
    await client.device.information(signal);
    let asked = 0;
    const panel = { ...from.faults };
    from.faults.strikes = (fault, operation) => {
      // An hour ahead while the first token is looked at, and put right when the clock is asked for.
      if (fault === 'auth-400' && (asked += 1) === 1) panel.set([{ fault: 'clock-ahead' }]);
      if (operation === 'GetSystemDateAndTime') panel.set([]);
      return panel.strikes(fault, operation);
    };
    await client.device.information(signal);
    expect(from.failedLogins).toBe(1);
  });

  it('a password that worked and does not any more is tried twice, and no more', async () => {
    const from = await camera('tapo');
    const client = clientOf(from);
    await client.device.information(signal);
    from.faults.set([{ fault: 'auth-400' }]);
    const before = from.requests.get('GetDeviceInformation') ?? 0;
    expect(await codeOf(client.device.information(signal))).toBe('SW_CAM_AUTH');
    expect((from.requests.get('GetDeviceInformation') ?? 0) - before).toBe(2);
  });

  it('Basic is not sent in the clear unless the owner says so', async () => {
    const from = await camera('generic');
    const careful = snapshotSource(clientOf(from, undefined, false), systemClock);
    expect(await codeOf(careful.take({ signal }))).toBe('SW_CAM_AUTH');
    expect(from.failedLogins).toBe(0);
  });

  it('answers SHA-256 where both are offered, and reuses the nonce', async () => {
    const from = await camera('hikvision');
    const client = clientOf(from);
    await client.device.information(signal);
    expect(client.scheme()).toBe('digest-sha256');
    const before = from.requests.get('GetHostname') ?? 0;
    await client.device.hostname(signal);
    expect((from.requests.get('GetHostname') ?? 0) - before).toBe(1);
  });

  it('a password that is changed while we are in is not tried on and on', async () => {
    const from = await camera('axis');
    const client = clientOf(from);
    await client.device.information(signal);
    from.faults.set([{ fault: 'auth-401' }]);
    const before = from.requests.get('GetDeviceInformation') ?? 0;
    expect(await codeOf(client.device.information(signal))).toBe('SW_CAM_AUTH');
    // The nonce we had, and one fresh one: cameras lock after three.
    expect((from.requests.get('GetDeviceInformation') ?? 0) - before).toBe(2);
  });

  it('a stale nonce is answered with the fresh one', async () => {
    const from = await camera('axis');
    const source = snapshotSource(clientOf(from), systemClock);
    await source.take({ signal });
    from.faults.set([{ fault: 'snapshot-stale-nonce', times: 1 }]);
    expect((await source.take({ signal })).width).toBe(PERSONAS.axis.main.width);
  });
});

describe('addresses', () => {
  it.each(['nat-address', 'loopback-address', 'wrong-port-address'] as const)('%s is rewritten', async (fault) => {
    const from = await camera('dahua');
    from.faults.set([{ fault }]);
    const client = clientOf(from);
    expect(await client.media.profiles(signal)).toHaveLength(2);
    const shot = await snapshotSource(client, systemClock).take({ signal });
    expect(new URL(shot.url).host).toBe(`127.0.0.1:${from.port}`);
  });
});

describe('answers', () => {
  it.each([
    'chunked',
    'gzip',
    'multipart',
    'byte-order-mark',
    'junk-tail',
    'unbound-prefix',
    'close-keep-alive',
    'slow',
  ] as const)('%s is read', async (fault) => {
    const from = await camera('hikvision');
    from.faults.set([{ fault }]);
    expect((await cameraProbe(clientOf(from)).identify(signal)).serial).toBe(PERSONAS.hikvision.serial);
  });

  it.each([
    ['truncated', 'SW_ONVIF_REPLY'],
    ['empty-body', 'SW_ONVIF_REPLY'],
    ['entity-bomb', 'SW_ONVIF_REPLY'],
    ['deep', 'SW_ONVIF_REPLY'],
    ['huge', 'SW_ONVIF_REPLY'],
    ['html-503', 'SW_CAM_BUSY'],
    ['reset', 'SW_CAM_LOST'],
  ] as const)('%s is %s, and the next call is served', async (fault, code) => {
    const from = await camera('dahua');
    const client = clientOf(from);
    await client.services(signal);
    const rules: FaultRule[] = [{ fault, on: /GetDeviceInformation/, times: 1 }];
    from.faults.set(rules);
    expect(await codeOf(client.device.information(signal))).toBe(code);
    expect((await client.device.information(signal)).model).toBe(PERSONAS.dahua.model);
  });

  it('a broken Media 2 is left for Media 1, and that is remembered', async () => {
    const from = await camera('dahua');
    from.faults.set([{ fault: 'media2-500' }]);
    const client = clientOf(from);
    expect(await client.media.profiles(signal)).toHaveLength(2);
    expect(client.media.version()).toBe(1);
    const asked = from.requests.get('GetStreamUri') ?? 0;
    await client.media.streamUri('main', signal);
    expect((from.requests.get('GetStreamUri') ?? 0) - asked).toBe(1);
  });

  it('a call ends when its owner gives up', async () => {
    const from = await camera('dahua');
    from.faults.set([{ fault: 'hang' }]);
    const stop = new AbortController();
    const asked = clientOf(from).services(stop.signal);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

describe('snapshots', () => {
  it.each([
    ['snapshot-rtsp', 'SW_ONVIF_NO_SNAPSHOT'],
    ['snapshot-redirect', 'SW_ONVIF_OTHER_HOST'],
    ['snapshot-cut', 'SW_STILL_DAMAGED'],
  ] as const)('%s is refused as %s', async (fault, code) => {
    const from = await camera('dahua');
    from.faults.set([{ fault }]);
    expect(await codeOf(snapshotSource(clientOf(from), systemClock).take({ signal }))).toBe(code);
  });

  it('one smaller than the main stream is refused', async () => {
    const from = await camera('reolink');
    from.faults.set([{ fault: 'snapshot-sub-size' }]);
    const source = snapshotSource(clientOf(from), systemClock, { mainPicture: () => PERSONAS.reolink.main });
    expect(await codeOf(source.take({ signal }))).toBe('SW_ONVIF_NO_SNAPSHOT');
    from.faults.set([]);
    expect((await source.take({ signal })).width).toBe(3840);
  });

  it('the same picture twice is an old one', async () => {
    const from = await camera('axis');
    let now = 1_795_000_000_000;
    const clock = {
      ...systemClock,
      now: () => ({ ...systemClock.now(), wall: epochMs(now) }),
    };
    const source = snapshotSource(clientOf(from), clock);
    from.faults.set([{ fault: 'snapshot-stale' }]);
    await source.take({ signal });
    now += 10_000;
    expect(await codeOf(source.take({ signal }))).toBe('SW_STILL_DAMAGED');
    from.faults.set([]);
    expect(await codeOf(source.take({ signal }))).toBe('none');
  });
});
