import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { outboxContract } from '../../testing/outbox-contract.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { sqlOutbox } from './outbox-sql.ts';

const folders = temporaryFolders();

outboxContract('SQLite', async () => {
  const file = join(folders(), 'outbox.sqlite');
  return { open: () => sqlOutbox({ file }), done: async () => undefined };
});

it('says that a file is no outbox', async () => {
  const file = join(folders(), 'outbox.sqlite');
  await writeFile(file, 'something else entirely, and long enough to be looked at'.repeat(20));
  await expect(sqlOutbox({ file })).rejects.toMatchObject({ code: 'SW_OUTBOX_DAMAGED' });
});

it('does not touch a newer one', async () => {
  const file = join(folders(), 'outbox.sqlite');
  const newer = new SqliteDatabase(file);
  newer.pragma('user_version = 99');
  newer.close();
  await expect(sqlOutbox({ file })).rejects.toMatchObject({ code: 'SW_CATALOG_NEWER' });
});
