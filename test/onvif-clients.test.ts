// Independent judges: two ONVIF clients that other people wrote against our simulated cameras, and a digest server that
// other people wrote against our snapshot fetch.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cam } from 'onvif';
import { afterEach, describe, expect, it } from 'vitest';
import { onvifClient } from '../src/adapters/onvif/client.ts';
import { snapshotSource } from '../src/adapters/onvif/snapshot.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { StillwatchError } from '../src/domain/errors.ts';
import { Secret } from '../src/domain/secret.ts';
import { simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { PERSONAS, type PersonaName } from '../src/simulator/onvif/persona.ts';
import { simulatedPicture } from '../src/simulator/onvif/picture.ts';
import { eventually, freePort } from './support/program.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'stillwatch-onvif-'));
  closers.push(() => rm(path, { recursive: true, force: true }));
  return path;
};
const account = { user: 'admin', password: 'secret-1' };
const camera = async (persona: PersonaName) => {
  const made = await simulatedOnvif({ persona, account });
  closers.push(async () => made[Symbol.asyncDispose]());
  return made;
};

/** A callback API as promises. */
const asked = <T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));

describe('npm onvif, a client by others', () => {
  it.each(['tapo', 'axis', 'hikvision', 'dahua', 'reolink', 'ajax'] as const)('works with %s', async (persona) => {
    const from = await camera(persona);
    const cam = new Cam({
      hostname: from.host,
      port: from.port,
      username: account.user,
      password: account.password,
      timeout: 5000,
      preserveAddress: true,
      autoconnect: false,
    });
    await asked<unknown>((done) => cam.connect((error) => done(error ?? null, undefined)));
    const information = await asked<{ manufacturer: string; model: string }>((done) =>
      cam.getDeviceInformation((error, value) => done(error ?? null, value as { manufacturer: string; model: string })),
    );
    expect(information).toMatchObject({ manufacturer: PERSONAS[persona].make, model: PERSONAS[persona].model });
    expect((cam as unknown as { profiles: unknown[] }).profiles).toHaveLength(2);
    if (PERSONAS[persona].snapshot !== 'none') {
      const { uri } = await asked<{ uri: string }>((done) =>
        cam.getSnapshotUri({}, (error: Error | null | undefined, value: unknown) =>
          done(error ?? null, value as { uri: string }),
        ),
      );
      expect(uri).toContain('snapshot');
    }

    const topics: string[] = [];
    cam.on('event', (event: { topic: { _: string } }) => topics.push(event.topic._));
    const troubles: unknown[] = [];
    cam.on('eventsError', (error: unknown) => troubles.push(error));
    await eventually('a subscription', () => from.subscriptions.live()[0], 10_000);
    from.scene('motion', true);
    const wanted = PERSONAS[persona].topics.find(({ scene }) => scene === 'motion')?.topic;
    await eventually('the event', () => topics.filter((topic) => topic === wanted).at(1), 10_000);
    expect(troubles).toEqual([]);
    cam.removeAllListeners('event');
  });
});

const LIBONVIF = `#include <stdio.h>
#include <stdlib.h>
#include <onvif.h>
int main(int argc, char **argv) {
  struct OnvifData *d = calloc(1, sizeof *d);
  if (argc < 4 || !d) return 2;
  snprintf(d->xaddrs, sizeof d->xaddrs, "%s", argv[1]);
  snprintf(d->device_service, sizeof d->device_service, "%s", argv[1]);
  extractOnvifService(d->device_service, true);
  snprintf(d->username, sizeof d->username, "%s", argv[2]);
  snprintf(d->password, sizeof d->password, "%s", argv[3]);
  int bad = getTimeOffset(d) | getCapabilities(d) | getDeviceInformation(d) | getNetworkInterfaces(d);
  bad |= getProfileToken(d, 1) | getProfileToken(d, 0) | getProfile(d) | getStreamUri(d);
  printf("%d|%s|%s|%s|%dx%d|%s", bad, d->serial_number, d->ip_address_buf, d->profileToken, d->width, d->height, d->stream_uri);
  return bad ? 1 : 0;
}
`;

describe('libonvif, a client by others', () => {
  it.each(['tapo', 'dahua', 'reolink', 'ajax'] as const)('works with %s', async (persona) => {
    const path = await folder();
    await writeFile(join(path, 'ask.c'), LIBONVIF);
    const built = spawnSync('gcc', ['-o', join(path, 'ask'), join(path, 'ask.c'), '-lonvif'], { encoding: 'utf8' });
    expect(built.stderr).toBe('');
    const from = await camera(persona);
    const child = spawn(join(path, 'ask'), [from.deviceUrl, account.user, account.password]);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    const { serial, main } = PERSONAS[persona];
    expect(said).toBe(`0|${serial}|127.0.0.1|main|${main.width}x${main.height}|rtsp://127.0.0.1:554/stream1`);
    expect(code).toBe(0);
    expect(from.failedLogins).toBe(0);
  });
});

describe('lighttpd, a digest server by others', () => {
  const serve = async (algorithm: 'MD5' | 'SHA-256', password: string): Promise<string> => {
    const path = await folder();
    const port = await freePort();
    await writeFile(join(path, 'shot.jpg'), await simulatedPicture(640, 360, 'served by lighttpd'));
    const hash = createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(`gårdejer:the camera:${password}`)
      .digest('hex');
    await writeFile(join(path, 'users'), `gårdejer:the camera:${hash}\n`);
    await writeFile(
      join(path, 'lighttpd.conf'),
      `server.document-root = "${path}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ("mod_auth", "mod_authn_file")
mimetype.assign = (".jpg" => "image/jpeg")
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${path}/users"
auth.require = ("/" => ("method" => "digest", "realm" => "the camera", "require" => "valid-user", "algorithm" => "${algorithm}"))
`,
    );
    const server = spawn('lighttpd', ['-D', '-f', join(path, 'lighttpd.conf')], { stdio: 'ignore' });
    closers.push(async () => {
      const gone = new Promise((resolve) => server.on('exit', resolve));
      server.kill();
      await gone;
    });
    await eventually(
      'lighttpd',
      async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.status,
      10_000,
    );
    return `http://127.0.0.1:${port}/shot.jpg?channel=1&subtype=0`;
  };

  const taken = async (address: string, password: string) => {
    const client = onvifClient({
      device: new URL('/onvif/device_service', address),
      credentials: { user: 'gårdejer', password: new Secret(password) },
      clock: systemClock(),
    });
    closers.push(async () => client[Symbol.asyncDispose]());
    // Only the address comes from us; the server, its challenge and its verdict are lighttpd's.
    const media = { ...client.media, snapshotUri: async () => address };
    const source = snapshotSource({ ...client, media }, systemClock(), { profile: 'main' });
    return source.take({ signal: new AbortController().signal });
  };

  it.each([
    ['MD5', 'digest-md5'],
    ['SHA-256', 'digest-sha256'],
  ] as const)('lets us in by %s, with a query and a password beyond ASCII', async (algorithm, scheme) => {
    const shot = await taken(await serve(algorithm, 'blåbær:"1"'), 'blåbær:"1"');
    expect(shot).toMatchObject({ width: 640, height: 360, scheme, source: 'http-snapshot' });
  });

  it('keeps us out with another password', async () => {
    const thrown: unknown = await taken(await serve('SHA-256', 'right'), 'wrong').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(StillwatchError);
    expect(thrown).toMatchObject({ code: 'SW_CAM_AUTH' });
  });
});
