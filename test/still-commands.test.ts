// `stillwatch photo` and `stillwatch ledger`, as an owner types them, at the simulated camera.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jpegDamage, jpegSize } from '../src/domain/jpeg.ts';
import { Secret } from '../src/domain/secret.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { command, jsonLines } from './support/command.ts';
import { eventually, startProgram } from './support/program.ts';

it('takes a photo by hand and accounts for it, and for the one that could not be taken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-photo-'));
  const credentials = { user: 'admin', password: new Secret('a password') };
  await using camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials,
  });
  const settings = (password: string): Promise<void> =>
    writeFile(
      join(folder, '.env'),
      `CAMERA_IP=127.0.0.1:${camera.port}\nUSRNAME=admin\nPASSWORD=${password}\nCALM_PERIOD=10\nPORT=10000\n`,
    );

  await settings('a password');
  const taken = await command(folder, ['photo', 'tapo', '--json']);
  expect([taken.code, taken.stderr]).toEqual([0, '']);
  const photo = JSON.parse(taken.stdout) as { id: string; path: string; width: number };
  expect(photo.width).toBe(1280);
  const jpeg = await readFile(join(folder, 'snapshots', photo.path));
  expect(jpegDamage(jpeg)).toBeUndefined();
  expect(jpegSize(jpeg)).toEqual({ width: 1280, height: 720 });
  expect(readStillFacts(jpeg)).toMatchObject({ id: photo.id, kind: 'manual', cause: 'owner', source: 'main-stream' });

  await settings('another one');
  expect((await command(folder, ['photo', 'tapo'])).code).toBe(5);
  const unknown = await command(folder, ['photo', 'shed']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('tapo');

  const told = await command(folder, ['ledger', '--json']);
  const ledger = JSON.parse(told.stdout) as {
    sums: readonly object[];
    triggers: readonly { state: string; origin: string; still?: string; code?: string }[];
  };
  expect(ledger.sums).toMatchObject([
    { camera: 'tapo', triggers: 2, photo: 1, merged: 0, missed: 1, open: 0, reasons: { SW_CAM_AUTH: 1 } },
  ]);
  expect(ledger.triggers).toMatchObject([
    { origin: 'owner', state: 'missed', code: 'SW_CAM_AUTH' },
    { origin: 'owner', state: 'photo', still: photo.id },
  ]);
  const missed = await command(folder, ['ledger', '--missed']);
  expect(missed.stdout).toContain('SW_CAM_AUTH');
  expect((await command(folder, ['ledger', '--day', '2026-02-30'])).code).toBe(2);
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

it('has the running program take the photo: one order, one trigger, one photo', async () => {
  const credentials = { user: 'admin', password: new Secret('a password') };
  await using camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials,
  });
  await using program = await startProgram({
    env: { CAMERA_IP: `127.0.0.1:${camera.port}`, USRNAME: 'admin', PASSWORD: 'a password' },
  });
  await eventually('the camera is seen', () => (program.printed().includes('tapo sees') ? true : undefined));
  let isFollowed = false;
  const onTalk = (said: string): void => {
    isFollowed = said.includes('Following');
  };
  const followed = command(program.folder, ['tail', 'tapo', '--json'], { onTalk });
  await eventually('the log is followed', () => isFollowed || undefined);
  const taken = await command(program.folder, ['photo', 'tapo', '--json']);
  expect([taken.code, taken.stderr]).toEqual([0, '']);
  const { id, path } = JSON.parse(taken.stdout) as { id: string; path: string };
  expect(program.printed()).toContain(`photo kept: ${path}`);
  const answer = await fetch(`${program.url}/api/v1/stills/${id}`);
  expect(await answer.json()).toMatchObject({ id, camera: 'tapo', kind: 'manual', cause: 'owner', width: 1280 });
  const ledger = (await (await fetch(`${program.url}/api/v1/ledger`)).json()) as { items: readonly object[] };
  expect(ledger.items).toMatchObject([{ origin: 'owner', state: 'photo', still: id }]);
  expect(await program.stop()).toBe(0);
  const log = await followed;
  expect(log.code).toBe(0);
  expect(jsonLines(log)).toContainEqual(
    expect.objectContaining({
      level: 'info',
      text: `tapo photo kept: ${path}`,
      facts: { camera: 'tapo', still: id, path },
    }),
  );
  expect(await command(program.folder, ['tail'])).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('SW_NOT_RUNNING') as string,
  });
});
