// The whole program against an RTSP server that someone else wrote, with digest login and labelled footage.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegSize } from '../src/domain/jpeg.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { footage } from './support/footage.ts';
import { type GstServer, gstServer } from './support/gst-server.ts';
import { eventually, type Program, startProgram } from './support/program.ts';

/** Long enough for the detector's warm-up. */
const CALM_BEFORE = 24;
const PASSWORD = 'canary-gst-51c';
/** Where the clip moves, in its own seconds: labels.json of the footage, `car`. */
const MOTION: readonly (readonly [number, number])[] = [
  [4.4, 9.2],
  [14.4, 19.2],
  [25.1, 29.4],
];

const pipeline = (file: string): string =>
  `( filesrc location=${file} ! qtdemux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )`;

interface Photo {
  readonly url: string;
  readonly path: string;
  readonly takenAt: number;
  readonly bytes: Uint8Array;
}

/** Paths of the calm photos kept so far; the pictures before and at the peak lie beside them. */
const covers = (program: Program): readonly string[] =>
  [...program.printed().matchAll(/photo kept: (\S+\d\.jpg)/g)].map(([, path = '']) => path);

describe('one camera, GStreamer’s server', () => {
  let server: GstServer;
  let program: Program;
  let photos: readonly Photo[];
  let startedAt: number;

  beforeAll(async () => {
    const common = { clip: 'iot_car-detection.mp4', calmBefore: CALM_BEFORE, calmAfter: 12 };
    const sub = await footage({ ...common, width: 640, height: 360, fps: 15 });
    const main = await footage({ ...common, width: 2560, height: 1440, fps: 10 });
    server = await gstServer({
      user: 'admin',
      password: PASSWORD,
      mounts: { stream1: pipeline(main), stream2: pipeline(sub) },
    });
    program = await startProgram({
      env: { CAMERA_IP: `127.0.0.1:${server.port}`, USRNAME: 'admin', PASSWORD, CALM_PERIOD: 3 },
    });
    await eventually('the camera is seen', () => (program.printed().includes('tapo sees') ? true : undefined));
    startedAt = Date.now();
    // The stream is shared by its clients and starts with the first: with this one, main and sub are in step.
    const keeper = spawn(
      'ffmpeg',
      [
        '-v',
        'error',
        '-rtsp_transport',
        'tcp',
        '-i',
        `rtsp://admin:${PASSWORD}@127.0.0.1:${server.port}/stream1`,
        '-c',
        'copy',
        '-f',
        'null',
        '-',
      ],
      { stdio: 'ignore' },
    );
    try {
      await eventually(
        'three photos are kept',
        () => (covers(program).length >= MOTION.length ? true : undefined),
        120_000,
      );
    } finally {
      keeper.kill('SIGKILL');
    }
    const kept = covers(program);
    photos = await Promise.all(
      kept.map(async (path) => {
        const bytes = await readFile(join(program.folder, 'snapshots', path));
        return { path, url: `${program.url}/snapshots/${path}`, bytes, takenAt: readStillFacts(bytes)?.takenAt ?? 0 };
      }),
    );
  }, 300_000);
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  it('takes one photo for each happening, after its calm', () => {
    expect(photos).toHaveLength(MOTION.length);
    photos.forEach((photo, index) => {
      const [, lastMotion = 0] = MOTION[index] ?? [];
      const nextMotion = MOTION[index + 1]?.[0] ?? Number.POSITIVE_INFINITY;
      const second = (photo.takenAt - startedAt) / 1000 - CALM_BEFORE;
      expect(second).toBeGreaterThan(lastMotion - 1);
      expect(second).toBeLessThan(nextMotion + 1.5);
    });
  });

  it('takes them at full resolution, into the day’s folder under the second’s name', () => {
    for (const photo of photos) {
      expect(jpegSize(photo.bytes)).toEqual({ width: 2560, height: 1440 });
      const facts = readStillFacts(photo.bytes);
      const local = new Date((facts?.takenAt ?? 0) + (facts?.offsetMinutes ?? 0) * 60_000).toISOString();
      expect(photo.path).toBe(`${local.slice(0, 10)}/${local.slice(11, 19).replaceAll(':', '-')}.jpg`);
    }
  });

  it('serves the very bytes, newest first', async () => {
    for (const photo of photos) {
      const answer = await fetch(photo.url);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(photo.bytes)).toBe(true);
    }
    const page = await (await fetch(`${program.url}/photos`)).text();
    const places = [...photos].reverse().map((photo) => page.indexOf(photo.path));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const latest = await fetch(`${program.url}/latest?t=${Date.now()}`);
    expect(latest.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await latest.arrayBuffer()).equals(photos.at(-1)?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('never prints the password', () => {
    expect(program.printed()).not.toContain(PASSWORD);
  });

  it('says blind when the server is gone, and ends cleanly', async () => {
    await server.stop();
    await eventually('it says blind', () =>
      /BLIND SW_CAM_(LOST|PORT_CLOSED)/.test(program.printed()) ? true : undefined,
    );
    const status = (await (await fetch(program.url, { headers: { accept: 'application/json' } })).json()) as {
      cameras: { state: string }[];
    };
    expect(status.cameras[0]?.state).toBe('blind');
    expect(await program.stop('SIGTERM')).toBe(0);
  });
});
