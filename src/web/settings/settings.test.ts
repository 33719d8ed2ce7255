import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFile, openConfigFile } from '../../config/config-file.ts';
import type { CameraConfig } from '../../config/schema/camera.ts';
import { ROLE_PERMISSIONS } from '../../domain/permission.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { type WebStage, watched, webStage } from '../../testing/web-stage.ts';
import type { ApiProblem } from '../wire-api.ts';
import type { CameraSettingsView, CameraWords, ConfigView, SiteSettingsView } from '../wire-settings.ts';

const YML = `# The house of Anna
site:
  zone: Europe/Copenhagen
cameras:
  # by the apple tree
  garden:
    address: 192.0.2.5   # fixed in the router
    calmPeriod: 5s       # people stop at the gate
    masks:
      Tree:
        polygon: [[0, 0], [0.3, 0], [0.2, 0.4]]
  shed:
    address: 192.0.2.6
`;

const newFolder = temporaryFolders();
let folder = '';
let stage: WebStage;
let config: ConfigFile;

const openStage = async (
  yml: string | undefined,
  environment: Record<string, string> = {},
  env?: string,
): Promise<void> => {
  if (yml !== undefined) writeFileSync(join(folder, 'stillwatch.yml'), yml);
  if (env !== undefined) writeFileSync(join(folder, '.env'), env);
  config = openConfigFile(folder, environment);
  stage = await webStage({
    cameras: [watched('Garden'), watched('Shed')],
    identify: async () => ({
      kind: 'token',
      id: 'anna',
      name: 'Anna',
      permissions: ROLE_PERMISSIONS.owner,
      cameras: 'all',
    }),
    config,
  });
};

beforeEach(() => {
  folder = newFolder();
});
afterEach(() => stage.app.close());

const ask = (
  method: 'GET' | 'PATCH' | 'PUT' | 'POST',
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> =>
  stage.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { host: 'localhost', ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const tagOf = (answer: LightMyRequestResponse): string => String(answer.headers['etag']);
const settings = async (camera = 'garden'): Promise<{ view: CameraSettingsView; tag: string }> => {
  const answer = await ask('GET', `/cameras/${camera}/settings`);
  return { view: answer.json<CameraSettingsView>(), tag: tagOf(answer) };
};
const change = async (patch: object, camera = 'garden'): Promise<LightMyRequestResponse> =>
  ask('PATCH', `/cameras/${camera}/settings`, patch, { 'if-match': (await settings(camera)).tag });
const file = (): string => readFileSync(join(folder, 'stillwatch.yml'), 'utf8');

describe('a camera’s settings', () => {
  beforeEach(() => openStage(YML));

  it('says what the owner wrote and what is in force', async () => {
    const { view } = await settings();
    expect(view.written).toMatchObject({ address: '192.0.2.5', calmPeriod: '5s' });
    expect(view.written.sensitivity).toBeUndefined();
    expect(view.effective).toMatchObject({
      name: 'Garden',
      calmPeriod: '5s',
      longestEpisode: '300s',
      triggers: 'both',
    });
    expect(view).toMatchObject({ id: 'garden', fixed: [], hasPassword: false, isInForce: true, trouble: null });
    expect((await ask('GET', '/cameras/nobody/settings')).statusCode).toBe(404);
  });

  it('changes what the patch names, and leaves every comment and every other line alone', async () => {
    const answer = await change({ calmPeriod: '20s', sensitivity: 'high', masks: { Tree: { enabled: false } } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json<CameraSettingsView>().effective.calmPeriod).toBe('20s');
    expect(config.settings.cameras[0]?.rules.calmPeriod).toBe(20_000);
    expect(file()).toContain('calmPeriod: 20s       # people stop at the gate');
    const lost = YML.split('\n').filter((line) => !file().split('\n').includes(line));
    expect(lost).toEqual(['    calmPeriod: 5s       # people stop at the gate']);
    expect(config.settings.cameras[0]?.motion?.areas).toEqual([expect.objectContaining({ sensitivity: 'high' })]);
  });

  it('draws, renames, and takes away masks and zones by their names', async () => {
    const polygon = [
      [0.5, 0.5],
      [1, 0.5],
      [1, 1],
    ];
    await change({ masks: { Flag: { polygon }, Tree: null }, zones: { Gate: { polygon, sensitivity: 'high' } } });
    const { view } = await settings();
    expect(view.written.masks).toEqual({ Flag: { polygon } });
    expect(view.effective.zones).toEqual({ Gate: { polygon, sensitivity: 'high', enabled: true } });
    await change({ zones: null, masks: { Flag: null } });
    expect((await settings()).view.written.zones).toBeUndefined();
    expect((await settings()).view.written.masks).toEqual({});
  });

  it.each<readonly [object, string, RegExp]>([
    [{ calmPeriod: 'soon' }, 'calmPeriod', /a time from 0.5s to 1h/],
    [{ calmPeriode: '3s' }, 'calmPeriode', /Did you mean calmPeriod/],
    [{ masks: { Tree: { polygon: [[0, 0]] } } }, 'masks.Tree.polygon', /3 to 64 corners/],
    [{ schedule: [{ every: '1h', at: '12:00' }] }, 'schedule[0]', /either every/],
    [{ address: 'rtsp://anna:canary@192.0.2.9/x' }, 'address', /without rtsp/],
  ])('refuses %j and says where and why, and writes nothing', async (patch, at, why) => {
    const answer = await change(patch);
    expect(answer.statusCode).toBe(422);
    const { code, errors } = answer.json<ApiProblem>();
    expect(code).toBe('SW_CONFIG_PROBLEMS');
    expect(errors?.[0]).toEqual({ at, detail: expect.stringMatching(why) as string });
    expect(answer.body).not.toContain('canary');
    expect(errors?.[0]?.detail).not.toContain('stillwatch.yml');
    expect(file()).toBe(YML);
  });

  it('two owners: whoever comes second is told so, and nothing of the first is lost', async () => {
    const [anna, ib] = [await settings(), await settings()];
    expect(anna.tag).toBe(ib.tag);
    const patch = (body: object, tag: string, camera = 'garden'): Promise<LightMyRequestResponse> =>
      ask('PATCH', `/cameras/${camera}/settings`, body, { 'if-match': tag });
    const both = await Promise.all([patch({ calmPeriod: '8s' }, anna.tag), patch({ sensitivity: 'low' }, ib.tag)]);
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const lost = both.find(({ statusCode }) => statusCode === 412);
    expect(lost?.json<ApiProblem>().code).toBe('SW_CONFIG_CHANGED');
    // Read again and sent again, both are there.
    await change(both[0].statusCode === 412 ? { calmPeriod: '8s' } : { sensitivity: 'low' });
    expect((await settings()).view.written).toMatchObject({ calmPeriod: '8s', sensitivity: 'low' });
  });

  it('twenty changes of two cameras at the same time, each upon what was read: none is silently lost', async () => {
    const raise = async (camera: string, mask: string): Promise<void> => {
      const polygon = [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
      ];
      for (;;) {
        const answer = await change({ masks: { [mask]: { polygon } } }, camera);
        if (answer.statusCode === 200) return;
        expect(answer.statusCode).toBe(412);
      }
    };
    const names = Array.from({ length: 10 }, (_, index) => `m${index}`);
    await Promise.all(['garden', 'shed'].flatMap((camera) => names.map((name) => raise(camera, name))));
    expect(Object.keys((await settings()).view.written.masks ?? {}).toSorted()).toEqual(['Tree', ...names]);
    expect(Object.keys((await settings('shed')).view.written.masks ?? {}).toSorted()).toEqual(names);
    expect(file()).toContain('# by the apple tree');
  });

  it('a change to another camera, by hand in the file, is no conflict', async () => {
    const { tag } = await settings();
    writeFileSync(join(folder, 'stillwatch.yml'), YML.replace('192.0.2.6', '192.0.2.7'));
    const answer = await ask('PATCH', '/cameras/garden/settings', { calmPeriod: '9s' }, { 'if-match': tag });
    expect(answer.statusCode).toBe(200);
    expect(file()).toContain('192.0.2.7');
    expect(file()).toContain('calmPeriod: 9s');
  });

  it('asks for the revision, and takes a weak tag as a proxy makes it', async () => {
    const without = await ask('PATCH', '/cameras/garden/settings', { calmPeriod: '9s' });
    expect(without.statusCode).toBe(428);
    const { tag } = await settings();
    const weak = { 'if-match': `W/${tag}` };
    expect((await ask('PATCH', '/cameras/garden/settings', { calmPeriod: '9s' }, weak)).statusCode).toBe(200);
  });

  it('keeps a password in a file of its own, never answers it, and takes the former file away', async () => {
    const passwords = (): readonly string[] =>
      config.settings.cameras.map(({ streams }) => streams.sub.credentials?.password.reveal() ?? '-');
    const first = await change({ user: 'admin', password: 'canary-4711' });
    expect(first.statusCode).toBe(200);
    expect(first.json<CameraSettingsView>().hasPassword).toBe(true);
    expect(first.body + file()).not.toContain('canary-4711');
    const place = first.json<CameraSettingsView>().written.password?.file ?? '';
    expect(readFileSync(join(folder, place), 'utf8')).toBe('canary-4711\n');
    expect(passwords()).toEqual(['canary-4711', '-']);
    const second = await change({ password: 'canary-4712' });
    expect(passwords()).toEqual(['canary-4712', '-']);
    expect(second.json<CameraSettingsView>().written.password?.file).not.toBe(place);
    expect(() => readFileSync(join(folder, place))).toThrow();
    // A refused change leaves the password that is in force alone.
    expect((await change({ password: 'canary-4713', calmPeriod: 'soon' })).statusCode).toBe(422);
    expect(passwords()).toEqual(['canary-4712', '-']);
  });
});

describe('a camera of `.env`', () => {
  const ENV = 'CAMERA_IP=192.0.2.8\nUSRNAME=admin\nPASSWORD=canary-env\nCALM_PERIOD=12\n';

  it('is changed in a document that is made for it; what that does not say stays as `.env` says it', async () => {
    await openStage(undefined, {}, ENV);
    const { view } = await settings('tapo');
    expect(view.written).toEqual({});
    expect(view.effective).toMatchObject({ address: '192.0.2.8', calmPeriod: '12s', password: { env: 'PASSWORD' } });
    expect((await change({ sensitivity: 'high' }, 'tapo')).statusCode).toBe(200);
    expect(file()).toBe('cameras:\n  tapo:\n    sensitivity: high\n');
    const [camera] = config.settings.cameras;
    expect(camera?.rules.calmPeriod).toBe(12_000);
    expect(camera?.streams.sub.credentials?.password.reveal()).toBe('canary-env');
    expect(config.settings.rootCamera).toBe('tapo');
  });

  it('what the environment sets is said to be fixed, and cannot be changed here', async () => {
    await openStage(YML, { PORT: '10001', CALM_PERIOD: '3', CAMERA_IP: '192.0.2.9', USRNAME: 'u', PASSWORD: 'canary' });
    const { view } = await settings('tapo');
    expect(view.fixed).toEqual(expect.arrayContaining(['address', 'calmPeriod', 'password', 'user']));
    expect(view.effective.calmPeriod).toBe('3s');
    const answer = await change({ calmPeriod: '30s' }, 'tapo');
    expect(answer.statusCode).toBe(409);
    expect(answer.json<ApiProblem>()).toMatchObject({ code: 'SW_CONFIG_FIXED' });
    const site = await ask('GET', '/settings');
    expect(site.json<SiteSettingsView>().fixed).toEqual(['web.port']);
    const port = await ask('PATCH', '/settings', { web: { port: 10_002 } }, { 'if-match': tagOf(site) });
    expect(port.statusCode).toBe(409);
    expect(file()).toBe(YML);
  });
});

describe('the site', () => {
  beforeEach(() => openStage(YML));

  it('is changed in part; what waits for the next start is said', async () => {
    const before = await ask('GET', '/settings');
    expect(before.json<SiteSettingsView>().effective.web).toMatchObject({ port: 10_000, publicView: false });
    const patch = { site: { language: 'da' }, keep: { days: 365 }, web: { loginToView: true } };
    const after = await ask('PATCH', '/settings', patch, { 'if-match': tagOf(before) });
    expect(after.statusCode).toBe(200);
    expect(after.json<SiteSettingsView>().awaitsRestart).toContain('site.language');
    expect(config.settings).toMatchObject({ web: { loginToView: true } });
    const stale = await ask('PATCH', '/settings', { keep: { days: 1 } }, { 'if-match': tagOf(before) });
    expect(stale.statusCode).toBe(412);
    const cameras = await ask('PATCH', '/settings', { cameras: {} }, { 'if-match': tagOf(after) });
    expect(cameras.statusCode).toBe(400);
  });
});

describe('the whole document', () => {
  it('is checked before it is put in force, and says what it would touch', async () => {
    await openStage(YML);
    const check = (text: string): Promise<LightMyRequestResponse> => ask('POST', '/config/check', { text });
    const wrong = (await check(YML.replace('calmPeriod', 'calmPeriode'))).json<{ problems: object[]; touches: null }>();
    expect(wrong).toMatchObject({
      problems: [{ code: 'SW_CONFIG_UNKNOWN_KEY', line: 8, key: 'cameras.garden.calmPeriode' }],
      touches: null,
    });
    const right = await check(YML.replace('5s', '6s').replace('  shed:\n    address: 192.0.2.6\n', ''));
    expect(right.json()).toMatchObject({
      problems: [],
      touches: { added: [], removed: ['shed'], changed: ['garden'], renamed: [] },
    });
    expect(file()).toBe(YML);
  });

  it('is written upon the revision that was read; with a mistake it is refused, with the line', async () => {
    await openStage(YML);
    const before = await ask('GET', '/config');
    expect(before.json<ConfigView>()).toMatchObject({ text: YML, exists: true, problems: [], isInForce: true });
    const put = (text: string, tag: string): Promise<LightMyRequestResponse> =>
      ask('PUT', '/config', { text }, { 'if-match': tag });
    const refused = await put(`${YML}wbe:\n  port: 1\n`, tagOf(before));
    expect(refused.statusCode).toBe(422);
    expect(refused.json<ApiProblem>().errors).toEqual([
      { at: '14:1', detail: expect.stringContaining('Did you mean web?') as string },
    ]);
    const written = await put(YML.replace('5s', '7s'), tagOf(before));
    expect(written.statusCode).toBe(200);
    expect(config.settings.cameras[0]?.rules.calmPeriod).toBe(7000);
    expect((await put(YML, tagOf(before))).statusCode).toBe(412);
    expect((await ask('PUT', '/config', { text: YML })).statusCode).toBe(428);
  });

  it('is shown with its mistakes while the last good one is in force, and mended here', async () => {
    await openStage(YML);
    const broken = YML.replace('  shed:', ' shed:');
    writeFileSync(join(folder, 'stillwatch.yml'), broken);
    config.reload();
    const shown = await ask('GET', '/config');
    expect(shown.json<ConfigView>()).toMatchObject({ text: broken, isInForce: false });
    expect(shown.json<ConfigView>().problems[0]).toMatchObject({ code: 'SW_CONFIG_SYNTAX', line: 12 });
    expect(config.settings.cameras.map(({ id }) => id)).toEqual(['garden', 'shed']);
    expect((await settings()).view).toMatchObject({ isInForce: false, effective: { calmPeriod: '5s' } });
    expect((await change({ calmPeriod: '9s' })).statusCode).toBe(422);
    const mended = await ask('PUT', '/config', { text: YML }, { 'if-match': tagOf(shown) });
    expect(mended.json<ConfigView>()).toMatchObject({ problems: [], isInForce: true });
  });

  it('is made of `.env` once, and not over what is there', async () => {
    await openStage(undefined, {}, 'CAMERA_IP=192.0.2.8\nUSRNAME=admin\nPASSWORD=canary-env\n');
    const made = await ask('POST', '/config/migrate');
    expect(made.statusCode).toBe(201);
    expect(made.json<ConfigView>().text).toContain('address: 192.0.2.8');
    expect(made.body).not.toContain('canary-env');
    expect((await ask('POST', '/config/migrate')).statusCode).toBe(412);
  });
});

/** Neither has a key that the other has not: the compiler says so. */
const SAME_KEYS: readonly [Record<keyof CameraConfig, true>, Record<keyof CameraWords, true>] = (() => {
  const keys = {
    name: true,
    enabled: true,
    address: true,
    user: true,
    password: true,
    main: true,
    sub: true,
    snapshot: true,
    calmPeriod: true,
    longestEpisode: true,
    sensitivity: true,
    mode: true,
    triggers: true,
    onvif: true,
    masks: true,
    zones: true,
    schedule: true,
    keep: true,
    keepMain: true,
    costlyLink: true,
    streamLimit: true,
    threshold: true,
  } as const;
  return [keys, keys];
})();

it('the API’s words for a camera are the document’s', async () => {
  await openStage(YML);
  const { properties } = config.schema('draft-2020-12') as {
    properties: { cameras: { additionalProperties: { properties: object } } };
  };
  const inSchema = Object.keys(properties.cameras.additionalProperties.properties);
  expect(inSchema.toSorted()).toEqual(Object.keys(SAME_KEYS[1]).toSorted());
});
