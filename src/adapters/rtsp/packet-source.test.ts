import { createHash } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Packet } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';
import { ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PacketRun } from '../../ports/packet-source.ts';
import { type FakeClock, fakeClock } from '../../testing/fake-clock.ts';
import { aggregate, interleaved, rtpPacket } from '../../testing/rtp-packetizer.ts';
import {
  type CameraAnswer,
  type CameraRequest,
  type ScriptedCamera,
  scriptedCamera,
} from '../../testing/scripted-camera.ts';
import { systemClock } from '../system/clock.ts';
import { rtspPacketSource } from './packet-source.ts';
import { describeStream, type StreamDescription } from './stream-description.ts';

const SPS = 'Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==';
const BIG_SPS = 'Z0LAM9oA8AEPsBEAAAMAAQAAAwAyDxgyoA==';
const PPS = 'aMuDyyA=';
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const SDP = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=control:track1',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${SPS},${PPS}`,
  'a=framerate:15',
  '',
].join('\r\n');
const KEY = Uint8Array.of(0x65, 0x88, 1, 2, 3);
const INTER = Uint8Array.of(0x41, 0x9a, 4, 5, 6);

type Script = Readonly<Record<string, CameraAnswer | ((request: CameraRequest) => CameraAnswer)>>;

const GOOD: Script = {
  OPTIONS: { headers: ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN'] },
  DESCRIBE: { headers: ['Content-Base: rtsp://10.9.9.9:8554/inner/'], body: SDP },
  SETUP: { headers: ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: abc;timeout=60'] },
};

const open: { camera?: ScriptedCamera; run?: PacketRun; readonly all: AsyncDisposable[] } = { all: [] };

afterEach(async () => {
  // Cameras before runs: a run whose camera is gone does not wait for an answer to its goodbye.
  for (const one of open.all) await one[Symbol.asyncDispose]();
  await open.run?.[Symbol.asyncDispose]();
  open.all.length = 0;
  delete open.camera;
  delete open.run;
});

const camera = async (script: Script = {}): Promise<ScriptedCamera> => {
  open.camera = await scriptedCamera((request) => {
    const answer = { ...GOOD, ...script }[request.method] ?? {};
    return typeof answer === 'function' ? answer(request) : answer;
  });
  open.all.push(open.camera);
  return open.camera;
};

interface Opened {
  readonly camera: ScriptedCamera;
  readonly run: PacketRun;
  readonly clock: FakeClock;
}

const openRun = async (
  script: Script = {},
  { signal = new AbortController().signal, path = '/stream2' }: { signal?: AbortSignal; path?: string } = {},
): Promise<Opened> => {
  const clock = fakeClock();
  const peer = await camera(script);
  const address = {
    url: `rtsp://127.0.0.1:${peer.port}${path}`,
    credentials: { user: 'viewer', password: new Secret('canary') },
  };
  const run = await rtspPacketSource({ clock }).open(address, { signal });
  open.run = run;
  return { camera: peer, run, clock };
};

/** The error that opening ends with. */
const refusal = async (script: Script): Promise<StillwatchError> => {
  const error = await openRun(script).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StillwatchError)) throw new Error(`not a StillwatchError: ${String(error)}`);
  expect(`${error.message} ${JSON.stringify(error.facts)} ${String(error.cause)}`).not.toContain('canary');
  return error;
};

const picture = (index: number, units: readonly Uint8Array[], channel = 0): Buffer =>
  interleaved(
    channel,
    rtpPacket({ sequence: index, timestamp: index * 6000, isMarked: true }, aggregate('h264', units)),
  );

/** Reads until `count` packets or the end; an end is in `error`. */
const read = async (run: PacketRun, count: number): Promise<{ packets: Packet[]; error: unknown }> => {
  const packets: Packet[] = [];
  try {
    for await (const batch of run.batches) {
      packets.push(...batch);
      if (packets.length >= count) break;
    }
  } catch (error) {
    return { packets, error };
  }
  return { packets, error: undefined };
};

const taken = async (reader: AsyncIterator<readonly Packet[]>): Promise<readonly Packet[]> => {
  const turn = await reader.next();
  if (turn.done) throw new Error('the run is over');
  return turn.value;
};

const code = (error: unknown): string | undefined => (error instanceof StillwatchError ? error.code : undefined);

describe('opening', () => {
  it('asks in order, of the host we reached, and knows the format before the first packet', async () => {
    const { camera: peer, run } = await openRun();
    const base = `rtsp://127.0.0.1:${peer.port}`;
    expect(peer.requests.map(({ method, url }) => [method, url])).toEqual([
      ['OPTIONS', `${base}/stream2`],
      ['DESCRIBE', `${base}/stream2`],
      ['SETUP', `${base}/inner/track1`],
      ['PLAY', `${base}/inner/`],
    ]);
    expect(peer.requests[3]?.headers.get('session')).toBe('abc');
    expect(run.format).toMatchObject({ codec: 'h264', picture: { width: 640, height: 360 } });
    expect(run.claimedFps).toBe(15);
  });

  it.each<[string, Script, string]>([
    ['no path', { DESCRIBE: { status: '404 Not Found' } }, 'SW_CAM_NO_PATH'],
    ['a forgotten path', { SETUP: { status: '454 Session Not Found' } }, 'SW_CAM_NO_PATH'],
    ['no bandwidth', { SETUP: { status: '453 Not Enough Bandwidth' } }, 'SW_CAM_STREAM_LIMIT'],
    ['no stream left', { PLAY: { status: '503 Service Unavailable' } }, 'SW_CAM_STREAM_LIMIT'],
    ['an empty description', { DESCRIBE: {} }, 'SW_CAM_STREAM_LIMIT'],
    ['a description without media', { DESCRIBE: { body: 'v=0\r\n' } }, 'SW_CAM_STREAM_LIMIT'],
    ['starting up', { OPTIONS: { status: '503 Service Unavailable' } }, 'SW_CAM_BUSY'],
    ['starting up, with a date', { DESCRIBE: { status: '503 x', headers: ['Retry-After: 9'] } }, 'SW_CAM_BUSY'],
    ['its own error', { DESCRIBE: { status: '500 Internal Server Error' } }, 'SW_CAM_BUSY'],
    ['forbidden', { DESCRIBE: { status: '403 Forbidden' } }, 'SW_CAM_AUTH'],
    ['a page instead of SDP', { DESCRIBE: { body: '<html>no</html>' } }, 'SW_CAM_PROTOCOL'],
    ['another codec', { DESCRIBE: { body: SDP.replace('H264', 'MP4V-ES').replace(/sprop.*/, '') } }, 'SW_CAM_CODEC'],
    ['no video', { DESCRIBE: { body: SDP.replace('m=video', 'm=audio') } }, 'SW_CAM_NO_VIDEO'],
    ['garbage', { OPTIONS: { isSilent: true, raw: '\x15\x03\x01' } }, 'SW_CAM_PROTOCOL'],
    ['a web server', { OPTIONS: { isSilent: true, raw: 'HTTP/1.1 400 Bad Request\r\n\r\n' } }, 'SW_CAM_PROTOCOL'],
    [
      'another host',
      { DESCRIBE: { status: '302 Found', headers: ['Location: rtsp://10.1.1.1/x'] } },
      'SW_CAM_PROTOCOL',
    ],
    [
      'round in circles',
      { DESCRIBE: ({ url }) => ({ status: '302 Found', headers: [`Location: ${url}`] }) },
      'SW_CAM_PROTOCOL',
    ],
  ])('fails by name: %s', async (_, script, expected) => {
    const error = await refusal(script);
    expect(error.code).toBe(expected);
    expect(error.facts).toMatchObject({ host: '127.0.0.1', port: open.camera?.port, path: 'stream2' });
    expect(error.where).toBe(`rtsp://127.0.0.1:${open.camera?.port}/stream2`);
    await open.camera?.seen(() => open.camera?.openConnections === 0);
  });

  it('follows a redirect to another path of the same host', async () => {
    const { camera: peer } = await openRun({
      DESCRIBE: ({ url }) =>
        url.endsWith('/stream2') ? { status: '301 Moved', headers: ['Location: rtsp://127.0.0.1/new'] } : { body: SDP },
    });
    expect(peer.requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/stream2',
      '/stream2',
      '/new',
      '/new/track1',
      '/new',
    ]);
  });

  it('says so when the camera hangs up, or resets', async () => {
    for (const how of ['fin', 'rst'] as const) {
      const peer = await scriptedCamera((_, socket) => {
        if (how === 'fin') socket.end();
        else socket.resetAndDestroy();
        return { isSilent: true };
      });
      await using _ = peer;
      const source = rtspPacketSource({ clock: fakeClock() });
      const opening = source.open({ url: `rtsp://127.0.0.1:${peer.port}/x` }, { signal: new AbortController().signal });
      await expect(opening).rejects.toMatchObject({ code: 'SW_CAM_LOST' });
    }
  });

  it('waits 5 s for an answer', async () => {
    const clock = fakeClock();
    const peer = await camera({ DESCRIBE: { isSilent: true } });
    const opening = rtspPacketSource({ clock }).open(
      { url: `rtsp://127.0.0.1:${peer.port}/x` },
      { signal: new AbortController().signal },
    );
    const outcome = opening.catch((error: unknown) => error);
    await peer.seen(() => peer.requests.length === 2);
    await clock.advance(ms(4999));
    expect(peer.openConnections).toBe(1);
    await clock.advance(ms(1));
    await clock.advance(ms(1));
    expect(await outcome).toMatchObject({ code: 'SW_CAM_SILENT', facts: { seconds: 5 } });
    await peer.seen(() => peer.openConnections === 0);
    expect(clock.sleepers).toBe(0);
  });

  it('a closed port and an unknown name have their own codes', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await new Promise((resolve) => server.close(resolve));
    const source = rtspPacketSource({ clock: fakeClock() });
    const { signal } = new AbortController();
    await expect(source.open({ url: `rtsp://127.0.0.1:${address.port}/x` }, { signal })).rejects.toMatchObject({
      code: 'SW_CAM_PORT_CLOSED',
      facts: { port: address.port },
    });
    await expect(source.open({ url: 'rtsp://camera.invalid/x' }, { signal })).rejects.toMatchObject({
      code: 'SW_CAM_HOST_UNKNOWN',
      facts: { host: 'camera.invalid' },
    });
  });

  it('does not echo an address with a password in it', async () => {
    const { signal } = new AbortController();
    const opening = rtspPacketSource({ clock: fakeClock() }).open({ url: 'rtsp://u:canary@cam/x' }, { signal });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(code(error)).toBe('SW_CONFIG_STREAM');
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('canary');
  });

  it('rejects with the reason of an abort, and leaves nothing open', async () => {
    const abort = new AbortController();
    const reason = new Error('not now');
    const opening = openRun(
      {
        SETUP: () => {
          abort.abort(reason);
          return { isSilent: true };
        },
      },
      { signal: abort.signal },
    );
    await expect(opening).rejects.toBe(reason);
    await open.camera?.seen(() => open.camera?.openConnections === 0);
    await expect(openRun({}, { signal: abort.signal })).rejects.toBe(reason);
  });
});

describe('an address that does not answer as it should', () => {
  const listen = async (host: string, port: number): Promise<Server> => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    open.all.push({ [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())) });
    return server;
  };
  const outcome = (url: string, clock: Clock = systemClock()): Promise<unknown> =>
    rtspPacketSource({ clock })
      .open({ url }, { signal: new AbortController().signal })
      .catch((error: unknown) => error);

  it('refuses 554 but shows life elsewhere: RTSP is off', async () => {
    await listen('127.0.21.7', 2020);
    expect(await outcome('rtsp://127.0.21.7/stream2')).toMatchObject({ code: 'SW_CAM_RTSP_OFF' });
    expect(await outcome('rtsp://127.0.21.8/stream2')).toMatchObject({ code: 'SW_CAM_PORT_CLOSED' });
    // Another port was refused: that says nothing about RTSP.
    expect(await outcome('rtsp://127.0.21.7:8554/x')).toMatchObject({ code: 'SW_CAM_PORT_CLOSED' });
  });

  it('does not let us in within 5 s', async () => {
    const peer = await camera();
    const waits: number[] = [];
    const impatient: Clock = {
      now: () => systemClock().now(),
      sleep: async (by) => void waits.push(by),
    };
    expect(await outcome(`rtsp://127.0.0.1:${peer.port}/x`, impatient)).toMatchObject({ code: 'SW_CAM_UNREACHABLE' });
    // The second lets what waits in the kernel be read before the verdict.
    expect(waits).toEqual([5000, 1]);
    await peer.seen(() => peer.openConnections === 0);
  });

  it('is found by name, whichever family it listens on', async () => {
    const peer = await camera();
    const clock = fakeClock();
    const address = { url: `rtsp://localhost:${peer.port}/x` };
    open.run = await rtspPacketSource({ clock }).open(address, { signal: new AbortController().signal });
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
    expect((await read(open.run, 1)).packets).toHaveLength(1);
  });
});

describe('a camera with UDP only', () => {
  const udpScript = (seen: { ports?: readonly number[] }, serverPort: number): Script => ({
    SETUP: ({ headers }) => {
      const transport = headers.get('transport') ?? '';
      const ports = /client_port=(\d+)-(\d+)/.exec(transport);
      if (!ports) return { status: '461 Unsupported Transport' };
      seen.ports = [Number(ports[1]), Number(ports[2])];
      const both = `${transport};server_port=${serverPort}-${serverPort + 1}`;
      return { headers: [`Transport: ${both}`, 'Session: abc'] };
    },
  });
  const bindAt = async (host: string): Promise<UdpSocket> => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    open.all.push({ [Symbol.asyncDispose]: () => new Promise((resolve) => void socket.close(() => resolve())) });
    return socket;
  };
  const rtp = (index: number, unit: Uint8Array): Buffer =>
    rtpPacket({ sequence: index, timestamp: index * 6000, isMarked: true }, unit);

  it('is asked again, punched through to, and read in order, from its address only', async () => {
    const sender = await bindAt('127.0.0.1');
    const stranger = await bindAt('127.0.0.2');
    const seen: { ports?: readonly number[] } = {};
    const punched = new Promise<Buffer>((resolve) => sender.once('message', resolve));
    const { run, camera: peer } = await openRun(udpScript(seen, sender.address().port));
    const [port = 0, rtcpPort = 0] = seen.ports ?? [];
    expect([port % 2, rtcpPort - port]).toEqual([0, 1]);
    expect((await punched).toString('hex')).toBe('800000000000000000000000');
    const batches = run.batches[Symbol.asyncIterator]();
    sender.send(rtp(0, KEY), port, '127.0.0.1');
    sender.send(rtp(1, INTER), port, '127.0.0.1');
    expect(await taken(batches)).toMatchObject([{ isKey: true, pts: 0 }]);
    const before = run.counters().bytes;
    stranger.send(rtp(2, KEY), port, '127.0.0.1');
    for (const i of [3, 2, 3, 4]) sender.send(rtp(i, INTER), port, '127.0.0.1');
    const times: number[] = [];
    while (times.length < 3) times.push(...(await taken(batches)).map(({ pts }) => Math.round((pts * 90) / 6000)));
    expect(times).toEqual([1, 2, 3]);
    const size = rtp(0, INTER).length;
    expect(run.counters()).toMatchObject({ lost: 0, bytes: before + 4 * size });
    await run[Symbol.asyncDispose]();
    expect(peer.requests.at(-1)?.method).toBe('TEARDOWN');
    await expect(rebind(port)).resolves.toBe(port);
  });

  it('that refuses UDP too is named, and no port stays open', async () => {
    const seen: { ports?: readonly number[] } = {};
    const script = udpScript(seen, 9);
    const error = await refusal({
      SETUP: (request) => {
        const answer = typeof script['SETUP'] === 'function' ? script['SETUP'](request) : {};
        return answer.status ? answer : { status: '453 Not Enough Bandwidth' };
      },
    });
    expect(error.code).toBe('SW_CAM_STREAM_LIMIT');
    const [port = 0] = seen.ports ?? [];
    await expect(rebind(port)).resolves.toBe(port);
  });

  it('that refuses PLAY leaves no port open', async () => {
    const seen: { ports?: readonly number[] } = {};
    await refusal({ ...udpScript(seen, 9), PLAY: { status: '453 Not Enough Bandwidth' } });
    const [port = 0] = seen.ports ?? [];
    await expect(rebind(port)).resolves.toBe(port);
  });

  /** Binds a port that must be free again. */
  const rebind = async (port: number): Promise<number> => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, () => resolve());
    });
    const bound = socket.address().port;
    await new Promise<void>((resolve) => void socket.close(() => resolve()));
    return bound;
  };
});

describe('signing in', () => {
  const challenge = (nonce: string, more = ''): CameraAnswer => ({
    status: '401 Unauthorized',
    headers: [`WWW-Authenticate: Digest realm="cam", nonce="${nonce}"${more}`, 'WWW-Authenticate: Basic realm="cam"'],
  });
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const isRight = ({ method, url, headers }: CameraRequest, nonce: string): boolean =>
    (headers.get('authorization') ?? '').includes(
      `response="${md5(`${md5('viewer:cam:canary')}:${nonce}:${md5(`${method}:${url}`)}`)}"`,
    );
  const demanding = (nonceOf: (request: CameraRequest) => string, more = ''): Script =>
    Object.fromEntries(
      ['DESCRIBE', 'SETUP', 'PLAY'].map((method) => [
        method,
        (request: CameraRequest): CameraAnswer => {
          const given = GOOD[method] ?? {};
          const answer = typeof given === 'function' ? given(request) : given;
          return isRight(request, nonceOf(request)) ? answer : challenge(nonceOf(request), more);
        },
      ]),
    );

  it('answers a challenge once, then signs every request', async () => {
    const { camera: peer } = await openRun(demanding(() => 'n1'));
    expect(peer.requests.map(({ method }) => method)).toEqual(['OPTIONS', 'DESCRIBE', 'DESCRIBE', 'SETUP', 'PLAY']);
    expect(peer.requests.map(({ url }) => url).join(' ')).not.toMatch(/viewer|canary/);
  });

  it('goes on when the nonce is renewed, said or unsaid', async () => {
    for (const more of ['', ', stale=true']) {
      const { camera: peer, run } = await openRun(demanding(({ method }) => (method === 'PLAY' ? 'n2' : 'n1'), more));
      const methods = peer.requests.map(({ method }) => method).join(' ');
      expect(methods).toBe('OPTIONS DESCRIBE DESCRIBE SETUP PLAY PLAY');
      await run[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    }
  });

  it('never sends a refused password a second time', async () => {
    const error = await refusal({ DESCRIBE: ({ index }) => challenge(`n${index}`) });
    expect(error).toMatchObject({ code: 'SW_CAM_AUTH', facts: { status: '401', sentPassword: 'yes' } });
    expect(open.camera?.requests.filter(({ headers }) => headers.has('authorization'))).toHaveLength(1);
    expect(open.camera?.connections).toBe(1);
  });

  it('does not follow a camera that finds every nonce stale', async () => {
    const error = await refusal({ DESCRIBE: ({ index }) => challenge(`n${index}`, ', stale=true') });
    expect(error.code).toBe('SW_CAM_AUTH');
    expect(open.camera?.requests.filter(({ headers }) => headers.has('authorization'))).toHaveLength(2);
  });

  it('says which sign-in it does not know', async () => {
    const error = await refusal({ DESCRIBE: { status: '401 No', headers: ['WWW-Authenticate: NTLM'] } });
    expect(error).toMatchObject({ code: 'SW_CAM_PROTOCOL', facts: { detail: 'a sign-in we do not know: ntlm' } });
  });
});

describe('describeStream', () => {
  const ask = (peer: ScriptedCamera, signal = new AbortController().signal): Promise<StreamDescription> => {
    const credentials = { user: 'viewer', password: new Secret('canary') };
    return describeStream({ url: `rtsp://127.0.0.1:${peer.port}/x`, credentials }, { clock: fakeClock(), signal });
  };

  it('tells what is there, and takes no stream', async () => {
    const challenges = ['WWW-Authenticate: Digest realm="r", nonce="n"', 'WWW-Authenticate: Basic realm="r"'];
    const peer = await camera({
      DESCRIBE: ({ headers }) =>
        headers.has('authorization')
          ? { headers: ['Server: Cam\x07/1.0'], body: `${SDP}m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n` }
          : { status: '401 Unauthorized', headers: challenges },
    });
    expect(await ask(peer)).toEqual({
      server: 'Cam·/1.0',
      signIn: 'Digest MD5',
      offeredSignIns: ['Digest MD5', 'Basic'],
      methods: ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN'],
      media: [
        { type: 'video', encoding: 'H264' },
        { type: 'audio', encoding: 'PCMA' },
      ],
      video: { codec: 'h264', picture: { width: 640, height: 360 }, isInterlaced: false, claimedFps: 15 },
    });
    await peer.seen(() => peer.openConnections === 0);
    expect(new Set(peer.requests.map(({ method }) => method))).toEqual(new Set(['OPTIONS', 'DESCRIBE']));
  });

  it('tells of video it cannot read too', async () => {
    const peer = await camera({ DESCRIBE: { body: 'v=0\r\nm=video 0 RTP/AVP 26\r\n' } });
    expect(await ask(peer)).toMatchObject({
      video: undefined,
      media: [{ type: 'video', encoding: 'JPEG' }],
      signIn: undefined,
    });
  });

  it('fails by name, and by the reason of an abort', async () => {
    await expect(ask(await camera({ DESCRIBE: { status: '404 Not Found' } }))).rejects.toMatchObject({
      code: 'SW_CAM_NO_PATH',
    });
    const abort = new AbortController();
    const peer = await camera({
      DESCRIBE: () => {
        abort.abort(new Error('enough'));
        return { isSilent: true };
      },
    });
    await expect(ask(peer, abort.signal)).rejects.toThrow('enough');
  });
});

describe('a run', () => {
  it('gives packets that a decoder can start with, and counts', async () => {
    const { camera: peer, run } = await openRun();
    for (const [i, units] of [[INTER], [KEY], [INTER], [INTER]].entries()) peer.send(picture(i, units));
    const { packets } = await read(run, 2);
    expect(packets.map(({ isKey, pts }) => [isKey, Math.round(pts)])).toEqual([
      [true, 0],
      [false, 67],
    ]);
    expect(Buffer.from(packets[0]?.bytes ?? []).toString('hex')).toBe(
      [SPS, PPS].map((set) => `00000001${Buffer.from(set, 'base64').toString('hex')}`).join('') +
        `00000001${Buffer.from(KEY).toString('hex')}`,
    );
    expect(run.counters()).toMatchObject({ packets: 2, lost: 0 });
  });

  it('counts what never came', async () => {
    const { camera: peer, run } = await openRun();
    for (const i of [0, 1, 5, 6, 7]) peer.send(picture(i, i === 6 ? [KEY] : i === 0 ? [KEY] : [INTER]));
    const { packets } = await read(run, 2);
    expect(packets.map(({ pts }) => Math.round((pts * 90) / 6000))).toEqual([0, 6]);
    expect(run.counters().lost).toBe(3);
  });

  it('listens on the channel the camera chose', async () => {
    const { camera: peer, run } = await openRun({
      SETUP: { headers: ['Transport: RTP/AVP/TCP;unicast;interleaved=4-5', 'Session: abc'] },
    });
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units, 4));
    expect((await read(run, 1)).packets).toHaveLength(1);
  });

  it('takes the payload type that is sent for the one announced', async () => {
    const { camera: peer, run } = await openRun({ DESCRIBE: { body: SDP.replaceAll('96', '97') } });
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
    expect((await read(run, 1)).packets).toHaveLength(1);
  });

  it('answers what the camera asks', async () => {
    const { camera: peer } = await openRun();
    peer.send('ANNOUNCE rtsp://cam/x RTSP/1.0\r\nCSeq: 77\r\n\r\n');
    await peer.seen(() => peer.requests.some(({ method }) => method === 'RTSP/1.0'));
    expect(peer.requests.at(-1)).toMatchObject({ method: 'RTSP/1.0', url: '501' });
    expect(peer.requests.at(-1)?.headers.get('cseq')).toBe('77');
  });

  it('ends with SW_CAM_STREAM_LIMIT if nothing comes in 5 s', async () => {
    const { run, clock, camera: peer } = await openRun();
    const reading = read(run, 1);
    await clock.advance(ms(4999));
    expect(peer.openConnections).toBe(1);
    await clock.advance(ms(1));
    await clock.advance(ms(1));
    expect(code((await reading).error)).toBe('SW_CAM_STREAM_LIMIT');
    await peer.seen(() => peer.requests.at(-1)?.method === 'TEARDOWN');
    await peer.seen(() => peer.openConnections === 0);
  });

  it('ends with SW_CAM_SILENT after 10 s without a packet, reporting until then', async () => {
    const { run, clock, camera: peer } = await openRun();
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
    const batches = run.batches[Symbol.asyncIterator]();
    await batches.next();
    const end = batches.next().catch((error: unknown) => error);
    await clock.advance(ms(9999));
    await peer.seen(() => peer.frames.length > 0);
    // RFC 3550 section 6.4.2: version 2, one report block, packet type 201; then the source description.
    expect(peer.frames[0]).toMatchObject({ channel: 1 });
    expect(peer.frames[0]?.content.toString('hex')).toMatch(/^81c90007.{8}0badcafe00000000000000010{24}81ca/);
    await clock.advance(ms(1));
    await clock.advance(ms(1));
    expect(await end).toMatchObject({ code: 'SW_CAM_SILENT', facts: { seconds: 10 } });
  });

  it('is not silent because we are late: what waits is read before the verdict', async () => {
    const { run, clock, camera: peer } = await openRun();
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
    const batches = run.batches[Symbol.asyncIterator]();
    await batches.next();
    const { bytes } = run.counters();
    await clock.advance(seconds(10));
    peer.send(picture(2, [INTER]));
    await expect.poll(() => run.counters().bytes).toBeGreaterThan(bytes);
    await clock.advance(seconds(9));
    expect(peer.openConnections).toBe(1);
    expect((await batches.next()).value).toHaveLength(1);
  });

  it('ends with SW_CAM_NO_KEY_FRAME after 30 s of pictures that nothing can be made of', async () => {
    const { run, clock, camera: peer } = await openRun();
    const reading = read(run, 1);
    for (let second = 0; second < 30; second++) {
      peer.send(picture(second, [INTER]));
      await expect.poll(() => run.counters().bytes).toBeGreaterThan(second * 12);
      await clock.advance(seconds(1));
    }
    await clock.advance(ms(1));
    expect(await reading).toMatchObject({ packets: [], error: { code: 'SW_CAM_NO_KEY_FRAME' } });
  });

  it.each(['fin', 'rst'] as const)('ends with SW_CAM_LOST on %s, after what had come', async (how) => {
    const { run, camera: peer } = await openRun();
    for (const [i, units] of [[KEY], [INTER], [INTER]].entries()) peer.send(picture(i, units));
    const batches = run.batches[Symbol.asyncIterator]();
    await batches.next();
    peer.hangUp(how);
    let end: unknown;
    while (end === undefined)
      end = await batches.next().then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(code(end)).toBe('SW_CAM_LOST');
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });

  it.each<[string, Uint8Array | string, string]>([
    ['garbage', 'not RTSP at all\r\n', 'SW_CAM_PROTOCOL'],
    ['an RTCP BYE', interleaved(1, Buffer.from('81cb00010badcafe', 'hex')), 'SW_CAM_LOST'],
  ])('ends by %s', async (_, sent, expected) => {
    const { run, camera: peer } = await openRun();
    peer.send(sent);
    expect(code((await read(run, 1)).error)).toBe(expected);
  });

  it('ends with SW_CAM_STREAM_CHANGED when the picture changes', async () => {
    const { run, camera: peer } = await openRun();
    const changed = [bytes(BIG_SPS), bytes(PPS), KEY];
    for (const [i, units] of [[KEY], [INTER], changed, [INTER]].entries()) peer.send(picture(i, units));
    const { packets, error } = await read(run, 9);
    expect(packets).toHaveLength(2);
    expect(error).toMatchObject({ code: 'SW_CAM_STREAM_CHANGED', facts: { change: '640×360 → 3840×2160' } });
  });

  it('ends with SW_CAM_STREAM_CHANGED when the codec changes', async () => {
    const { run, camera: peer } = await openRun();
    for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
    const vps = Uint8Array.of(0x40, 1, 0x0c, 1, 0xff, 0xff);
    peer.send(interleaved(0, rtpPacket({ sequence: 2, timestamp: 12_000 }, vps)));
    const { error } = await read(run, 9);
    expect(error).toMatchObject({ code: 'SW_CAM_STREAM_CHANGED', facts: { change: 'H.264 → H.265' } });
  });

  it('does not believe an SDP twice that was wrong once', async () => {
    const clock = fakeClock();
    const peer = await camera();
    const source = rtspPacketSource({ clock });
    const address = { url: `rtsp://127.0.0.1:${peer.port}/x` };
    const units = [[bytes(BIG_SPS), bytes(PPS), KEY], [INTER]];
    const { signal } = new AbortController();
    const first = await source.open(address, { signal });
    for (const [i, one] of units.entries()) peer.send(picture(i, one));
    expect(code((await read(first, 1)).error)).toBe('SW_CAM_STREAM_CHANGED');
    await peer.seen(() => peer.openConnections === 0);
    const second = await source.open(address, { signal });
    open.run = second;
    expect(second.format).toMatchObject({ picture: undefined });
    expect(second.format.parameterSets).toHaveLength(0);
    for (const [i, one] of units.entries()) peer.send(picture(i, one));
    expect((await read(second, 1)).packets).toHaveLength(1);
  });

  it('keeps the session alive at half its time-out, by what the camera offers', async () => {
    for (const [methods, expected] of [
      ['OPTIONS, GET_PARAMETER', 'GET_PARAMETER'],
      ['OPTIONS, DESCRIBE', 'OPTIONS'],
    ] as const) {
      const {
        clock,
        camera: peer,
        run,
      } = await openRun({
        OPTIONS: { headers: [`Public: ${methods}`] },
        SETUP: { headers: ['Transport: RTP/AVP/TCP;interleaved=0-1', 'Session: s1 ; timeout = 8'] },
      });
      peer.send(picture(0, [KEY]));
      await expect.poll(() => run.counters().bytes).toBeGreaterThan(0);
      await clock.advance(ms(3999));
      expect(peer.requests).toHaveLength(4);
      await clock.advance(ms(1));
      await peer.seen(() => peer.requests.length === 5);
      expect(peer.requests[4]?.method).toBe(expected);
      expect(peer.requests[4]?.headers.get('session')).toBe('s1');
      await run[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    }
  });

  it('says goodbye when it is disposed, when its reader leaves, and when the signal aborts', async () => {
    const abort = new AbortController();
    const ways: ((run: PacketRun) => Promise<void>)[] = [
      async (run) => await run[Symbol.asyncDispose](),
      async (run) => {
        for await (const _ of run.batches) break;
      },
      async (run) => {
        abort.abort();
        expect(await read(run, 1)).toMatchObject({ error: undefined });
      },
    ];
    for (const end of ways) {
      const { run, camera: peer, clock } = await openRun({}, { signal: abort.signal });
      for (const [i, units] of [[KEY], [INTER]].entries()) peer.send(picture(i, units));
      await end(run);
      await peer.seen(() => peer.openConnections === 0);
      expect(peer.requests.at(-1)?.method).toBe('TEARDOWN');
      expect(clock.sleepers).toBe(0);
      await peer[Symbol.asyncDispose]();
    }
  });

  it('waits for the answer to its goodbye no longer than a second', async () => {
    const { run, camera: peer, clock } = await openRun({ TEARDOWN: { isSilent: true } });
    const closing = run[Symbol.asyncDispose]();
    await peer.seen(() => peer.requests.at(-1)?.method === 'TEARDOWN');
    await clock.advance(seconds(1));
    await clock.advance(ms(1));
    await closing;
    await peer.seen(() => peer.openConnections === 0);
  });

  it('stops reading when nobody takes the packets, and goes on when somebody does', async () => {
    const { run, camera: peer, clock } = await openRun();
    const big = Buffer.concat([KEY, Buffer.alloc(60_000, 7)]);
    const sent = 600;
    for (let i = 0; i < sent; i++) peer.send(interleaved(0, rtpPacket({ sequence: i, timestamp: i * 6000 }, big)));
    // 36 MB were sent; what is read stays near the bound of 4 MB, and stays so.
    await expect.poll(() => run.counters().bytes).toBeGreaterThan(4_000_000);
    const before = run.counters().bytes;
    await clock.advance(seconds(60));
    expect(run.counters().bytes).toBe(before);
    expect(before).toBeLessThan(8_000_000);
    const { packets, error } = await read(run, sent - 2);
    expect(error).toBeUndefined();
    expect(packets.length).toBeGreaterThanOrEqual(sent - 2);
  });

  it('reads once a tick when coalesced, and at once when eager again', async () => {
    const { run, camera: peer, clock } = await openRun();
    const batches = run.batches[Symbol.asyncIterator]();
    let index = 0;
    const send = (): void => peer.send(picture(index++, index % 10 === 1 ? [KEY] : [INTER]));
    send();
    send();
    expect(await taken(batches)).toHaveLength(1);
    run.pace('coalesced');
    const before = run.counters().bytes;
    for (let i = 0; i < 5; i++) send();
    await clock.advance(ms(999));
    expect(run.counters().bytes).toBe(before);
    await clock.advance(ms(1));
    const batch = await taken(batches);
    expect(batch).toHaveLength(5);
    expect(new Set(batch.map(({ arrivedAt }) => arrivedAt)).size).toBe(1);
    for (let i = 0; i < 3; i++) send();
    run.pace('eager');
    expect((await taken(batches)).length).toBeGreaterThan(0);
  });
});
