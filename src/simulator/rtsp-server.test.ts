import { describe, expect, it } from 'vitest';
import type { StreamRole } from '../domain/camera.ts';
import { Secret } from '../domain/secret.ts';
import { authorization, type RawPicture, rawPlayer, rawRtsp } from '../testing/raw-rtsp.ts';
import { testClip } from '../testing/test-media.ts';
import type { Clip } from './clip.ts';
import type { LoginScheme } from './login.ts';
import { type SimulatedCamera, type SimulatedCameraOptions, simulatedCamera } from './rtsp-server.ts';

const LOGIN = { user: 'owner', password: 'pâss:w"rd' };
/** 4 s and 4 s; every picture of a clip differs from every other. */
const STREAMS: Readonly<Record<StreamRole, Clip>> = {
  main: testClip({ width: 320, height: 180, fps: 5, pictures: 20, group: 10 }),
  sub: testClip({ width: 160, height: 96, fps: 10, pictures: 40, group: 10 }),
};

const camera = (options: Partial<SimulatedCameraOptions> = {}): Promise<SimulatedCamera> =>
  simulatedCamera({ streams: STREAMS, ...options });

const withLogin = (schemes?: readonly LoginScheme[]): Promise<SimulatedCamera> =>
  camera({
    credentials: { user: LOGIN.user, password: new Secret(LOGIN.password) },
    ...(schemes ? { schemes } : {}),
  });

/** Which picture of the clip this is: told by its slice's bytes. */
const placeOf = (clip: Clip, picture: RawPicture): number =>
  clip.units.findIndex((unit) => picture.nals.at(-1)?.equals(unit.nals.at(-1) ?? new Uint8Array()));

describe('login', () => {
  it.each([
    [['digest-md5']],
    [['digest-md5-qop']],
    [['digest-sha256']],
    [['basic']],
    [['digest-sha256', 'digest-md5-qop']],
  ] as const)('%s: lets the right one in and no other', async (schemes) => {
    await using simulated = await withLogin(schemes);
    const url = simulated.url('sub');
    const right = await rawRtsp(simulated.port, LOGIN);
    expect((await right.request('DESCRIBE', url)).status).toBe(401);
    expect((await right.loggedIn('DESCRIBE', url)).status).toBe(200);
    right.close();
    for (const login of [
      { ...LOGIN, password: 'pass' },
      { ...LOGIN, user: 'admin' },
    ]) {
      const wrong = await rawRtsp(simulated.port, login);
      expect((await wrong.loggedIn('DESCRIBE', url)).status).toBe(401);
      wrong.close();
    }
    expect(simulated.stats().refused).toBe(6);
  });

  it('offers one challenge a scheme, in order', async () => {
    await using simulated = await withLogin(['digest-sha256', 'digest-md5', 'basic']);
    const client = await rawRtsp(simulated.port);
    const offered = (await client.request('DESCRIBE', simulated.url('sub'))).header('www-authenticate');
    expect(offered.map((one) => one.replace(/nonce="[0-9a-f]{32}"/, 'nonce'))).toEqual([
      'Digest realm="Stillwatch simulated camera", nonce, algorithm=SHA-256, qop="auth"',
      'Digest realm="Stillwatch simulated camera", nonce',
      'Basic realm="Stillwatch simulated camera"',
    ]);
    client.close();
  });

  it('does not take a login for another request', async () => {
    await using simulated = await withLogin();
    const client = await rawRtsp(simulated.port, LOGIN);
    const challenge = (await client.request('DESCRIBE', simulated.url('sub'))).header('www-authenticate')[0] ?? '';
    const forSub = authorization(challenge, LOGIN, 'DESCRIBE', simulated.url('sub'));
    expect((await client.request('DESCRIBE', simulated.url('main'), { Authorization: forSub })).status).toBe(401);
    expect((await client.request('SETUP', simulated.url('sub'), { Authorization: forSub })).status).toBe(401);
    expect((await client.request('DESCRIBE', simulated.url('sub'), { Authorization: forSub })).status).toBe(200);
    client.close();
  });

  it('tells anybody what it can do, and nothing else', async () => {
    await using simulated = await withLogin();
    const client = await rawRtsp(simulated.port);
    const options = await client.request('OPTIONS', simulated.url('sub'));
    expect([options.status, options.header('public')[0]]).toEqual([200, expect.stringContaining('GET_PARAMETER')]);
    for (const method of ['DESCRIBE', 'SETUP', 'PLAY', 'TEARDOWN', 'GET_PARAMETER']) {
      expect((await client.request(method, simulated.url('sub'))).status).toBe(401);
    }
    client.close();
  });
});

describe('requests', () => {
  it('describes the video with its parameter sets, and the sound', async () => {
    await using simulated = await camera();
    const client = await rawRtsp(simulated.port);
    const answer = await client.request('DESCRIBE', simulated.url('main'));
    const { body } = answer;
    const sets = STREAMS.main.parameterSets.map((set) => Buffer.from(set).toString('base64'));
    expect(answer.header('content-type')).toEqual(['application/sdp']);
    expect(body).toContain(`sprop-parameter-sets=${sets.join(',')}\r\n`);
    expect(body).toContain('a=rtpmap:96 H264/90000\r\n');
    expect(body).toContain('a=framerate:5\r\n');
    expect(body.match(/^m=.*$/gm)).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 0 RTP/AVP 8']);
    client.close();
  });

  it.each([
    ['another transport', 'SETUP', '/track1', { Transport: 'RTP/AVP;unicast;client_port=5000-5001' }, 461],
    ['a track that is not there', 'SETUP', '/track9', { Transport: 'RTP/AVP/TCP;interleaved=0-1' }, 404],
    ['PLAY before SETUP', 'PLAY', '', {}, 454],
    ['somebody else’s session', 'TEARDOWN', '', { Session: 'ABCD' }, 454],
    ['recording', 'RECORD', '', {}, 405],
    ['a method nobody knows', 'DANCE', '', {}, 501],
    ['a path nobody knows', 'DESCRIBE', '0', {}, 404],
  ] as const)('answers %s with its code', async (_, method, path, headers, status) => {
    await using simulated = await camera();
    const client = await rawRtsp(simulated.port);
    expect((await client.request(method, `${simulated.url('sub')}${path}`, headers)).status).toBe(status);
    expect(simulated.sessions()).toBe(0);
    client.close();
  });

  it('hangs up on what is not RTSP', async () => {
    await using simulated = await camera();
    const client = await rawRtsp(simulated.port);
    client.send('GET / HTTP/1.1\r\n\r\n');
    await client.ended;
    expect(client.received().toString()).toBe('RTSP/1.0 400 Bad Request\r\n\r\n');
  });

  it('has as many places as it is told, and gets them back', async () => {
    await using simulated = await camera({ sessionLimit: { sessions: 2, answer: 453 } });
    const first = await rawPlayer(simulated, 'main');
    const second = await rawPlayer(simulated, 'sub');
    await expect(rawPlayer(simulated, 'sub')).rejects.toThrow('SETUP 453');
    expect(simulated.sessions()).toBe(2);
    expect((await first.request('TEARDOWN', first.url, { Session: first.session })).status).toBe(200);
    expect(simulated.sessions()).toBe(1);
    const third = await rawPlayer(simulated, 'sub');
    for (const client of [first, second, third]) client.close();
  });
});

describe('pictures', () => {
  it('come in order, a timestamp step apart, as RTP-Info said', async () => {
    await using simulated = await camera();
    const player = await rawPlayer(simulated, 'sub');
    const pictures = [await player.picture(), await player.picture(), await player.picture()];
    const places = pictures.map((picture) => placeOf(STREAMS.sub, picture));
    expect(places).toEqual([0, 1, 2].map((step) => ((places[0] ?? -9) + step) % 40));
    const [first, second] = pictures.map((picture) => picture.timestamp);
    expect(((second ?? 0) - (first ?? 0) + 2 ** 32) % 2 ** 32).toBe(9000);
    const sequences = pictures.flatMap((picture) => picture.packets.map((packet) => packet.sequence));
    expect(sequences).toEqual(sequences.map((_, index) => ((sequences[0] ?? 0) + index) % 2 ** 16));
    expect(player.play.header('rtp-info')[0]).toContain(
      `url=${simulated.url('sub')}/track1;seq=${sequences[0]};rtptime=`,
    );
    expect(
      pictures.every(({ packets }) => packets.every(({ isLast }, index) => isLast === (index === packets.length - 1))),
    ).toBe(true);
    player.close();
  });

  it('that are shown later than they are sent say so', async () => {
    const clip = testClip({ width: 160, height: 96, fps: 10, pictures: 20, group: 10, bFrames: 2 });
    await using simulated = await simulatedCamera({ streams: { main: clip, sub: clip }, speed: 4 });
    const player = await rawPlayer(simulated, 'sub');
    let key = await player.picture();
    while (!key.nalTypes.includes(5)) key = await player.picture();
    const start = placeOf(clip, key);
    const steps: number[] = [];
    for (let count = 1; count < 10; count += 1) {
      steps.push(Math.round((((await player.picture()).timestamp - key.timestamp) << 0) / 2250));
    }
    expect(steps).toEqual(steps.map((_, index) => index + 1 + (clip.units[start + index + 1]?.shownLater ?? 0)));
    expect(steps).not.toEqual([...steps].sort((a, b) => a - b));
    player.close();
  });

  it('begin where the scene is, which is seldom a key frame', async () => {
    await using simulated = await camera();
    const watcher = await rawPlayer(simulated, 'sub');
    while (placeOf(STREAMS.sub, await watcher.picture()) % 10 !== 2);
    const player = await rawPlayer(simulated, 'sub');
    const first = await player.picture();
    expect(first.nalTypes).toEqual([1]);
    expect(placeOf(STREAMS.sub, first)).toBe(placeOf(STREAMS.sub, await watcher.picture()) + 1);
    watcher.close();
    player.close();
  });

  it('begin with the group so far for a camera that sends it', async () => {
    await using simulated = await camera({ onPlay: 'group-so-far' });
    const watcher = await rawPlayer(simulated, 'sub');
    while (placeOf(STREAMS.sub, await watcher.picture()) % 10 !== 3);
    const player = await rawPlayer(simulated, 'sub');
    const first = await player.picture();
    expect(first.nalTypes).toEqual(expect.arrayContaining([7, 8, 5]));
    const next = await player.picture();
    expect(placeOf(STREAMS.sub, next)).toBe(placeOf(STREAMS.sub, first) + 1);
    expect((next.timestamp - first.timestamp + 2 ** 32) % 2 ** 32).toBe(9000);
    watcher.close();
    player.close();
  });

  it('of both streams are of the same moment', async () => {
    await using simulated = await camera();
    const [main, sub] = [await rawPlayer(simulated, 'main'), await rawPlayer(simulated, 'sub')];
    // Both reports were sent with the first picture; they tie each stream's clock to the wall.
    const report = async (player: typeof main): Promise<{ wall: number; timestamp: number }> => {
      const { bytes } = await player.frame(1);
      return {
        wall: bytes.readUInt32BE(8) * 1000 + (bytes.readUInt32BE(12) / 2 ** 32) * 1000,
        timestamp: bytes.readUInt32BE(16),
      };
    };
    const shownAt = async (player: typeof main, clip: Clip): Promise<number> => {
      const { wall, timestamp } = await report(player);
      const picture = await player.picture();
      const start = wall + ((picture.timestamp - timestamp) << 0) / 90 - (placeOf(clip, picture) * 1000) / clip.fps;
      return start;
    };
    const loop = 4000;
    const apart = ((await shownAt(main, STREAMS.main)) - (await shownAt(sub, STREAMS.sub))) / loop;
    // Whole loops apart, to within a millisecond of rounding.
    expect(Math.abs(apart - Math.round(apart)) * loop).toBeLessThan(2);
    main.close();
    sub.close();
  });

  it('run faster than life when asked', async () => {
    await using simulated = await camera({ speed: 5 });
    const player = await rawPlayer(simulated, 'sub');
    const [first, second] = [await player.picture(), await player.picture()];
    expect((second.timestamp - first.timestamp + 2 ** 32) % 2 ** 32).toBe(1800);
    player.close();
  });

  it('stop at PAUSE and TEARDOWN, and the session is gone when its client is', async () => {
    await using simulated = await camera({ speed: 4 });
    const [one, other] = [await rawPlayer(simulated, 'sub'), await rawPlayer(simulated, 'sub')];
    await one.picture();
    expect((await one.request('PAUSE', one.url, { Session: one.session })).status).toBe(200);
    const before = one.received().length;
    for (let count = 0; count < 10; count += 1) await other.picture();
    expect(one.received().length).toBe(before);
    one.close();
    other.close();
    const late = await rawRtsp(simulated.port);
    while (simulated.sessions() > 0) await late.request('OPTIONS', simulated.url('sub'));
    late.close();
  });
});
