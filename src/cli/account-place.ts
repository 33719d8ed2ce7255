// Where accounts lie and how they are opened, and the key that claims a site nobody owns: for the role and the commands.

import { join } from 'node:path';
import { sqlAccounts } from '../adapters/accounts-sql/accounts-sql.ts';
import { scryptPasswords } from '../adapters/password-scrypt/password-scrypt.ts';
import { oneTimeCodes } from '../adapters/totp/totp.ts';
import type { Settings } from '../config/settings.ts';
import { SETUP_KEY_LASTS } from '../domain/account.ts';
import { parseBlock } from '../domain/address-policy.ts';
import { type EpochMs, later } from '../domain/units.ts';
import type { Accounts } from '../ports/accounts.ts';
import { type AuthDeps, authDeps } from '../web/auth/deps.ts';
import { newSetupKey, typedSecret } from '../web/auth/secrets.ts';
import { archivePaths } from './archive-place.ts';

/** @throws StillwatchError SW_ACCOUNTS_DAMAGED, SW_CATALOG_NEWER, SW_STORE_FULL, SW_STORE_WRITE */
export const openAccounts = (snapshotsDir: string): Promise<Accounts> =>
  sqlAccounts({ file: join(archivePaths(snapshotsDir).data, 'accounts.sqlite') });

/** A new key for a site without an owner; the one before is void. undefined: it has an owner. */
export const renewSetupKey = async (accounts: Accounts, now: EpochMs): Promise<string | undefined> => {
  if ((await accounts.users()).length > 0) return undefined;
  const key = newSetupKey();
  await accounts.setSetupKey({ hash: typedSecret(key), expiresAt: later(now, SETUP_KEY_LASTS) });
  return key;
};

/** The key stands after `#`: it is in no log and no Referer. */
export const setupText = (site: string, key: string): string =>
  `Set up   ${site}/setup#${key}    (key ${key}, good for an hour: it makes the first owner)`;

export const authOf = (accounts: Accounts, { web, accounts: policy }: Pick<Settings, 'web' | 'accounts'>): AuthDeps =>
  authDeps({
    policy,
    accounts,
    passwords: scryptPasswords(),
    codes: oneTimeCodes(),
    trustProxy: (web.trustProxy ?? []).flatMap((text) => parseBlock(text) ?? []),
  });
