// A socket in the photo folder by which a command on this machine speaks to the running program: one JSON line there, one
// back, or line after line until the command hangs up. Who may is decided by the file system: the socket is the program's
// user's alone.

import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';

export type ControlValue = Readonly<Record<string, unknown>>;
export type ControlAnswer = ControlValue | AsyncIterable<ControlValue>;

/** sun_path has 108 bytes on Linux and 104 on macOS; a longer path has no socket, and commands work by themselves. */
const LONGEST_PATH = 100;
/** A request is a word and a camera's name. */
const LONGEST_LINE = 4096;

/** True when a socket can lie at `path`. */
export const fitsSocket = (path: string): boolean => Buffer.byteLength(path) <= LONGEST_PATH;

const asks = async (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const isStream = (answer: ControlAnswer): answer is AsyncIterable<ControlValue> => Symbol.asyncIterator in answer;

const lineOf = (value: ControlValue): string => `${JSON.stringify(value)}\n`;

/** Waits for a reader that is slower than the answer; ends with the answer or with the reader. */
const send = async (socket: Socket, answer: ControlAnswer, gone: AbortSignal): Promise<void> => {
  if (isStream(answer)) {
    for await (const value of answer) {
      if (!socket.write(lineOf(value))) await once(socket, 'drain', { signal: gone });
    }
    socket.end();
  } else socket.end(lineOf(answer));
};

/**
 * Listens until it is disposed. A socket that a killed program left is taken over; one that answers is another program's.
 * @throws StillwatchError SW_STORE_WRITE
 */
export const controlServer = async (
  path: string,
  answer: (request: ControlValue, gone: AbortSignal) => Promise<ControlAnswer>,
): Promise<AsyncDisposable> => {
  if (await asks(path)) {
    throw new StillwatchError('SW_STORE_WRITE', { path, detail: 'another Stillwatch uses this photo folder' });
  }
  await rm(path, { force: true });
  const closing = new AbortController();
  const server: Server = createServer((socket) => {
    const hungUp = new AbortController();
    const gone = AbortSignal.any([hungUp.signal, closing.signal]);
    socket.once('close', () => hungUp.abort());
    let said = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (part: string) => {
      said += part;
      const end = said.indexOf('\n');
      if (end < 0) {
        if (said.length > LONGEST_LINE) socket.destroy();
        return;
      }
      const line = said.slice(0, end);
      said = '';
      if (line.length > LONGEST_LINE) {
        socket.destroy();
        return;
      }
      void (async () => JSON.parse(line) as ControlValue)()
        .then(async (request) => answer(request, gone))
        .catch((thrown: unknown) => ({ error: toStillwatchError(thrown).message }))
        .then(async (value) => send(socket, value, gone))
        // Whoever asked has gone, or the program ends: nobody is left to be told.
        .catch(() => socket.destroy());
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
  } catch (thrown) {
    server.close();
    throw storageError(thrown, path);
  }
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
      }),
  };
};

/** undefined: nobody listens at `path`. @throws StillwatchError when it hung up without an answer */
export const askControl = async (path: string, request: ControlValue): Promise<ControlValue | undefined> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    let said = '';
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(lineOf(request)));
    socket.on('data', (part: string) => {
      said += part;
    });
    socket.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') resolve(undefined);
      else reject(storageError(error, path));
    });
    socket.once('close', () => {
      if (said === '')
        reject(new StillwatchError('SW_CAPTURE_DIED', { detail: 'the program ended without an answer' }));
      else resolve(JSON.parse(said) as ControlValue);
    });
  });

/** Every line of an answer that goes on, until `signal` aborts or the program ends. @returns undefined: nobody listens at `path` */
export const followControl = async (
  path: string,
  request: ControlValue,
  signal: AbortSignal,
): Promise<AsyncIterable<ControlValue> | undefined> => {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') return undefined;
    throw storageError(thrown, path);
  }
  socket.on('error', () => socket.destroy());
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  socket.write(lineOf(request));
  const lines = createInterface({ input: socket });
  // A destroyed socket has no end that readline would see.
  socket.once('close', () => lines.close());
  return {
    async *[Symbol.asyncIterator]() {
      for await (const line of lines) yield JSON.parse(line) as ControlValue;
    },
  };
};
