// GStreamer's RTSP server as a counterpart: it ends with the test, because its standard input closes.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface GstServer extends AsyncDisposable {
  readonly port: number;
  stop(): Promise<void>;
}

export interface GstServerOptions {
  readonly user?: string;
  readonly password?: string;
  readonly auth?: 'digest' | 'basic';
  /** PEM file with certificate and key: then it speaks rtsps. */
  readonly tls?: string;
  /** `udp`: interleaved transport is answered with 461. */
  readonly protocols?: 'tcp' | 'udp';
  /** GStreamer pipelines by mount name; each ends in a payloader called pay0. */
  readonly mounts: Readonly<Record<string, string>>;
}

export const gstServer = async (options: GstServerOptions): Promise<GstServer> => {
  const script = fileURLToPath(new URL('../gst-rtsp-server.py', import.meta.url));
  const login = options.user
    ? ['--user', options.user, '--password', options.password ?? '', '--auth', options.auth ?? 'digest']
    : [];
  const transport = [
    ...(options.tls ? ['--tls', options.tls] : []),
    ...(options.protocols ? ['--protocols', options.protocols] : []),
  ];
  const mounts = Object.entries(options.mounts).map(([name, pipeline]) => `${name}=${pipeline}`);
  const child = spawn('/usr/bin/python3', [script, ...login, ...transport, ...mounts], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const match = /ready (\d+)/.exec(printed);
      if (match) resolve(Number(match[1]));
    });
    void ended.then(() => reject(new Error(`GStreamer's server ended: ${errors}`)));
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    child.kill('SIGKILL');
    await ended;
  };
  return { port, stop, [Symbol.asyncDispose]: stop };
};
