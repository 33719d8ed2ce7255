import { readFile, stat } from 'node:fs/promises';
import type { LightMyRequestResponse } from 'fastify';
import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_POLICY } from '../../domain/account.ts';
import { cameraId } from '../../domain/ids.ts';
import { epochMs, later, ms } from '../../domain/units.ts';
import { AWAY, accountStages, HOME, HOST, KEY, MINUTE, own, PASSWORD } from '../../testing/account-stage.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { safeNext } from './pages.ts';

const accountStage = accountStages();

describe('the set-up claim', () => {
  it('has no default login: before it, nobody can log in and nothing can be written', async () => {
    const { send } = await accountStage({ claim: false });
    for (const [name, password] of [
      ['admin', ''],
      ['admin', 'admin'],
      ['root', 'password'],
      ['owner', KEY],
    ] as const) {
      const answer = await send({
        method: 'POST',
        url: '/login',
        payload: `name=${name}&password=${password}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer.statusCode).toBe(403);
    }
    expect((await send({ method: 'POST', url: '/api/v1/users', payload: {} })).statusCode).not.toBe(200);
    expect((await send({ url: '/api/v1/users' })).statusCode).toBe(403);
    expect((await send({ url: '/api/v1/session' })).json()).toMatchObject({ kind: 'visitor', isClaimed: false });
  });

  it('happens once, with the key, in time', async () => {
    const { send, wait, accounts } = await accountStage({ claim: false });
    const claim = (key: string, name = 'Anna', password = PASSWORD): Promise<LightMyRequestResponse> =>
      send({ method: 'POST', url: '/api/v1/setup', payload: { key, name, password } });
    expect((await claim('0000-0000')).json()).toMatchObject({ code: 'SW_SETUP_KEY' });
    expect((await claim(KEY, 'Anna', 'short')).json()).toMatchObject({ code: 'SW_PASSWORD_WEAK' });
    expect((await claim(KEY, '<script>')).json()).toMatchObject({ code: 'SW_ACCOUNT_NAME' });
    const both = await Promise.all([claim(KEY), claim(KEY.toLowerCase(), 'Eve')]);
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(await accounts.users()).toHaveLength(1);
    wait(1);
    expect((await claim(KEY)).json()).toMatchObject({ code: 'SW_SETUP_DONE' });
  });

  it('is over after an hour', async () => {
    const { send, wait } = await accountStage({ claim: false });
    wait(60 * MINUTE);
    const late = await send({
      method: 'POST',
      url: '/api/v1/setup',
      payload: { key: KEY, name: 'Anna', password: PASSWORD },
    });
    expect(late.json()).toMatchObject({ code: 'SW_SETUP_KEY' });
  });

  it('works without script, and leads on', async () => {
    const { send } = await accountStage({ claim: false });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const payload = `key=${KEY}&name=Anna&password=${encodeURIComponent(PASSWORD)}`;
    const answer = await send({ method: 'POST', url: '/setup', payload, headers });
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, '/']);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^stillwatch=[\w-]{43}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/,
    );
    expect((await send({ url: '/setup' })).headers['location']).toBe('/login');
  });
});

describe('a session', () => {
  it('gets a new id at login, and takes none that was planted', async () => {
    const { send, logIn } = await accountStage();
    const planted = `stillwatch=${'A'.repeat(43)}`;
    const cookie = await logIn('Anna', PASSWORD, { headers: { cookie: planted } });
    expect(cookie).not.toBe(planted);
    expect((await send({ url: '/api/v1/session', headers: { cookie: planted } })).json()).toMatchObject({
      kind: 'visitor',
    });
    const again = await logIn('Anna', PASSWORD, { headers: { cookie } });
    expect((await send({ url: '/api/v1/session', headers: { cookie } })).json()).toMatchObject({ kind: 'visitor' });
    expect((await send({ url: '/api/v1/session', headers: { cookie: again } })).json()).toMatchObject({
      kind: 'user',
      name: 'Anna',
    });
    // Two cookies of one name: a neighbour planted one (cookie tossing).
    const tossed = await send({ url: '/api/v1/session', headers: { cookie: `${again}; ${planted}` } });
    expect(tossed.json()).toMatchObject({ kind: 'visitor' });
  });

  it('is over for a stolen cookie after logout, by idleness, by age, and with its password', async () => {
    const { send, logIn, wait, accounts } = await accountStage();
    const kind = async (cookie: string): Promise<string> =>
      (await send({ url: '/api/v1/session', headers: { cookie } })).json<{ kind: string }>().kind;
    const left = await logIn();
    await send({ method: 'POST', url: '/logout', headers: own(left) });
    expect(await kind(left)).toBe('visitor');

    const idle = await logIn();
    wait(7 * 1440 * MINUTE - 1);
    expect(await kind(idle)).toBe('user');
    wait(7 * 1440 * MINUTE);
    expect(await kind(idle)).toBe('visitor');

    const old = await logIn();
    for (let day = 0; day < 89; day += 1) {
      wait(1440 * MINUTE);
      expect(await kind(old)).toBe('user');
    }
    wait(1440 * MINUTE);
    expect(await kind(old)).toBe('visitor');

    const [here, there] = [await logIn(), await logIn()];
    const change = { current: PASSWORD, next: 'another four words here' };
    expect(
      (await send({ method: 'PUT', url: '/api/v1/session/password', payload: change, headers: own(here) })).statusCode,
    ).toBe(200);
    expect([await kind(here), await kind(there)]).toEqual(['user', 'visitor']);
    await accounts.forgetExpired(later(epochMs(SOME_TIME), ms(400 * 1440 * MINUTE)), ACCOUNT_POLICY);
    expect(await kind(here)).toBe('visitor');
  });

  it('ends sooner, and asks for longer passwords, where the owner’s document says so', async () => {
    const policy = { idle: ms(30 * MINUTE), longest: ms(60 * MINUTE), passwordLength: 20 };
    const { send, logIn, wait } = await accountStage({ policy });
    const kind = async (cookie: string): Promise<string> =>
      (await send({ url: '/api/v1/session', headers: { cookie } })).json<{ kind: string }>().kind;
    const cookie = await logIn();
    wait(29 * MINUTE);
    expect(await kind(cookie)).toBe('user');
    const next = { name: 'Bo', password: 'nineteen letters ok', role: 'viewer' };
    const add = (password: string): Promise<LightMyRequestResponse> =>
      send({ method: 'POST', url: '/api/v1/users', payload: { ...next, password }, headers: own(cookie) });
    expect((await add('nineteen letters ok')).json()).toMatchObject({ code: 'SW_PASSWORD_WEAK' });
    expect((await add('nineteen letters ok')).body).toContain('20 characters');
    expect((await add('twenty letters are ok')).statusCode).toBe(201);
    for (const url of ['/users', '/account'])
      expect((await send({ url, headers: { cookie } })).body).toContain('"passwordLength":20');
    wait(29 * MINUTE);
    expect(await kind(cookie)).toBe('user');
    wait(3 * MINUTE);
    expect(await kind(cookie)).toBe('visitor');
    const idle = await logIn();
    wait(31 * MINUTE);
    expect(await kind(idle)).toBe('visitor');
  });

  it('is listed and ended from elsewhere', async () => {
    const { send, logIn } = await accountStage();
    const [here, there] = [await logIn(), await logIn('Anna', PASSWORD, { headers: { 'user-agent': 'Telephone' } })];
    const list = await send({ url: '/api/v1/sessions', headers: { cookie: here } });
    const items = list.json<{ items: { id: string; agent: string; isThis: boolean }[] }>().items;
    expect(items.filter(({ isThis }) => isThis)).toHaveLength(1);
    const telephone = items.find(({ agent }) => agent === 'Telephone');
    const ended = await send({ method: 'DELETE', url: `/api/v1/sessions/${telephone?.id}`, headers: own(here) });
    expect(ended.statusCode).toBe(200);
    expect((await send({ url: '/api/v1/session', headers: { cookie: there } })).json()).toMatchObject({
      kind: 'visitor',
    });
  });

  it('keeps no secret on disk, in a file for this user alone', async () => {
    const { logIn, file } = await accountStage();
    const secret = (await logIn()).slice('stillwatch='.length);
    expect(secret).toMatch(/^[\w-]{43}$/);
    for (const end of ['', '-wal']) {
      const bytes = await readFile(file + end);
      for (const text of [secret, PASSWORD, KEY]) expect(bytes.includes(text)).toBe(false);
      expect((await stat(file + end)).mode & 0o077).toBe(0);
    }
  });
});

describe('requests from other pages', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: `http://${HOST}.evil.example` }, 403],
    [{}, 403],
    [{ origin: `http://${HOST}` }, 200],
    [{ 'sec-fetch-site': 'same-origin', origin: `http://${HOST}` }, 200],
  ])('%j: %i', async (headers, status) => {
    const { send, logIn, accounts } = await accountStage();
    const cookie = await logIn();
    const payload = { name: 'Bo', password: PASSWORD, role: 'viewer' };
    const answer = await send({
      method: 'POST',
      url: '/api/v1/users',
      payload,
      headers: { cookie, ...headers },
    });
    expect(answer.statusCode === 201 ? 200 : answer.statusCode).toBe(status);
    expect(await accounts.users()).toHaveLength(status === 200 ? 2 : 1);
  });

  it('gives no other origin leave to read (no CORS)', async () => {
    const { send } = await accountStage();
    const answer = await send({
      method: 'OPTIONS',
      url: '/api/v1/session',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('leads after login only to its own pages', () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/a\nb',
      '',
      undefined,
    ]) {
      expect(safeNext(next)).toBe('/');
    }
    expect(safeNext('/photos/2026-11-23?before=1-2')).toBe('/photos/2026-11-23?before=1-2');
  });
});

describe('where a request comes from', () => {
  const spoofed = {
    'x-forwarded-for': HOME,
    'x-real-ip': HOME,
    forwarded: `for=${HOME}`,
    'x-forwarded-proto': 'https',
  };

  it('is not believed of a header, and a proxied visitor always logs in', async () => {
    for (const options of [{}, { trustProxy: '127.0.0.1' }]) {
      const { send } = await accountStage(options);
      for (const remoteAddress of [AWAY, '127.0.0.1', HOME]) {
        const answer = await send({ url: '/', remoteAddress, headers: { ...spoofed, accept: 'text/html' } });
        expect([answer.statusCode, answer.headers['location']]).toEqual([303, '/login?next=%2F']);
      }
    }
  });

  it('is a login for the internet and for a rebound name, and for this network when the owner wants it', async () => {
    const { send } = await accountStage();
    const photo = { url: '/photos', headers: { accept: 'text/html' } };
    expect((await send(photo)).statusCode).toBe(200);
    expect((await send({ ...photo, remoteAddress: AWAY })).statusCode).toBe(303);
    expect((await send({ ...photo, headers: { ...photo.headers, host: 'evil.example' } })).statusCode).toBe(303);
    expect((await send({ url: '/api/v1/cameras', remoteAddress: AWAY })).statusCode).toBe(401);
    const strict = await accountStage({ loginToView: true });
    expect((await strict.send(photo)).statusCode).toBe(303);
    expect(
      (await strict.send({ ...photo, headers: { ...photo.headers, cookie: await strict.logIn() } })).statusCode,
    ).toBe(200);
  });

  it('makes the cookie secure behind the named proxy, and only there', async () => {
    const trusted = await accountStage({ trustProxy: '127.0.0.1' });
    const secure = await trusted.logIn('Anna', PASSWORD, { remoteAddress: '127.0.0.1', headers: spoofed });
    expect(secure).toMatch(/^__Host-stillwatch=/);
    const plain = await trusted.logIn('Anna', PASSWORD, { remoteAddress: HOME, headers: spoofed });
    expect(plain).toMatch(/^stillwatch=/);
    // The plain name is not read over HTTPS: a page of the same host without it cannot plant one.
    const tried = await trusted.send({
      url: '/api/v1/session',
      remoteAddress: '127.0.0.1',
      headers: { ...spoofed, cookie: plain },
    });
    expect(tried.json()).toMatchObject({ kind: 'nobody' });
  });
});

describe('guessing', () => {
  it('waits longer and longer, and does not lock the owner out', async () => {
    const { send, logIn, wait } = await accountStage();
    await logIn('Anna', PASSWORD, { remoteAddress: '198.51.100.7' });
    const guess = (n: number): Promise<LightMyRequestResponse> =>
      send({
        method: 'POST',
        url: '/api/v1/session',
        payload: { name: 'Anna', password: `guess number ${n}` },
        remoteAddress: `203.0.113.${n}`,
      });
    const codes: number[] = [];
    for (let n = 1; n <= 9; n += 1) codes.push((await guess(n)).statusCode);
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429]);
    // From this network, and from an address that logged in before, it goes on at once.
    await logIn();
    await logIn('Anna', PASSWORD, { remoteAddress: '198.51.100.7' });
    wait(MINUTE);
    await logIn('Anna', PASSWORD, { remoteAddress: '198.51.100.99' });
  });

  it('learns nothing from the answer', async () => {
    const { send } = await accountStage();
    const body = async (name: string): Promise<string> =>
      (await send({ method: 'POST', url: '/api/v1/session', payload: { name, password: 'wrong and long enough' } }))
        .body;
    expect(await body('Anna')).toBe(await body('nobody of that name'));
  });
});

describe('the second factor', () => {
  it('is asked for, takes each code once, and recovery codes once', async () => {
    const { send, logIn, wait } = await accountStage();
    const cookie = await logIn();
    const begun = (await send({ method: 'POST', url: '/api/v1/session/second-factor', headers: own(cookie) })).json<{
      secret: string;
    }>();
    let now = SOME_TIME;
    const code = (): string => new TOTP({ secret: begun.secret }).generate({ timestamp: now });
    const later30 = (): void => {
      now += 30_000;
      wait(30_000);
    };
    const set = { password: PASSWORD, secret: begun.secret, code: code() };
    const on = await send({ method: 'PUT', url: '/api/v1/session/second-factor', payload: set, headers: own(cookie) });
    const { recoveryCodes } = on.json<{ recoveryCodes: string[] }>();
    expect(recoveryCodes).toHaveLength(10);
    const tried = async (payload: object): Promise<number> =>
      (
        await send({
          method: 'POST',
          url: '/api/v1/session',
          payload: { name: 'Anna', password: PASSWORD, ...payload },
        })
      ).statusCode;
    expect(await tried({})).toBe(401);
    expect(await tried({ code: code() })).toBe(401);
    later30();
    expect(await tried({ code: code() })).toBe(200);
    expect(await tried({ code: code() })).toBe(401);
    later30();
    expect(await tried({ code: recoveryCodes[0] })).toBe(200);
    expect(await tried({ code: recoveryCodes[0] })).toBe(401);
  });
});

describe('accounts and tokens', () => {
  it('hold a viewer to one camera’s photos, by page, file, API and token', async () => {
    const stage = await accountStage({ loginToView: true });
    const { send, logIn } = stage;
    const mine = await stage.add({});
    const other = await stage.add({ camera: cameraId('shed') });
    const owner = own(await logIn());
    const user = { name: 'Bo', password: PASSWORD, role: 'viewer', cameras: ['garden'] };
    expect((await send({ method: 'POST', url: '/api/v1/users', payload: user, headers: owner })).statusCode).toBe(201);
    const cookie = await logIn('bo');
    const made = await send({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: { name: 'script', permissions: ['view'], cameras: 'all', days: 1 },
      headers: own(cookie),
    });
    const { token } = made.json<{ token: string }>();
    for (const headers of [{ cookie }, { authorization: `Bearer ${token}` }]) {
      const get = async (url: string): Promise<number> => (await send({ url, headers })).statusCode;
      expect(await get(`/snapshots/${mine.path}`)).toBe(200);
      expect(await get(`/snapshots/${other.path}`)).toBe(404);
      expect(await get(`/api/v1/stills/${mine.id}`)).toBe(200);
      expect(await get(`/api/v1/stills/${other.id}`)).toBe(404);
      expect(await get('/api/v1/users')).toBe(403);
      expect((await send({ url: '/photos', headers })).body).not.toContain(other.id);
      expect((await send({ url: '/api/v1/cameras', headers })).json<{ items: unknown[] }>().items).toHaveLength(1);
    }
    const wide = await send({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: { name: 'more', permissions: ['view', 'delete'], days: null },
      headers: own(cookie),
    });
    expect(wide.statusCode).toBe(403);
    stage.wait(1440 * MINUTE);
    expect((await send({ url: '/photos', headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(403);
  });

  it('always leave an owner, and end with the account', async () => {
    const { send, logIn, accounts } = await accountStage();
    const headers = own(await logIn());
    const [anna] = await accounts.users();
    expect((await send({ method: 'DELETE', url: `/api/v1/users/${anna?.id}`, headers })).json()).toMatchObject({
      code: 'SW_ACCOUNT_LAST_OWNER',
    });
    expect(
      (await send({ method: 'PATCH', url: `/api/v1/users/${anna?.id}`, payload: { role: 'viewer' }, headers })).json(),
    ).toMatchObject({ code: 'SW_ACCOUNT_LAST_OWNER' });
    const bo = (
      await send({
        method: 'POST',
        url: '/api/v1/users',
        payload: { name: 'Bo', password: PASSWORD, role: 'member' },
        headers,
      })
    ).json<{ id: string }>();
    const cookie = await logIn('Bo');
    await send({ method: 'DELETE', url: `/api/v1/users/${bo.id}`, headers });
    expect((await send({ url: '/api/v1/session', headers: { cookie } })).json()).toMatchObject({ kind: 'visitor' });
  });

  it('never show a hash or a secret again, and write down who did what', async () => {
    const { send, logIn } = await accountStage();
    const headers = own(await logIn());
    const made = await send({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: { name: 't', permissions: ['view'], days: 1 },
      headers,
    });
    const { token } = made.json<{ token: string }>();
    await send({ method: 'POST', url: '/api/v1/session', payload: { name: PASSWORD, password: PASSWORD } });
    for (const url of ['/api/v1/users', '/api/v1/tokens', '/api/v1/sessions', '/api/v1/audit', '/api/v1/session']) {
      const { body } = await send({ url, headers });
      for (const secret of [token, PASSWORD, '$scrypt']) expect(body).not.toContain(secret);
      expect(body).not.toMatch(/[0-9a-f]{64}/);
    }
    const { items } = (await send({ url: '/api/v1/audit', headers })).json<{ items: { action: string }[] }>();
    expect(items.map(({ action }) => action)).toEqual(['login-refused', 'token-made', 'login', 'claimed']);
  });
});
