import { afterEach, describe, expect, it } from 'vitest';
import { onvifClient } from '../../adapters/onvif/client.ts';
import { gatherEvidence } from '../../adapters/onvif/evidence.ts';
import { cameraProbe } from '../../adapters/onvif/probe.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { REQUIREMENTS, type RequirementId, type RequirementLine } from '../../domain/requirement.ts';
import { Secret } from '../../domain/secret.ts';
import { ms } from '../../domain/units.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../../simulator/onvif/camera.ts';
import type { PersonaName } from '../../simulator/onvif/persona.ts';
import { simulatedCamera } from '../../simulator/rtsp-server.ts';
import { testClip } from '../../testing/test-media.ts';
import { reportPage } from '../../web/report-page.ts';
import { reportLines } from '../camera-report.ts';
import { parseTarget } from '../onvif-camera.ts';
import { reportTrials } from '../report-trials.ts';
import { identityText } from './identify.ts';
import { reportJson, reportText } from './report-text.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});
const { signal } = new AbortController();

const evidenceOf = async (persona: PersonaName, password?: string, happens = true) => {
  const camera: SimulatedOnvif = await simulatedOnvif({ persona, second: 20 });
  const clock = systemClock();
  const client = onvifClient({
    device: new URL(camera.deviceUrl),
    credentials: { user: camera.account.user, password: new Secret(password ?? camera.account.password) },
    clock,
    http: { trust: 'any', allowPlainBasic: true },
  });
  open.push(camera, client);
  const { main, sub } = camera.persona;
  let isActive = false;
  return gatherEvidence(
    {
      client,
      clock,
      // The streams are another simulator's; here they have the sizes that the camera claims.
      frame: async (url) => (url.includes('stream1') ? main : sub),
      push: reportTrials(client.credentials, clock).push,
      documents: async () => 2,
      listen: ms(150),
      progress: () => {
        if (!happens) return;
        isActive = !isActive;
        camera.scene('motion', isActive);
      },
    },
    signal,
  );
};
const states = (lines: readonly RequirementLine[]): Readonly<Record<string, string>> =>
  Object.fromEntries(lines.map(({ id, state }) => [id, state]));

describe('requirement report', () => {
  it('axis: what it has is proven, what was not used is not', async () => {
    const found = states(reportLines(await evidenceOf('axis')));
    const wanted: Partial<Record<RequirementId, string>> = {
      identity: 'proven',
      mac: 'proven',
      'profile-s': 'not-tested',
      'profile-m': 'not-tested',
      resolution: 'proven',
      snapshot: 'proven',
      'snapshot-https': 'not-offered',
      push: 'proven',
      'edge-storage': 'proven',
      ptz: 'not-offered',
      imaging: 'proven',
      clock: 'proven',
      weather: 'cannot-be-asked',
    };
    expect(found).toMatchObject(wanted);
    expect(Object.keys(found)).toEqual([...REQUIREMENTS]);
  });

  it('tapo: two megapixels and no snapshot are said plainly', async () => {
    const lines = reportLines(await evidenceOf('tapo', undefined, false));
    expect(states(lines)).toMatchObject({
      resolution: 'not-offered',
      snapshot: 'refused',
      events: 'not-tested',
      classes: 'not-tested',
      push: 'not-offered',
    });
    expect(lines.find(({ id }) => id === 'resolution')?.evidence[0]).toMatchObject({
      en: expect.stringContaining('1920x1080 (2.1 MP)') as string,
      da: expect.stringContaining('1920x1080 (2,1 MP)') as string,
    });
  });

  it('liar: claims everything, proves nothing', async () => {
    const lines = reportLines(await evidenceOf('liar'));
    const proven = lines.filter(({ state }) => state === 'proven').map(({ id }) => id);
    expect(proven).toEqual(['identity', 'clock']);
    const profiles = lines.filter(({ id }) => id.startsWith('profile-'));
    expect(profiles.map(({ state }) => state)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  it('a wrong password ends it at the first refusal', async () => {
    const thrown: unknown = await evidenceOf('tapo', 'wrong').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(StillwatchError);
    expect(thrown).toMatchObject({ code: 'SW_CAM_AUTH' });
  });

  it('prints no credential, escapes what the camera says, and is one page without scripts', () => {
    const hostile = 'http://root:geheim@10.0.0.1/x?pwd=geheim <script>alert(1)</script>';
    const lines: readonly RequirementLine[] = [
      {
        id: 'snapshot',
        state: 'proven',
        evidence: [{ en: hostile, da: hostile }],
      },
    ];
    const report = { camera: 'A <b> & C', at: '2026-11-23T20:00:00Z', lines };
    for (const language of ['en', 'da'] as const) {
      const page = reportPage(report, language);
      expect(page + reportText(report, language) + reportJson(report, language)).not.toContain('geheim');
      expect(page).not.toMatch(/<script|<b>/);
      expect(page).not.toMatch(/conform|certif/i);
    }
  });
});

it('the metadata of a stream is read, and a stream without it has none', async () => {
  const credentials = { user: 'admin', password: new Secret('pæss:word"1') };
  const clock = systemClock();
  const { documents } = reportTrials(credentials, clock);
  const camera = await simulatedCamera({
    streams: { main: testClip(), sub: testClip() },
    credentials,
    hasMetadata: true,
  });
  const repeated = setInterval(() => camera.sendMetadata('<tt:MetadataStream xmlns:tt="t"></tt:MetadataStream>'), 20);
  open.push({
    async [Symbol.asyncDispose]() {
      clearInterval(repeated);
      await camera.close();
    },
  });
  expect(await documents(camera.url('sub'), signal)).toBeGreaterThan(0);
  const plain = await simulatedCamera({ streams: { main: testClip(), sub: testClip() }, credentials });
  open.push({ [Symbol.asyncDispose]: () => plain.close() });
  await expect(documents(plain.url('sub'), signal)).rejects.toMatchObject({ code: 'SW_ONVIF_REFUSED' });
});

describe('identify', () => {
  it('says what it found and by which rule', async () => {
    const camera = await simulatedOnvif({ persona: 'hikvision' });
    const client = onvifClient({
      device: new URL(camera.deviceUrl),
      credentials: { user: camera.account.user, password: new Secret(camera.account.password) },
      clock: systemClock(),
    });
    open.push(camera, client);
    const text = identityText(await cameraProbe(client).identify(signal), 61_000);
    expect(text).toContain('MAC       2c:a5:9c:0a:11:22 (of the interface that has this address)');
    expect(text).toContain('model     DS-2CD2146G2-ISU');
    expect(text).toContain('clock     +61 s');
  });

  it.each([
    ['192.168.1.50', '192.168.1.50', undefined],
    ['192.168.1.50:2020', '192.168.1.50', 'http://192.168.1.50:2020/onvif/device_service'],
    ['192.168.1.50:80', '192.168.1.50', 'http://192.168.1.50/onvif/device_service'],
    ['https://cam.example:8443', 'cam.example', 'https://cam.example:8443/onvif/device_service'],
    ['http://cam.example/onvif/services', 'cam.example', 'http://cam.example/onvif/services'],
  ])('%s', (typed, host, device) => {
    const target = parseTarget(typed, { STILLWATCH_USER: 'a', STILLWATCH_PASSWORD: 'b' });
    expect([target?.host, target?.device?.href]).toEqual([host, device]);
    expect(target?.credentials?.password.reveal()).toBe('b');
  });

  it('refuses an address with a password in it, without repeating it', () => {
    expect(() => parseTarget('http://a:geheim@10.0.0.1/', {})).toThrow(/STILLWATCH_PASSWORD/);
    expect(() => parseTarget('http://a:geheim@10.0.0.1/', {})).not.toThrow(/geheim/);
  });
});
