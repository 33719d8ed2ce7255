// Cameras that misbehave, in a process of their own: one accepts and never answers, one answers rubbish, one drips a byte at a
// time, one sends key frames cut short, one breaks off in the middle of a packet. Says their addresses to its parent.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Fault } from '../src/simulator/fault.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';

const server = async (serve: (socket: Socket) => void): Promise<string> => {
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return `rtsp://127.0.0.1:${(listening.address() as AddressInfo).port}/stream`;
};
const faulty = async (fault: Fault): Promise<string> => {
  const clip = testClip({ width: 640, height: 360, fps: 15, group: 30, pictures: 120 });
  const camera = await simulatedCamera({ streams: { main: clip, sub: clip }, hasSound: false });
  await camera.setFault(fault);
  return camera.url('sub');
};
const ANSWER = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n';
process.send?.([
  await server(() => undefined),
  await server((socket) => void socket.write(Buffer.alloc(60_000, 0xa7))),
  await server((socket) => {
    let at = 0;
    const drip = setInterval(() => socket.write(ANSWER[at++ % ANSWER.length] ?? ''), 100);
    socket.once('close', () => clearInterval(drip));
  }),
  await faulty({ name: 'half-key-frame' }),
  await faulty({ name: 'cut-mid-packet', afterPictures: 20 }),
]);
process.once('disconnect', () => process.exit());
