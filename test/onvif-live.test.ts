// The running program and a camera that speaks: events by the camera's word alone, from the first claim to the photo's own
// facts and the ledger; who it is; its clock, told and set by the owner.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cameraExifFacts } from '../src/domain/camera-exif.ts';
import { Secret } from '../src/domain/secret.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { command } from './support/command.ts';
import { eventually, startProgram } from './support/program.ts';

const account = { user: 'admin', password: 'canary-onvif-31' };

interface LedgerJson {
  readonly triggers: readonly {
    readonly origin: string;
    readonly state: string;
    readonly claims?: readonly string[];
  }[];
}

it('a camera runs by its own word: photo, claims, ledger, identity and clock, and no stream while nothing happens', async () => {
  await using camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials: { user: account.user, password: new Secret(account.password) },
  });
  await using onvif = await simulatedOnvif({ persona: 'axis', account, rtsp: `rtsp://127.0.0.1:${camera.port}` });
  onvif.faults.set([{ fault: 'clock-ahead' }]);
  await using program = await startProgram({
    env: {
      CAMERA_IP: `127.0.0.1:${camera.port}`,
      USRNAME: account.user,
      PASSWORD: account.password,
      CALM_PERIOD: 1,
      TRIGGERS: 'events',
      ONVIF: onvif.deviceUrl,
    },
  });
  const printed = (what: string): Promise<true> =>
    // A start on a machine that is busy with a whole suite takes its time.
    eventually(`it prints: ${what}`, () => (program.printed().includes(what) ? true : undefined), 150_000);
  await printed('its own events are heard');
  await printed('tapo is AXIS · P3245-LVE · 11.11.73 · ac:cc:8e:0a:11:22');
  await printed('SW_CAM_CLOCK');
  expect(camera.stats().connections).toBe(0);

  await eventually('the first states were asked for', () => (onvif.subscriptions.pulls > 1 ? true : undefined));
  onvif.scene('motion', true);
  onvif.scene('person', true);
  await printed('something moves');
  onvif.scene('person', false);
  onvif.scene('motion', false);
  await printed('photo kept');

  const day = await eventually('the day’s folder', async () =>
    (await readdir(join(program.folder, 'snapshots'))).find((name) => /^\d{4}-/.test(name)),
  );
  const name = await eventually('the calm photo', async () =>
    (await readdir(join(program.folder, 'snapshots', day))).find((file) => /^\d\d-\d\d-\d\d\.jpg$/.test(file)),
  );
  const file = await readFile(join(program.folder, 'snapshots', day, name));
  expect(cameraExifFacts(file)).toMatchObject({ make: 'AXIS', model: 'P3245-LVE' });
  const facts = readStillFacts(file);
  expect(facts).toMatchObject({ kind: 'calm', cause: 'camera', claims: ['motion', 'person'] });
  // The camera is an hour ahead, and the photo says so; its place is by our clock.
  expect(Math.round((facts?.clockOffset ?? 0) / 60_000)).toBe(60);
  expect(Math.abs((facts?.takenAt ?? 0) - Date.now())).toBeLessThan(10 * 60_000);

  const ledger = await eventually('every trigger is decided', async () => {
    const told = JSON.parse((await command(program.folder, ['ledger', '--json'])).stdout) as LedgerJson;
    return told.triggers.some(({ state }) => state === 'open') ? undefined : told;
  });
  expect(ledger.triggers.map(({ origin }) => origin)).toEqual(['camera', 'camera']);
  expect(ledger.triggers.map(({ state }) => state).sort()).toEqual(['merged', 'photo']);
  const metrics = await (await fetch(`${program.url}/metrics`)).text();
  expect(metrics).toContain('stillwatch_camera_events_heard{camera="tapo"} 1');
  expect(metrics).toMatch(/stillwatch_camera_clock_offset_seconds\{camera="tapo"\} 3[56]\d\d/);

  // Looking changes nothing; only `--set` does.
  const looked = JSON.parse((await command(program.folder, ['clock', '--json'])).stdout) as { offsetMs: number };
  expect(Math.round(looked.offsetMs / 60_000)).toBe(60);
  expect(onvif.requests.get('SetSystemDateAndTime')).toBeUndefined();
  const set = JSON.parse((await command(program.folder, ['clock', '--set', '--json'])).stdout) as { offsetMs: number };
  expect(Math.abs(set.offsetMs)).toBeLessThan(30_000);

  expect(await program.stop()).toBe(0);
  expect(onvif.subscriptions.live()).toEqual([]);
  expect(onvif.failedLogins).toBe(0);
  expect(program.printed()).not.toContain(account.password);
});
