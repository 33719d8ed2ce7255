// An FTP server that can only be delivered to. Explicit TLS on one port, implicit on another.

import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { crowd, LONGEST_VISIT } from '../../domain/crowd.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type FtpRule, isPlainAllowed } from '../../domain/inbox.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { broughtBook } from './brought.ts';
import { dataPorts, plainAddress } from './data-channel.ts';
import { partials } from './partials.ts';
import { ftpSession } from './session.ts';

export interface InboxFtpOptions {
  readonly rule: FtpRule;
  readonly bind: string;
  readonly door: InboxDoor;
  readonly clock: Clock;
  readonly tls: { readonly key: Secret; readonly certificate: string };
  readonly isPrivate: (address: string) => boolean;
}

export interface InboxFtp extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number | undefined;
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new StillwatchError('SW_PORT_IN_USE', { port })
          : error,
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

/** @throws StillwatchError SW_PORT_IN_USE */
export const inboxFtp = async (options: InboxFtpOptions): Promise<InboxFtp> => {
  const { rule, bind, door, clock, tls, isPrivate } = options;
  const secureContext = createSecureContext({ key: tls.key.reveal(), cert: tls.certificate });
  const sockets = new Set<Socket>();
  const room = crowd();

  const mayBePlain = (peer: string): boolean => isPlainAllowed(rule.plain, isPrivate(peer));

  const parts = {
    rule,
    door,
    clock,
    ports: dataPorts(rule.passivePorts, bind),
    partials: partials(clock),
    brought: broughtBook(),
    secureContext,
    mayBePlain,
    passiveAddress: (socket: Socket): string => {
      const local = plainAddress(socket.localAddress);
      // Cameras of the same network are told the address they came to; the public one would lead them out and back.
      return rule.publicAddress !== undefined && !isPrivate(plainAddress(socket.remoteAddress))
        ? rule.publicAddress
        : local;
    },
  };

  const welcome = (socket: Socket): boolean => {
    const peer = plainAddress(socket.remoteAddress);
    if (!room.enter(peer)) {
      socket.destroy();
      return false;
    }
    sockets.add(socket);
    const late = setTimeout(() => socket.destroy(), LONGEST_VISIT);
    socket.once('close', () => {
      clearTimeout(late);
      sockets.delete(socket);
      room.leave(peer);
    });
    return true;
  };

  const explicit = createServer((socket) => {
    if (welcome(socket)) ftpSession(parts, socket, false);
  });
  const implicit = createServer((socket) => {
    if (!welcome(socket)) return;
    socket.on('error', () => undefined);
    ftpSession(parts, new TLSSocket(socket, { isServer: true, secureContext }), true);
  });
  const port = await listen(explicit, rule.port, bind);
  let tlsPort: number | undefined;
  try {
    tlsPort = rule.tlsPort === undefined ? undefined : await listen(implicit, rule.tlsPort, bind);
  } catch (thrown) {
    explicit.close();
    throw thrown;
  }
  return {
    port,
    tlsPort,
    async [Symbol.asyncDispose]() {
      const closed = [explicit, implicit].map(
        (server) => new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve())),
      );
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
};
