import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ownCertificate } from '../adapters/self-signed/self-signed.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { askRunning, ownAddress } from './running-answer.ts';

const newFolder = temporaryFolders();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listenWith = async (server: Server, host: string): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
};
const tell: RequestListener = (request, answer) => {
  answer.statusCode = request.url === '/healthz' ? 200 : 503;
  answer.end(`${request.url} for ${request.headers.host}`);
};
const web = { isPublic: false } as const;

describe('the program that runs', () => {
  it('is asked by HTTP', async () => {
    const port = await listenWith(createServer(tell), '127.0.0.1');
    const settings = { ...web, bind: '0.0.0.0', port };
    expect(await askRunning(settings, '/healthz')).toEqual({ status: 200, body: `/healthz for 127.0.0.1:${port}` });
    expect((await askRunning(settings, '/readyz')).status).toBe(503);
  });

  it('is asked by HTTPS, whatever name its certificate is for', async () => {
    const own = await ownCertificate(newFolder(), 'cam.example.org', 'web-tls');
    const pair = { key: own.key.reveal(), cert: own.certificate };
    const port = await listenWith(createSecureServer(pair, tell), '127.0.0.1');
    const answer = await askRunning({ ...web, bind: '127.0.0.1', port, tls: 'self-signed' }, '/healthz');
    expect(answer.status).toBe(200);
  });

  it('that does not run is an error', async () => {
    const server = createServer(tell);
    const port = await listenWith(server, '127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    await expect(askRunning({ ...web, bind: '127.0.0.1', port }, '/healthz')).rejects.toThrow('ECONNREFUSED');
  });
});

it.each([
  ['0.0.0.0', false, 'http://127.0.0.1:10000'],
  ['::', true, 'https://127.0.0.1:10000'],
  ['192.168.1.5', false, 'http://192.168.1.5:10000'],
  ['::1', false, 'http://[::1]:10000'],
])('listening on %s it is asked at its own address', (bind, isSecure, address) => {
  expect(ownAddress({ ...web, bind, port: 10_000, ...(isSecure ? { tls: 'self-signed' } : {}) })).toBe(address);
});
