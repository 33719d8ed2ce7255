// The simulated camera played by a program that is not ours: Debian's ffmpeg must log in, decode every picture without a
// complaint, and meet each fault as a fault.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../src/domain/secret.ts';
import { demoStreams } from '../src/simulator/demo-camera.ts';
import { type SimulatedCamera, type SimulatedCameraOptions, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';

const run = promisify(execFile);
const LOGIN = { user: 'owner', password: 'secret' };
const SMALL = {
  main: testClip({ width: 640, height: 360, fps: 10, pictures: 40, group: 20 }),
  sub: testClip({ width: 320, height: 180, fps: 10, pictures: 40, group: 10 }),
};

let camera: SimulatedCamera;
const started = async (options: Partial<SimulatedCameraOptions> = {}): Promise<SimulatedCamera> => {
  const credentials = { user: LOGIN.user, password: new Secret(LOGIN.password) };
  camera = await simulatedCamera({ streams: SMALL, credentials, ...options });
  return camera;
};
afterEach(async () => {
  await camera.close();
});

const address = (role: 'main' | 'sub', password = LOGIN.password): string =>
  camera.url(role).replace('rtsp://', `rtsp://${LOGIN.user}:${password}@`);

interface Played {
  readonly isGood: boolean;
  /** Pictures that came out of the decoder. */
  readonly pictures: number;
  readonly complaints: string;
}

/**
 * ffmpeg's own words about what it got. What its checksum writer says is left out: while ffmpeg learns how far an H.265
 * stream reorders its pictures, it guesses decoding times, and complains about its own guesses.
 */
const play = async (url: string, pictures: number): Promise<Played> => {
  const args = [
    '-hide_banner',
    '-nostdin',
    '-v',
    'warning',
    '-rtsp_transport',
    'tcp',
    '-timeout',
    '5000000',
    '-i',
    url,
  ];
  const rest = ['-map', '0:v', '-frames:v', String(pictures), '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
  const result = await run('ffmpeg', [...args, ...rest], { timeout: 60_000 }).then(
    ({ stdout, stderr }) => ({ stdout, stderr, isGood: true }),
    (error: { stdout?: string; stderr?: string }) => ({
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? '',
      isGood: false,
    }),
  );
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('0,'));
  const complaints = result.stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('[framemd5 @'));
  return { isGood: result.isGood, pictures: lines.length, complaints: complaints.join('\n') };
};

const probe = async (url: string): Promise<string> => {
  const fields = 'stream=codec_name,width,height';
  const args = ['-v', 'error', '-rtsp_transport', 'tcp', '-show_entries', fields, '-of', 'csv=p=0', url];
  return (await run('ffprobe', args, { timeout: 60_000 })).stdout.trim();
};

describe('ffmpeg', () => {
  it('plays both streams of the demo scene, from wherever it joined, without a complaint', async () => {
    // Key frames are 2 s and 4 s apart here: a group is sent first, so that nothing undecodable is to be expected.
    await started({ streams: await demoStreams(), onPlay: 'group-so-far' });
    expect(await probe(address('main'))).toBe('h264,2560,1440\npcm_alaw');
    expect(await probe(address('sub'))).toBe('h264,640,360\npcm_alaw');
    const [main, sub] = await Promise.all([play(address('main'), 30), play(address('sub'), 60)]);
    expect(main).toEqual({ isGood: true, pictures: 30, complaints: '' });
    expect(sub).toEqual({ isGood: true, pictures: 60, complaints: '' });
  });

  it.each([
    ['H.264 with B-frames', testClip({ codec: 'h264', bFrames: 2, pictures: 40, group: 20 })],
    ['H.264, four slices a picture', testClip({ codec: 'h264', settings: { slices: '4' } })],
    ['H.265', testClip({ codec: 'h265', pictures: 40, group: 20 })],
    ['H.265 with B-frames', testClip({ codec: 'h265', bFrames: 2, pictures: 40, group: 20 })],
  ] as const)('plays %s', async (_, clip) => {
    await started({ streams: { main: clip, sub: clip }, onPlay: 'group-so-far' });
    expect(await play(address('sub'), 30)).toEqual({ isGood: true, pictures: 30, complaints: '' });
  });

  it.each(['digest-md5', 'digest-md5-qop', 'basic'] as const)(
    'logs in by %s, and not with a wrong password',
    async (scheme) => {
      await started({ schemes: [scheme] });
      expect(await probe(address('sub'))).toBe('h264,320,180\npcm_alaw');
      const refused = await play(address('sub', 'wrong'), 1);
      expect(refused).toMatchObject({ isGood: false, pictures: 0 });
      expect(refused.complaints).toContain('401 Unauthorized');
    },
  );

  it('gives its place back when it leaves', async () => {
    await started({ sessionLimit: { sessions: 1, answer: 453 }, onPlay: 'group-so-far' });
    for (let count = 0; count < 3; count += 1) expect((await play(address('sub'), 5)).pictures).toBe(5);
  });
});

describe('ffmpeg meets', () => {
  it.each([
    [{ name: 'wrong-password' }, '401 Unauthorized'],
    [{ name: 'no-such-path' }, '404 Not Found'],
    [{ name: 'session-limit', answer: 453 }, '453'],
    [{ name: 'session-limit', answer: 503 }, '503'],
    [{ name: 'no-video' }, "Stream map '0:v' matches no streams"],
  ] as const)('%o', async (fault, words) => {
    await started();
    await camera.setFault(fault);
    const met = await play(address('sub'), 5);
    expect(met).toMatchObject({ isGood: false, pictures: 0 });
    expect(met.complaints).toContain(words);
  });

  it('half-key-frame: the pictures are damaged, and the decoder says so', async () => {
    await started({ onPlay: 'group-so-far' });
    await camera.setFault({ name: 'half-key-frame' });
    const met = await play(address('sub'), 25);
    expect(met.complaints).toMatch(/concealing \d+ DC|error while decoding MB/);
  });

  it('packet-loss: pictures are damaged or missing', async () => {
    await started({ onPlay: 'group-so-far' });
    await camera.setFault({ name: 'packet-loss', every: 2 });
    expect((await play(address('sub'), 15)).complaints).toMatch(
      /concealing \d+ DC|error while decoding MB|Missing reference/,
    );
  });

  it('rebooting: the port is closed, and a moment later it is not', async () => {
    await started({ onPlay: 'group-so-far' });
    await camera.setFault({ name: 'rebooting', milliseconds: 3000 });
    expect((await play(address('sub'), 5)).complaints).toContain('Connection refused');
    for (let played = 0; played < 5; ) played = (await play(address('sub'), 5)).pictures;
  });
});
