import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { ledgerContract } from '../../testing/ledger-contract.ts';
import { sqlLedger } from './ledger-sql.ts';

const place = async (): Promise<{ file: string; done: () => Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-ledger-'));
  return { file: join(dir, 'ledger.sqlite'), done: () => rm(dir, { recursive: true }) };
};

ledgerContract('SQLite', async () => {
  const { file, done } = await place();
  return { open: () => sqlLedger({ file }), done };
});

it('says that a file is no ledger', async () => {
  const { file, done } = await place();
  await writeFile(file, 'something else entirely, and long enough to be looked at'.repeat(20));
  await expect(sqlLedger({ file })).rejects.toMatchObject({ code: 'SW_LEDGER_DAMAGED' });
  await done();
});

it('does not touch a newer one', async () => {
  const { file, done } = await place();
  const newer = new SqliteDatabase(file);
  newer.pragma('user_version = 99');
  newer.close();
  await expect(sqlLedger({ file })).rejects.toMatchObject({ code: 'SW_CATALOG_NEWER' });
  await done();
});
