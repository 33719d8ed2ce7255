import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StillwatchError } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import { seconds } from '../../domain/units.ts';
import type { AddressGuard } from '../../ports/address-guard.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { testJpeg } from '../../testing/jpegs.ts';
import { digestAnswer, digestChallenge } from './digest.ts';
import { type HttpStill, httpStill } from './http-still.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const serve = async (handler: Handler): Promise<string> => {
  const server: Server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const clock = fakeClock();
/** The camera of these tests is this machine, which the owner would have to allow. */
const here: AddressGuard = { pin: async () => [{ address: '127.0.0.1', family: 4 }] };
const credentials = { user: 'admin', password: new Secret('s3cret "ø"') };
const source = (url: string, login = true, guard: AddressGuard = here): HttpStill => {
  const still = httpStill({ address: { url, ...(login ? { credentials } : {}) }, clock, guard });
  open.push(() => still[Symbol.asyncDispose]() as Promise<unknown>);
  return still;
};
const take = (
  still: HttpStill,
): Promise<{ readonly width: number; readonly jpeg: Uint8Array; readonly takenAt: number }> =>
  still.take({ signal: new AbortController().signal });
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'a picture';
  } catch (thrown) {
    return thrown instanceof StillwatchError ? thrown.code : String(thrown);
  }
};

let jpeg: Uint8Array;
beforeAll(async () => {
  jpeg = await testJpeg(3, { width: 320, height: 200 });
});

const picture: Handler = (_, response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg);

describe('a snapshot address', () => {
  it('is connected to only where the guard said, also when its name means something else by now', async () => {
    const base = await serve(picture);
    const asked: string[] = [];
    const named = base.replace('127.0.0.1', 'camera.invalid');
    const guard: AddressGuard = {
      pin: async (host) => {
        asked.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    };
    expect((await take(source(named, false, guard))).width).toBe(320);
    expect(asked).toEqual(['camera.invalid', 'camera.invalid']);
  });

  it('is not asked where the guard says no, at once or while connecting', async () => {
    let requests = 0;
    const base = await serve((request, response) => {
      requests += 1;
      picture(request, response);
    });
    const no = new StillwatchError('SW_ADDRESS_REFUSED', { host: 'x', kind: 'loopback' });
    const refusing: AddressGuard = { pin: () => Promise.reject(no) };
    expect(await codeOf(take(source(base, false, refusing)))).toBe('SW_ADDRESS_REFUSED');
    let times = 0;
    const rebinding: AddressGuard = {
      pin: async () => {
        times += 1;
        if (times > 1) throw no;
        return [{ address: '127.0.0.1', family: 4 }];
      },
    };
    const named = base.replace('127.0.0.1', 'camera.invalid');
    expect(await codeOf(take(source(named, false, rebinding)))).toBe('SW_ADDRESS_REFUSED');
    expect(requests).toBe(0);
  });

  it('gives the picture', async () => {
    const shot = await take(source(await serve(picture)));
    expect(shot).toMatchObject({ width: 320, height: 200, source: 'http-snapshot', takenAt: clock.now().wall });
    expect(Buffer.from(shot.jpeg).equals(Buffer.from(jpeg))).toBe(true);
  });

  it('answers a digest challenge, and sends the password in no other form', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const answer = request.headers.authorization;
      if (!answer) {
        const challenge =
          'Digest realm="cam, \\"1\\"", nonce="abc", qop="auth,auth-int", algorithm=SHA-256, opaque="o"';
        response.writeHead(401, { 'www-authenticate': ['Basic realm="x"', challenge] }).end();
        return;
      }
      const clientNonce = /cnonce="(\w+)"/.exec(answer)?.[1] ?? '';
      const challenge = { realm: 'cam, "1"', nonce: 'abc', opaque: 'o', algorithm: 'SHA-256' as const, hasQop: true };
      if (answer === digestAnswer(challenge, credentials, '/snap.jpg?q=1', clientNonce)) picture(request, response);
      else response.writeHead(401).end();
    });
    expect(await codeOf(take(source(`${url}/snap.jpg?q=1`)))).toBe('a picture');
    expect(seen).toHaveLength(2);
    expect(seen.join()).not.toContain(Buffer.from('admin:s3cret').toString('base64').slice(0, 12));
  });

  it('answers Basic where nothing better is asked for', async () => {
    const url = await serve((request, response) => {
      const expected = `Basic ${Buffer.from('admin:s3cret "ø"').toString('base64')}`;
      if (request.headers.authorization === expected) picture(request, response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect(await codeOf(take(source(url)))).toBe('a picture');
  });

  it('asks once more, not again and again, when the password is refused', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n"' }).end();
    });
    expect(await codeOf(take(source(url)))).toBe('SW_CAM_AUTH');
    expect(asked).toBe(2);
  });

  it('follows a redirect within the camera', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/new.jpg') picture(request, response);
      else response.writeHead(302, { location: '/new.jpg' }).end();
    });
    expect(await codeOf(take(source(`${url}/old.jpg`)))).toBe('a picture');
  });

  it('goes to no other host, and tells it nothing', async () => {
    let visits = 0;
    const elsewhere = (
      await serve((_, response) => {
        visits += 1;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="give"' }).end();
      })
    ).replace('127.0.0.1', 'localhost');
    const url = await serve((_, response) => void response.writeHead(302, { location: `${elsewhere}/snap.jpg` }).end());
    expect(await codeOf(take(source(url)))).toBe('SW_ONVIF_OTHER_HOST');
    expect(visits).toBe(0);
  });

  it('gives no password to another port of the same host', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give"' }).end();
    });
    const url = await serve((_, response) => void response.writeHead(307, { location: other }).end());
    expect(await codeOf(take(source(url)))).toBe('SW_CAM_AUTH');
    expect(seen).toEqual([undefined]);
  });

  const refusals: readonly (readonly [string, Handler, string])[] = [
    ['half a picture', (_, r) => void r.end(jpeg.subarray(0, jpeg.length / 2)), 'SW_STILL_DAMAGED'],
    ['a page', (_, r) => void r.end('<html>'), 'SW_STILL_DAMAGED'],
    ['nothing', (_, r) => void r.end(), 'SW_STILL_DAMAGED'],
    ['no such address', (_, r) => void r.writeHead(404).end(), 'SW_SNAPSHOT_REFUSED'],
    ['a busy camera', (_, r) => void r.writeHead(503).end(), 'SW_CAM_BUSY'],
    ['a redirect to itself', (_, r) => void r.writeHead(302, { location: '/' }).end(), 'SW_SNAPSHOT_REFUSED'],
    ['a cut connection', (request) => void request.socket.destroy(), 'SW_CAM_LOST'],
    [
      'fewer bytes than told',
      (_, r) => {
        r.writeHead(200, { 'content-length': String(jpeg.length + 10) });
        r.write(jpeg, () => r.destroy());
      },
      'SW_CAM_LOST',
    ],
    ['a cached picture', (_, r) => void r.writeHead(200, { age: '60' }).end(jpeg), 'SW_STILL_DAMAGED'],
    [
      'a picture from this morning',
      (_, r) =>
        void r
          .writeHead(200, { date: 'Mon, 23 Nov 2026 14:00:00 GMT', 'last-modified': 'Mon, 23 Nov 2026 07:00:00 GMT' })
          .end(jpeg),
      'SW_STILL_DAMAGED',
    ],
    [
      'more than any picture has',
      (_, r) => {
        const piece = Buffer.alloc(2 ** 20);
        const more = (): void => void (r.destroyed || r.write(piece, () => setImmediate(more)));
        r.once('close', () => undefined);
        more();
      },
      'SW_SNAPSHOT_REFUSED',
    ],
  ];
  it.each(refusals)('refuses %s', async (_, handler, code) => {
    expect(await codeOf(take(source(await serve(handler))))).toBe(code);
  });

  it('refuses a frozen picture, and believes a new one', async () => {
    let current = jpeg;
    const still = source(await serve((_, response) => void response.end(current)));
    expect(await codeOf(take(still))).toBe('a picture');
    expect(await codeOf(take(still))).toBe('a picture');
    await clock.advance(seconds(10));
    expect(await codeOf(take(still))).toBe('SW_STILL_DAMAGED');
    current = await testJpeg(4);
    expect(await codeOf(take(still))).toBe('a picture');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error('enough')));
    await expect(source(url).take({ signal: stop.signal })).rejects.toThrow('enough');
  });

  it.each(['rtsp://cam/stream1', 'ftp://cam/x', 'http://user:pass@cam/'])('is not %s', (url) => {
    expect(() => httpStill({ address: { url }, clock, guard: here })).toThrow(RangeError);
  });
});

describe('digest', () => {
  it('is the example of RFC 2617, 3.5', () => {
    const challenge = digestChallenge([
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    ]);
    if (!challenge) throw new Error('not understood');
    const login = { user: 'Mufasa', password: new Secret('Circle Of Life') };
    expect(digestAnswer(challenge, login, '/dir/index.html', '0a4f113b')).toContain(
      'response="6629fae49393a05397450978507c4ef1"',
    );
  });

  it('is the example of RFC 7616, 3.9.1, by SHA-256 although MD5 is offered first', () => {
    const common =
      'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const challenge = digestChallenge([`Digest ${common}, algorithm=MD5, Digest ${common}, algorithm=SHA-256`]);
    if (!challenge) throw new Error('not understood');
    const login = { user: 'Mufasa', password: new Secret('Circle of Life') };
    const answer = digestAnswer(challenge, login, '/dir/index.html', 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ');
    expect(answer).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });

  it.each([
    ['Basic realm="x"'],
    ['Digest realm="x"'],
    ['Digest realm="x", nonce="n", algorithm=SHA-512-256'],
    ['Digest realm="x", nonce="n", qop="auth-int"'],
    [''],
  ])('finds none that can be answered in %j', (header) => expect(digestChallenge([header])).toBeUndefined());
});
