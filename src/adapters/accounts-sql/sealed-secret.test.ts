import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../domain/units.ts';
import type { Accounts } from '../../ports/accounts.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { sqlAccounts } from './accounts-sql.ts';
import { secretSeal } from './sealed-secret.ts';

const folders = temporaryFolders();
const TOTP = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const user = (id: string): Parameters<Accounts['addUser']>[0] => ({
  id,
  name: id,
  role: 'owner',
  cameras: 'all',
  passwordHash: 'x',
  createdAt: epochMs(1),
});

describe('the secret of a second factor', () => {
  it('is on the disk only sealed, and read again after a restart', async () => {
    const folder = folders();
    const file = join(folder, 'accounts.sqlite');
    const accounts = await sqlAccounts({ file });
    await accounts.addUser(user('anna'), 'first');
    await accounts.changeUser('anna', { totp: TOTP });
    expect((await accounts.userByName('Anna'))?.totp).toBe(TOTP);
    await accounts.close();
    for (const name of ['accounts.sqlite', 'accounts.sqlite-wal', 'accounts.key']) {
      const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes(TOTP), name).toBe(false);
    }
    expect((await stat(join(folder, 'accounts.key'))).mode & 0o777).toBe(0o600);
    const again = await sqlAccounts({ file });
    expect((await again.users())[0]?.totp).toBe(TOTP);
    await again.close();
  });

  it('of an earlier version is sealed at the next start', async () => {
    const file = join(folders(), 'accounts.sqlite');
    const first = await sqlAccounts({ file });
    await first.addUser(user('anna'), 'first');
    await first.close();
    const db = new SqliteDatabase(file);
    db.prepare('update user set totp = ?').run(TOTP);
    db.close();
    const second = await sqlAccounts({ file });
    expect((await second.user('anna'))?.totp).toBe(TOTP);
    await second.close();
    const after = new SqliteDatabase(file, { readonly: true });
    expect(after.prepare<[], { totp: string }>('select totp from user').get()?.totp).toMatch(/^sealed1:/);
    after.close();
  });

  it('is never silently switched off: without its key, or in another row, nothing opens', async () => {
    const folder = folders();
    const file = join(folder, 'accounts.sqlite');
    const first = await sqlAccounts({ file });
    await first.addUser(user('anna'), 'first');
    await first.changeUser('anna', { totp: TOTP });
    await first.close();
    await rm(join(folder, 'accounts.key'));
    await expect(sqlAccounts({ file })).rejects.toMatchObject({ code: 'SW_ACCOUNTS_DAMAGED' });
    const seal = secretSeal(Buffer.alloc(32, 7));
    const sealed = seal.seal(TOTP, 'anna');
    expect(seal.open(sealed, 'anna')).toBe(TOTP);
    expect(() => seal.open(sealed, 'bo')).toThrow();
    expect(() => secretSeal(Buffer.alloc(32, 8)).open(sealed, 'anna')).toThrow();
    expect(seal.seal(TOTP, 'anna')).not.toBe(sealed);
  });
});
