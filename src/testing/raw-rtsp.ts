// A bare RTSP client for tests of the simulated camera: it shows every byte that came and decides nothing.
// Not the product's client, and no code of it: two ends that share a mistake agree.

import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { StreamRole } from '../domain/camera.ts';
import type { SimulatedCamera } from '../simulator/rtsp-server.ts';

export interface RawAnswer {
  readonly status: number;
  /** All values of a header, by its name in lower case. */
  header(name: string): readonly string[];
  readonly body: string;
}

export interface RawFrame {
  readonly channel: number;
  readonly bytes: Buffer;
}

/** One RTP packet's fields (RFC 3550 section 5.1). */
export interface RawRtp {
  readonly isLast: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

/** All packets of one timestamp. */
export interface RawPicture {
  readonly packets: readonly RawRtp[];
  readonly timestamp: number;
  /** H.264 NAL types, fragments joined, in order. */
  readonly nalTypes: readonly number[];
  /** NAL units, fragments joined (RFC 6184 sections 5.6 and 5.8). */
  readonly nals: readonly Buffer[];
}

export interface RawLogin {
  readonly user: string;
  readonly password: string;
}

export interface RawRtsp {
  request(method: string, url: string, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
  /** The same, answering a 401 once with the first Digest (or Basic) challenge; later requests reuse the nonce. */
  loggedIn(method: string, url: string, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
  frame(channel: number): Promise<RawFrame>;
  picture(): Promise<RawPicture>;
  /** Sends bytes as they are. */
  send(text: string): void;
  /** How the connection ended. */
  readonly ended: Promise<'ended' | 'reset'>;
  /** Everything received, whole and broken. */
  received(): Buffer;
  /** Bytes that are neither an answer nor a frame. */
  strays(): number;
  close(): void;
}

const parseRtp = (bytes: Buffer): RawRtp => ({
  isLast: ((bytes[1] ?? 0) & 0x80) !== 0,
  payloadType: (bytes[1] ?? 0) & 0x7f,
  sequence: bytes.readUInt16BE(2),
  timestamp: bytes.readUInt32BE(4),
  payload: bytes.subarray(12),
});

const joinNals = (packets: readonly RawRtp[]): Buffer[] => {
  const nals: Buffer[] = [];
  for (const { payload } of packets) {
    const [indicator = 0, header = 0] = payload;
    if ((indicator & 0x1f) !== 28) nals.push(payload);
    else if (header & 0x80)
      nals.push(Buffer.concat([Buffer.of((indicator & 0xe0) | (header & 0x1f)), payload.subarray(2)]));
    else nals.push(Buffer.concat([nals.pop() ?? Buffer.of(0), payload.subarray(2)]));
  }
  return nals;
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The Authorization value for a challenge; RFC 7616 with qop, RFC 2069 without. */
export const authorization = (challenge: string, login: RawLogin, method: string, url: string): string => {
  if (/^basic/i.test(challenge)) return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const field = (name: string): string => new RegExp(`${name}="?([^",]+)`, 'i').exec(challenge)?.[1] ?? '';
  const hash = /SHA-256/i.test(challenge) ? sha256 : md5;
  const [realm, nonce, qop] = [field('realm'), field('nonce'), field('qop')];
  const [first, second] = [hash(`${login.user}:${realm}:${login.password}`), hash(`${method}:${url}`)];
  const count = '00000001';
  const response = qop ? hash(`${first}:${nonce}:${count}:abcdef:auth:${second}`) : hash(`${first}:${nonce}:${second}`);
  const extras = qop ? `, qop=auth, nc=${count}, cnonce="abcdef"` : '';
  return `Digest username="${login.user}", realm="${realm}", nonce="${nonce}", uri="${url}", response="${response}"${extras}`;
};

export const rawRtsp = async (port: number, login?: RawLogin): Promise<RawRtsp> => {
  const socket = connect({ port, host: '127.0.0.1' });
  const answers: RawAnswer[] = [];
  const frames: RawFrame[] = [];
  let rest = Buffer.alloc(0);
  let all = Buffer.alloc(0);
  let strays = 0;
  let sequence = 0;
  let challenge: string | undefined;
  let isReset = false;
  let isOver = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
  };

  const parse = (): boolean => {
    if (rest.length === 0) return false;
    if (rest[0] === 0x24) {
      if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return false;
      const end = 4 + rest.readUInt16BE(2);
      frames.push({ channel: rest[1] ?? 0, bytes: rest.subarray(4, end) });
      rest = rest.subarray(end);
      return true;
    }
    if (!'RTSP/1.0'.startsWith(rest.toString('latin1', 0, 8).slice(0, 8))) {
      rest = rest.subarray(1);
      strays += 1;
      return true;
    }
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [first = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n');
    const header = (name: string): readonly string[] =>
      lines
        .filter((line) => line.toLowerCase().startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trim());
    const length = Number(header('content-length')[0] ?? 0);
    if (rest.length < end + 4 + length) return false;
    answers.push({
      status: Number(first.split(' ')[1]),
      header,
      body: rest.toString('utf8', end + 4, end + 4 + length),
    });
    rest = rest.subarray(end + 4 + length);
    return true;
  };
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    all = Buffer.concat([all, bytes]);
    while (parse());
    wake();
  });
  const ended = new Promise<'ended' | 'reset'>((resolve) => {
    socket.on('error', () => {
      isReset = true;
    });
    socket.on('close', () => {
      isOver = true;
      resolve(isReset ? 'reset' : 'ended');
      wake();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });

  /** Resolves with the first value that `take` gives. @throws when the connection is over before */
  const until = <T>(what: string, take: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const value = take();
        if (value === undefined && !isOver) return;
        waiting.delete(look);
        if (value === undefined) reject(new Error(`the connection ended before ${what} came`));
        else resolve(value);
      };
      waiting.add(look);
      look();
    });

  const request: RawRtsp['request'] = async (method, url, headers = {}) => {
    sequence += 1;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: ${sequence}\r\n${lines.join('')}\r\n`);
    return until(`the answer to ${method}`, () => answers.shift());
  };
  const take = (channel: number): RawFrame | undefined => {
    const index = frames.findIndex((frame) => frame.channel === channel);
    return index < 0 ? undefined : frames.splice(index, 1)[0];
  };

  return {
    request,
    loggedIn: async (method, url, headers = {}) => {
      if (!login) return request(method, url, headers);
      const known = challenge ? { Authorization: authorization(challenge, login, method, url) } : {};
      const answer = await request(method, url, { ...headers, ...known });
      const offered = answer.header('www-authenticate')[0];
      if (answer.status !== 401 || offered === undefined) return answer;
      challenge = offered;
      return request(method, url, { ...headers, Authorization: authorization(challenge, login, method, url) });
    },
    frame: (channel) => until(`a frame on channel ${channel}`, () => take(channel)),
    // A picture is whole when a packet of another time follows; the marker alone is not believed.
    picture: () =>
      until('a picture', () => {
        const packets = frames.filter((frame) => frame.channel === 0).map((frame) => parseRtp(frame.bytes));
        const timestamp = packets[0]?.timestamp;
        const end = packets.findIndex((packet) => packet.timestamp !== timestamp);
        if (timestamp === undefined || end < 0) return undefined;
        for (let count = 0; count < end; count += 1) take(0);
        const nals = joinNals(packets.slice(0, end));
        return { packets: packets.slice(0, end), timestamp, nals, nalTypes: nals.map((nal) => (nal[0] ?? 0) & 0x1f) };
      }),
    send: (text) => void socket.write(text),
    ended,
    received: () => all,
    strays: () => strays,
    close: () => socket.destroy(),
  };
};

export interface RawPlayer extends RawRtsp {
  readonly url: string;
  readonly session: string;
  readonly play: RawAnswer;
}

/** DESCRIBE, SETUP of the first medium, PLAY. @throws Error naming the step that was refused, with its status */
export const rawPlayer = async (camera: SimulatedCamera, role: StreamRole, login?: RawLogin): Promise<RawPlayer> => {
  const client = await rawRtsp(camera.port, login);
  const url = camera.url(role);
  const must = async (
    method: string,
    target: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawAnswer> => {
    const answer = await client.loggedIn(method, target, headers);
    if (answer.status === 200) return answer;
    client.close();
    throw new Error(`${method} ${answer.status}`);
  };
  await must('DESCRIBE', url);
  const setUp = await must('SETUP', `${url}/track1`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
  const session = (setUp.header('session')[0] ?? '').split(';')[0] ?? '';
  const play = await must('PLAY', url, { Session: session });
  return { ...client, url, session, play };
};
