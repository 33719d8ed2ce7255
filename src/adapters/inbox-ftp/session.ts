// One FTP control connection. A camera can log in, make believe it walks through folders, and store; nothing can be listed,
// read, renamed or deleted, because no file of anybody's is behind any name. 226 is said when the picture is durable.

import type { Server, Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { KNOWN_WITHIN } from '../../domain/crowd.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import type { FtpRule, InboxCamera } from '../../domain/inbox.ts';
import { isCutShort } from '../../domain/whole-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import type { BroughtBook } from './brought.ts';
import { extendedPortOf, LONGEST_LINE, parseCommand, portOf, walk } from './command.ts';
import { acceptData, connectData, type DataPorts, plainAddress, receive } from './data-channel.ts';
import type { Partials } from './partials.ts';

export interface SessionParts {
  readonly rule: FtpRule;
  readonly door: InboxDoor;
  readonly clock: Clock;
  readonly ports: DataPorts;
  readonly partials: Partials;
  readonly brought: BroughtBook;
  readonly secureContext: SecureContext;
  /** True: may log in without TLS. */
  readonly mayBePlain: (peer: string) => boolean;
  /** The address cameras are told for passive mode. */
  readonly passiveAddress: (socket: Socket) => string;
}

/** Between two commands. A camera uploads and hangs up. */
const IDLE = 120_000;
/** A mobile link that says nothing for so long has lost the call. */
const STALLED = 45_000;
const DATA_WITHIN = 30_000;
const MOST_FAILED_LOGINS = 3;

export const ftpSession = (parts: SessionParts, first: Socket, isSecureFromStart: boolean): void => {
  const { rule, door, clock, ports, partials, brought, secureContext } = parts;
  const peer = plainAddress(first.remoteAddress);
  let socket: Socket = first;
  let isSecure = isSecureFromStart;
  let isDataSecure = false;
  let user = '';
  let camera: InboxCamera | undefined;
  let failedLogins = 0;
  let folder = '/';
  let restartAt = 0;
  /** What RNFR named. */
  let renamed: string | undefined;
  let pendingData: ((secure: SecureContext | undefined) => Promise<Socket>) | undefined;
  let passive: Server | undefined;
  let buffer: Uint8Array = new Uint8Array(0);
  let queue: Promise<void> = Promise.resolve();
  const loginTimer = setTimeout(() => socket.destroy(), KNOWN_WITHIN);

  const say = (code: number, text: string): void => {
    if (socket.writable) socket.write(`${code} ${text}\r\n`);
  };

  /** RFC 959, 4.2: several lines begin with a hyphen and end with the code again. */
  const sayLines = (code: number, title: string, lines: readonly string[]): void => {
    if (socket.writable)
      socket.write(`${code}-${title}\r\n${lines.map((line) => ` ${line}\r\n`).join('')}${code} End\r\n`);
  };

  const dropData = (): void => {
    passive?.close();
    passive = undefined;
    pendingData = undefined;
  };

  /** Opens the prepared data connection. */
  const openData = async (): Promise<Socket | undefined> => {
    const open = pendingData;
    pendingData = undefined;
    if (!open) {
      say(425, 'Use PASV or EPSV first.');
      return undefined;
    }
    say(150, 'Go ahead.');
    try {
      return await open(isDataSecure ? secureContext : undefined);
    } catch {
      say(425, 'The data connection could not be made.');
      return undefined;
    } finally {
      passive = undefined;
    }
  };

  const store = async (owner: InboxCamera, name: string): Promise<void> => {
    const path = walk(folder, name);
    const from = restartAt;
    restartAt = 0;
    const earlier = from > 0 ? partials.take(owner.id, path) : undefined;
    if (from > 0 && (!earlier || earlier.length < from)) {
      dropData();
      return say(554, 'That much of it is not here: send it from the beginning.');
    }
    const data = await openData();
    if (!data) return;
    const most = Math.max(owner.limits.pictureBytes, owner.limits.clipBytes);
    const { end, bytes } = await receive(data, most - from, STALLED);
    const whole = earlier ? Buffer.concat([earlier.subarray(0, from), bytes]) : bytes;
    const receivedAt = clock.now().wall;
    const refuse = (code: 'SW_UPLOAD_CUT' | 'SW_UPLOAD_TOO_LARGE', detail: string): void =>
      door.refuse(owner.id, { way: 'ftp', receivedAt, code, detail, bytes: bytes.length });
    if (end === 'large') {
      refuse('SW_UPLOAD_TOO_LARGE', `more than ${Math.round(most / 1e6)} MB`);
      return say(552, 'Too large.');
    }
    // The end of a file is the end of its connection: a picture that breaks off in the middle was cut, however politely.
    if (end === 'cut' || isCutShort(whole)) {
      partials.keep(owner.id, path, whole);
      refuse('SW_UPLOAD_CUT', `${whole.length} bytes of it came`);
      return say(426, `Cut off after ${whole.length} bytes; go on with REST ${whole.length}.`);
    }
    try {
      const cost = bytes.length;
      const outcome = await door.deliver({ camera: owner.id, way: 'ftp', name: path, bytes: whole, cost, receivedAt });
      if (outcome.state === 'refused') return say(553, `Not taken: ${outcome.detail.replace(/[\r\n]+/g, ' ')}.`);
      const stills = outcome.state === 'noted' ? [] : outcome.stills;
      brought.note(owner.id, path, { bytes: whole.length, stills, receivedAt });
      return say(226, outcome.state === 'known' ? 'Had it already; safe.' : 'Safe on the disk.');
    } catch (thrown) {
      const { code } = toStillwatchError(thrown);
      return say(code === 'SW_STORE_FULL' ? 452 : 451, 'Not taken now; send it again later.');
    }
  };

  /** A name that nothing was brought under is renamed as well: folders are make-believe, too. */
  const rename = async (owner: InboxCamera, name: string): Promise<void> => {
    const from = renamed;
    renamed = undefined;
    if (from === undefined) return say(503, 'Say RNFR first.');
    const to = walk(folder, name);
    const what = brought.find(owner.id, from);
    if (what && what.stills.length > 0) {
      try {
        await door.rename(owner.id, { stills: what.stills, name: to, receivedAt: what.receivedAt });
      } catch {
        return say(451, 'Not renamed now; the picture is safe.');
      }
    }
    brought.rename(owner.id, from, to);
    return say(250, 'OK.');
  };

  /** A folder with nothing in it: cameras look before they store, and some give up on an error. */
  const listNothing = async (): Promise<void> => {
    const data = await openData();
    if (!data) return;
    data.end();
    say(226, 'Nothing to show: this is an inbox.');
  };

  const makePassive = async (isExtended: boolean): Promise<void> => {
    dropData();
    const { server, port } = await ports.listen();
    passive = server;
    const coming = (secure: SecureContext | undefined): Promise<Socket> =>
      arrived.then((data) => (secure ? new TLSSocket(data, { isServer: true, secureContext: secure }) : data));
    // Listening at once: the camera may connect before it says STOR.
    const arrived = acceptData(server, { peer, secure: undefined, within: DATA_WITHIN });
    arrived.catch(() => undefined);
    pendingData = coming;
    if (isExtended) return say(229, `Entering Extended Passive Mode (|||${port}|)`);
    const address = parts.passiveAddress(socket).replaceAll('.', ',');
    return say(227, `Entering Passive Mode (${address},${port >> 8},${port & 255})`);
  };

  const makeActive = (port: number | undefined): void => {
    dropData();
    if (!rule.allowsActive) return say(502, 'Use passive mode.');
    if (port === undefined) return say(501, 'No such port.');
    pendingData = (secure) => connectData(port, { peer, secure, within: DATA_WITHIN });
    return say(200, 'Will connect.');
  };

  const login = (key: string): void => {
    const answer = door.login(user, key, peer);
    if (answer.state === 'welcome') {
      camera = answer.camera;
      clearTimeout(loginTimer);
      socket.setTimeout(IDLE);
      return say(230, 'Welcome. Pictures can be left here, nothing else.');
    }
    failedLogins++;
    if (answer.state === 'wait' || failedLogins >= MOST_FAILED_LOGINS) {
      say(421, 'Too many wrong logins; try again later.');
      socket.end();
      return;
    }
    return say(530, 'User or password is not right.');
  };

  const startTls = (): void => {
    say(234, 'Go on in TLS.');
    const plain = socket;
    plain.removeAllListeners('data');
    // What came in the clear behind AUTH was not the camera's, or not meant for anyone to read (RFC 4217, 15.1).
    buffer = new Uint8Array(0);
    const secured = new TLSSocket(plain, { isServer: true, secureContext });
    socket = secured;
    isSecure = true;
    listenTo(secured);
  };

  const beforeLogin = (verb: string, argument: string): boolean => {
    switch (verb) {
      case 'AUTH':
        if (isSecure) say(503, 'It is TLS already.');
        else if (/^(?:TLS|TLS-C|SSL|TLS-P)$/i.test(argument)) {
          // "AUTH SSL" means a protected data channel from the start (RFC 4217, 17); clients say PROT all the same.
          startTls();
        } else say(504, 'TLS only.');
        return true;
      case 'PBSZ':
        say(200, 'PBSZ=0');
        return true;
      case 'PROT':
        if (argument.toUpperCase() === 'P' && isSecure) {
          isDataSecure = true;
          say(200, 'Data in TLS.');
        } else if (argument.toUpperCase() === 'C' && (!isSecure || parts.mayBePlain(peer))) {
          isDataSecure = false;
          say(200, 'Data in the clear.');
        } else say(isSecure ? 534 : 503, 'Data must be in TLS.');
        return true;
      case 'USER':
        if (!isSecure && !parts.mayBePlain(peer)) say(530, 'Not without TLS: use FTPS (AUTH TLS).');
        else {
          user = argument;
          camera = undefined;
          say(331, 'And the password?');
        }
        return true;
      case 'PASS':
        if (!isSecure && !parts.mayBePlain(peer)) say(530, 'Not without TLS.');
        else login(argument);
        return true;
      case 'FEAT':
        sayLines(211, 'Extensions:', ['AUTH TLS', 'EPSV', 'EPRT', 'PBSZ', 'PROT', 'REST STREAM', 'SIZE', 'UTF8']);
        return true;
      case 'SYST':
        say(215, 'UNIX Type: L8');
        return true;
      case 'NOOP':
        say(200, 'OK.');
        return true;
      case 'OPTS':
      case 'CLNT':
      case 'ACCT':
        say(200, 'OK.');
        return true;
      case 'HELP':
        sayLines(214, 'Known here', [
          'USER PASS AUTH PBSZ PROT PASV EPSV PORT EPRT TYPE STOR APPE REST SIZE CWD MKD QUIT',
        ]);
        return true;
      case 'QUIT':
        say(221, 'Goodbye.');
        socket.end();
        return true;
      default:
        return false;
    }
  };

  const afterLogin = async (owner: InboxCamera, verb: string, argument: string): Promise<void> => {
    switch (verb) {
      case 'PASV':
        return makePassive(false);
      case 'EPSV':
        return argument.toUpperCase() === 'ALL' ? say(200, 'OK.') : makePassive(true);
      case 'PORT':
        return makeActive(portOf(argument));
      case 'EPRT':
        return makeActive(extendedPortOf(argument));
      case 'TYPE':
        return /^[AIL]/i.test(argument) ? say(200, 'Bytes as they are.') : say(504, 'Bytes only.');
      case 'MODE':
        return /^S$/i.test(argument) ? say(200, 'Stream.') : say(504, 'Stream only.');
      case 'STRU':
        return /^F$/i.test(argument) ? say(200, 'File.') : say(504, 'File only.');
      case 'ALLO':
        return say(202, 'Not needed.');
      case 'REST':
        restartAt = /^\d{1,10}$/.test(argument) ? Number(argument) : 0;
        return say(350, `From ${restartAt}.`);
      case 'STOR':
        return argument === '' ? say(501, 'What is its name?') : store(owner, argument);
      case 'STOU':
        return store(owner, argument === '' ? 'unnamed.jpg' : argument);
      case 'APPE': {
        restartAt = partials.size(owner.id, walk(folder, argument)) ?? 0;
        return store(owner, argument);
      }
      case 'SIZE': {
        // Only of what this camera left unfinished, so that it can go on, and of what it has just brought.
        const path = walk(folder, argument);
        const size = partials.size(owner.id, path) ?? brought.find(owner.id, path)?.bytes;
        return size === undefined ? say(550, 'Not here.') : say(213, String(size));
      }
      case 'CWD':
      case 'XCWD':
        folder = walk(folder, argument);
        return say(250, 'OK.');
      case 'CDUP':
      case 'XCUP':
        folder = walk(folder, '..');
        return say(250, 'OK.');
      case 'PWD':
      case 'XPWD':
        return say(257, `"${folder.replaceAll('"', '""')}"`);
      case 'MKD':
      case 'XMKD':
        return say(257, `"${walk(folder, argument).replaceAll('"', '""')}"`);
      case 'LIST':
      case 'NLST':
      case 'MLSD':
        return listNothing();
      case 'MLST':
        return sayLines(250, 'Listing', [`type=dir; ${walk(folder, argument)}`]);
      case 'STAT':
        return argument === ''
          ? sayLines(211, 'Stillwatch inbox', ['Logged in'])
          : sayLines(213, 'Nothing to show', []);
      // Some set the time and the rights of what they brought; there is nothing to set them on.
      case 'MFMT':
        return say(213, argument.slice(0, 200));
      case 'SITE':
        return /^(?:CHMOD|UTIME|UMASK)\b/i.test(argument) ? say(200, 'OK.') : say(502, 'Not known here.');
      // Cameras that store under a temporary name and then rename: the picture is safe since 226, its name may tell its time.
      case 'RNFR':
        renamed = walk(folder, argument);
        return say(350, 'To what?');
      case 'RNTO':
        return rename(owner, argument);
      case 'ABOR':
        dropData();
        return say(226, 'Nothing is going on.');
      case 'RETR':
      case 'DELE':
      case 'RMD':
      case 'XRMD':
      case 'MDTM':
        return say(550, 'Pictures can be left here, nothing else.');
      default:
        return say(502, 'Not known here.');
    }
  };

  const obey = async (line: Uint8Array): Promise<void> => {
    const { verb, argument } = parseCommand(line);
    if (beforeLogin(verb, argument)) return;
    if (!camera) return say(530, 'Log in first.');
    try {
      await afterLogin(camera, verb, argument);
    } catch {
      say(451, 'Something went wrong here; try again later.');
    }
  };

  const take = (piece: Uint8Array): void => {
    buffer = buffer.length === 0 ? piece : Buffer.concat([buffer, piece]);
    for (;;) {
      const end = buffer.indexOf(0x0a);
      if (end < 0) break;
      const line = buffer.subarray(0, end);
      buffer = buffer.subarray(end + 1);
      const isTls = /^AUTH$/.test(parseCommand(line).verb);
      queue = queue.then(() => obey(line));
      // Nothing behind it belongs to the plain connection.
      if (isTls) return;
    }
    if (buffer.length > LONGEST_LINE) {
      say(500, 'No command is so long.');
      socket.destroy();
    }
  };

  const listenTo = (control: Socket): void => {
    control.on('data', take);
    control.on('error', () => undefined);
    control.on('timeout', () => {
      say(421, 'Silent for too long.');
      control.destroy();
    });
    control.once('close', () => {
      if (control !== socket) return;
      clearTimeout(loginTimer);
      dropData();
    });
  };

  socket.setNoDelay(true);
  listenTo(socket);
  say(220, 'Stillwatch inbox');
};
