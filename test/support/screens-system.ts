// The System screens and what a share link shows. Accounts are on disk here as they are in the program; they hold a household.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlAccounts } from '../../src/adapters/accounts-sql/accounts-sql.ts';
import { scryptPasswords } from '../../src/adapters/password-scrypt/password-scrypt.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { oneTimeCodes } from '../../src/adapters/totp/totp.ts';
import type { ShareScope } from '../../src/domain/account.ts';
import { epochMs, later, ms } from '../../src/domain/units.ts';
import { GARDEN, type WebStage } from '../../src/testing/web-stage.ts';
import { type AuthDeps, authDeps } from '../../src/web/auth/deps.ts';
import { newId, secretHash } from '../../src/web/auth/secrets.ts';
import { LIVED, OWNER, type Scene, type Screen } from './screen-scenes.ts';

const DAY_MS = 86_400_000;
const now = (): ReturnType<typeof epochMs> => systemClock().now().wall;

/** A household: an owner, and two who may do less. */
const household = async (): Promise<AuthDeps> => {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const accounts = await sqlAccounts({ file: join(folder, 'accounts.sqlite') });
  const common = { passwordHash: '', createdAt: epochMs(now() - 90 * DAY_MS) };
  await accounts.addUser({ id: OWNER.id, name: OWNER.name, role: 'owner', cameras: 'all', ...common }, 'first');
  await accounts.addUser({ id: 'bo', name: 'Bo', role: 'member', cameras: 'all', ...common }, 'another');
  await accounts.addUser({ id: 'ib', name: 'Ib', role: 'viewer', cameras: [GARDEN], ...common }, 'another');
  return authDeps({
    accounts,
    passwords: scryptPasswords({ ln: 4, r: 1, p: 1 }),
    codes: oneTimeCodes(),
    trustProxy: [],
  });
};

const auth = await household();

const HOUSEHOLD: Scene = {
  options: { ...LIVED.options, auth, identify: async () => ({ ...OWNER, account: OWNER.id }) },
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
  { name: 'share-episode', scene: HOUSEHOLD, path: happening, shows: '#stage img', isInDocs: true },
  {
    name: 'share-camera',
    scene: HOUSEHOLD,
    path: () => linkTo({ of: 'camera', camera: GARDEN }),
    shows: '#sheet img',
  },
  { name: 'share-gone', scene: HOUSEHOLD, path: `/s/${'x'.repeat(43)}`, shows: '.note', isRefusal: true },
];
