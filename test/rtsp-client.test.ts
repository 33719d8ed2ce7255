// Our RTSP client against GStreamer's RTSP server: every transport, sign-in and shape of video it can serve. What comes is
// judged by a decoder, not by ourselves: each packet must become one picture.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { describeStream } from '../src/adapters/rtsp/stream-description.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { Packet, StreamAddress } from '../src/domain/camera.ts';
import { Secret } from '../src/domain/secret.ts';
import type { Pace, PacketRun } from '../src/ports/packet-source.ts';
import { type GstServer, gstServer } from './support/gst-server.ts';

const PASSWORD = 'canary-rtsp ø"\\x';
const clock = systemClock();
const source = rtspPacketSource({ clock });
const never = new AbortController().signal;

const video = (caps: string, encoder: string, payloader: string): string =>
  `( videotestsrc is-live=1 ! video/x-raw,${caps} ! ${encoder} ! ${payloader} name=pay0 pt=96 )`;
const H264 = 'x264enc tune=zerolatency key-int-max=15 bitrate=500';
const MOUNTS: Readonly<Record<string, string>> = {
  plain: video('width=640,height=360,framerate=15/1', H264, 'rtph264pay'),
  slices: video('width=640,height=360,framerate=15/1', `${H264} option-string=slices=4`, 'rtph264pay'),
  aggregated: video('width=640,height=360,framerate=15/1', H264, 'rtph264pay aggregate-mode=max-stap'),
  'in-band': video('width=640,height=360,framerate=15/1', H264, 'rtph264pay config-interval=-1'),
  'b-frames': video(
    'width=640,height=360,framerate=15/1',
    'x264enc bframes=2 b-adapt=false key-int-max=15 rc-lookahead=4 bitrate=500 threads=1 ! video/x-h264,profile=main',
    'rtph264pay',
  ),
  interlaced: video(
    'width=704,height=576,framerate=25/1,interlace-mode=interleaved,pixel-aspect-ratio=12/11',
    `${H264} interlaced=true`,
    'rtph264pay',
  ),
  h265: video(
    'width=640,height=480,framerate=15/1',
    'x265enc tune=zerolatency key-int-max=15 bitrate=500 speed-preset=ultrafast',
    'rtph265pay',
  ),
  jpeg: video('format=I420,width=320,height=240,framerate=5/1', 'jpegenc', 'rtpjpegpay'),
  audio: '( audiotestsrc is-live=1 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay0 pt=8 )',
  both: `( videotestsrc is-live=1 ! video/x-raw,width=640,height=360,framerate=15/1 ! ${H264} ! rtph264pay name=pay1 pt=96 audiotestsrc is-live=1 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay0 pt=8 )`,
};

/** What the server left out while it started its pipeline is not ours to count. */
const lostAtFirst = new WeakMap<PacketRun, number>();

const read = async (run: PacketRun, count: number): Promise<readonly Packet[]> => {
  const packets: Packet[] = [];
  for await (const batch of run.batches) {
    if (packets.length === 0) lostAtFirst.set(run, run.counters().lost);
    packets.push(...batch);
    if (packets.length >= count) break;
  }
  return packets;
};

/** How many of the packets became a picture. */
const decoded = (run: PacketRun, packets: readonly Packet[]): number => {
  using decoder = avLumaDecoder().open(run.format, { width: 160, height: 90 });
  return packets.filter((packet) => decoder.decode(packet) !== undefined).length;
};

describe('with sign-in, over the control connection', () => {
  let server: GstServer;
  const at = (mount: string, password = PASSWORD): StreamAddress => ({
    url: `rtsp://127.0.0.1:${server.port}/${mount}`,
    credentials: { user: 'viewer', password: new Secret(password) },
  });
  beforeAll(async () => {
    server = await gstServer({ user: 'viewer', password: PASSWORD, mounts: MOUNTS });
  });
  afterAll(() => server.stop());

  it.each<[string, Pace, string, number, number]>([
    // mount, pace, size, frames per second, pictures that stay in the decoder
    ['plain', 'eager', '640x360', 15, 0],
    ['plain', 'coalesced', '640x360', 15, 0],
    ['slices', 'eager', '640x360', 15, 0],
    ['aggregated', 'eager', '640x360', 15, 0],
    ['in-band', 'eager', '640x360', 15, 0],
    ['b-frames', 'eager', '640x360', 15, 2],
    ['interlaced', 'eager', '704x576', 25, 0],
    ['h265', 'eager', '640x480', 15, 0],
    ['both', 'coalesced', '640x360', 15, 0],
  ])('%s, %s: every packet is one picture', async (mount, pace, size, fps, held) => {
    await using run = await source.open(at(mount), { signal: never });
    run.pace(pace);
    const packets = await read(run, 40);
    expect(run.format.codec).toBe(mount === 'h265' ? 'h265' : 'h264');
    expect(`${run.format.picture?.width}x${run.format.picture?.height}`).toBe(size);
    expect(packets[0]?.isKey).toBe(true);
    expect(packets.filter(({ isKey }) => isKey).length).toBeGreaterThanOrEqual(2);
    expect(decoded(run, packets)).toBe(packets.length - held);
    expect(packets.some(({ pts }, i) => pts < (packets[i - 1]?.pts ?? 0))).toBe(held > 0);
    expect(run.counters()).toMatchObject({ packets: packets.length, lost: lostAtFirst.get(run) });
    const times = packets.map(({ pts }) => pts).sort((a, b) => a - b);
    const steps = times.slice(1).map((pts, i) => pts - (times[i] ?? 0));
    // The server leaves out frames when its machine is busy; what comes still lies on the camera's own grid of time.
    for (const frames of steps.map((step) => (step * fps) / 1000)) {
      expect(frames).toBeGreaterThan(0.9);
      expect(Math.abs(frames - Math.round(frames))).toBeLessThan(0.03);
    }
  });

  it('a decoder can start at any key packet', async () => {
    await using run = await source.open(at('plain'), { signal: never });
    const packets = await read(run, 40);
    const keys = packets.flatMap(({ isKey }, i) => (isKey ? [i] : []));
    expect(keys.length).toBeGreaterThanOrEqual(2);
    for (const key of keys) {
      const blank = { ...run.format, parameterSets: new Uint8Array() };
      using decoder = avLumaDecoder().open(blank, { width: 160, height: 90 });
      const [first] = packets.slice(key);
      expect(first && decoder.decode(first)).toBeDefined();
    }
  });

  it('describes a stream without taking it', async () => {
    expect(await describeStream(at('interlaced'), { clock, signal: never })).toMatchObject({
      server: expect.stringMatching(/GStreamer/) as string,
      signIn: 'Digest MD5',
      media: [{ type: 'video', encoding: 'H264' }],
      video: { codec: 'h264', picture: { width: 704, height: 576 }, isInterlaced: true, claimedFps: 25 },
    });
    expect(await describeStream(at('both'), { clock, signal: never })).toMatchObject({
      media: [
        { type: 'audio', encoding: 'PCMA' },
        { type: 'video', encoding: 'H264' },
      ],
    });
  });

  it.each([
    ['nowhere', PASSWORD, 'SW_CAM_NO_PATH'],
    ['plain', 'wrong', 'SW_CAM_AUTH'],
    ['jpeg', PASSWORD, 'SW_CAM_CODEC'],
    ['audio', PASSWORD, 'SW_CAM_NO_VIDEO'],
  ])('%s with %j is %s', async (mount, password, code) => {
    const error: unknown = await source.open(at(mount, password), { signal: never }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('canary');
  });
});

describe('other ways of serving', () => {
  it('signs in with Basic', async () => {
    const { plain = '' } = MOUNTS;
    await using server = await gstServer({ user: 'viewer', password: PASSWORD, auth: 'basic', mounts: { plain } });
    const credentials = { user: 'viewer', password: new Secret(PASSWORD) };
    await using run = await source.open(
      { url: `rtsp://127.0.0.1:${server.port}/plain`, credentials },
      { signal: never },
    );
    expect(await read(run, 3)).not.toHaveLength(0);
  });

  it.each(['plain', 'slices', 'h265'])('reads %s from a server that has UDP only', async (mount) => {
    const mounts = { [mount]: MOUNTS[mount] ?? '' };
    await using server = await gstServer({ protocols: 'udp', mounts });
    await using run = await source.open({ url: `rtsp://127.0.0.1:${server.port}/${mount}` }, { signal: never });
    const packets = await read(run, 40);
    expect(decoded(run, packets)).toBe(packets.length);
    expect(run.counters().lost).toBe(lostAtFirst.get(run));
  });

  it('reads rtsps, and refuses UDP beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stillwatch-rtsps-'));
    try {
      const [key, certificate, tls] = [join(folder, 'key'), join(folder, 'cert'), join(folder, 'pem')];
      const subject = ['-subj', '/CN=camera', '-days', '2', '-keyout', key, '-out', certificate];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
      writeFileSync(tls, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
      const { plain = '' } = MOUNTS;
      const login = { user: 'viewer', password: PASSWORD };
      await using server = await gstServer({ ...login, tls, mounts: { plain } });
      const credentials = { user: 'viewer', password: new Secret(PASSWORD) };
      for (const pace of ['eager', 'coalesced'] as const) {
        const address = { url: `rtsps://127.0.0.1:${server.port}/plain`, credentials };
        await using run = await source.open(address, { signal: never });
        run.pace(pace);
        const packets = await read(run, 30);
        expect(decoded(run, packets)).toBe(packets.length);
      }
      await using udpOnly = await gstServer({ ...login, tls, protocols: 'udp', mounts: { plain } });
      const address = { url: `rtsps://127.0.0.1:${udpOnly.port}/plain`, credentials };
      await expect(source.open(address, { signal: never })).rejects.toMatchObject({ code: 'SW_CAM_PROTOCOL' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not hang on a plain port that is called rtsps', async () => {
    const { plain = '' } = MOUNTS;
    await using server = await gstServer({ mounts: { plain } });
    await expect(
      source.open({ url: `rtsps://127.0.0.1:${server.port}/plain` }, { signal: never }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/SW_CAM_(PROTOCOL|LOST)/) as string });
  });

  it('ends with SW_CAM_LOST when the server dies', async () => {
    const { plain = '' } = MOUNTS;
    const server = await gstServer({ mounts: { plain } });
    await using run = await source.open({ url: `rtsp://127.0.0.1:${server.port}/plain` }, { signal: never });
    const batches = run.batches[Symbol.asyncIterator]();
    await batches.next();
    await server.stop();
    const drain = async (): Promise<void> => {
      while (!(await batches.next()).done);
    };
    await expect(drain()).rejects.toMatchObject({ code: 'SW_CAM_LOST' });
  });

  it('is read while four cameras of the same process hang', async () => {
    const { plain = '' } = MOUNTS;
    const sockets = new Set<Socket>();
    const silent: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const hanging = Array.from({ length: 4 }, () =>
      source.open({ url: `rtsp://127.0.0.1:${address.port}/x` }, { signal: never }).then(
        () => 'opened',
        (error: unknown) => error,
      ),
    );
    const first = Promise.race(hanging).then(() => 'a hanging camera was given up');
    await using server = await gstServer({ mounts: { plain } });
    await using run = await source.open({ url: `rtsp://127.0.0.1:${server.port}/plain` }, { signal: never });
    expect(await Promise.race([first, read(run, 5).then(() => 'the good one was read')])).toBe('the good one was read');
    for (const one of await Promise.all(hanging)) expect(one).toMatchObject({ code: 'SW_CAM_SILENT' });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
});
