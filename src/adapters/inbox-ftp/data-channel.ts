// The data connections of one FTP session (RFC 959, 3.2; RFC 2428; RFC 4217 for TLS): a listener per transfer from the passive
// range, or, where the owner allows it, a connection to where the camera says. Only the camera itself may use it.

import { connect, createServer, type Server, type Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

export interface DataPorts {
  /** A listening server on a free port of the range. @throws Error when all are taken */
  listen(): Promise<{ readonly server: Server; readonly port: number }>;
}

/** `::ffff:127.0.0.1` and `127.0.0.1` are the same peer. */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/i, '');

export const dataPorts = ([first, last]: readonly [number, number], host: string): DataPorts => {
  let next = first;
  const tryPort = (port: number): Promise<Server | undefined> =>
    new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(undefined);
        else reject(error);
      });
      server.listen(port, host, 1, () => resolve(server));
    });
  return {
    async listen() {
      for (let tries = 0; tries <= last - first; tries++) {
        const port = next;
        next = next >= last ? first : next + 1;
        const server = await tryPort(port);
        const address = server?.address();
        if (server && typeof address === 'object' && address) return { server, port: address.port };
      }
      throw new Error(`all passive ports ${first}–${last} are in use`);
    },
  };
};

export interface DataOptions {
  /** The camera's address: nobody else may deliver here. */
  readonly peer: string;
  readonly secure: SecureContext | undefined;
  readonly within: number;
}

const secured = (socket: Socket, secureContext: SecureContext | undefined): Socket =>
  // Session reuse is not asked for: many clients cannot, and the peer's address is checked.
  secureContext ? new TLSSocket(socket, { isServer: true, secureContext }) : socket;

/** The one connection that comes in; everybody else is cut off. */
export const acceptData = (server: Server, options: DataOptions): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      server.close();
      reject(new Error('no data connection came'));
    }, options.within);
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      if (plainAddress(socket.remoteAddress) !== options.peer) {
        socket.destroy();
        return;
      }
      clearTimeout(late);
      server.close();
      resolve(secured(socket, options.secure));
    });
    server.once('error', reject);
  });

/** Connects to the camera, from any port of ours: port 20 would need rights that this program does not have. */
export const connectData = (port: number, { peer, secure, within }: DataOptions): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: peer, port });
    socket.setTimeout(within, () => socket.destroy(new Error('no data connection could be made')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      // The server's side of TLS, whoever connected (RFC 4217, 10.2).
      resolve(secured(socket, secure));
    });
  });

/** How a transfer ended: `end` in good order, `cut` by the connection, `large` by us. */
export interface Received {
  readonly end: 'end' | 'cut' | 'large';
  readonly bytes: Uint8Array;
}

/** Reads everything that comes, up to `most` bytes; a line that stays silent for `within` is cut. */
export const receive = (socket: Socket, most: number, within: number): Promise<Received> =>
  new Promise((resolve) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    let isDone = false;
    const done = (end: Received['end']): void => {
      if (isDone) return;
      isDone = true;
      if (end === 'end') socket.end();
      else socket.destroy();
      resolve({ end, bytes: Buffer.concat(pieces, length) });
    };
    socket.setTimeout(within, () => done('cut'));
    socket.on('data', (piece: Uint8Array) => {
      if (isDone) return;
      length += piece.length;
      if (length > most) {
        length -= piece.length;
        done('large');
        return;
      }
      pieces.push(piece);
    });
    socket.on('end', () => done('end'));
    socket.on('error', () => done('cut'));
    socket.on('close', () => done('cut'));
  });
