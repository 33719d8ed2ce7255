import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { sqlAccounts } from '../../adapters/accounts-sql/accounts-sql.ts';
import { type AuditEntry } from '../../domain/account.ts';
import { cameraId, episodeId } from '../../domain/ids.ts';
import { epochMs } from '../../domain/units.ts';
import { type AccountStage, AWAY, accountStages, HOME, MINUTE, own } from '../../testing/account-stage.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { GARDEN } from '../../testing/web-stage.ts';
import { everythingOn } from '../../testing/whole-stage.ts';
import { TEXTS } from '../texts.ts';
import type { ShareMade } from '../wire-accounts.ts';

const accountStage = accountStages();
const folders = temporaryFolders();

type Entry = AuditEntry & { readonly count: number; readonly until: string };

const auditOf = async (stage: AccountStage, headers: Record<string, string>, query = ''): Promise<readonly Entry[]> =>
  (await stage.send({ url: `/api/v1/audit${query}`, headers })).json<{ items: Entry[] }>().items;

describe('the audit log', () => {
  it('says who looked: by login, by token, by link, from this network; once a visit, with the count', async () => {
    const stage = await accountStage();
    const still = await stage.add({});
    const other = await stage.add({ camera: cameraId('shed') });
    const headers = own(await stage.logIn());
    const made = (url: string, payload: object): Promise<{ token: string } & ShareMade> =>
      stage.send({ method: 'POST', url, payload, headers }).then((answer) => answer.json());
    const { token } = await made('/api/v1/tokens', { name: 'frame', permissions: ['view'], days: 1 });
    const { path, id } = await made('/api/v1/shares', { scope: { of: 'camera', camera: GARDEN }, days: 1 });
    const file = `/snapshots/${still.path}`;
    for (let time = 0; time < 5; time++) await stage.send({ url: `${file}?w=320`, headers });
    await stage.send({ url: '/latest?camera=garden', headers });
    await stage.send({ url: `/snapshots/${other.path}`, headers });
    await stage.send({ url: file, headers: { authorization: `Bearer ${token}` }, remoteAddress: AWAY });
    await stage.send({ url: `${path}/${still.id}.jpg`, remoteAddress: AWAY });
    await stage.send({ url: file });
    await stage.send({ url: file, method: 'HEAD' });
    // Refused, and so not seen.
    await stage.send({ url: file, remoteAddress: AWAY });
    await stage.send({ url: `${path}/${other.id}.jpg`, remoteAddress: AWAY });
    const seen = (await auditOf(stage, headers)).filter(({ action }) => action === 'viewed');
    expect(seen.map(({ who, address, object, count }) => `${who} ${address} ${object} ${count}`).toSorted()).toEqual(
      [
        `Anna ${HOME} garden 6`,
        `Anna ${HOME} shed 1`,
        `Anna: frame ${AWAY} garden 1`,
        `link ${id} ${AWAY} garden 1`,
        `visitor ${HOME} garden 1`,
      ].toSorted(),
    );
    stage.wait(20 * MINUTE);
    await stage.send({ url: file });
    await auditOf(stage, headers);
    stage.wait(31 * MINUTE);
    await stage.send({ url: file });
    const visits = (await auditOf(stage, headers)).filter(({ who }) => who === 'visitor');
    expect(visits.map(({ count }) => count)).toEqual([1, 2]);
    expect(Date.parse(String(visits[1]?.until)) - Date.parse(String(visits[1]?.at))).toBe(20 * MINUTE);
    expect((await auditOf(stage, headers, '?changes=1')).some(({ action }) => action === 'viewed')).toBe(false);
  });

  it('says who took photos away as a zip, and which; a refused one and a look at the headers are not there', async () => {
    const stage = await accountStage();
    const { episode } = await stage.add({ episode: episodeId(GARDEN, epochMs(SOME_TIME)) });
    const headers = own(await stage.logIn());
    const url = `/api/v1/photos.zip?episode=${episode}`;
    expect((await stage.send({ url, headers })).headers['content-type']).toBe('application/zip');
    await stage.send({ url, headers, method: 'HEAD' });
    await stage.send({ url, remoteAddress: AWAY });
    await stage.send({ url: '/api/v1/photos.zip?selection=none', headers });
    const taken = (await auditOf(stage, headers)).filter(({ action }) => action === 'exported');
    expect(taken).toMatchObject([{ who: 'Anna', address: HOME, object: `downloadPhotos episode=${episode}` }]);
  });

  it('says who changed, deleted, shared; what was refused is not there', async () => {
    const stage = await accountStage();
    const still = await stage.add({});
    const headers = own(await stage.logIn());
    const send = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<unknown> =>
      stage.send({ method, url, headers, ...(payload ? { payload } : {}) });
    await send('PUT', `/api/v1/stills/${still.id}/favourite`);
    await send('DELETE', `/api/v1/stills/${still.id}/favourite`);
    await send('DELETE', `/api/v1/stills/${still.id}`);
    await send('POST', `/api/v1/deleted/${still.id}/restore`);
    await send('POST', '/api/v1/shares', { scope: { of: 'camera', camera: GARDEN }, days: 1 });
    await send('DELETE', `/api/v1/stills/${'0'.repeat(32)}`);
    await send('POST', '/api/v1/storage/dry-run');
    await stage.send({ method: 'DELETE', url: `/api/v1/stills/${still.id}`, remoteAddress: AWAY });
    const entries = await auditOf(stage, headers, '?changes=1');
    expect(entries.slice(0, 5).map(({ action, who, object }) => `${action} ${who} ${object.split(' ')[0]}`)).toEqual([
      expect.stringMatching(/^shared Anna [0-9a-f]{16}$/),
      'changed Anna restoreStill',
      'deleted Anna deleteStill',
      'changed Anna unmakeFavourite',
      'changed Anna makeFavourite',
    ]);
    expect(entries[2]?.object).toBe(`deleteStill ${still.id}`);
    expect(entries[5]?.action).toBe('login');
  });

  it('has words of both languages for all that the API writes into it', async () => {
    const stage = await accountStage({ web: everythingOn(folders()) });
    const document = (await stage.send({ url: '/api/openapi.json' })).json<{
      paths: Record<string, Record<string, { operationId?: string; tags?: string[] }>>;
    }>();
    const changes = Object.values(document.paths).flatMap((item) =>
      Object.entries(item).flatMap(([method, { operationId, tags }]) =>
        method !== 'get' && operationId && !tags?.includes('accounts') ? [operationId] : [],
      ),
    );
    // A plan takes nothing away, and is not written down; these two take something away by being read.
    const written = [...changes.filter((name) => name !== 'planSweep'), 'downloadPhotos', 'getSupportReport'].sort();
    for (const language of ['en', 'da'] as const) {
      expect(Object.keys(TEXTS[language].system.audit.operations).sort(), language).toEqual(written);
    }
  });

  it('is bounded, and a log of the version before is read on', async () => {
    const file = join(folders(), 'accounts.sqlite');
    const first = await sqlAccounts({ file, mostAudit: 10 });
    const at = epochMs(1000);
    for (let n = 0; n < 35; n++) {
      await first.write({ at, action: 'login', who: `u${n}`, address: '', object: '' });
    }
    expect((await first.audit({ limit: 100 })).length).toBeLessThanOrEqual(20);
    await first.close();
    const db = new SqliteDatabase(file);
    db.exec('drop index audit_visit; alter table audit drop column count; alter table audit drop column until');
    db.pragma('user_version = 1');
    db.close();
    const second = await sqlAccounts({ file });
    expect(await second.audit({ limit: 1 })).toMatchObject([{ who: 'u34', count: 1, until: at }]);
    await second.close();
    await rm(file);
  });
});
