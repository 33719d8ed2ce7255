// What LightFTP's issue 74 teaches: a port that waits for a camera's data is open to whoever finds it first.

import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { acceptData, dataPorts, plainAddress } from './data-channel.ts';

const connected = (port: number, localAddress: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress }, () => resolve(socket));
    socket.on('error', reject);
  });

it('a stranger who comes first is cut off, and the camera is still let in', async () => {
  const { server, port } = await dataPorts([50_100, 50_290], '127.0.0.1').listen();
  const accepted = acceptData(server, { peer: '127.0.0.1', secure: undefined, within: 60_000 });
  const stranger = await connected(port, '127.0.0.2');
  await new Promise((resolve) => stranger.once('close', resolve).resume());
  const camera = await connected(port, '127.0.0.1');
  const data = await accepted;
  expect(plainAddress(data.remoteAddress)).toBe('127.0.0.1');
  // One is all: the port does not wait for another.
  await expect(connected(port, '127.0.0.1')).rejects.toThrow('ECONNREFUSED');
  data.destroy();
  camera.destroy();
});
