// A socket in the photo folder by which a command on this machine speaks to the running program: one JSON line there, one
// back. Who may is decided by the file system: the socket is the program's user's alone.

import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';

export type ControlValue = Readonly<Record<string, unknown>>;

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

/**
 * Listens until it is disposed. A socket that a killed program left is taken over; one that answers is another program's.
 * @throws StillwatchError SW_STORE_WRITE
 */
export const controlServer = async (
  path: string,
  answer: (request: ControlValue) => Promise<ControlValue>,
): Promise<AsyncDisposable> => {
  if (await asks(path)) {
    throw new StillwatchError('SW_STORE_WRITE', { path, detail: 'another Stillwatch uses this photo folder' });
  }
  await rm(path, { force: true });
  const server: Server = createServer((socket) => {
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
      socket.pause();
      void (async () => JSON.parse(line) as ControlValue)()
        .then(answer)
        .catch((thrown: unknown) => ({ error: toStillwatchError(thrown).message }))
        .then((value) => socket.end(`${JSON.stringify(value)}\n`));
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
    socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
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
