// The System screens and what a share link shows. Accounts are on disk here as they are in the program; they hold a household.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlAccounts } from '../../src/adapters/accounts-sql/accounts-sql.ts';
import { scryptPasswords } from '../../src/adapters/password-scrypt/password-scrypt.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { oneTimeCodes } from '../../src/adapters/totp/totp.ts';
import { ACCOUNT_POLICY, type ShareScope } from '../../src/domain/account.ts';
import { ROLE_PERMISSIONS } from '../../src/domain/permission.ts';
import { epochMs, later, ms } from '../../src/domain/units.ts';
import { GARDEN, type WebStage } from '../../src/testing/web-stage.ts';
import { type AuthDeps, authDeps } from '../../src/web/auth/deps.ts';
import { newId, secretHash } from '../../src/web/auth/secrets.ts';
import { LIVED, OWNER, type Scene, type Screen } from './screen-scenes.ts';

const DAY_MS = 86_400_000;
const now = (): ReturnType<typeof epochMs> => systemClock().now().wall;

const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A household: an owner, and two who may do less. */
const household = async (): Promise<AuthDeps> => {
  const accounts = await sqlAccounts({ file: join(freshFolder(), 'accounts.sqlite') });
  const common = { passwordHash: '', createdAt: epochMs(now() - 90 * DAY_MS) };
  await accounts.addUser({ id: OWNER.id, name: OWNER.name, role: 'owner', cameras: 'all', ...common }, 'first');
  await accounts.addUser({ id: 'bo', name: 'Bo', role: 'member', cameras: 'all', ...common }, 'another');
  await accounts.addUser({ id: 'ib', name: 'Ib', role: 'viewer', cameras: [GARDEN], ...common }, 'another');
  return authDeps({
    accounts,
    policy: ACCOUNT_POLICY,
    passwords: scryptPasswords({ ln: 4, r: 1, p: 1 }),
    codes: oneTimeCodes(),
    trustProxy: [],
  });
};

const auth = await household();

/** A few days of a household: where people are logged in, what was made and seen. */
const fillHousehold = async (): Promise<void> => {
  const { accounts } = auth;
  const at = (minutes: number): ReturnType<typeof epochMs> => epochMs(now() - minutes * 60_000);
  const agents = [
    'Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1',
  ];
  for (const [index, agent] of agents.entries()) {
    const times = { createdAt: at(9000), seenAt: at(3 + 200 * index) };
    const id = newId();
    await accounts.addSession({ hash: secretHash(id), id, user: OWNER.id, address: '192.168.1.7', agent, ...times });
  }
  const token = {
    user: OWNER.id,
    cameras: 'all',
    createdAt: at(20_000),
    expiresAt: at(-90_000),
    usedAt: at(4),
  } as const;
  await accounts.addToken({
    ...token,
    hash: secretHash('ha'),
    id: newId(),
    name: 'Home Assistant',
    permissions: ['view'],
  });
  for (const scope of [
    { of: 'camera', camera: GARDEN },
    { of: 'day', camera: GARDEN, day: '2026-11-20' },
  ] as const)
    await accounts.addShare({
      hash: secretHash(scope.of),
      id: newId(),
      user: 'bo',
      scope,
      createdAt: at(400),
      expiresAt: at(-9000),
      opened: 3,
    });
  const entry = { address: '192.168.1.7', object: '' };
  await accounts.write({ ...entry, at: at(2000), action: 'login', who: 'Anna' });
  await accounts.write({ ...entry, at: at(1990), action: 'user-added', who: 'Anna', object: 'Ib' });
  await accounts.write({ ...entry, at: at(90), action: 'login-refused', who: 'unknown', address: '203.0.113.9' });
  await accounts.writeViewings([
    { who: 'Ib', address: '2001:db8::1f', camera: 'garden', from: at(70), until: at(44), photos: 61 },
  ]);
  await accounts.write({ ...entry, at: at(12), action: 'changed', who: 'Anna', object: 'changeCameraSettings garden' });
  await accounts.write({
    ...entry,
    at: at(5),
    action: 'deleted',
    who: 'Bo',
    object: `deleteStill ${'5f0c'.repeat(8)}`,
  });
};
await fillHousehold();

export const HOUSEHOLD: Scene = {
  options: { ...LIVED.options, auth, identify: async () => ({ ...OWNER, account: OWNER.id }) },
  fill: LIVED.fill,
};

/** Nobody owns it yet. */
const UNCLAIMED: Scene = {
  options: {
    auth: authDeps({
      accounts: await sqlAccounts({ file: join(freshFolder(), 'accounts.sqlite') }),
      passwords: scryptPasswords({ ln: 4, r: 1, p: 1 }),
      codes: oneTimeCodes(),
      policy: ACCOUNT_POLICY,
      trustProxy: [],
    }),
  },
  fill: async () => undefined,
};

/** Somebody who may look at the garden and nothing else. */
const VIEWER: Scene = {
  options: {
    ...LIVED.options,
    auth,
    identify: async () => ({
      kind: 'user',
      id: 'ib',
      account: 'ib',
      name: 'Ib',
      permissions: ROLE_PERMISSIONS.viewer,
      cameras: [GARDEN],
    }),
  },
  fill: LIVED.fill,
};

/** A fresh link each time: the screens are looked at one after the other. */
const linkTo = async (scope: ShareScope): Promise<string> => {
  const token = `${scope.of}-${newId()}`.padEnd(43, 'x');
  const createdAt = now();
  const times = { createdAt, expiresAt: later(createdAt, ms(7 * DAY_MS)), opened: 0 };
  await auth.accounts.addShare({ hash: secretHash(token), id: newId(), user: OWNER.id, scope, ...times });
  return `/s/${token}`;
};

const happening = async (stage: WebStage): Promise<string> => {
  const found = await stage.catalog.list({ camera: GARDEN, coversOnly: true, limit: 1 });
  const episode = found[0]?.episode;
  if (episode === undefined) throw new TypeError('the scene has no happening');
  return linkTo({ of: 'episode', camera: GARDEN, episode });
};

export const SYSTEM_SCREENS: readonly Screen[] = [
  { name: 'setup', scene: UNCLAIMED, path: '/setup', shows: '#key', isInDocs: true },
  { name: 'setup-key', scene: UNCLAIMED, path: '/setup#7K4P-22MD', shows: '#name' },
  { name: 'login', scene: HOUSEHOLD, path: '/login', shows: '#password', isPlain: true },
  { name: 'system', scene: HOUSEHOLD, path: '/system', shows: '.places' },
  { name: 'health', scene: HOUSEHOLD, path: '/health', shows: '.rows', isInDocs: true },
  { name: 'storage', scene: HOUSEHOLD, path: '/storage', shows: '#days', isInDocs: true },
  { name: 'storage-viewer', scene: VIEWER, path: '/storage', shows: '.why' },
  { name: 'account', scene: HOUSEHOLD, path: '/account', shows: '#next' },
  {
    name: 'account-token',
    scene: HOUSEHOLD,
    path: '/account',
    shows: '#token-name',
    prepare: (page) => page.locator('details summary').first().click(),
  },
  { name: 'users', scene: HOUSEHOLD, path: '/users', shows: '#add' },
  {
    name: 'users-add',
    scene: HOUSEHOLD,
    path: '/users',
    shows: '#new-name',
    prepare: (page) => page.locator('#add summary').click(),
  },
  { name: 'audit', scene: HOUSEHOLD, path: '/audit', shows: '.audit-row' },
  { name: 'forbidden', scene: VIEWER, path: '/users', shows: '.note', isRefusal: true },
  { name: 'share-episode', scene: HOUSEHOLD, path: happening, shows: '#stage img', isInDocs: true },
  {
    name: 'share-camera',
    scene: HOUSEHOLD,
    path: () => linkTo({ of: 'camera', camera: GARDEN }),
    shows: '#sheet img',
  },
  { name: 'share-gone', scene: HOUSEHOLD, path: `/s/${'x'.repeat(43)}`, shows: '.note', isRefusal: true },
];
