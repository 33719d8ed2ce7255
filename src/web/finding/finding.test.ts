import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFile, openConfigFile } from '../../config/config-file.ts';
import type { Camera } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { cameraId } from '../../domain/ids.ts';
import { ROLE_PERMISSIONS } from '../../domain/permission.ts';
import { Secret } from '../../domain/secret.ts';
import type { Shot } from '../../domain/still.ts';
import { epochMs, ms, seconds } from '../../domain/units.ts';
import type { CameraTrials, FinderEvent, Trial, TrialStep, TrialWish } from '../../ports/camera-trial.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { type WebStage, webStage } from '../../testing/web-stage.ts';
import type { ApiProblem } from '../wire-api.ts';
import type { DiscoveryView, TrialView } from '../wire-finding.ts';
import type { CameraSettingsView } from '../wire-settings.ts';

const SHOT: Shot = {
  jpeg: new TextEncoder().encode('a first photo'),
  width: 2560,
  height: 1440,
  takenAt: epochMs(1_795_700_000_000),
  delay: ms(900),
  source: 'main-stream',
};

const STEPS: readonly TrialStep[] = [
  { name: 'onvif', verdict: 'warning', error: new StillwatchError('SW_CAM_UNREACHABLE', { host: '192.0.2.5' }) },
  { name: 'paths', verdict: 'ok', source: 'tp-link' },
  { name: 'reachable', verdict: 'ok', delay: ms(3) },
  {
    name: 'sub',
    verdict: 'ok',
    stream: { codec: 'H.264', width: 640, height: 360, fps: 15, keyInterval: 2 },
  },
  { name: 'photo', verdict: 'ok', width: 2560, height: 1440, bytes: SHOT.jpeg.length, delay: SHOT.delay },
];

const cameraOf = ({ address, credentials }: TrialWish): Camera => {
  const at = (path: string): Camera['streams']['main'] => ({
    url: `rtsp://${address}/${path}`,
    ...(credentials ? { credentials } : {}),
  });
  return {
    id: cameraId('tapo'),
    name: 'Tapo',
    streams: { main: at('stream1'), sub: at('stream2') },
    rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
    isDemo: false,
  };
};

/** What the next trial waits for before each step. */
let gate: (signal: AbortSignal) => Promise<void>;
let wishes: TrialWish[];
let kept: string[];
let found: readonly FinderEvent[];

const scripted: CameraTrials = {
  async *run(wish, isOwnMachineAllowed, signal): AsyncGenerator<TrialStep, Trial> {
    wishes.push(wish);
    if (wish.address.startsWith('127.') && !isOwnMachineAllowed) {
      throw new StillwatchError('SW_ADDRESS_REFUSED', { host: wish.address, kind: 'loopback' });
    }
    for (const step of STEPS) {
      await gate(signal);
      yield step;
    }
    return { isGood: true, camera: cameraOf(wish), identity: undefined, shot: SHOT };
  },
  async *find() {
    yield* found;
  },
  loginOf: (camera) => (camera === 'shed' ? { user: 'shed', password: new Secret('canary-shed') } : undefined),
  async keepPhoto({ id, name }, shot) {
    kept.push(`${id} ${name} ${shot.jpeg.length}`);
  },
};

const newFolder = temporaryFolders();
let folder: string;
let config: ConfigFile;
let stage: WebStage;

beforeEach(async () => {
  [gate, wishes, kept, found] = [async () => undefined, [], [], []];
  folder = newFolder();
  writeFileSync(join(folder, 'stillwatch.yml'), '# mine\ncameras:\n  shed:\n    address: 192.0.2.6 # fixed\n');
  config = openConfigFile(folder, {});
  stage = await webStage({
    cameras: [],
    config,
    trials: scripted,
    identify: async () => ({
      kind: 'token',
      id: 'anna',
      name: 'Anna',
      permissions: ROLE_PERMISSIONS.owner,
      cameras: 'all',
    }),
  });
});
afterEach(() => stage.app.close());

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<LightMyRequestResponse> =>
  stage.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { host: 'localhost', 'accept-language': 'da' },
    ...(payload === undefined ? {} : { payload }),
  });
const begin = async (wish: object): Promise<TrialView> => (await ask('POST', '/trials', wish)).json<TrialView>();
/** Waits until the trial is over. */
const outcome = async ({ id }: { readonly id: string }): Promise<TrialView> => {
  for (;;) {
    const view = (await ask('GET', `/trials/${id}`)).json<TrialView>();
    if (view.state !== 'running') return view;
    await new Promise((resolve) => setImmediate(resolve));
  }
};
/** The whole of a live answer, over a real socket. */
const live = async (path: string, headers: Record<string, string> = {}): Promise<{ type: string; body: string }> => {
  if (!stage.app.server.listening) await stage.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = stage.app.server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}/live`, { headers });
  return { type: answer.headers.get('content-type') ?? '', body: await answer.text() };
};
const file = (): string => readFileSync(join(folder, 'stillwatch.yml'), 'utf8');

describe('a trial', () => {
  it('is followed step by step, in the language of who asks, and never answers the password', async () => {
    const begun = await ask('POST', '/trials', { address: '192.0.2.5', user: 'admin', password: 'canary-1' });
    expect(begun.statusCode).toBe(202);
    expect(begun.headers['location']).toBe(`/api/v1/trials/${begun.json<TrialView>().id}`);
    const told = await live(`/trials/${begun.json<TrialView>().id}`);
    expect(told.type).toMatch(/^text\/event-stream/);
    expect(told.body).toMatch(/event: end\ndata: \{\}\n\n$/);
    const seen = await outcome(begun.json<TrialView>());
    expect(seen).toMatchObject({ state: 'good', address: '192.0.2.5', suggestion: { id: 'camera', name: 'Tapo' } });
    expect(seen.steps.map(({ name, verdict, title, detail }) => [name, verdict, title, detail])).toEqual([
      ['onvif', 'warning', 'ONVIF', ''],
      ['paths', 'ok', 'strømme fundet', 'de sædvanlige hos tp-link'],
      ['reachable', 'ok', 'kan nås', '3 ms'],
      ['sub', 'ok', 'lav opløsning', 'H.264 · 640×360 · 15 billeder/s · nøglebillede hvert 2,0 s'],
      ['photo', 'ok', 'første billede', '2560×1440 · 0 kB · 0,9 s'],
    ]);
    expect(seen.steps[0]).toMatchObject({ code: 'SW_CAM_UNREACHABLE', text: expect.any(String) as string });
    const photo = await ask('GET', (seen.photo ?? '').replace('/api/v1', ''));
    expect([photo.headers['content-type'], photo.body]).toEqual(['image/jpeg', 'a first photo']);
    expect(told.body + JSON.stringify(seen)).not.toContain('canary');
  });

  it('resumes: whoever comes back is told the present state once, and nothing when it knows it', async () => {
    const { id } = await begin({ address: '192.0.2.5' });
    await outcome({ id });
    const whole = await live(`/trials/${id}`);
    const last = /^id: (\d+)$/m.exec(whole.body)?.[1] ?? '';
    expect(whole.body.match(/event: trial/g)).toHaveLength(1);
    const again = await live(`/trials/${id}`, { 'last-event-id': last });
    expect(again.body).not.toContain('event: trial');
    expect(again.body).toContain('event: end');
  });

  it('is stopped and forgotten, with what it knows', async () => {
    let stopped: AbortSignal | undefined;
    gate = (signal) =>
      new Promise((_resolve, reject) => {
        stopped = signal;
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    const { id, state } = await begin({ address: '192.0.2.5' });
    expect(state).toBe('running');
    expect((await ask('POST', '/cameras', { trial: id })).statusCode).toBe(409);
    expect((await ask('DELETE', `/trials/${id}`)).statusCode).toBe(204);
    expect(stopped?.aborted).toBe(true);
    expect((await ask('GET', `/trials/${id}`)).statusCode).toBe(404);
  });

  it('of a camera that is set up takes what is not said from it, and its login', async () => {
    await outcome(await begin({ camera: 'shed', address: '192.0.2.77' }));
    expect(wishes[0]).toMatchObject({
      address: '192.0.2.77',
      main: 'stream1',
      sub: 'stream2',
      credentials: { user: 'shed' },
    });
    expect(wishes[0]?.credentials?.password.reveal()).toBe('canary-shed');
    expect((await ask('POST', '/trials', { camera: 'nobody' })).statusCode).toBe(400);
  });

  it.each(['http://192.0.2.5', 'anna:canary@192.0.2.5', '192.0.2.5/path', '192.0.2.5:port', '../x', ''])(
    'refuses %j as an address',
    async (address) => {
      expect((await ask('POST', '/trials', { address })).statusCode).toBe(400);
    },
  );

  it('of this machine itself needs the owner’s word', async () => {
    const refused = await outcome(await begin({ address: '127.0.0.1:8554' }));
    expect(refused).toMatchObject({ state: 'failed', trouble: { code: 'SW_ADDRESS_REFUSED' } });
    const allowed = await outcome(await begin({ address: '127.0.0.1:8554', isOwnMachineAllowed: true }));
    expect(allowed.state).toBe('good');
  });
});

describe('a camera is added', () => {
  it('as the trial found it: streams as paths, the password in a file, the photo in the gallery', async () => {
    const { id } = await outcome(await begin({ address: '192.0.2.5', user: 'admin', password: 'canary-2' }));
    const made = await ask('POST', '/cameras', { trial: id, id: 'garden', name: 'Garden' });
    expect(made.statusCode).toBe(201);
    expect(made.headers['location']).toBe('/api/v1/cameras/garden');
    expect(made.json<CameraSettingsView>()).toMatchObject({
      hasPassword: true,
      written: { name: 'Garden', address: '192.0.2.5', main: 'stream1', sub: 'stream2', user: 'admin' },
    });
    expect(kept).toEqual(['garden Garden 13']);
    expect(config.settings.cameras[1]?.streams.main.credentials?.password.reveal()).toBe('canary-2');
    expect(file()).toContain('address: 192.0.2.6 # fixed');
    expect(file() + made.body).not.toContain('canary');
    const twice = await ask('POST', '/cameras', { trial: id, id: 'garden' });
    expect([twice.statusCode, twice.json<ApiProblem>().code]).toEqual([409, 'SW_CAMERA_EXISTS']);
    // Without an id it gets one that is free.
    expect((await ask('POST', '/cameras', { trial: id })).json<CameraSettingsView>().id).toBe('camera');
  });

  it('by two owners at once, each is kept', async () => {
    const { id } = await outcome(await begin({ address: '192.0.2.5' }));
    const both = await Promise.all(['a', 'b'].map((name) => ask('POST', '/cameras', { trial: id, id: name })));
    expect(both.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    expect(config.settings.cameras.map(({ id: one }) => one)).toEqual(['shed', 'a', 'b']);
  });

  it('without a trial, by what the owner knows; mistakes are named as a form has them', async () => {
    const wrong = await ask('POST', '/cameras', { id: 'gate', settings: { address: '192.0.2.9', calmPeriod: 'soon' } });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json<ApiProblem>().errors?.[0]?.at).toBe('calmPeriod');
    const settings = { address: '192.0.2.9', user: 'u', password: 'canary-3' };
    expect((await ask('POST', '/cameras', { id: 'gate', settings })).statusCode).toBe(201);
    expect(config.settings.cameras[1]?.streams.sub.credentials?.password.reveal()).toBe('canary-3');
  });

  it('and taken out again, its password with it', async () => {
    const settings = { address: '192.0.2.9', user: 'u', password: 'canary-3' };
    const made = await ask('POST', '/cameras', { id: 'gate', settings });
    const secret = made.json<CameraSettingsView>().written.password?.file ?? '';
    expect(readFileSync(join(folder, secret), 'utf8')).toContain('canary-3');
    expect((await ask('DELETE', '/cameras/gate')).statusCode).toBe(204);
    expect(() => readFileSync(join(folder, secret))).toThrow();
    expect(config.settings.cameras.map(({ id }) => id)).toEqual(['shed']);
    expect((await ask('DELETE', '/cameras/gate')).statusCode).toBe(404);
    expect((await ask('GET', '/config/cameras')).json()).toEqual({
      items: [{ id: 'shed', name: 'Shed', isEnabled: true, isWatched: false, address: '192.0.2.6' }],
    });
  });
});

it('a search says what it found, and which of it is set up', async () => {
  const camera = {
    name: undefined,
    make: 'TP-Link',
    model: 'C100',
    mac: undefined,
    by: 'sweep' as const,
    ports: [554],
  };
  found = [
    { type: 'found', camera: { ...camera, host: '192.0.2.6' } },
    { type: 'progress', asked: 16, total: 256 },
    { type: 'found', camera: { ...camera, host: '192.0.2.7' } },
  ];
  const begun = await ask('POST', '/discoveries', { range: '192.0.2.0/24' });
  expect(begun.statusCode).toBe(202);
  const { id } = begun.json<DiscoveryView>();
  await live(`/discoveries/${id}`);
  expect((await ask('GET', `/discoveries/${id}`)).json<DiscoveryView>()).toMatchObject({
    state: 'done',
    asked: 16,
    total: 256,
    found: [
      { host: '192.0.2.6', camera: 'shed' },
      { host: '192.0.2.7', camera: null, make: 'TP-Link' },
    ],
  });
  expect((await ask('DELETE', `/discoveries/${id}`)).statusCode).toBe(204);
});
