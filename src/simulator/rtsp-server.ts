// The simulated camera: an RTSP server of our own with two streams in step and faults that can be switched while it runs.
// It is the counterpart of src/adapters/rtsp and must share no code with it, or both would repeat one mistake.

import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { StreamRole } from '../domain/camera.ts';
import type { Credentials } from '../domain/secret.ts';
import { type Ms, ms } from '../domain/units.ts';
import type { AccessUnit, Clip } from './clip.ts';
import { type ActiveFault, faultOf } from './fault.ts';
import type { LoginScheme } from './login.ts';
import { type Programme, programme, type Showing } from './programme.ts';
import { type Session, type Stage, serveConnection } from './rtsp-connection.ts';
import type { Clocked } from './track.ts';

export interface SimulatedCameraOptions {
  readonly streams: Readonly<Record<StreamRole, Clip>>;
  /** Without them everybody is let in. */
  readonly credentials?: Credentials;
  /** What a 401 offers, in this order. Default: `['digest-md5']`, as most cameras. */
  readonly schemes?: readonly LoginScheme[];
  /** Default 0: the system chooses. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly paths?: Readonly<Record<StreamRole, string>>;
  /** How many sessions there are places for, and what the next one hears. Default: no limit. */
  readonly sessionLimit?: { readonly sessions: number; readonly answer: 453 | 503 };
  /** What a client gets first: the picture that is due (most cameras), or the group of pictures so far. */
  readonly onPlay?: 'mid-group' | 'group-so-far';
  /** How much faster than life the scene runs. Default 1. */
  readonly speed?: number;
  /** A second medium, silent PCMA, as cameras with a microphone have. Default true. */
  readonly hasSound?: boolean;
  /** A track of ONVIF metadata beside the pictures. Default false. */
  readonly hasMetadata?: boolean;
}

export interface SimulatedCameraStats {
  readonly connections: number;
  /** Requests answered with 401, 403 or 423. */
  readonly refused: number;
  /** Requests by method. */
  readonly requests: Readonly<Record<string, number>>;
  readonly packets: number;
  readonly bytes: number;
  readonly pictures: number;
  /** Pictures left out because a client did not read fast enough. */
  readonly skipped: number;
}

export interface SimulatedCamera extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Without credentials. */
  url(role: StreamRole): string;
  /** Resolves when the fault is in force; undefined mends the camera. */
  setFault(fault: ActiveFault | undefined): Promise<void>;
  fault(): ActiveFault | undefined;
  /** Sessions that have a place now. */
  sessions(): number;
  stats(): SimulatedCameraStats;
  /** Where the scene is in its loop. */
  sceneAt(): Ms;
  /** Sends one metadata document to everybody who plays that track. */
  sendMetadata(document: string): void;
  /** Length of the scene's loop. */
  readonly sceneLength: Ms;
  /** The newest key frame of a stream: for still pictures over HTTP. */
  keyFrame(role: StreamRole): { readonly clip: Clip; readonly unit: AccessUnit };
  close(): Promise<void>;
}

const ROLES: readonly StreamRole[] = ['main', 'sub'];
const PATHS: Readonly<Record<StreamRole, string>> = { main: '/stream1', sub: '/stream2' };

interface Stream {
  readonly programme: Programme;
  /** Pictures per second of real time. */
  readonly rate: number;
  readonly players: Set<Session>;
  nextTick: number;
  timer: NodeJS.Timeout | undefined;
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

const showingOf = async (fault: ActiveFault | undefined, role: StreamRole, clip: Clip): Promise<Showing> => {
  const privacy = faultOf(fault, 'privacy', role);
  if (privacy?.picture === 'frozen') return { type: 'frozen' };
  if (!privacy && !faultOf(fault, 'resolution-change', role)) return { type: 'clip' };
  // Only these two need an encoder, which takes a tenth of a second to load.
  const { blackClip, otherSizeClip } = await import('./plain-clip.ts');
  return { type: 'other', clip: privacy ? blackClip(clip) : otherSizeClip(clip) };
};

/** Starts a camera on a port. Resolves when it accepts connections. */
export const simulatedCamera = async (options: SimulatedCameraOptions): Promise<SimulatedCamera> => {
  const host = options.host ?? '127.0.0.1';
  const paths = options.paths ?? PATHS;
  const speed = options.speed ?? 1;
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const clock = (): Clocked => ({ elapsed: elapsed(), wall: performance.timeOrigin + performance.now() });
  const stream = (role: StreamRole): Stream => ({
    programme: programme(options.streams[role]),
    rate: options.streams[role].fps * speed,
    players: new Set(),
    nextTick: 0,
    timer: undefined,
  });
  const streams: Readonly<Record<StreamRole, Stream>> = { main: stream('main'), sub: stream('sub') };
  const sockets = new Set<Socket>();
  const places = new Set<Session>();
  const counters = { packets: 0, bytes: 0, pictures: 0, skipped: 0, refused: 0, requests: {} };
  let connections = 0;
  let fault: ActiveFault | undefined;
  let isClosed = false;
  let rebootTimer: NodeJS.Timeout | undefined;

  const tickAt = (one: Stream, at: number): number => Math.floor((at * one.rate) / 1000);

  /** No camera can send a picture before it has seen it: what B-frames build on waits for its own moment. */
  const shownTick = (one: Stream, unit: AccessUnit): number => one.nextTick + Math.max(0, unit.shownLater);

  /** Sends what is due on one stream to everybody who plays it, and waits for the next picture. */
  const run = (role: StreamRole): void => {
    const one = streams[role];
    one.timer = undefined;
    if (one.players.size === 0) return;
    const now = clock();
    const due = tickAt(one, now.elapsed);
    // After a pause of this process the pictures of the pause are sent late, as from a camera behind a bad line.
    let unit = one.programme.at(one.nextTick);
    while (shownTick(one, unit) <= due) {
      for (const session of one.players) sendTo(session, one, unit, one.nextTick, now);
      one.nextTick += 1;
      unit = one.programme.at(one.nextTick);
    }
    one.timer = setTimeout(run, Math.max(1, (shownTick(one, unit) * 1000) / one.rate - elapsed()), role);
  };

  const sendTo = (session: Session, one: Stream, unit: AccessUnit, tick: number, now: Clocked): void => {
    if (!session.isPlaying) return;
    const timeout = faultOf(fault, 'session-timeout', session.role);
    if (timeout && now.elapsed - session.heardAt > timeout.milliseconds) return session.drop();
    const at = (tick * 1000) / one.rate;
    session.sound?.(at, 1000 / one.rate);
    const { codec } = options.streams[session.role];
    session.video?.send(codec, unit, at + (unit.shownLater * 1000) / one.rate, now);
  };

  const play = (session: Session): void => {
    if (session.isPlaying) return;
    const one = streams[session.role];
    session.isPlaying = true;
    if (one.players.size === 0) one.nextTick = tickAt(one, elapsed());
    if (options.onPlay === 'group-so-far') {
      const last = one.nextTick - 1;
      const group = last >= 0 && !one.programme.at(one.nextTick).isKey ? one.programme.groupAt(last) : [];
      const now = clock();
      for (const [index, unit] of group.entries()) sendTo(session, one, unit, last - group.length + 1 + index, now);
    }
    one.players.add(session);
    if (!one.timer) run(session.role);
  };

  const stage: Stage = {
    host,
    credentials: options.credentials,
    schemes: options.schemes ?? ['digest-md5'],
    hasSound: options.hasSound ?? true,
    hasMetadata: options.hasMetadata ?? false,
    fault: () => fault,
    roleOf: (path) => ROLES.find((role) => paths[role] === path),
    described: (role) => ({ clip: streams[role].programme.described(), fps: streams[role].rate }),
    elapsed,
    admit: (session) => {
      const full = faultOf(fault, 'session-limit', session.role);
      if (full && full.answer !== 'silent') return full.answer;
      if (options.sessionLimit && places.size >= options.sessionLimit.sessions) return options.sessionLimit.answer;
      session.isMute = full !== undefined;
      places.add(session);
      return 'admitted';
    },
    leave: (session) => {
      places.delete(session);
      streams[session.role].players.delete(session);
    },
    play,
    counters,
  };

  const newServer = (): Server =>
    createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serveConnection(socket, stage);
    });
  let server = newServer();
  const port = await listen(server, options.port ?? 0, host);

  const shutDown = async (): Promise<void> => {
    const closed = closeServer(server);
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };

  const comeBack = async (): Promise<void> => {
    if (isClosed) return;
    server = newServer();
    try {
      await listen(server, port, host);
      if (fault?.name === 'rebooting') fault = undefined;
    } catch {
      // The port was ours a moment ago; if another program took it meanwhile, the camera stays away as if unplugged.
    }
  };

  const reboot = async (milliseconds: number): Promise<void> => {
    clearTimeout(rebootTimer);
    await shutDown();
    rebootTimer = setTimeout(() => void comeBack(), milliseconds);
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    clearTimeout(rebootTimer);
    for (const role of ROLES) clearTimeout(streams[role].timer);
    await shutDown();
  };

  const sceneLength = (options.streams.sub.units.length / options.streams.sub.fps) * 1000;
  return {
    host,
    port,
    url: (role) => `rtsp://${host}:${port}${paths[role]}`,
    setFault: async (wanted) => {
      const showings = await Promise.all(ROLES.map((role) => showingOf(wanted, role, options.streams[role])));
      fault = wanted;
      for (const [index, role] of ROLES.entries()) {
        const one = streams[role];
        one.programme.want(showings[index] ?? { type: 'clip' });
        // Frozen means this moment, watched or not.
        if (one.players.size === 0) one.programme.at(tickAt(one, elapsed()));
      }
      const rebooting = faultOf(wanted, 'rebooting');
      if (rebooting) await reboot(rebooting.milliseconds);
    },
    fault: () => fault,
    sessions: () => places.size,
    stats: () => ({ connections, ...counters, requests: { ...counters.requests } }),
    sceneAt: () => ms((elapsed() * speed) % sceneLength),
    sendMetadata: (document) => {
      for (const session of places) if (session.isPlaying) session.metadata?.(elapsed(), document);
    },
    sceneLength: ms(sceneLength),
    keyFrame: (role) => {
      const one = streams[role];
      return { clip: one.programme.described(), unit: one.programme.keyAt(tickAt(one, elapsed())) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};
