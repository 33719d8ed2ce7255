// One client's connection to the simulated camera: requests in, answers out (RFC 2326), and the session it set up.

import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { StreamRole } from '../domain/camera.ts';
import type { Credentials } from '../domain/secret.ts';
import type { Clip } from './clip.ts';
import { describe, type Media } from './description.ts';
import { type ActiveFault, faultOf } from './fault.ts';
import { connectionLogin, type LoginScheme } from './login.ts';
import { type Outlet, outlet } from './outlet.ts';
import { type Request, requestReader } from './request.ts';
import { metadataTrack, type RtpStart, soundTrack, type TrackCounters, type VideoTrack, videoTrack } from './track.ts';

/** What a connection needs of its camera. */
export interface Stage {
  readonly host: string;
  readonly credentials: Credentials | undefined;
  readonly schemes: readonly LoginScheme[];
  readonly hasSound: boolean;
  readonly hasMetadata: boolean;
  readonly fault: () => ActiveFault | undefined;
  readonly roleOf: (path: string) => StreamRole | undefined;
  readonly described: (role: StreamRole) => { readonly clip: Clip; readonly fps: number };
  readonly elapsed: () => number;
  /** Takes one of the camera's places, or says why not. */
  readonly admit: (session: Session) => 'admitted' | 453 | 503;
  readonly leave: (session: Session) => void;
  readonly play: (session: Session) => void;
  readonly counters: TrackCounters & { refused: number; readonly requests: Record<string, number> };
}

/** What one client set up. */
export interface Session {
  readonly id: string;
  readonly role: StreamRole;
  readonly outlet: Outlet;
  /** PLAY will be accepted and nothing sent. */
  isMute: boolean;
  isPlaying: boolean;
  /** `elapsed` of the last request: what the session timeout counts from. RTCP does not count, as with strict cameras. */
  heardAt: number;
  video: VideoTrack | undefined;
  sound: ((elapsed: number, length: number) => void) | undefined;
  metadata: ((elapsed: number, document: string) => void) | undefined;
  drop(): void;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  423: 'Locked',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

const PUBLIC = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';
/** Session timeout in seconds when no fault enforces another (RFC 2326 section 12.37's default). */
const SESSION_TIMEOUT = 60;

interface Target {
  readonly role: StreamRole;
  /** From 1; undefined for the whole stream. */
  readonly track: number | undefined;
}

export const serveConnection = (socket: Socket, stage: Stage): void => {
  const { fault, counters } = stage;
  const out = outlet(socket, () => faultOf(fault(), 'slow', session?.role)?.bytesPerSecond);
  const login = stage.credentials && connectionLogin(stage.credentials, stage.schemes);
  const read = requestReader();
  let session: Session | undefined;

  const answer = (request: Request, status: number, headers: readonly string[] = [], body: string = ''): void => {
    const lines = [
      `RTSP/1.0 ${status} ${REASONS[status] ?? 'Error'}`,
      `CSeq: ${request.headers.get('cseq') ?? '0'}`,
      'Server: Stillwatch simulated camera',
      ...headers,
      ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ];
    out.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  };

  const refuse = (request: Request, isStale: boolean): void => {
    counters.refused += 1;
    answer(
      request,
      401,
      (login?.challenges(isStale) ?? []).map((challenge) => `WWW-Authenticate: ${challenge}`),
    );
  };

  /** True when the request may go on; otherwise it has been answered. */
  const isWelcome = (request: Request): boolean => {
    if (!login) return true;
    const result = login.check(request, faultOf(fault(), 'stale-nonce') !== undefined);
    const locked = faultOf(fault(), 'locked');
    if (result === 'accepted' && locked && locked.status !== 401) {
      counters.refused += 1;
      answer(request, locked.status);
      return false;
    }
    if (result === 'accepted' && !locked && !faultOf(fault(), 'wrong-password')) return true;
    refuse(request, result === 'stale');
    return false;
  };

  const targetOf = (url: string): Target | undefined => {
    const path = URL.canParse(url) ? new URL(url).pathname : '';
    const match = /^(.*?)(?:\/track(\d+))?\/?$/.exec(path);
    const role = stage.roleOf(match?.[1] ?? '');
    if (!role || faultOf(fault(), 'no-such-path', role)) return undefined;
    return { role, track: match?.[2] === undefined ? undefined : Number(match[2]) };
  };

  const mediaOf = (role: StreamRole): readonly Media[] => {
    const unknown = faultOf(fault(), 'unknown-codec', role);
    const sound: Media[] = stage.hasSound || faultOf(fault(), 'no-video', role) ? [{ type: 'audio' }] : [];
    if (faultOf(fault(), 'no-video', role)) return sound;
    if (unknown) return [{ type: 'unknown-codec', codec: unknown.codec }, ...sound];
    const metadata: Media[] = stage.hasMetadata ? [{ type: 'metadata' }] : [];
    return [{ type: 'video', ...stage.described(role) }, ...sound, ...metadata];
  };

  const sessionHeader = (one: Session): string => {
    const enforced = faultOf(fault(), 'session-timeout', one.role);
    return `Session: ${one.id};timeout=${enforced ? Math.ceil(enforced.milliseconds / 1000) : SESSION_TIMEOUT}`;
  };

  const newSession = (role: StreamRole): Session => ({
    id: randomBytes(4).toString('hex').toUpperCase(),
    role,
    outlet: out,
    isMute: false,
    isPlaying: false,
    heardAt: stage.elapsed(),
    video: undefined,
    sound: undefined,
    metadata: undefined,
    drop: () => socket.destroy(),
  });

  const end = (): void => {
    if (session) stage.leave(session);
    session = undefined;
  };

  const setUp = (request: Request, target: Target): void => {
    // An aggregate SETUP is allowed only when there is one medium (RFC 2326 section 10.4); this camera never takes it.
    const media = mediaOf(target.role)[(target.track ?? 0) - 1];
    if (!media) return answer(request, 404);
    const transport = request.headers.get('transport') ?? '';
    const channels = /interleaved=(\d+)-(\d+)/.exec(transport);
    if (!/^RTP\/AVP\/TCP/i.test(transport)) return answer(request, 461);
    const channel = Number(channels?.[1] ?? (session ? 2 : 0));
    if (channel > 254) return answer(request, 461);
    if (session && (session.role !== target.role || session.isPlaying)) return answer(request, 455);
    if (!session) {
      const fresh = newSession(target.role);
      const admitted = stage.admit(fresh);
      if (admitted !== 'admitted') return answer(request, admitted);
      session = fresh;
    }
    const options = { socket, outlet: out, role: target.role, channel, fault, counters };
    if (media.type === 'video') session.video = videoTrack(options);
    if (media.type === 'audio') session.sound = soundTrack(options);
    if (media.type === 'metadata') session.metadata = metadataTrack(options);
    return answer(request, 200, [
      `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
      sessionHeader(session),
    ]);
  };

  const rtpInfo = (request: Request, start: RtpStart): string =>
    `RTP-Info: url=${request.url.replace(/\/$/, '')}/track1;seq=${start.sequence};rtptime=${start.timestamp}`;

  const play = (request: Request, current: Session): void => {
    const info = current.video && !current.isPlaying ? [rtpInfo(request, current.video.start(stage.elapsed()))] : [];
    answer(request, 200, [sessionHeader(current), 'Range: npt=now-', ...info]);
    if (!current.isMute) stage.play(current);
  };

  const describeStream = (request: Request, target: Target): void => {
    const body = describe(stage.host, mediaOf(target.role));
    answer(request, 200, ['Content-Type: application/sdp', `Content-Base: ${request.url.replace(/\/$/, '')}/`], body);
  };

  const inSession = (request: Request, act: (current: Session) => void): void => {
    const id = (request.headers.get('session') ?? '').split(';')[0];
    if (!session || session.id !== id) return answer(request, 454);
    return act(session);
  };

  const serve = (request: Request): void => {
    counters.requests[request.method] = (counters.requests[request.method] ?? 0) + 1;
    if (session) session.heardAt = stage.elapsed();
    if (!/^\d+$/.test(request.headers.get('cseq') ?? '')) return answer(request, 400);
    // Cameras tell what they can do to anybody.
    if (request.method === 'OPTIONS') return answer(request, 200, [`Public: ${PUBLIC}`]);
    if (!isWelcome(request)) return;
    const target = targetOf(request.url);
    if (!target) return answer(request, 404);
    switch (request.method) {
      case 'DESCRIBE':
        return describeStream(request, target);
      case 'SETUP':
        return setUp(request, target);
      case 'PLAY':
        return inSession(request, (current) => play(request, current));
      case 'PAUSE':
        return inSession(request, (current) => {
          current.isPlaying = false;
          answer(request, 200, [sessionHeader(current)]);
        });
      case 'TEARDOWN':
        return inSession(request, (current) => {
          if (faultOf(fault(), 'teardown-ignored', current.role)) return;
          end();
          answer(request, 200);
        });
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return inSession(request, (current) => answer(request, 200, [sessionHeader(current)]));
      case 'ANNOUNCE':
      case 'RECORD':
      case 'REDIRECT':
        return answer(request, 405, [`Allow: ${PUBLIC}`]);
      default:
        return answer(request, 501);
    }
  };

  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    for (const one of read(bytes)) {
      if (one.type === 'nonsense') {
        socket.end('RTSP/1.0 400 Bad Request\r\n\r\n');
        return;
      }
      if (one.type === 'request') serve(one.request);
    }
  });
  // A client that goes away is everyday; 'close' always follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    out.close();
    end();
  });
};
