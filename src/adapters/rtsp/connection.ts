// One control connection to a camera: bytes in and out, answers matched to requests, sign-in, deadlines. Knows nothing of
// video; interleaved frames pass through. Fails once, with one error, and then everything waiting on it fails with that.

import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { StillwatchError } from '../../domain/errors.ts';
import type { Credentials } from '../../domain/secret.ts';
import { type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { SignIn } from './authorization.ts';
import { cameraError, type RtspMethod, socketFailure } from './failure.ts';
import { formatAnswer, formatRequest, header, type RtspMessage, RtspParser, type RtspResponse } from './message.ts';
import { formatStreamUrl, type StreamUrl } from './stream-url.ts';

export interface ConnectionOptions {
  readonly url: StreamUrl;
  readonly credentials: Credentials | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Who takes what is not an answer. */
export interface ConnectionUser {
  frame(channel: number, bytes: Buffer, start: number, end: number): void;
  /** All that had arrived has been passed on. */
  drained(): void;
  failed(error: StillwatchError): void;
}

/** `flowing`: read as it comes. `once`: read what is there, then stop. */
type Reading = 'flowing' | 'once' | 'stopped';

const CONNECT_TIMEOUT: Ms = ms(5000);
const RESPONSE_TIMEOUT: Ms = ms(5000);
// A sign-in and one renewal of the nonce; a camera that asks more often is refusing.
const MAX_CHALLENGES = 2;
// Requests are a few hundred bytes: a camera that has taken none of 64 kB will not take more.
const MAX_UNSENT = 64 * 1024;
const READ_SIZE = 64 * 1024;

// The kernel reads into it and the parser has taken or copied everything before the next read of any connection starts.
const readBuffer = Buffer.allocUnsafeSlow(READ_SIZE);

interface Waiting {
  readonly resolve: (response: RtspResponse) => void;
  readonly reject: (error: unknown) => void;
}

// Timers come before sockets in a turn of the event loop: after the shortest sleep, what waited in the kernel has been read.
export const ONE_TURN: Ms = ms(1);

/** Rejects with `late()` if `work` takes longer: not if it is we who were late, and its end waits to be read. */
export const withDeadline = async <T>(clock: Clock, by: Ms, work: Promise<T>, late: () => Error): Promise<T> => {
  const stop = new AbortController();
  try {
    return await Promise.race([
      work,
      clock
        .sleep(by, stop.signal)
        .then(() => clock.sleep(ONE_TURN, stop.signal))
        .then((): never => {
          throw late();
        }),
    ]);
  } finally {
    stop.abort();
  }
};

export class RtspConnection {
  readonly url: StreamUrl;
  readonly signIn: SignIn;
  readonly #clock: Clock;
  readonly #parser: RtspParser;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #user: ConnectionUser | undefined;
  #reading: Reading = 'flowing';
  #cseq = 0;
  #error: unknown;
  #isClosed = false;

  private constructor({ url, credentials, clock }: ConnectionOptions) {
    this.url = url;
    this.#clock = clock;
    this.signIn = new SignIn(credentials, () => randomBytes(8).toString('hex'));
    this.#parser = new RtspParser({
      frame: (channel, bytes, start, end) => this.#user?.frame(channel, bytes, start, end),
      message: (message) => this.#receive(message),
    });
  }

  /** Resolves when requests can be sent. If `signal` aborts before, it rejects with the reason; afterwards it is the user's. */
  static async open(options: ConnectionOptions): Promise<RtspConnection> {
    const { url, clock, signal } = options;
    signal.throwIfAborted();
    const connection = new RtspConnection(options);
    const abort = (): void => connection.#fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const late = (): Error => cameraError('SW_CAM_UNREACHABLE', url, { detail: 'no answer' });
      await withDeadline(clock, CONNECT_TIMEOUT, connection.#connect(), late);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The camera's address as the socket knows it. */
  get remoteAddress(): string | undefined {
    return this.#socket?.remoteAddress;
  }

  use(user: ConnectionUser): void {
    this.#user = user;
  }

  /**
   * Sends a request and waits for its final answer, signing in when the camera asks.
   * @throws StillwatchError SW_CAM_AUTH, SW_CAM_SILENT, SW_CAM_LOST, SW_CAM_PROTOCOL; other refusals are the caller's
   */
  async request(
    method: RtspMethod,
    url: StreamUrl,
    headers: Readonly<Record<string, string>> = {},
    timeout: Ms = RESPONSE_TIMEOUT,
  ): Promise<RtspResponse> {
    const uri = formatStreamUrl(url);
    for (let challenges = 0; ; challenges++) {
      const authorization = this.signIn.authorization(method, uri);
      const response = await this.#exchange(method, uri, headers, authorization, timeout);
      if (response.status !== 401) {
        if (authorization !== undefined && response.status < 300) this.signIn.accepted();
        return response;
      }
      const verdict = this.signIn.challenged(response.headers, authorization !== undefined);
      if (verdict === 'foreign') {
        const detail = `a sign-in we do not know: ${this.signIn.offered.join(', ') || 'not named'}`;
        throw cameraError('SW_CAM_PROTOCOL', this.url, { detail });
      }
      if (verdict !== 'try' || challenges >= MAX_CHALLENGES) {
        throw cameraError('SW_CAM_AUTH', this.url, { status: '401', sentPassword: authorization ? 'yes' : 'no' });
      }
    }
  }

  /** Sends an interleaved frame, unless the camera has stopped taking anything. */
  sendFrame(channel: number, content: Buffer): void {
    const frame = Buffer.allocUnsafe(4 + content.length);
    frame.writeUInt8(0x24, 0);
    frame.writeUInt8(channel, 1);
    frame.writeUInt16BE(content.length, 2);
    content.copy(frame, 4);
    this.#write(frame);
  }

  /** Reads everything as it comes. */
  flow(): void {
    this.#reading = 'flowing';
    this.#socket?.resume();
  }

  /** Reads what lies in the kernel, then leaves the rest there. */
  readOnce(): void {
    if (this.#reading !== 'stopped') return;
    this.#reading = 'once';
    this.#socket?.resume();
  }

  /** Leaves everything in the kernel: the camera will be held back when its buffers are full. */
  stopReading(): void {
    this.#reading = 'stopped';
    this.#socket?.pause();
  }

  /** Frees the socket at once. */
  close(): void {
    this.#fail(cameraError('SW_CAM_LOST', this.url, { detail: 'closed by us' }), true);
  }

  #connect(): Promise<void> {
    const { host, port, isTls } = this.url;
    return new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject });
      const socket = isTls
        ? connectTls({
            host,
            port,
            // A camera's certificate is signed by itself. Whom we talk to is the business of trust on first use.
            rejectUnauthorized: false,
            ...(isIP(host) === 0 ? { servername: host } : {}),
          })
        : connectTcp({ host, port, noDelay: true, onread: { buffer: readBuffer, callback: (n) => this.#onRead(n) } });
      this.#socket = socket;
      if (isTls) {
        socket.setNoDelay(true);
        socket.on('data', (chunk: Buffer) => this.#onData(chunk));
      }
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        this.#waiting.delete(0);
        resolve();
      });
      socket.on('error', (error) => this.#fail(socketFailure(error, this.url)));
      socket.on('end', () => this.#fail(cameraError('SW_CAM_LOST', this.url, { detail: 'the camera hung up' })));
      socket.on('close', () => this.#fail(cameraError('SW_CAM_LOST', this.url, { detail: 'closed' })));
    });
  }

  /** One read into the shared buffer. @returns whether to read on */
  #onRead(count: number): boolean {
    if (!this.#take(readBuffer.subarray(0, count))) return false;
    // Less than was asked for: the kernel has no more.
    return this.#afterRead(count < READ_SIZE);
  }

  /** TLS hands over records, and cannot tell which is the last: it is when the loop comes round without another. */
  #onData(chunk: Buffer): void {
    if (!this.#take(chunk)) return;
    if (this.#reading !== 'once') {
      this.#afterRead(true);
      return;
    }
    setImmediate(() => {
      if (!this.#isClosed && this.#reading === 'once' && !this.#afterRead(true)) this.#socket?.pause();
    });
  }

  #take(bytes: Buffer): boolean {
    if (this.#isClosed) return false;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      this.#fail(socketFailure(error, this.url));
    }
    return !this.#isClosed;
  }

  #afterRead(isDrained: boolean): boolean {
    if (this.#reading === 'once' && isDrained) this.#reading = 'stopped';
    if (isDrained || this.#reading === 'flowing') this.#user?.drained();
    return !this.#isClosed && this.#reading !== 'stopped';
  }

  #receive(message: RtspMessage): void {
    if (message.type === 'request') {
      this.#write(formatAnswer(message));
      return;
    }
    if (message.status < 200) return;
    const given = header(message.headers, 'cseq');
    // Some cameras forget the CSeq of errors; with one question open there is no doubt.
    const cseq = given === undefined && this.#waiting.size === 1 ? [...this.#waiting.keys()][0] : Number(given);
    if (cseq !== undefined) this.#waiting.get(cseq)?.resolve(message);
  }

  async #exchange(
    method: RtspMethod,
    uri: string,
    headers: Readonly<Record<string, string>>,
    authorization: string | undefined,
    timeout: Ms,
  ): Promise<RtspResponse> {
    if (this.#isClosed) throw this.#error;
    const cseq = ++this.#cseq;
    const answer = new Promise<RtspResponse>((resolve, reject) => this.#waiting.set(cseq, { resolve, reject }));
    const text = formatRequest(method, uri, {
      CSeq: cseq,
      'User-Agent': 'Stillwatch',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...headers,
    });
    this.#write(text);
    try {
      return await withDeadline(this.#clock, timeout, answer, () =>
        cameraError('SW_CAM_SILENT', this.url, { seconds: timeout / 1000, detail: `no answer to ${method}` }),
      );
    } finally {
      this.#waiting.delete(cseq);
    }
  }

  #write(data: string | Buffer): void {
    const socket = this.#socket;
    if (!socket || this.#isClosed || socket.writableLength > MAX_UNSENT) return;
    socket.write(data);
  }

  #fail(error: unknown, isOwnWish = false): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    this.#socket?.destroy();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!isOwnWish) this.#user?.failed(error instanceof StillwatchError ? error : socketFailure(error, this.url));
  }
}
