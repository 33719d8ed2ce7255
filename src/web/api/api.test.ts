import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckFigures } from '../../domain/event-check.ts';
import type { CameraIdentity } from '../../domain/identity.ts';
import { cameraId, episodeId, stillId } from '../../domain/ids.ts';
import { triggerId } from '../../domain/ledger.ts';
import { NOBODY, type Principal, ROLE_PERMISSIONS, ROLES, type Role } from '../../domain/permission.ts';
import type { StoredStill } from '../../domain/still.ts';
import { epochMs, ms } from '../../domain/units.ts';
import { checkAgainst, type OpenApiDocument } from '../../testing/open-api-check.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { GARDEN, type WebStage, watched, webStage } from '../../testing/web-stage.ts';
import type { RouteAccess } from '../access.ts';

const SHED = cameraId('shed');
const HOST = { host: 'localhost' };
const CHANGE = { verdict: 'arrived' as const, perMille: 31, mask: 'f'.repeat(144) };
const at = (seconds: number): ReturnType<typeof epochMs> => epochMs(SOME_TIME + seconds * 1000);
const EPISODE = episodeId(GARDEN, at(-60));

/** Whoever asks next. */
let principal: Principal | undefined;

const principalOf = (role: Role, cameras: Principal['cameras']): Principal => ({
  kind: 'token',
  id: `${role}-1`,
  name: role,
  permissions: ROLE_PERMISSIONS[role],
  cameras,
});

const IDENTITY: CameraIdentity = {
  name: 'Gate',
  make: 'TP-Link',
  model: 'Tapo C320WS',
  firmware: '1.3.2',
  serial: undefined,
  hardwareId: '2.0',
  host: '192.0.2.20',
  mac: '28:57:be:65:7d:d5',
  macRule: 'only-enabled-interface',
  ports: [{ protocol: 'RTSP', port: 554, isEnabled: true }],
  scopes: ['onvif://www.onvif.org/Profile/Streaming'],
};

const FIGURES: CheckFigures = {
  agreed: 3,
  onlyPixels: 4,
  onlyCamera: 0,
  agreement: 3 / 7,
  claimedShare: 0.01,
  watched: ms(86_400_000),
  unheard: 4,
  isStandIn: true,
  total: { agreed: 3, onlyPixels: 4, onlyCamera: 0 },
};

const stageWithPhotos = async (): Promise<WebStage> => {
  const stage = await webStage({
    cameras: [watched('Garden'), watched('Shed')],
    identify: async () => principal,
  });
  const set = { episode: EPISODE, set: '2026-11-23/14-32-07' };
  stage.feed.tell({ type: 'identified', camera: GARDEN, at: at(-90), identity: IDENTITY });
  stage.feed.tell({ type: 'clock-read', camera: GARDEN, at: at(-90), offset: ms(3_600_000) });
  stage.feed.tell({ type: 'events-heard', camera: GARDEN, at: at(-90), channel: 'pull-point' });
  stage.feed.tell({
    type: 'events-counted',
    camera: GARDEN,
    at: at(-70),
    counters: { opened: 2, failed: 1, answers: 9, messages: 4, lastAnswerAt: at(-70), lastMessageAt: at(-80) },
  });
  stage.feed.tell({ type: 'events-checked', camera: GARDEN, at: at(-60), figures: FIGURES });
  stage.feed.tell({
    type: 'events-doubted',
    camera: GARDEN,
    at: at(-50),
    doubt: 'silent',
    rebuilds: 2,
    claimedShare: undefined,
  });
  await stage.add({ ...set, kind: 'before', takenAt: at(-60) });
  await stage.add({ ...set, kind: 'peak', takenAt: at(-30), change: CHANGE });
  await stage.add({
    ...set,
    kind: 'calm',
    takenAt: at(0),
    change: CHANGE,
    choice: { way: 'main-ring', reason: 'moment', failed: [{ way: 'main-stream', code: 'SW_CAM_LOST' }] },
    claims: ['person'],
  });
  await stage.add({ kind: 'calm', takenAt: at(-3600), episode: episodeId(GARDEN, at(-3700)) });
  await stage.add({ kind: 'scheduled', takenAt: at(-7200), camera: SHED });
  stage.ledger.push(
    {
      id: triggerId(GARDEN, 'pixels', at(-60)),
      camera: GARDEN,
      origin: 'pixels',
      at: at(-60),
      day: '2026-11-23',
      work: EPISODE,
      outcome: { state: 'photo', still: (await newest(stage)).id },
      claims: ['person'],
    },
    {
      id: triggerId(SHED, 'schedule', at(-7300)),
      camera: SHED,
      origin: 'schedule',
      at: at(-7300),
      day: '2026-11-23',
      work: triggerId(SHED, 'schedule', at(-7300)),
      outcome: { state: 'missed', code: 'SW_CAM_LOST' },
    },
  );
  return stage;
};

const newest = async (stage: WebStage): Promise<StoredStill> => {
  const [still] = await stage.catalog.list({ camera: GARDEN, coversOnly: true, limit: 1 });
  if (!still) throw new TypeError('no photo');
  return still;
};

describe('the document of the API', () => {
  let stage: WebStage;
  let document: OpenApiDocument;

  beforeAll(async () => {
    stage = await stageWithPhotos();
    document = (await stage.app.inject({ url: '/api/openapi.json', headers: HOST })).json();
  });
  afterAll(() => stage.app.close());

  it('is OpenAPI 3.1, as an independent validator reads it', async () => {
    const found = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(found.errors).toBeUndefined();
    expect(found.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has every route of the API in it, each with a name of its own', () => {
    const routes = stage.app.declaredRoutes
      .filter(({ url, method }) => url.startsWith('/api/v1/') && method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
    const names = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  const PAYLOADS: Readonly<Record<string, object>> = {
    planSweep: { ageDays: 30, stillsPerCamera: null, bytes: null, free: null },
  };
  /** What takes away comes last, and what brings back after it. */
  const LAST = ['unmakeFavourite', 'deleteSelection', 'restoreStills', 'deleteStill', 'restoreStill', 'deleteEpisode'];

  it.each<readonly [string, Principal | undefined, readonly string[]]>([
    // A visitor may look at everything, so every plain question is answered.
    [
      'a visitor',
      undefined,
      [
        'getSupportReport 403',
        'listDeleted 403',
        'planSweep 403',
        'replayReadings 403',
        'getCameraIdentity 403',
        'getCameraReport 403',
        'makeCameraReport 403',
        'takePhoto 403',
        'getPushedCameraDoors 403',
        'downloadPhotos 403',
        'favourSelection 403',
        'unfavourSelection 403',
        'deleteSelection 403',
        'restoreStills 403',
        'makeFavourite 403',
        'unmakeFavourite 403',
        'correctVerdict 403',
        'deleteStill 403',
        'restoreStill 403',
        'deleteEpisode 403',
      ],
    ],
    [
      'an owner',
      { kind: 'token', id: 'anna', name: 'Anna', permissions: ROLE_PERMISSIONS.owner, cameras: 'all' },
      // No camera sends by itself here.
      ['getPushedCameraDoors 404'],
    ],
  ])(
    'says no more than the answers do: as %s every operation is driven, and its answer checked',
    async (_, who, refused) => {
      principal = who;
      const { id } = await newest(stage);
      const made = await stage.app.inject({
        method: 'POST',
        url: '/api/v1/selections',
        headers: HOST,
        payload: { stills: [id] },
      });
      const values: Readonly<Record<string, string>> = {
        selection: made.json<{ selection: string }>().selection,
        camera: GARDEN,
        still: id,
        episode: EPISODE,
        id,
        day: '2026-11-23',
      };
      const operations = Object.entries(document.paths)
        .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })))
        // Endless: its events have tests of their own.
        .filter(({ path }) => path !== '/api/v1/live')
        .toSorted((a, b) => LAST.indexOf(a.operation.operationId ?? '') - LAST.indexOf(b.operation.operationId ?? ''));
      const others: string[] = [];
      for (const { path, method, operation } of operations) {
        const url = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => values[name] ?? `no-${name}`);
        const answer = await stage.app.inject({
          method: method.toUpperCase() as 'GET',
          url,
          headers: HOST,
          ...(operation.requestBody === undefined
            ? {}
            : { payload: PAYLOADS[operation.operationId ?? ''] ?? { verdict: 'gone', stills: [id] } }),
        });
        const mistakes = checkAgainst(document, operation, {
          status: answer.statusCode,
          type: String(answer.headers['content-type']),
          body: answer.body,
        });
        expect(mistakes, `${method} ${url}: ${answer.body.slice(0, 300)}`).toEqual([]);
        if (answer.statusCode >= 300) others.push(`${operation.operationId} ${answer.statusCode}`);
      }
      expect(operations.length).toBeGreaterThan(15);
      expect(others.toSorted()).toEqual([...refused].toSorted());
      expect(stage.errors).toEqual([]);
      principal = undefined;
    },
  );

  it('the check itself finds an answer that is not as described', async () => {
    const operation = document.paths['/api/v1/stills/{still}']?.['get'];
    if (!operation) throw new TypeError('no such operation');
    const { id } = await newest(stage);
    const good = (await stage.app.inject({ url: `/api/v1/stills/${id}`, headers: HOST })).json<object>();
    const mistakes = (body: unknown, status = 200, type = 'application/json; charset=utf-8'): readonly string[] =>
      checkAgainst(document, operation, { status, type, body: JSON.stringify(body) });
    expect(mistakes(good)).toEqual([]);
    expect(mistakes({ ...good, width: 'wide' })).not.toEqual([]);
    expect(mistakes({ ...good, extra: 1 })).not.toEqual([]);
    expect(mistakes({ ...good, kind: 'selfie' })).not.toEqual([]);
    expect(mistakes(good, 202)).not.toEqual([]);
    expect(mistakes(good, 200, 'text/html')).not.toEqual([]);
  });
});

it('a photo that is safe, and not in the store yet, is answered with 202 and where it will be', async () => {
  const still = stillId(GARDEN, at(1), 'manual', '');
  const trigger = triggerId(GARDEN, 'owner', at(1));
  const stage = await webStage({
    cameras: [watched('Garden')],
    identify: async () => principalOf('owner', 'all'),
    takePhoto: async () => ({ type: 'taken', trigger, still }),
  });
  const answer = await stage.app.inject({
    method: 'POST',
    url: '/api/v1/cameras/garden/stills',
    headers: { ...HOST },
  });
  expect(answer.statusCode).toBe(202);
  expect(answer.headers['location']).toBe(`/api/v1/stills/${still}`);
  expect(answer.json()).toEqual({ trigger, id: still });
  await stage.app.close();
});

it('a camera says who it is to those who configure, and how its events agree with the pixels to all who look', async () => {
  const stage = await stageWithPhotos();
  const get = async (url: string): Promise<unknown> => (await stage.app.inject({ url, headers: HOST })).json();
  principal = principalOf('viewer', 'all');
  expect(await get('/api/v1/cameras/garden')).toMatchObject({
    clockOffsetMs: 3_600_000,
    motionBy: 'pixels',
    events: {
      isHeard: true,
      channel: 'pull-point',
      lastMessageAt: '2026-11-23T14:30:47.120+01:00',
      subscriptions: { opened: 2, failed: 1 },
      trouble: { code: 'SW_ONVIF_EVENTS_SILENT', text: expect.stringContaining('2 times') as string },
      figures: { agreed: 3, onlyPixels: 4, onlyCamera: 0, watchedSeconds: 86_400, isStandIn: true },
    },
  });
  expect(await get('/api/v1/cameras/shed')).toMatchObject({ clockOffsetMs: null, events: null });
  expect(await get('/api/v1/cameras/garden/identity')).toMatchObject({ status: 403 });
  principal = principalOf('owner', 'all');
  expect(await get('/api/v1/cameras/garden/identity')).toEqual({ ...IDENTITY, serial: null });
  expect(await get('/api/v1/cameras/shed/identity')).toMatchObject({ status: 404 });
  principal = undefined;
  await stage.app.close();
});

describe('who may do what', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await webStage({
      cameras: [watched('Garden'), watched('Shed')],
      identify: async () => principal,
    });
    await stage.app.ready();
  });
  afterAll(() => stage.app.close());

  /** What the rule of a route means, told apart from the code that enforces it. */
  const mayPass = (access: RouteAccess, who: Principal, camera: 'own' | 'other'): boolean => {
    if (access === 'public') return true;
    if (!who.permissions.includes(access.may)) return false;
    if (access.may === 'self') return true;
    if (access.of === 'some') return true;
    if (access.of === 'site') return access.may === 'view' || who.cameras === 'all';
    return who.cameras === 'all' || camera === 'own';
  };

  it('every route × every role × own and other camera × nobody: refused exactly where its rule says so', async () => {
    const photos = new Map<string, StoredStill>();
    const episodes = new Map<string, string>();
    const plant = async (): Promise<void> => {
      for (const camera of [GARDEN, SHED]) {
        const episode = episodeId(camera, at(-90));
        photos.set(camera, await stage.add({ camera, episode, takenAt: at(-90) }));
        episodes.set(camera, episode);
      }
    };
    let asked = 0;
    const everybody: readonly Principal[] = [
      NOBODY,
      ...ROLES.flatMap((role) => [principalOf(role, 'all'), principalOf(role, [GARDEN])]),
    ];
    for (const { method, url, access } of stage.app.declaredRoutes) {
      if (method === 'HEAD' || url === '/api/v1/live' || url === '/login' || url.startsWith('/assets')) continue;
      for (const who of everybody) {
        for (const camera of ['own', 'other'] as const) {
          await plant();
          const subject = camera === 'own' ? GARDEN : SHED;
          principal = who;
          const path = url
            .replace(':camera', subject)
            .replace(':still', photos.get(subject)?.id ?? '')
            .replace(':episode', episodes.get(subject) ?? '')
            .replace(/^\/(snapshots|photo\/at)\/\*$/, (_, folder) => `/${folder}/${photos.get(subject)?.path ?? ''}`)
            .replace(':day', '2026-11-23');
          const { statusCode, body } = await stage.app.inject({ method: method as 'GET', url: path, headers: HOST });
          const isRefused = statusCode === 401 || statusCode === 403 || (statusCode === 404 && access !== 'public');
          const isExpected = mayPass(access, who, camera);
          // Where nobody may be told that something is there, "not found" is the refusal; where one may, 404 means just that.
          const label = `${method} ${path} as ${who.name} of ${String(who.cameras)}: ${statusCode} ${body.slice(0, 120)}`;
          if (!isExpected) expect(isRefused, label).toBe(true);
          else expect([401, 403], label).not.toContain(statusCode);
          if (!isExpected && camera === 'other') expect(body, label).not.toContain(photos.get(SHED)?.id ?? '?');
          asked++;
        }
      }
    }
    expect(asked).toBeGreaterThan(300);
  });
});
