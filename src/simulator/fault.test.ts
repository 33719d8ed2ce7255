import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../domain/secret.ts';
import { type RawPlayer, type RawRtsp, rawPlayer, rawRtsp } from '../testing/raw-rtsp.ts';
import { testClip } from '../testing/test-media.ts';
import { isKeySlice } from './clip.ts';
import type { ActiveFault } from './fault.ts';
import { pictureSize } from './plain-clip.ts';
import { type SimulatedCamera, simulatedCamera } from './rtsp-server.ts';

const LOGIN = { user: 'owner', password: 'secret' };
/** A quarter of a second a group at this speed. */
const SPEED = 4;
const CLIP = testClip({ width: 320, height: 180, fps: 10, pictures: 40, group: 10 });

let camera: SimulatedCamera;
const clients: RawRtsp[] = [];
beforeEach(async () => {
  const credentials = { user: LOGIN.user, password: new Secret(LOGIN.password) };
  camera = await simulatedCamera({ streams: { main: CLIP, sub: CLIP }, credentials, speed: SPEED });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await camera.close();
});

const kept = <T extends RawRtsp>(client: T): T => {
  clients.push(client);
  return client;
};
const player = async (): Promise<RawPlayer> => kept(await rawPlayer(camera, 'sub', LOGIN));
const client = async (): Promise<RawRtsp> => kept(await rawRtsp(camera.port, LOGIN));
const describeStatus = async (): Promise<number> =>
  (await (await client()).loggedIn('DESCRIBE', camera.url('sub'))).status;
const description = async (): Promise<string> => (await (await client()).loggedIn('DESCRIBE', camera.url('sub'))).body;

describe('a fault in the answers, and the camera mended again', () => {
  it.each([
    [{ name: 'wrong-password' }, 401],
    [{ name: 'locked', status: 401 }, 401],
    [{ name: 'locked', status: 403 }, 403],
    [{ name: 'locked', status: 423 }, 423],
    [{ name: 'no-such-path' }, 404],
  ] as const)('%o', async (fault, status) => {
    await camera.setFault(fault);
    expect(await describeStatus()).toBe(status);
    await camera.setFault(undefined);
    expect(await describeStatus()).toBe(200);
  });

  it('concerns one stream only when it says so', async () => {
    await camera.setFault({ name: 'no-such-path', stream: 'main' });
    expect(await describeStatus()).toBe(200);
    const other = await client();
    expect((await other.loggedIn('DESCRIBE', camera.url('main'))).status).toBe(404);
  });

  it.each([453, 503] as const)('session-limit: SETUP is answered %i', async (answer) => {
    await camera.setFault({ name: 'session-limit', answer });
    await expect(player()).rejects.toThrow(`SETUP ${answer}`);
    expect(camera.sessions()).toBe(0);
  });

  it('session-limit, silent: PLAY is accepted and nothing comes', async () => {
    await camera.setFault({ name: 'session-limit', answer: 'silent' });
    const mute = await player();
    await camera.setFault(undefined);
    const other = await player();
    for (let count = 0; count < 5; count += 1) await other.picture();
    expect(mute.play.status).toBe(200);
    expect(mute.received().indexOf('$')).toBe(-1);
  });

  it.each([
    [{ name: 'unknown-codec', codec: 'JPEG' }, ['m=video 0 RTP/AVP 26', 'm=audio 0 RTP/AVP 8'], undefined],
    [{ name: 'unknown-codec', codec: 'VP9' }, ['m=video 0 RTP/AVP 98', 'm=audio 0 RTP/AVP 8'], 'a=rtpmap:98 VP9/90000'],
    [{ name: 'no-video' }, ['m=audio 0 RTP/AVP 8'], 'a=rtpmap:8 PCMA/8000'],
  ] as const)('%o: the description says so', async (fault, media, line) => {
    await camera.setFault(fault);
    const body = await description();
    expect(body.match(/^m=.*$/gm)).toEqual(media);
    if (line) expect(body).toContain(line);
    expect(body).not.toContain('H264');
  });

  it('no-video: only sound is played', async () => {
    await camera.setFault({ name: 'no-video' });
    const deaf = await player();
    const { bytes } = await deaf.frame(0);
    expect([(bytes[1] ?? 0) & 0x7f, bytes[12]]).toEqual([8, 0xd5]);
  });

  it('stale-nonce: every request needs a new nonce', async () => {
    await camera.setFault({ name: 'stale-nonce' });
    const player = kept(await rawPlayer(camera, 'sub', LOGIN));
    await player.picture();
    // DESCRIBE without a login, then DESCRIBE, SETUP and PLAY; the last two once more with a new nonce.
    expect(camera.stats().requests).toEqual({ DESCRIBE: 2, SETUP: 2, PLAY: 2 });
  });

  it('teardown-ignored: no answer, and the pictures go on', async () => {
    const playing = await player();
    await camera.setFault({ name: 'teardown-ignored' });
    const asked = Promise.allSettled([playing.loggedIn('TEARDOWN', playing.url, { Session: playing.session })]);
    while (!camera.stats().requests['TEARDOWN']) await playing.picture();
    for (let count = 0; count < 3; count += 1) await playing.picture();
    expect(camera.sessions()).toBe(1);
    playing.close();
    // The request ends with the connection: it was never answered.
    expect((await asked)[0].status).toBe('rejected');
  });
});

describe('a fault in the sending', () => {
  it('silent: nothing comes, the connection stays, and it goes on when mended', async () => {
    const playing = await player();
    await playing.picture();
    await camera.setFault({ name: 'silent' });
    const before = camera.stats().packets;
    expect((await playing.loggedIn('GET_PARAMETER', playing.url, { Session: playing.session })).status).toBe(200);
    expect(camera.stats().packets).toBe(before);
    await camera.setFault(undefined);
    // One picture may still have been under way; the second is certainly new.
    await playing.picture();
    await playing.picture();
    expect(camera.stats().packets).toBeGreaterThan(before);
  });

  it('rebooting: everybody is cut off, the port is closed, and then the camera is back', async () => {
    const playing = await player();
    await camera.setFault({ name: 'rebooting', milliseconds: 150 });
    expect(await playing.ended).toBe('reset');
    await expect(rawRtsp(camera.port)).rejects.toThrow('ECONNREFUSED');
    for (let answer: RawRtsp | undefined; !answer; ) answer = await client().catch(() => undefined);
    expect(await describeStatus()).toBe(200);
    expect(camera.fault()).toBe(undefined);
    expect(camera.sessions()).toBe(0);
  });

  it('cut-mid-packet: half a frame, then a reset', async () => {
    await camera.setFault({ name: 'cut-mid-packet', afterPictures: 2 });
    const playing = await player();
    await playing.ended;
    const all = playing.received();
    // Walk over the whole frames: the last one must be incomplete.
    let at = all.lastIndexOf('\r\n\r\n') + 4;
    while (at + 4 <= all.length && at + 4 + all.readUInt16BE(at + 2) <= all.length) at += 4 + all.readUInt16BE(at + 2);
    expect(all[at]).toBe(0x24);
    expect(at).toBeLessThan(all.length);
  });

  it('garbage: bytes of no protocol between the frames', async () => {
    const playing = await player();
    expect(playing.strays()).toBe(0);
    await camera.setFault({ name: 'garbage' });
    for (let count = 0; count < 4; count += 1) await playing.picture();
    expect(playing.strays()).toBeGreaterThanOrEqual(301);
  });

  it('resolution-change: new parameter sets in-band and in the description', async () => {
    const playing = await player();
    await playing.picture();
    await camera.setFault({ name: 'resolution-change' });
    const shown = camera.keyFrame('sub').clip;
    expect(pictureSize(shown)).toEqual({ width: 160, height: 96 });
    const sps = Buffer.from(shown.parameterSets[0] ?? []);
    let seen = false;
    while (!seen) seen = (await playing.picture()).nals.some((nal) => nal.equals(sps));
    expect(await description()).toContain(sps.toString('base64'));
  });

  it('session-timeout: who sends no request is dropped, who does is not', async () => {
    await camera.setFault({ name: 'session-timeout', milliseconds: 300 });
    const [quiet, lively] = [await player(), await player()];
    while (camera.sessions() === 2) {
      await lively.picture();
      expect((await lively.loggedIn('GET_PARAMETER', lively.url, { Session: lively.session })).status).toBe(200);
    }
    await quiet.ended;
    await lively.picture();
    expect(camera.sessions()).toBe(1);
  });

  it('session-timeout: the Session header tells it', async () => {
    await camera.setFault({ name: 'session-timeout', milliseconds: 2000 });
    expect((await player()).play.header('session')[0]).toMatch(/^[0-9A-F]{8};timeout=2$/);
  });

  it('slow: far less arrives than is shown', async () => {
    const playing = await player();
    await playing.picture();
    await camera.setFault({ name: 'slow', bytesPerSecond: 100 });
    const before = camera.stats();
    while (camera.stats().pictures < before.pictures + 20) await new Promise<void>((resolve) => setImmediate(resolve));
    const shown = camera.stats().bytes - before.bytes;
    // Everything from before the fault may have been under way still, and the answers are no pictures.
    const frames = playing.received().length - (playing.received().lastIndexOf('\r\n\r\n') + 4);
    expect(frames - before.bytes).toBeLessThan(shown / 2);
  });

  it('packet-loss: the numbers have gaps', async () => {
    await camera.setFault({ name: 'packet-loss', every: 5 });
    const playing = await player();
    const numbers: number[] = [];
    while (numbers.length < 20) numbers.push(...(await playing.picture()).packets.map((packet) => packet.sequence));
    const gaps = numbers.slice(1).filter((number, index) => (number - (numbers[index] ?? 0) + 65_536) % 65_536 === 2);
    expect(gaps.length).toBeGreaterThanOrEqual(3);
  });

  it('no-key-frames: the others go on', async () => {
    await camera.setFault({ name: 'no-key-frames' });
    const playing = await player();
    for (let count = 0; count < 12; count += 1) expect((await playing.picture()).nalTypes).toEqual([1]);
  });

  it.each(['black', 'frozen'] as const)('privacy, %s: the same pictures again and again', async (picture) => {
    const playing = await player();
    await playing.picture();
    await camera.setFault({ name: 'privacy', picture });
    const keys = new Set<string>();
    let seen = 0;
    // The first key frame may be of before; the three after it must all be one picture.
    while (seen < 4) {
      const { nals } = await playing.picture();
      const key = nals.find((nal) => isKeySlice('h264', nal));
      if (!key) continue;
      if (seen > 0) keys.add(key.toString('base64'));
      seen += 1;
    }
    expect(keys.size).toBe(1);
    const own = CLIP.units.some((unit) => keys.has(Buffer.from(unit.nals.at(-1) ?? []).toString('base64')));
    expect(own).toBe(picture === 'frozen');
  });

  it('half-key-frame: the slice is cut short', async () => {
    await camera.setFault({ name: 'half-key-frame' });
    const playing = await player();
    let key: Buffer | undefined;
    while (!key) key = (await playing.picture()).nals.find((nal) => isKeySlice('h264', nal));
    const whole = CLIP.units
      .flatMap((unit) => unit.nals)
      .find((nal) => Buffer.from(nal).subarray(0, key.length).equals(key));
    expect(key.length).toBe(Math.ceil((whole?.length ?? 0) / 2));
  });
});

/** Every fault has a test above; this list does not compile when one is added or renamed. */
const TOLD: Readonly<Record<ActiveFault['name'], true>> = {
  'wrong-password': true,
  locked: true,
  'no-such-path': true,
  'session-limit': true,
  'unknown-codec': true,
  'no-video': true,
  silent: true,
  rebooting: true,
  'cut-mid-packet': true,
  garbage: true,
  'resolution-change': true,
  'session-timeout': true,
  slow: true,
  'packet-loss': true,
  'no-key-frames': true,
  'stale-nonce': true,
  'teardown-ignored': true,
  privacy: true,
  'half-key-frame': true,
};

it('every fault can be put on and taken off a camera nobody watches', async () => {
  const details = {
    status: 401,
    answer: 453,
    codec: 'VP9',
    milliseconds: 1,
    afterPictures: 1,
    bytesPerSecond: 100,
    every: 2,
    picture: 'black',
  };
  for (const name of Object.keys(TOLD)) {
    await camera.setFault({ ...details, name } as ActiveFault);
    await camera.setFault(undefined);
  }
  for (let status = 0; status !== 200; ) status = await describeStatus().catch(() => 0);
});
