// Both packet sources against one contract, and an odd camera that only the library's client follows.

import { connect, createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { libavPacketSource } from '../src/cli/libav-source.ts';
import { packetSourceContract } from '../src/testing/packet-source-contract.ts';
import { oddCameraSource } from '../src/watch/odd-camera-source.ts';
import { gstServer } from './support/gst-server.ts';
import { freePort } from './support/program.ts';

// The child is a file of TypeScript here.
const options = process.env['NODE_OPTIONS'];
process.env['NODE_OPTIONS'] = `${options ?? ''} --import ${import.meta.resolve('tsx')}`;
afterAll(() => {
  process.env['NODE_OPTIONS'] = options;
});

const clock = systemClock();
const own = rtspPacketSource({ clock });
const library = libavPacketSource({ clock });

describe('our own client', () => packetSourceContract(own));
describe('the library’s client in a process of its own', () => packetSourceContract(library));

/** GStreamer's server behind a relay that makes its description one of an interleaved stream (RFC 6184 section 5.2). */
const oddCamera = async (port: number): Promise<{ readonly port: number; close(): void }> => {
  const relay = createServer((client) => {
    const server = connect({ port, host: '127.0.0.1' });
    client.on('error', () => server.destroy()).pipe(server);
    server.on('error', () => client.destroy()).on('close', () => client.destroy());
    server.on('data', (bytes) => {
      client.write(
        Buffer.from(bytes.toString('latin1').replace('packetization-mode=1', 'packetization-mode=2'), 'latin1'),
      );
    });
  });
  const own = await freePort();
  await new Promise<void>((resolve) => relay.listen(own, '127.0.0.1', resolve));
  return { port: own, close: () => relay.close() };
};

describe('a camera that announces what we cannot unpack', () => {
  it('is read by the library', async () => {
    const encoder = 'x264enc tune=zerolatency key-int-max=15 bitrate=500';
    const caps = 'video/x-raw,width=640,height=360,framerate=15/1';
    await using server = await gstServer({
      mounts: { sub: `( videotestsrc is-live=1 ! ${caps} ! ${encoder} ! rtph264pay name=pay0 pt=96 )` },
    });
    const camera = await oddCamera(server.port);
    const address = { url: `rtsp://127.0.0.1:${camera.port}/sub` };
    const { signal } = new AbortController();
    await expect(own.open(address, { signal })).rejects.toMatchObject({ code: 'SW_CAM_CODEC' });
    await using run = await oddCameraSource(own, library).open(address, { signal });
    let packets = 0;
    for await (const batch of run.batches) {
      packets += batch.length;
      if (packets >= 20) break;
    }
    expect(run.format.picture).toEqual({ width: 640, height: 360 });
    camera.close();
  });
});
