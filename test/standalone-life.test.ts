// The program as the customer runs it: built, started by its pm2 entry, over photos of the program before it; killed and stopped.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegDamage } from '../src/domain/jpeg.ts';
import { Secret } from '../src/domain/secret.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testJpeg } from '../src/testing/jpegs.ts';
import { testClip } from '../src/testing/test-media.ts';
import { eventually, type Program, startProgram } from './support/program.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const entry = join(root, 'dist/motion-capture.js');
const credentials = { user: 'admin', password: new Secret('canary-life-77') };

/** Calm for the detector's warm-up, then three seconds of motion, then calm. */
const scene = (): Promise<SimulatedCamera> =>
  simulatedCamera({
    streams: {
      main: testClip({ width: 1280, height: 720 }),
      sub: testClip({ width: 320, height: 180, pictures: 700, moving: [420, 450] }),
    },
    credentials,
  });

const start = (
  camera: SimulatedCamera,
  folder?: string,
  more: Record<string, string | number> = {},
): Promise<Program> =>
  startProgram({
    env: {
      CAMERA_IP: `127.0.0.1:${camera.port}`,
      USRNAME: credentials.user,
      PASSWORD: credentials.password.reveal(),
      CALM_PERIOD: 3,
      ...more,
    },
    args: [entry],
    ...(folder ? { folder } : {}),
  });

const printed = (program: Program, what: string | RegExp, within = 150_000): Promise<true> =>
  eventually(`“${String(what)}” is printed`, () => (program.printed().match(what) ? true : undefined), within);

/** The calm photo of an episode, and neither of the pictures beside it. */
const COVER_KEPT = /photo kept: \S+\d\.jpg/;

/** Every photo in the folder is whole; a half one would be shown to somebody. */
const photosIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(join(folder, 'snapshots'), { recursive: true });
  const photos = names.filter((name) => name.endsWith('.jpg') && !name.startsWith('.stillwatch'));
  for (const name of photos) expect(jpegDamage(await readFile(join(folder, 'snapshots', name)))).toBeUndefined();
  return photos;
};

beforeAll(async () => {
  await run('npm', ['run', '-s', 'build'], { cwd: root });
});

it('is built without a name of the source left in an import', async () => {
  const files = await readdir(join(root, 'dist'), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const text = await readFile(join(root, 'dist', file), 'utf8');
    expect(text, file).not.toMatch(/(?:from|import\()\s*['"][./][^'"]*\.ts['"]/);
  }
});

describe('in the place of the old program', () => {
  let camera: SimulatedCamera;
  let folder: string;
  let program: Program;
  const old = join('snapshots', '2025-10-06', '08-00-01.jpg');
  let bytes: Uint8Array;

  beforeAll(async () => {
    camera = await scene();
    folder = await mkdtemp(join(tmpdir(), 'stillwatch-life-'));
    bytes = await testJpeg(7);
    await mkdir(join(folder, 'snapshots', '2025-10-06'), { recursive: true });
    await writeFile(join(folder, old), bytes);
    await writeFile(join(folder, 'snapshots', 'notes.txt'), 'mine');
    await utimes(join(folder, old), 1_759_730_401, 1_759_730_401);
    program = await start(camera, folder);
  });
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    await camera?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  });

  it('shows the old photos and leaves their files as they were', async () => {
    await printed(program, /1 photos? found/);
    const page = await (await fetch(`${program.url}/photos`)).text();
    expect(page).toContain('/snapshots/2025-10-06/08-00-01.jpg');
    const answer = await fetch(`${program.url}/snapshots/2025-10-06/08-00-01.jpg`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const hash = (one: Uint8Array): string => createHash('sha256').update(one).digest('hex');
    expect(hash(await readFile(join(folder, old)))).toBe(hash(bytes));
    expect((await stat(join(folder, old))).mtimeMs).toBe(1_759_730_401_000);
    expect(await readFile(join(folder, 'snapshots', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('resumes the happening when its capture process is killed in the middle, and still takes the photo', async () => {
    await printed(program, 'something moves');
    const { stdout } = await run('pgrep', ['-P', String(program.process.pid)]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    await printed(program, 'SW_CAPTURE_DIED');
    // As much of its set as outlived the kill is kept before the cover is.
    await printed(program, COVER_KEPT);
    const photos = await photosIn(folder);
    expect(photos.filter((name) => /\d\.jpg$/.test(name))).toHaveLength(2);
    const status = (await (await fetch(program.url, { headers: { accept: 'application/json' } })).json()) as {
      cameras: { state: string }[];
    };
    expect(status.cameras[0]?.state).toBe('seeing');
  });

  it('starts again after kill -9 with everything it announced', async () => {
    await program.stop('SIGKILL');
    const before = await photosIn(folder);
    program = await start(camera, folder);
    await printed(program, 'tapo sees');
    // A file that the kill caught between the store and the catalogue is carried on with while the cameras are watched. The count is
    // of covers: what stands beside one, before and peak, is told of its set.
    const covers = before.filter((name) => /\d\.jpg$/.test(name)).length;
    await eventually('every photo is in the gallery', async () => {
      const answer = await fetch(program.url, { headers: { accept: 'application/json' } });
      return ((await answer.json()) as { photos: number }).photos >= covers ? true : undefined;
    });
    for (const name of before) expect((await fetch(`${program.url}/snapshots/${name}`)).status, name).toBe(200);
    expect(await program.stop('SIGTERM')).toBe(0);
    expect(existsSync(join(folder, '.env'))).toBe(true);
  });

  it('rebuilds a catalogue that was deleted', async () => {
    for (const name of await readdir(join(folder, 'snapshots', '.stillwatch'))) {
      if (name.startsWith('catalog')) await rm(join(folder, 'snapshots', '.stillwatch', name));
    }
    program = await start(camera, folder);
    const { length } = await photosIn(folder);
    await printed(program, `${length} photos found`);
    expect(await program.stop('SIGINT')).toBe(0);
  });
});

describe('told to stop in the middle of taking a photo', () => {
  it('ends in order, and what it announced is there', async () => {
    const camera = await scene();
    const program = await start(camera);
    try {
      await printed(program, 'something moves');
      await camera.setFault({ name: 'slow', bytesPerSecond: 20_000, stream: 'main' });
      await printed(program, 'calm again');
      expect(await program.stop('SIGTERM')).toBe(0);
      const announced = program.printed().split('photo kept').length - 1;
      expect(await photosIn(program.folder)).toHaveLength(announced);
      expect(program.printed()).toMatch(/photo kept|PHOTO MISSED/);
      expect(camera.sessions()).toBe(0);
    } finally {
      await program[Symbol.asyncDispose]();
      await camera.close();
    }
  });
});

describe('with a mistake in .env', () => {
  it.each([
    [{ CAMERA_PI: '1.2.3.4', USRNAME: 'a', PASSWORD: 'b' }, /SW_CONFIG_UNKNOWN_KEY.*CAMERA_PI.*CAMERA_IP/],
    [{ USRNAME: 'a', PASSWORD: 'b' }, /SW_CONFIG_MISSING.*CAMERA_IP/],
    [{ CAMERA_IP: '1.2.3.4', USRNAME: 'a', PASSWORD: '' }, /SW_CONFIG_EMPTY.*PASSWORD/],
    [{ CAMERA_IP: '1.2.3.4', USRNAME: 'a', PASSWORD: 'b', CALM_PERIOD: 'ten' }, /SW_CONFIG_NUMBER.*CALM_PERIOD/],
  ])('%o ends with exit code 3 and names the key', async (env, message) => {
    await using program = await startProgram({ env, args: [entry] });
    expect(await program.ended).toBe(3);
    expect(program.printed()).toMatch(message);
    expect(await readdir(program.folder)).toEqual(['.env']);
  });

  it('a port that is taken is named, with exit code 3', async () => {
    const camera = await scene();
    await using first = await start(camera);
    await printed(first, 'Open');
    await using second = await start(camera, undefined, { PORT: new URL(first.url).port });
    expect(await second.ended).toBe(3);
    expect(second.printed()).toContain('SW_PORT_IN_USE');
    await camera.close();
  });
});
