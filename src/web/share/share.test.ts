import { readFile } from 'node:fs/promises';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../../domain/ids.ts';
import type { StoredStill } from '../../domain/still.ts';
import { epochMs } from '../../domain/units.ts';
import { type AccountStage, AWAY, accountStages, MINUTE, own, PASSWORD } from '../../testing/account-stage.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { GARDEN } from '../../testing/web-stage.ts';
import type { ShareMade, ShareScopeWish, ShareView } from '../wire-accounts.ts';

const accountStage = accountStages();
const SHED = cameraId('shed');
const DAY = '2026-11-23';
const at = (minutes: number): ReturnType<typeof epochMs> => epochMs(SOME_TIME + minutes * MINUTE);
const EPISODE = episodeId(GARDEN, at(-1));

interface Shared extends AccountStage {
  readonly headers: Record<string, string>;
  readonly before: StoredStill;
  readonly calm: StoredStill;
  /** Same camera and day, another happening. */
  readonly later: StoredStill;
  /** Same camera, another day. */
  readonly old: StoredStill;
  /** Another camera, same day. */
  readonly other: StoredStill;
  readonly make: (scope: ShareScopeWish, days?: number) => Promise<string>;
  /** As somebody far away, who has the link and nothing else. */
  readonly get: (url: string) => Promise<LightMyRequestResponse>;
}

const stageWithShares = async (): Promise<Shared> => {
  const stage = await accountStage();
  const set = { episode: EPISODE, set: '2026-11-23/14-32-07' };
  const before = await stage.add({ ...set, kind: 'before', takenAt: at(-1) });
  const calm = await stage.add({ ...set, kind: 'calm', takenAt: at(0) });
  const later = await stage.add({ takenAt: at(20), episode: episodeId(GARDEN, at(19)) });
  const old = await stage.add({ takenAt: at(-3000) });
  const other = await stage.add({ takenAt: at(5), camera: SHED });
  const headers = own(await stage.logIn());
  return {
    ...stage,
    headers,
    before,
    calm,
    later,
    old,
    other,
    async make(scope, days = 7) {
      const answer = await stage.send({ method: 'POST', url: '/api/v1/shares', payload: { scope, days }, headers });
      expect(answer.statusCode, answer.body).toBe(201);
      return answer.json<ShareMade>().path;
    },
    get: (url) => stage.send({ url, remoteAddress: AWAY, headers: { host: 'photos.example', accept: 'text/html' } }),
  };
};

describe('a share link', () => {
  it.each<readonly [string, ShareScopeWish, readonly string[], readonly string[]]>([
    ['one happening', { of: 'episode', episode: EPISODE }, ['before', 'calm'], ['later', 'old', 'other']],
    ['one day of a camera', { of: 'day', camera: GARDEN, day: DAY }, ['before', 'calm', 'later'], ['old', 'other']],
    ['one camera', { of: 'camera', camera: GARDEN }, ['before', 'calm', 'later', 'old'], ['other']],
  ])('opens %s, and no photo besides', async (_, scope, inside, outside) => {
    const stage = await stageWithShares();
    const path = await stage.make(scope);
    const still = (name: string): StoredStill => stage[name as 'calm'];
    for (const name of inside) {
      const file = await stage.get(`${path}/${still(name).id}.jpg?w=320`);
      expect(file.statusCode, name).toBe(200);
      expect(file.headers['content-type']).toBe('image/jpeg');
      expect(file.headers['cache-control']).toBe('private, no-cache');
      const page = await stage.get(`${path}/${still(name).id}`);
      expect(page.statusCode, name).toBe(200);
      expect(page.body).toContain(`src="${path}/${still(name).id}.jpg?w=1280"`);
    }
    for (const name of outside) {
      expect((await stage.get(`${path}/${still(name).id}.jpg`)).statusCode, name).toBe(404);
      expect((await stage.get(`${path}/${still(name).id}`)).statusCode, name).toBe(404);
    }
    const { body } = await stage.get(path);
    for (const name of outside) expect(body, name).not.toContain(still(name).id);
  });

  it('is whole without script, tells search engines nothing, and leaks no folder, no other camera, no version', async () => {
    const stage = await stageWithShares();
    const path = await stage.make({ of: 'day', camera: GARDEN, day: DAY });
    for (const url of [path, `${path}/${stage.calm.id}`]) {
      const { body, headers, statusCode } = await stage.get(url);
      expect(statusCode).toBe(200);
      expect(body).toContain('<meta name="robots" content="noindex, nofollow">');
      expect(headers['x-robots-tag']).toBe('noindex, nofollow');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('private, no-cache');
      expect(body).toContain(`src="${path}/${stage.calm.id}.jpg`);
      expect(body).toContain('Garden');
      for (const leak of [
        '/snapshots',
        stage.calm.path,
        'Shed',
        'shed',
        '0.1.0',
        'href="/photos',
        'href="/e/',
        '/api/v1/live',
      ])
        expect(body, leak).not.toContain(leak);
    }
    const data = await stage.send({ url: path, headers: { accept: 'application/vnd.stillwatch.page+json' } });
    for (const leak of ['/snapshots', 'shed', '0.1.0']) expect(data.body.toLowerCase(), leak).not.toContain(leak);
  });

  it('opens nothing else of the site', async () => {
    const stage = await stageWithShares();
    const path = await stage.make({ of: 'camera', camera: GARDEN });
    await stage.get(path);
    for (const url of ['/', '/photos', `/snapshots/${stage.calm.path}`, `/api/v1/stills/${stage.calm.id}`, '/latest'])
      expect((await stage.get(url)).statusCode, url).not.toBe(200);
    const token = path.slice(3);
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `stillwatch=${token}` }])
      expect((await stage.send({ url: '/photos', remoteAddress: AWAY, headers })).statusCode).toBe(403);
  });

  it('ends when its time is over, when it is taken back, and with the rights of whoever made it', async () => {
    const stage = await stageWithShares();
    const episode = { of: 'episode', episode: EPISODE } as const;
    const expect404 = async (path: string): Promise<void> => {
      for (const url of [path, `${path}/${stage.calm.id}`, `${path}/${stage.calm.id}.jpg`]) {
        const { statusCode, body } = await stage.get(url);
        expect(statusCode, url).toBe(404);
        expect(body).not.toContain('Garden');
      }
    };
    const taken = await stage.make(episode);
    const { items } = (await stage.send({ url: '/api/v1/shares', headers: stage.headers })).json<{
      items: ShareView[];
    }>();
    await stage.send({ method: 'DELETE', url: `/api/v1/shares/${items[0]?.id}`, headers: stage.headers });
    await expect404(taken);

    const brief = await stage.make(episode, 1);
    stage.wait(1440 * MINUTE - 1);
    expect((await stage.get(brief)).statusCode).toBe(200);
    stage.wait(1);
    await expect404(brief);

    const bo = { name: 'Bo', password: PASSWORD, role: 'member', cameras: [GARDEN] };
    const { id } = (
      await stage.send({ method: 'POST', url: '/api/v1/users', payload: bo, headers: stage.headers })
    ).json<{ id: string }>();
    const headers = own(await stage.logIn('Bo'));
    const made = await stage.send({
      method: 'POST',
      url: '/api/v1/shares',
      payload: { scope: episode, days: 7 },
      headers,
    });
    const { path } = made.json<ShareMade>();
    expect((await stage.get(path)).statusCode).toBe(200);
    const change = (payload: object): Promise<LightMyRequestResponse> =>
      stage.send({ method: 'PATCH', url: `/api/v1/users/${id}`, payload, headers: stage.headers });
    await change({ cameras: [SHED] });
    await expect404(path);
    await change({ cameras: [GARDEN] });
    expect((await stage.get(path)).statusCode).toBe(200);
    await change({ role: 'viewer' });
    await expect404(path);
  });

  it('is made only by whoever may share that camera, and listed to whoever made it', async () => {
    const stage = await stageWithShares();
    const bo = { name: 'Bo', password: PASSWORD, role: 'member', cameras: [GARDEN] };
    await stage.send({ method: 'POST', url: '/api/v1/users', payload: bo, headers: stage.headers });
    const headers = own(await stage.logIn('Bo'));
    const wish = (scope: ShareScopeWish): Promise<LightMyRequestResponse> =>
      stage.send({ method: 'POST', url: '/api/v1/shares', payload: { scope, days: 7 }, headers });
    expect((await wish({ of: 'camera', camera: SHED })).statusCode).toBe(404);
    expect((await wish({ of: 'episode', episode: episodeId(SHED, at(0)) })).statusCode).toBe(404);
    expect((await wish({ of: 'camera', camera: GARDEN })).statusCode).toBe(201);
    await stage.make({ of: 'camera', camera: SHED });
    const list = async (as: Record<string, string>): Promise<readonly ShareView[]> =>
      (await stage.send({ url: '/api/v1/shares', headers: as })).json<{ items: ShareView[] }>().items;
    expect((await list(headers)).map(({ by, scope }) => [by, scope.camera])).toEqual([['Bo', 'garden']]);
    const all = await list(stage.headers);
    expect(all.map(({ by }) => by).toSorted()).toEqual(['Anna', 'Bo']);
    const annas = all.find(({ by }) => by === 'Anna')?.id ?? '';
    expect((await stage.send({ method: 'DELETE', url: `/api/v1/shares/${annas}`, headers })).statusCode).toBe(404);
    expect((await stage.send({ url: '/api/v1/shares' })).statusCode).toBe(403);
  });

  it('is kept only as a hash, and its openings are counted', async () => {
    const stage = await stageWithShares();
    const path = await stage.make({ of: 'episode', episode: EPISODE });
    const token = path.slice(3);
    for (const end of ['', '-wal']) {
      const file = await readFile(stage.file + end).catch(() => Buffer.alloc(0));
      expect(file.includes(token), end).toBe(false);
    }
    for (let time = 0; time < 3; time++) await stage.get(path);
    const { body } = await stage.send({ url: '/api/v1/shares', headers: stage.headers });
    expect(body).not.toContain(token);
    expect(JSON.parse(body)).toMatchObject({ items: [{ opened: 3, by: 'Anna' }] });
    expect((await stage.send({ url: '/api/v1/audit', headers: stage.headers })).body).not.toContain(token);
  });

  it.each(['/s/x', `/s/${'a'.repeat(43)}`, `/s/${'a'.repeat(43)}/..%2f..%2fetc%2fpasswd`])(
    'that never was (%s) is answered like one that is over',
    async (url) => {
      const stage = await accountStage();
      expect((await stage.send({ url, remoteAddress: AWAY, headers: { accept: 'text/html' } })).statusCode).toBe(404);
    },
  );
});
