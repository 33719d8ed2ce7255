// A mail server that takes pictures from cameras and relays nothing. 250 is said when every picture of the message is durable.

import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { crowd, KNOWN_WITHIN, LONGEST_VISIT } from '../../domain/crowd.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { CameraId } from '../../domain/ids.ts';
import { isPlainAllowed, type MailRule } from '../../domain/inbox.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { deliverMessage } from './deliver-message.ts';

export interface InboxSmtpOptions {
  readonly rule: MailRule;
  readonly bind: string;
  readonly door: InboxDoor;
  readonly clock: Clock;
  readonly tls: { readonly key: Secret; readonly certificate: string };
  readonly isPrivate: (address: string) => boolean;
}

export interface InboxSmtp extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number | undefined;
}

/** A burst of ten pictures of 4 MB in base64. */
const MOST_BYTES = 64 * 1024 * 1024;
const SILENT_WITHIN = 60_000;

const answer = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

const plainPeer = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/i, '');

/** One line, by where it comes from. */
const lineOf = (address: string | undefined, port: number | undefined): string => `${plainPeer(address)} ${port ?? 0}`;

/** The camera a session belongs to; `smtp-server` carries it as the session's user. */
const cameraOf = (user: unknown): CameraId | undefined => (typeof user === 'string' ? (user as CameraId) : undefined);

const readAll = async (
  stream: AsyncIterable<Uint8Array> & { readonly sizeExceeded: boolean },
): Promise<Uint8Array | undefined> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    // Read to the end all the same: only then may the server answer.
    if (length <= MOST_BYTES) pieces.push(piece);
  }
  return length > MOST_BYTES || stream.sizeExceeded ? undefined : Buffer.concat(pieces);
};

const serverOptions = (
  { rule, door, clock, tls, isPrivate }: InboxSmtpOptions,
  known: Set<string>,
  isImplicit: boolean,
): SMTPServerOptions => {
  const mayBePlain = (peer: string): boolean => isPlainAllowed(rule.plain, isPrivate(peer));
  return {
    secure: isImplicit,
    name: 'stillwatch',
    banner: 'Stillwatch inbox',
    key: tls.key.reveal(),
    cert: tls.certificate,
    size: MOST_BYTES,
    authMethods: ['PLAIN', 'LOGIN'],
    // Decided per peer below: cameras of this network may know no TLS.
    allowInsecureAuth: rule.plain !== 'no',
    authOptional: true,
    hideENHANCEDSTATUSCODES: true,
    disableReverseLookup: true,
    socketTimeout: SILENT_WITHIN,
    closeTimeout: 2000,
    onAuth({ username, password }, session, callback) {
      const peer = plainPeer(session.remoteAddress);
      if (!session.secure && !mayBePlain(peer)) return callback(answer(538, 'Not without TLS: use STARTTLS.'));
      const login = door.login(username?.split('@')[0] ?? '', password ?? '', peer);
      if (login.state === 'welcome') {
        known.add(lineOf(session.remoteAddress, session.remotePort));
        return callback(null, { user: login.camera.id });
      }
      const error =
        login.state === 'wait'
          ? answer(454, 'Too many wrong logins; later.')
          : answer(535, 'User or password is not right.');
      return callback(error);
    },
    onMailFrom(_, session, callback) {
      if (!session.secure && !mayBePlain(plainPeer(session.remoteAddress))) {
        return callback(answer(530, 'Not without TLS: use STARTTLS.'));
      }
      return callback(null);
    },
    onRcptTo({ address }, session, callback) {
      // A camera that is logged in may name any address: it is not sent there.
      if (cameraOf(session.user) !== undefined) return callback(null);
      const login = door.loginByAddress(address, plainPeer(session.remoteAddress));
      if (login.state !== 'welcome') return callback(answer(530, 'Log in, or use the address of the set-up page.'));
      session.user = login.camera.id;
      known.add(lineOf(session.remoteAddress, session.remotePort));
      return callback(null);
    },
    onData(stream, session, callback) {
      const camera = cameraOf(session.user);
      const receivedAt = clock.now().wall;
      const work = async (): Promise<string> => {
        const raw = await readAll(stream);
        if (camera === undefined) throw answer(530, 'Log in first.');
        if (!raw) {
          const detail = `more than ${Math.round(MOST_BYTES / 1e6)} MB`;
          door.refuse(camera, { way: 'mail', receivedAt, code: 'SW_UPLOAD_TOO_LARGE', detail, bytes: MOST_BYTES });
          throw answer(552, 'Too large.');
        }
        const outcomes = await deliverMessage({ camera, way: 'mail', raw, receivedAt }, door).catch(() => {
          throw answer(451, 'Not taken now; send it again later.');
        });
        const [first] = outcomes;
        if (first?.state === 'refused' && outcomes.every(({ state }) => state === 'refused')) {
          throw answer(554, `Not taken: ${first.detail.replace(/[\r\n]+/g, ' ')}`);
        }
        return 'Safe on the disk.';
      };
      void (async () => {
        let said: string | undefined;
        let failed: Error | undefined;
        try {
          said = await work();
        } catch (thrown) {
          failed = thrown instanceof Error ? thrown : answer(451, 'Later.');
        }
        if (failed) callback(failed);
        else callback(null, said);
      })();
    },
  };
};

/** The library looks at silence only: a stranger that sends a letter a minute would stay for ever. */
const keepRoom = (server: SMTPServer, known: Set<string>): void => {
  const room = crowd();
  server.server.on('connection', (socket: Socket) => {
    const peer = plainPeer(socket.remoteAddress);
    if (!room.enter(peer)) {
      socket.destroy();
      return;
    }
    const line = lineOf(socket.remoteAddress, socket.remotePort);
    const stranger = setTimeout(() => {
      if (!known.has(line)) socket.destroy();
    }, KNOWN_WITHIN);
    const late = setTimeout(() => socket.destroy(), LONGEST_VISIT);
    socket.once('close', () => {
      clearTimeout(stranger);
      clearTimeout(late);
      known.delete(line);
      room.leave(peer);
    });
  });
};

const listen = (server: SMTPServer, known: Set<string>, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new StillwatchError('SW_PORT_IN_USE', { port })
          : error,
      ),
    );
    server.listen(port, host, () => {
      // Errors of single connections are theirs, not the server's.
      server.on('error', () => undefined);
      keepRoom(server, known);
      resolve((server.server.address() as AddressInfo).port);
    });
  });

/** @throws StillwatchError SW_PORT_IN_USE */
export const inboxSmtp = async (options: InboxSmtpOptions): Promise<InboxSmtp> => {
  /** Lines that have said who they are. */
  const known = new Set<string>();
  const explicit = new SMTPServer(serverOptions(options, known, false));
  const port = await listen(explicit, known, options.rule.port, options.bind);
  const servers = [explicit];
  let tlsPort: number | undefined;
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  };
  if (options.rule.tlsPort !== undefined) {
    const implicit = new SMTPServer(serverOptions(options, known, true));
    try {
      tlsPort = await listen(implicit, known, options.rule.tlsPort, options.bind);
      servers.push(implicit);
    } catch (thrown) {
      await close();
      throw thrown;
    }
  }
  return { port, tlsPort, [Symbol.asyncDispose]: close };
};
