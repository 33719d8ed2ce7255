// Independent judges of what a simulated camera says and of how it is found: libonvif pulls, ZoneMinder is pushed to, and both
// ZoneMinder and npm onvif look for it beside our own search.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cam, Discovery } from 'onvif';
import { afterEach, describe, expect, it } from 'vitest';
import { deviceSearch } from '../src/adapters/onvif/discovery.ts';
import { type SimulatedOnvif, type SimulatedOnvifSettings, simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { PERSONAS, type PersonaName } from '../src/simulator/onvif/persona.ts';
import { command } from './support/command.ts';
import { homeNetwork } from './support/home-network.ts';
import { eventually } from './support/program.ts';
import { zoneMinder } from './support/zoneminder.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const account = { user: 'admin', password: 'secret-1' };
const camera = async (persona: PersonaName, more: Partial<SimulatedOnvifSettings> = {}): Promise<SimulatedOnvif> => {
  const made = await simulatedOnvif({ persona, account, ...more });
  closers.push(async () => made[Symbol.asyncDispose]());
  return made;
};
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'stillwatch-onvif-'));
  closers.push(() => rm(path, { recursive: true, force: true }));
  return path;
};
/** What a process prints, and its end. */
const followed = (child: ChildProcess): { readonly said: () => string; readonly ended: Promise<number | null> } => {
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  return { said: () => said, ended: new Promise((resolve) => child.once('close', resolve)) };
};

describe('libonvif', () => {
  it.each(['tapo', 'reolink'] as const)('receives an event of %s by pulling', async (persona) => {
    const path = await folder();
    const program = join(path, 'events');
    const source = fileURLToPath(new URL('libonvif-events.c', import.meta.url));
    const built = spawnSync(
      'gcc',
      ['-Wall', '-Werror', '-I/usr/include/libxml2', '-o', program, source, '-lonvif', '-lxml2'],
      { encoding: 'utf8' },
    );
    expect(built.stderr).toBe('');
    const from = await camera(persona);
    const events = from.deviceUrl.replace('device_service', 'event_service');
    const child = followed(spawn(program, [from.deviceUrl, events, account.user, account.password]));
    await eventually('a pull', () => (from.subscriptions.pulls > 0 ? true : undefined), 30_000);
    from.scene('motion', true);
    expect(await child.ended).toBe(0);
    expect(child.said()).toBe('IsMotion true');
    expect(from.failedLogins).toBe(0);
  });
});

describe('ZoneMinder', () => {
  const perl = async (...args: readonly string[]) => {
    const { libraries } = await zoneMinder();
    return followed(spawn('perl', args, { env: { ...process.env, PERL5LIB: libraries } }));
  };

  it.each(['tapo', 'reolink', 'dahua'] as const)('lists the profiles of %s', async (persona) => {
    const from = await camera(persona);
    const { probe } = await zoneMinder();
    const child = await perl(probe, 'profiles', from.deviceUrl, '1.2', account.user, account.password);
    expect(await child.ended).toBe(0);
    const { main, sub } = PERSONAS[persona];
    const uri = (number: 1 | 2): string => `rtsp://127.0.0.1:554/stream${number}`;
    expect(child.said()).toContain(`main, main, H264, ${main.width}, ${main.height}, 15, RTP-Unicast, ${uri(1)}\n`);
    expect(child.said()).toContain(`sub, sub, H264, ${sub.width}, ${sub.height}, 15, RTP-Unicast, ${uri(2)}\n`);
  });

  it('subscribes, and is pushed what happens', async () => {
    const path = await folder();
    const script = join(path, 'told');
    await writeFile(script, '#!/bin/sh\necho "told: $*"\n');
    await chmod(script, 0o755);
    const from = await camera('reolink');
    const { trigger, libraries } = await zoneMinder();
    // It forks a server and never ends: its whole group is stopped.
    const child = spawn('perl', [trigger, '-l', '127.0.0.1', '-s', script], {
      detached: true,
      env: {
        ...process.env,
        PERL5LIB: libraries,
        ONVIF_URL: from.deviceUrl,
        ONVIF_Username: account.user,
        ONVIF_Password: account.password,
      },
    });
    const { said, ended } = followed(child);
    closers.push(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      return ended;
    });
    const heard = (what: string): Promise<true> =>
      eventually(`it says ${what}`, () => (said().includes(what) ? true : undefined), 60_000);
    await heard('Topic=tns1:RuleEngine/CellMotionDetector/Motion');
    expect(from.subscriptions.live()).toMatchObject([{ kind: 'push' }]);
    from.scene('motion', true);
    await heard('told: On simulated  MyMotionDetectorRule');
    from.scene('person', true);
    await heard('Topic=tns1:RuleEngine/MyRuleDetector/PeopleDetect');
    from.scene('motion', false);
    await heard('told: Off simulated  MyMotionDetectorRule');
  });
});

describe('discovery by multicast', () => {
  const home = homeNetwork();
  const host = home?.address ?? '127.0.0.1';

  it('our search finds each camera once, by the address that it is reached by', async () => {
    const [axis, tapo] = [
      await camera('axis', { host, isDiscoverable: true }),
      await camera('tapo', { host, isDiscoverable: true }),
    ];
    axis.faults.set([{ fault: 'nat-address' }]);
    const found = await deviceSearch().search(new AbortController().signal);
    const own = found.filter((one) => one.host === host);
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ addresses }) => addresses[0]))).toEqual(
      new Set([`http://${host}/onvif/device_service`, tapo.deviceUrl]),
    );
    const scopes = own.find(({ addresses }) => addresses[0] === tapo.deviceUrl)?.scopes;
    expect(scopes).toContain('onvif://www.onvif.org/hardware/Tapo%20C100');
  });

  it('`stillwatch discover` prints it', async () => {
    const from = await camera('hikvision', { host, isDiscoverable: true });
    const { stdout } = await command(await folder(), ['discover', '--json']);
    expect(stdout).toContain(String(from.port));
    expect(stdout).toContain('DS-2CD2146G2-ISU');
  });

  it('npm onvif finds it', async () => {
    const from = await camera('reolink', { host, isDiscoverable: true });
    const cams = await new Promise<readonly Cam[]>((resolve, reject) =>
      Discovery.probe({ timeout: 3000, device: home?.name ?? 'lo' }, (error: Error | Error[] | null, found) =>
        error ? reject(new Error(String(error))) : resolve(found as Cam[]),
      ),
    );
    const ports = cams.map((cam) => Number((cam as unknown as { port: string }).port));
    expect(ports).toContain(from.port);
  });

  it('ZoneMinder finds it', async () => {
    const from = await camera('dahua', { host, isDiscoverable: true });
    const { probe, libraries } = await zoneMinder();
    const child = followed(
      spawn('perl', [probe, 'probe', '1.2', home?.name ?? 'lo'], { env: { ...process.env, PERL5LIB: libraries } }),
    );
    expect(await child.ended).toBe(0);
    expect(child.said()).toContain(`${from.deviceUrl}, 1.2, (`);
    expect(child.said()).toContain("hardware='IPC-HDBW5442R-ZE'");
  });
});
