// The metadata stream as a camera's only word: objects with classes at one make, events and motion cells at another, from the
// RTP packets to the photo's own facts; and the report that says what was proven by use, TLS included.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownCertificate } from '../src/adapters/self-signed/self-signed.ts';
import { Secret } from '../src/domain/secret.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { claim, owner } from './support/owner.ts';
import { eventually, startProgram } from './support/program.ts';

const account = { user: 'admin', password: 'canary-metadata-7' };

interface ReportJson {
  readonly at: string;
  readonly lines: readonly { readonly id: string; readonly state: string; readonly evidence: readonly string[] }[];
}

const withStreams = async (
  persona: 'axis' | 'hikvision',
  folder: string,
): Promise<AsyncDisposable & { readonly camera: SimulatedCamera; readonly onvif: SimulatedOnvif }> => {
  const camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials: { user: account.user, password: new Secret(account.password) },
    hasMetadata: true,
  });
  const { key, certificate } = await ownCertificate(folder, '127.0.0.1');
  const onvif = await simulatedOnvif({
    persona,
    account,
    rtsp: `rtsp://127.0.0.1:${camera.port}`,
    metadata: (document) => camera.sendMetadata(document),
    tls: { key: key.reveal(), cert: certificate },
  });
  return {
    camera,
    onvif,
    async [Symbol.asyncDispose]() {
      await onvif[Symbol.asyncDispose]();
      await camera.close();
    },
  };
};

it('metadata is enough: what walks there begins the episode, and its class goes into the photo', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-metadata-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 50 }) };
  await using axis = await withStreams('axis', folder);
  await using hikvision = await withStreams('hikvision', folder);
  const section = (name: string, { camera, onvif }: typeof axis): string => `  ${name}:
    address: 127.0.0.1:${camera.port}
    user: ${account.user}
    password: { env: CAMERA_PASSWORD }
    main: stream1
    sub: stream2
    calmPeriod: 1s
    triggers: events
    onvif: { device: "${onvif.deviceUrl}", channels: [metadata] }
`;
  await writeFile(join(folder, 'stillwatch.yml'), `cameras:\n${section('drive', axis)}${section('gate', hikvision)}`);
  const start = () => startProgram({ folder, env: {}, environment: { CAMERA_PASSWORD: account.password } });
  await using program = await start();
  for (const name of ['drive', 'gate']) {
    await eventually(
      `${name} is heard`,
      async () => {
        const answer = await fetch(`${program.url}/metrics`).catch(() => undefined);
        const isHeard = (await answer?.text())?.includes(`stillwatch_camera_events_heard{camera="${name}"} 1`);
        return isHeard ? true : undefined;
      },
      150_000,
    );
  }
  // Nobody asked for a pull point, and no picture was looked at.
  expect(axis.onvif.subscriptions.created + hikvision.onvif.subscriptions.created).toBe(0);

  axis.onvif.scene('person', true);
  hikvision.onvif.scene('motion', true);
  const claims = async (name: string): Promise<readonly string[]> => {
    const days = await readdir(join(program.folder, 'snapshots', name)).catch(() => []);
    const day = days.find((entry) => /^\d{4}-/.test(entry));
    if (day === undefined) return [];
    const files = await readdir(join(program.folder, 'snapshots', name, day));
    const calm = files.find((file) => /^\d\d-\d\d-\d\d\.jpg$/.test(file));
    if (calm === undefined) return [];
    return readStillFacts(await readFile(join(program.folder, 'snapshots', name, day, calm)))?.claims ?? [];
  };
  await eventually('both see something', () =>
    program.printed().split('something moves').length > 2 ? true : undefined,
  );
  axis.onvif.scene('person', false);
  hikvision.onvif.scene('motion', false);
  const told = (name: string): Promise<readonly string[]> =>
    eventually(`the photo of ${name}`, async () => {
      const found = await claims(name);
      return found.length > 0 ? found : undefined;
    });
  expect(await told('drive')).toEqual(['person']);
  expect(await told('gate')).toEqual(['motion']);

  // What it can do is asked while it runs, and known after a restart.
  const cookie = await claim(program);
  const ask = owner(program, cookie);
  expect((await ask('POST', '/cameras/drive/report')).status).toBe(202);
  const made = await eventually(
    'the report',
    async () => {
      const { body } = await ask('GET', '/cameras/drive/report');
      return body['state'] === 'made' ? (body['report'] as ReportJson) : undefined;
    },
    180_000,
  );
  const line = (id: string) => made.lines.find((one) => one.id === id);
  expect(line('metadata')).toMatchObject({ state: 'proven' });
  expect(line('edge-storage')).toMatchObject({ state: 'proven' });
  expect(line('tls')).toMatchObject({ state: 'proven', evidence: [expect.stringContaining('self-signed')] });
  expect(line('snapshot-https')).toMatchObject({
    state: 'proven',
    evidence: [expect.stringMatching(/^https:.*2560x1440.*digest-sha256/), expect.anything()],
  });
  expect(await program.stop()).toBe(0);
  await using again = await start();
  const known = await eventually(
    'the next start answers',
    () => owner(again, cookie)('GET', '/cameras/drive/report').catch(() => undefined),
    150_000,
  );
  expect(known.body).toMatchObject({ state: 'made', report: made });
  expect(await again.stop()).toBe(0);
  expect(program.printed() + again.printed() + JSON.stringify(made)).not.toContain(account.password);
});
