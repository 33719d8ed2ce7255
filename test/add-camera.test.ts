// `stillwatch add` and `stillwatch cameras`, as an owner types them, at the simulated camera: by ONVIF, and by known paths.

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jpegSize } from '../src/domain/jpeg.ts';
import { Secret } from '../src/domain/secret.ts';
import { simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { command, jsonLines } from './support/command.ts';

const PASSWORD = 'canary-add-7f2';
let folder: string;
let camera: SimulatedCamera;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-add-'));
  camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials: { user: 'admin', password: new Secret(PASSWORD) },
  });
  address = `127.0.0.1:${camera.port}`;
});
afterAll(async () => {
  await camera.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const env = { STILLWATCH_USER: 'admin', STILLWATCH_PASSWORD: PASSWORD };

it('finds the streams by known paths, saves the camera with its first photo, and takes it out again', async () => {
  const told = await command(
    folder,
    ['add', address, '--id', 'garden', '--name', 'Garden', '--onvif', 'http://127.0.0.1:9/'],
    { env },
  );
  expect([told.code, told.stderr]).toEqual([0, '']);
  expect(told.stdout).toContain(' !!  ONVIF');
  expect(told.stdout).toMatch(/ ok {2}full-res stream {2}H\.264 · 1280×720/);
  expect(told.stdout).toContain('Saved as "garden" in stillwatch.yml');
  expect(told.stdout).not.toContain(PASSWORD);
  const yml = await readFile(join(folder, 'stillwatch.yml'), 'utf8');
  expect(yml).toContain('garden:');
  expect(yml).not.toContain(PASSWORD);
  const secret = join(folder, 'secrets', 'camera-garden');
  expect(await readFile(secret, 'utf8')).toBe(`${PASSWORD}\n`);
  expect((await stat(secret)).mode & 0o777).toBe(0o600);
  const path = /the photo is (\S+\.jpg)/.exec(told.stdout)?.[1] ?? '';
  expect(jpegSize(await readFile(join(folder, 'snapshots', path)))).toEqual({ width: 1280, height: 720 });

  const listed = await command(folder, ['cameras', '--json']);
  expect(jsonLines(listed)).toMatchObject([{ id: 'garden', name: 'Garden', main: `rtsp://${address}/stream1` }]);
  expect((await command(folder, ['add', address, '--id', 'garden'], { env })).code).toBe(3);

  await writeFile(join(folder, 'stillwatch.yml'), `# mine\n${yml}`);
  expect((await command(folder, ['cameras', 'remove', 'garden'])).code).toBe(0);
  expect(await readFile(join(folder, 'stillwatch.yml'), 'utf8')).toContain('# mine');
  expect((await command(folder, ['cameras', 'remove', 'garden'])).code).toBe(2);
  expect((await stat(join(folder, 'snapshots', path))).isFile()).toBe(true);
});

it('asks ONVIF who the camera is and where its streams are', async () => {
  await using onvif = await simulatedOnvif({
    persona: 'tapo',
    account: { user: 'admin', password: PASSWORD },
    rtsp: `rtsp://${address}`,
  });
  const args = ['add', address, '--onvif', onvif.deviceUrl, '--dry-run', '--json'];
  const told = await command(folder, args, { env });
  expect([told.code, told.stderr]).toEqual([0, '']);
  const trial = JSON.parse(told.stdout) as { isGood: boolean; steps: readonly { name: string; verdict: string }[] };
  expect(trial.isGood).toBe(true);
  expect(trial.steps.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    'onvif ok',
    'paths ok',
    'reachable ok',
    'rtsp ok',
    'login ok',
    'sub ok',
    'main ok',
    'photo ok',
  ]);
});

it('a wrong password ends it at the first refusal', async () => {
  const before = camera.stats().refused;
  const told = await command(folder, ['add', address, '--onvif', 'http://127.0.0.1:9/'], {
    env: { ...env, STILLWATCH_PASSWORD: 'wrong' },
  });
  expect(told.code).toBe(5);
  expect(told.stdout).toContain('SW_CAM_AUTH');
  // The first question without a password, and the one with it.
  expect(camera.stats().refused - before).toBeLessThanOrEqual(3);
});
