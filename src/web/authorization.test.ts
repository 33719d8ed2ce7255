// Every operation of the OpenAPI document × everybody × own and other camera, with everything switched on that some configuration
// switches on. The rules are written here once more, apart from the routes: an operation without a rule fails, and so does a route
// that declares another.

import { describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../domain/ids.ts';
import {
  allows,
  NOBODY,
  PERMISSIONS,
  type Permission,
  type Principal,
  ROLE_PERMISSIONS,
  ROLES,
  VISITOR,
} from '../domain/permission.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs } from '../domain/units.ts';
import { type AccountStage, AWAY, accountStages, own } from '../testing/account-stage.ts';
import type { OpenApiDocument } from '../testing/open-api-check.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { GARDEN, type StageOptions } from '../testing/web-stage.ts';
import { everythingOn } from '../testing/whole-stage.ts';
import type { ShareMade } from './wire-accounts.ts';

type Of = 'site' | 'some' | 'camera' | 'still' | 'episode';

const OPEN = ['listErrors', 'getSession', 'logIn', 'logOut', 'claimSite'] as const;
const RULES: Readonly<Partial<Record<Permission, Readonly<Partial<Record<Of, readonly string[]>>>>>> = {
  self: {
    site: [
      'listSessions',
      'endSession',
      'changePassword',
      'beginSecondFactor',
      'setSecondFactor',
      'removeSecondFactor',
      'listTokens',
      'makeToken',
      'removeToken',
    ],
  },
  view: {
    site: [
      'getStatus',
      'getHealth',
      'listTriggers',
      'sumTriggers',
      'getStorage',
      'listCameras',
      'listStills',
      'listEpisodes',
      'getTimeline',
      'getDay',
      'getDayHours',
      'search',
      'makeSelection',
      'followLive',
    ],
    camera: ['getCamera', 'getReadings'],
    some: ['listPushedCameras'],
    still: ['getStill'],
    episode: ['getEpisode'],
  },
  take: { camera: ['takePhoto'] },
  favourite: { still: ['makeFavourite', 'unmakeFavourite'], some: ['favourSelection', 'unfavourSelection'] },
  correct: { still: ['correctVerdict'] },
  share: { some: ['listShares', 'makeShare', 'removeShare'] },
  export: { some: ['downloadPhotos'] },
  delete: {
    site: ['listDeleted', 'restoreStill'],
    some: ['deleteSelection', 'restoreStills'],
    still: ['deleteStill'],
    episode: ['deleteEpisode'],
  },
  configure: {
    site: [
      'planSweep',
      'getSettings',
      'changeSettings',
      'getConfig',
      'putConfig',
      'checkConfig',
      'getEffectiveConfig',
      'getConfigSchema',
      'migrateConfig',
      'listConfiguredCameras',
      'addCamera',
      'tryCamera',
      'getTrial',
      'endTrial',
      'followTrial',
      'getTrialPhoto',
      'discoverCameras',
      'getDiscovery',
      'endDiscovery',
      'followDiscovery',
      'getDemo',
      'startDemo',
      'removeDemo',
      'addPushedCamera',
      'listNotifications',
      'listReceivers',
      'testReceiver',
      'addWebhook',
      'renewWebhookSecret',
      'removeWebhook',
    ],
    camera: [
      'getCameraIdentity',
      'getCameraReport',
      'makeCameraReport',
      'replayReadings',
      'getCameraSettings',
      'changeCameraSettings',
      'removeCamera',
      'getCameraClock',
      'setCameraClock',
      'getPushedCameraDoors',
      'renewPushedCameraKey',
      'removePushedCamera',
    ],
  },
  administer: { site: ['getSupportReport', 'listUsers', 'addUser', 'changeUser', 'removeUser', 'listAudit'] },
};

/** What is no API: pages, files, and the doors that everybody may knock at. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  public: [
    '/assets/:name',
    '/sw.js',
    '/offline',
    '/favicon.ico',
    '/login',
    '/logout',
    '/setup',
    '/s/:token',
    '/s/:token/:photo',
    '/onvif/notify/:secret',
  ],
  'view site': [
    '/',
    '/cameras',
    '/healthz',
    '/readyz',
    '/metrics',
    '/photos',
    '/photos/:day',
    '/ledger',
    '/search',
    '/system',
    '/storage',
    '/health',
    '/latest',
    '/latest.json',
  ],
  'view some': ['/inbox'],
  'view camera': [
    '/photos/:day/:camera',
    '/cameras/:camera',
    '/cameras/:camera/live.jpg',
    '/cameras/:camera/tune',
    '/cameras/:camera/mask',
    '/cameras/:camera/films/:film',
  ],
  'view still': ['/photo/at/*', '/photo/:still', '/snapshots/*'],
  'view episode': ['/e/:episode'],
  'configure site': ['/system/config', '/cameras/add', '/notifications'],
  'configure camera': ['/cameras/:camera/report', '/inbox/:camera'],
  'self site': ['/account'],
  'administer site': ['/users', '/audit'],
};
const pageRules = new Map<string, string>(
  Object.entries(PAGES).flatMap(([rule, urls]) => urls.map((url) => [url, rule] as const)),
);

interface Rule {
  readonly may: Permission;
  readonly of: Of;
}
const ruleOf = new Map<string, Rule | 'public'>([
  ...OPEN.map((name) => [name, 'public'] as const),
  ...Object.entries(RULES).flatMap(([may, places]) =>
    Object.entries(places).flatMap(([of, names]) =>
      names.map((name) => [name, { may: may as Permission, of: of as Of }] as const),
    ),
  ),
]);

const SHED = cameraId('shed');
const accountStage = accountStages();
const folders = temporaryFolders();
const wholeStage = (web: StageOptions = {}): Promise<AccountStage> =>
  accountStage({ web: { ...everythingOn(folders()), ...web } });

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

const operationsOf = (document: OpenApiDocument): readonly Operation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId }]) => ({
      // The stream of live events has no schema of its own.
      name: operationId ?? (path === '/api/v1/live' ? 'followLive' : `${method} ${path}`),
      method: method.toUpperCase(),
      path,
    })),
  );

const scoped = (permission: Permission, cameras: Principal['cameras']): Principal => ({
  kind: 'token',
  id: `t-${permission}`,
  name: `token ${permission}`,
  permissions: [permission],
  cameras,
});

const EVERYBODY: readonly Principal[] = [
  NOBODY,
  VISITOR,
  ...ROLES.flatMap((role) =>
    (['all', [GARDEN]] as const).map(
      (cameras): Principal => ({ kind: 'user', id: role, name: role, permissions: ROLE_PERMISSIONS[role], cameras }),
    ),
  ),
  ...PERMISSIONS.filter((permission) => permission !== 'self').flatMap((permission) => [
    scoped(permission, 'all'),
    scoped(permission, [GARDEN]),
  ]),
];

/** What a rule means, told apart from the code that enforces it. */
const mayPass = ({ may, of }: Rule, who: Principal, camera: 'own' | 'other'): boolean => {
  if (of === 'site') return allows(who, may);
  if (of === 'some') return who.permissions.includes(may);
  return allows(who, may, camera === 'own' ? GARDEN : SHED);
};

describe('the authorisation matrix', () => {
  it('has a rule for every operation, and every route declares just that', async () => {
    const { send, app } = await wholeStage();
    const operations = operationsOf((await send({ url: '/api/openapi.json' })).json());
    expect(operations.filter(({ name }) => !ruleOf.has(name)).map(({ name }) => name)).toEqual([]);
    for (const { name, method, path } of operations) {
      const route = app.declaredRoutes.find(
        (one) => one.method === method && one.url.replaceAll(/:(\w+)/g, '{$1}') === path,
      );
      expect(route?.access, name).toEqual(ruleOf.get(name));
    }
    expect([...ruleOf.keys()].filter((name) => !operations.some((one) => one.name === name))).toEqual([]);
  });

  it('every operation × everybody × own and other camera: answered exactly where its rule says so', async () => {
    let principal: Principal | undefined;
    const stage = await wholeStage({ identify: async () => principal });
    const photos = new Map<string, StoredStill>();
    const episodes = new Map<string, string>();
    const plant = async (): Promise<void> => {
      for (const camera of [GARDEN, SHED]) {
        const takenAt = epochMs(SOME_TIME - 90_000);
        const episode = episodeId(camera, takenAt);
        photos.set(camera, await stage.add({ camera, episode, takenAt }));
        episodes.set(camera, episode);
      }
    };
    const operations = operationsOf((await stage.send({ url: '/api/openapi.json' })).json());
    let asked = 0;
    for (const { name, method, path } of operations) {
      const rule = ruleOf.get(name);
      // Endless, and open: what they say is tested where they are.
      if (!rule || rule === 'public' || name === 'followLive') continue;
      await plant();
      for (const who of EVERYBODY) {
        for (const camera of rule.of === 'site' || rule.of === 'some'
          ? (['own'] as const)
          : (['own', 'other'] as const)) {
          const subject = camera === 'own' ? GARDEN : SHED;
          const isExpected = mayPass(rule, who, camera);
          if (isExpected && name.startsWith('delete')) await plant();
          principal = who;
          const url = path
            .replace('{camera}', subject)
            .replace('{still}', photos.get(subject)?.id ?? '')
            .replace('{episode}', episodes.get(subject) ?? '')
            .replace('{day}', '2026-11-23')
            .replace(/\{\w+\}/, 'none');
          const answer = await stage.send({ method, url, headers: own('') });
          const label = `${name} by ${who.name} of ${String(who.cameras)}, ${camera} camera: ${answer.statusCode}`;
          if (isExpected) expect([401, 403, 500], label).not.toContain(answer.statusCode);
          else expect([401, 403, 404], label).toContain(answer.statusCode);
          if (!isExpected) expect(answer.body, label).not.toContain(photos.get(subject)?.id ?? '?');
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(1000);
    expect(stage.errors).toEqual([]);
  }, 120_000);

  it('pages and files: each has a rule, declares just that, and is shown exactly where it says so', async () => {
    let principal: Principal | undefined;
    const stage = await wholeStage({ identify: async () => principal });
    const pages = stage.app.declaredRoutes.filter(({ url }) => !url.startsWith('/api/'));
    for (const { method, url, access } of pages) {
      const declared = access === 'public' ? access : `${access.may} ${access.of}`;
      expect(declared, `${method} ${url}`).toBe(pageRules.get(url));
    }
    expect([...pageRules.keys()].filter((url) => !pages.some((page) => page.url === url))).toEqual([]);
    const stills = new Map<string, StoredStill>();
    for (const camera of [GARDEN, SHED]) {
      const takenAt = epochMs(SOME_TIME - 90_000);
      stills.set(camera, await stage.add({ camera, episode: episodeId(camera, takenAt), takenAt }));
    }
    const people = EVERYBODY.filter(({ kind }) => kind !== 'token');
    for (const [route, rule] of pageRules) {
      if (rule === 'public') continue;
      const [may, of] = rule.split(' ') as [Permission, Of];
      for (const who of people) {
        for (const camera of of === 'site' || of === 'some' ? (['own'] as const) : (['own', 'other'] as const)) {
          const still = stills.get(camera === 'own' ? GARDEN : SHED);
          principal = who;
          const url = route
            .replace(':day', '2026-11-23')
            .replace(':camera', still?.camera ?? '')
            .replace(':still', still?.id ?? '')
            .replace(':episode', still?.episode ?? '')
            .replace('*', still?.path ?? '')
            .replace(':film', 'none');
          const { statusCode, body } = await stage.send({ url, headers: { accept: 'text/html' } });
          const label = `${route} by ${who.name} of ${String(who.cameras)}, ${camera} camera: ${statusCode}`;
          if (mayPass({ may, of }, who, camera)) expect([303, 401, 403, 500], label).not.toContain(statusCode);
          else expect([303, 401, 403, 404], label).toContain(statusCode);
          if (!mayPass({ may, of }, who, camera)) expect(body, label).not.toContain(still?.id ?? '?');
        }
      }
    }
    expect(stage.errors).toEqual([]);
  }, 120_000);

  it('whoever has a share link only is nobody to all of them, however the link is shown', async () => {
    const stage = await wholeStage();
    const still = await stage.add({});
    const headers = own(await stage.logIn());
    const payload = { scope: { of: 'camera', camera: GARDEN }, days: 7 };
    const { path } = (await stage.send({ method: 'POST', url: '/api/v1/shares', payload, headers })).json<ShareMade>();
    const token = path.slice(3);
    const operations = operationsOf((await stage.send({ url: '/api/openapi.json' })).json());
    for (const { name, method, path: address } of operations) {
      if (ruleOf.get(name) === 'public') continue;
      const url = address
        .replace('{camera}', GARDEN)
        .replace('{still}', still.id)
        .replace(/\{\w+\}/, 'none');
      for (const shown of [
        { authorization: `Bearer ${token}` },
        { cookie: `stillwatch=${token}` },
        { cookie: `__Host-stillwatch=${token}` },
      ]) {
        const answer = await stage.send({ method, url, remoteAddress: AWAY, headers: shown });
        expect([401, 403], `${name} ${answer.statusCode}`).toContain(answer.statusCode);
      }
    }
  }, 60_000);
});
