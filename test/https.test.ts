// HTTPS by the program itself, as its owner starts it: with a certificate of the owner's that is renewed while it runs, and with
// one that it makes at its first start. The camera's password comes as systemd hands it over.

import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownCertificate } from '../src/adapters/self-signed/self-signed.ts';
import { Secret } from '../src/domain/secret.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { eventually, type Program, startProgram } from './support/program.ts';

const PASSWORD = 'canary-https-3c';
const NAME = 'cam.example.org';
/** Two starts, or one and a look at the files of a minute, on a machine that has other work. */
const WITHIN_MS = 600_000;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-https-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

const portOf = (program: Program): number => Number(new URL(program.url).port);

interface Asked {
  /** Whom to believe: an answer under another certificate is none. */
  readonly ca: string;
  readonly servername: string;
  readonly method?: string;
  readonly body?: object;
  readonly cookie?: string;
}

const open = (
  port: number,
  path: string,
  { ca, servername, method = 'GET', body, cookie }: Asked,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = {
      host: `localhost:${port}`,
      origin: `https://localhost:${port}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(cookie === undefined ? {} : { cookie }),
    };
    request({ host: '127.0.0.1', port, path, method, headers, ca, servername, agent: false }, resolve)
      .on('error', reject)
      .end(body && JSON.stringify(body));
  });

const ask = async (
  port: number,
  path: string,
  asked: Asked,
): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> => {
  const answer = await open(port, path, asked);
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
};

const shownBy = (port: number): Promise<X509Certificate | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.on('error', () => resolve(undefined));
  });

it(
  'an owner’s certificate is renewed while the program runs, and no connection is cut for it',
  async () => {
    await using camera = await simulatedCamera({
      streams: { main: testClip({ width: 1280, height: 720, moving: [0, 0] }), sub: testClip({ moving: [0, 0] }) },
      credentials: { user: 'admin', password: new Secret(PASSWORD) },
    });
    const [first, second] = [
      await ownCertificate(join(folder, 'a'), NAME, 'web-tls'),
      await ownCertificate(join(folder, 'b'), NAME, 'web-tls'),
    ];
    const credentials = join(folder, 'credentials');
    await mkdir(credentials);
    await writeFile(join(credentials, 'garden'), `${PASSWORD}\n`, { mode: 0o400 });
    await writeFile(
      join(folder, 'stillwatch.yml'),
      `web:\n  tls: { certificate: a/web-tls.crt, key: a/web-tls.key }\ncameras:\n  garden:\n    address: 127.0.0.1:${camera.port}\n    user: admin\n    password: { credential: garden }\n`,
    );
    await using program = await startProgram({ env: {}, folder, environment: { CREDENTIALS_DIRECTORY: credentials } });
    const port = portOf(program);
    const key = await eventually(
      'the set-up key',
      () => /https:\S+\/setup#(\S+)/.exec(program.printed())?.[1],
      240_000,
    );
    const believed = { ca: first.certificate, servername: NAME };
    const claim = { method: 'POST', body: { key, name: 'Anna', password: 'seven wild horses' } };
    const claimed = await ask(port, '/api/v1/setup', { ...believed, ...claim });
    expect(claimed.status, claimed.text).toBe(201);
    expect(claimed.headers['strict-transport-security']).toMatch(/^max-age=/);
    const [cookie = ''] = claimed.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-.*; Secure/);
    await eventually(
      'the camera, with the password that systemd handed over',
      async () => {
        const { text } = await ask(port, '/api/v1/cameras/garden', { ...believed, cookie: cookie.split(';')[0] ?? '' });
        return (JSON.parse(text) as { state?: string }).state === 'seeing' ? true : undefined;
      },
      120_000,
    );

    const live = await open(port, '/api/v1/live', { ...believed, cookie: cookie.split(';')[0] ?? '' });
    let isCut = false;
    live.on('close', () => (isCut = true)).resume();
    await copyFile(join(folder, 'b/web-tls.key'), join(folder, 'a/web-tls.key'));
    await copyFile(join(folder, 'b/web-tls.crt'), join(folder, 'a/web-tls.crt'));
    const renewed = new X509Certificate(second.certificate).fingerprint256;
    await eventually(
      'the renewed certificate',
      async () => (await shownBy(port))?.fingerprint256 === renewed || undefined,
      180_000,
    );
    expect((await ask(port, '/login', { ca: second.certificate, servername: NAME })).status).toBe(200);
    await expect(ask(port, '/login', believed)).rejects.toThrow();
    expect(isCut).toBe(false);
    live.destroy();
    expect(program.printed()).not.toContain(PASSWORD);
    expect(await program.stop()).toBe(0);
  },
  WITHIN_MS,
);

it(
  'without a name there is a certificate from the first start on: told by its fingerprint, for every name of the machine, and kept',
  async () => {
    await writeFile(join(folder, 'stillwatch.yml'), 'web:\n  tls: { selfSigned: true }\n');
    const prints: string[] = [];
    for (const start of ['first', 'second']) {
      await using program = await startProgram({ env: {}, folder });
      const port = portOf(program);
      const told = await eventually(
        `the ${start} start`,
        () => /SHA-256 ([0-9A-F:]{95})/.exec(program.printed())?.[1],
        240_000,
      );
      const certificate = await eventually('HTTPS', () => shownBy(port));
      expect(certificate.fingerprint256).toBe(told);
      const ca = certificate.toString();
      for (const servername of ['localhost', certificate.subject.replace(/^CN=/, '')]) {
        const { status, headers } = await ask(port, '/setup', { ca, servername });
        expect(status).toBe(200);
        // Nobody is held to a certificate that no authority signed.
        expect(headers['strict-transport-security']).toBeUndefined();
      }
      expect(certificate.checkIP('127.0.0.1')).toBeDefined();
      prints.push(told);
      expect(await program.stop()).toBe(0);
    }
    expect(prints[0]).toBe(prints[1]);
    expect(await readFile(join(folder, 'snapshots/.stillwatch/web-tls.key'), 'utf8')).toContain('PRIVATE KEY');
  },
  WITHIN_MS,
);
