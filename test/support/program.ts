// Starts the program as its owner does: a folder with a .env, the entry that pm2 starts, and nothing else.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * The first of so many ports in a row that nobody has. Below those that the kernel gives to outgoing connections (32768 and up on
 * Linux): one of these could be taken again before the program listens on it.
 */
export const freePorts = async (count: number): Promise<number> => {
  for (;;) {
    const from = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(from + at)));
    if (free.every(Boolean)) return from;
  }
};

export const freePort = (): Promise<number> => freePorts(1);

/** Resolves with the first value that is not undefined; asks again shortly after each refusal until `within` is over. */
export const eventually = async <T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  within = 60_000,
): Promise<T> => {
  const deadline = Date.now() + within;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`not within ${within / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

export interface Program extends AsyncDisposable {
  readonly folder: string;
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything printed so far, both outputs. */
  printed(): string;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface ProgramOptions {
  /** Lines of the .env file; PORT is added. */
  readonly env: Readonly<Record<string, string | number>>;
  /** An existing folder to run in; a temporary one is made and removed otherwise. */
  readonly folder?: string;
  /** Arguments after `node --import tsx`; default: the pm2 entry. */
  readonly args?: readonly string[];
  /** A program and its arguments that ours is run under: `setpriv …`. */
  readonly under?: readonly string[];
  /** Beside what every program of a user has. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const startProgram = async (options: ProgramOptions): Promise<Program> => {
  const port = await freePort();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'stillwatch-e2e-')));
  const lines = Object.entries({ PORT: port, ...options.env }).map(([key, value]) => `${key}=${value}`);
  await writeFile(join(folder, '.env'), `${lines.join('\n')}\n`);
  const loader = fileURLToPath(import.meta.resolve('tsx'));
  const args = options.args ?? [join(root, 'src/motion-capture.ts')];
  const [file = '', ...rest] = [...(options.under ?? []), process.execPath, '--import', loader, ...args];
  const child = spawn(file, rest, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TZ: 'Europe/Copenhagen',
      LANG: 'C.UTF-8',
      ...options.environment,
    },
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<number | string>((resolve) => {
    // Not "exit": what it printed last is read by then.
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> => {
    child.kill(signal);
    return ended;
  };
  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    process: child,
    printed: () => printed,
    ended,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
      // Capture processes outlive a killed main process for a moment, and write down what they saw.
      if (!options.folder) await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    },
  };
};
