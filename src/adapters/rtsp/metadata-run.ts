// The metadata track of a camera's stream (ONVIF Streaming 5.1.2.1): SETUP of the application medium alone, its RTP payloads
// as they come. What is in them is not this file's.

import { randomInt } from 'node:crypto';
import { StillwatchError } from '../../domain/errors.ts';
import { later, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MetadataPayload, MetadataRun, MetadataStream } from '../../ports/metadata-stream.ts';
import type { ConnectionUser, RtspConnection } from './connection.ts';
import { openConnection } from './dial.ts';
import { cameraError } from './failure.ts';
import { Reception } from './reception.ts';
import type { RtpPacket } from './rtp.ts';
import { describe, type PreparedSession, play, sessionHeader, setUp } from './session.ts';
import type { SessionDescription } from './session-description.ts';

/** What SETUP needs to know of the medium. */
interface MetadataMedia {
  readonly control: string | undefined;
  readonly payloadType: number;
  readonly encoding: string;
}

/** A scene without objects may say nothing for minutes: that the session is alive is asked for instead. */
const QUIET: Ms = seconds(30);
/** RFC 3550 section 6.2. */
const REPORT_EVERY: Ms = seconds(5);
const TEARDOWN_WITHIN: Ms = seconds(1);
/** Nobody reads: a camera at full speed fills this in half a minute. */
const MOST_WAITING = 4096;

/** The first application medium that says it is ONVIF metadata, in whatever coding. */
export const metadataOf = ({ media }: SessionDescription): MetadataMedia | undefined => {
  for (const { type, control, formats } of media) {
    if (type !== 'application') continue;
    const format = formats.find(({ encoding }) => /^vnd\.onvif\.metadata/i.test(encoding ?? ''));
    if (format) return { control, payloadType: format.payloadType, encoding: (format.encoding ?? '').toLowerCase() };
  }
  return undefined;
};

class Run implements MetadataRun, ConnectionUser {
  readonly encoding: string;
  readonly #connection: RtspConnection;
  readonly #session: PreparedSession<MetadataMedia>;
  readonly #clock: Clock;
  readonly #reception: Reception;
  readonly #stop = new AbortController();
  #waiting: MetadataPayload[] = [];
  #isAfterGap = false;
  #failure: StillwatchError | undefined;
  #wake: AbortController | undefined;
  #closing: Promise<void> | undefined;

  constructor(connection: RtspConnection, session: PreparedSession<MetadataMedia>, clock: Clock) {
    this.#connection = connection;
    this.#session = session;
    this.#clock = clock;
    this.encoding = session.video.encoding;
    this.#reception = new Reception(session.video.payloadType, randomInt(2 ** 32), false, {
      packet: (packet) => this.#take(packet),
      gap: () => {
        this.#isAfterGap = true;
      },
    });
    connection.use(this);
    connection.flow();
  }

  start(): void {
    this.#watchOver().catch((error: unknown) => {
      if (!this.#stop.signal.aborted && error instanceof StillwatchError) this.failed(error);
    });
  }

  frame(channel: number, bytes: Buffer, start: number, end: number): void {
    const { channels } = this.#session;
    const at = this.#clock.now().mono;
    if (channel === channels.rtp) this.#reception.takeRtp(bytes, start, end, at);
    else if (channel === channels.rtcp && this.#reception.takeRtcp(bytes, start, end, at)) {
      this.failed(cameraError('SW_CAM_LOST', this.#connection.url, { detail: 'the camera ended the stream' }));
    }
  }

  drained(): void {
    if (this.#waiting.length > 0) this.#wake?.abort();
  }

  failed(error: StillwatchError): void {
    this.#failure ??= error;
    this.#wake?.abort();
    void this[Symbol.asyncDispose]();
  }

  async next(signal: AbortSignal): Promise<readonly MetadataPayload[]> {
    if (this.#waiting.length === 0 && !this.#failure) {
      const wake = new AbortController();
      const stop = (): void => wake.abort();
      this.#wake = wake;
      signal.addEventListener('abort', stop, { once: true });
      await this.#clock.sleep(QUIET, wake.signal).catch(() => undefined);
      signal.removeEventListener('abort', stop);
      this.#wake = undefined;
      signal.throwIfAborted();
    }
    if (this.#waiting.length > 0) return this.#waiting.splice(0);
    if (this.#failure) throw this.#failure;
    return [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #take({ bytes, start, end, isMarked }: RtpPacket): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting = [];
      this.#isAfterGap = true;
    }
    // The connection's buffer is used again: what waits is a copy.
    const payload = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#waiting.push({ bytes: payload, isLast: isMarked, isAfterGap: this.#isAfterGap });
    this.#isAfterGap = false;
  }

  /** Reports and signs of life; a session that the camera forgot is over. */
  async #watchOver(): Promise<void> {
    const { aggregate, keepAlive, timeout, channels } = this.#session;
    const half = ms(timeout / 2);
    let aliveAt = later(this.#clock.now().mono, half);
    while (!this.#stop.signal.aborted) {
      await this.#clock.sleep(ms(Math.min(REPORT_EVERY, half)), this.#stop.signal);
      const now = this.#clock.now().mono;
      const report = this.#reception.report(now);
      if (report) this.#connection.sendFrame(channels.rtcp, report);
      if (now < aliveAt) continue;
      const answer = await this.#connection.request(keepAlive, aggregate, sessionHeader(this.#session));
      if (answer.status === 454)
        throw cameraError('SW_CAM_LOST', this.#connection.url, { detail: 'the camera forgot the session' });
      aliveAt = later(now, half);
    }
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    if (this.#connection.isClosed) return;
    try {
      const { aggregate } = this.#session;
      await this.#connection.request('TEARDOWN', aggregate, sessionHeader(this.#session), TEARDOWN_WITHIN);
    } catch (error) {
      // The answer changes nothing: the socket goes either way.
      if (!(error instanceof StillwatchError)) throw error;
    } finally {
      this.#connection.close();
    }
  }
}

export const rtspMetadata = ({ clock }: { readonly clock: Clock }): MetadataStream => ({
  async open(address, { signal }) {
    const connection = await openConnection(address, clock, signal);
    const abort = (): void => connection.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const stream = await describe(connection, connection.url);
      const media = metadataOf(stream.description);
      if (!media) {
        const reason = 'its stream carries no metadata; switch it on in the stream’s profile';
        throw new StillwatchError('SW_ONVIF_REFUSED', { call: 'metadata', reason });
      }
      const session = await setUp(connection, stream, media);
      if (session.udp) {
        session.udp[Symbol.dispose]();
        throw cameraError('SW_CAM_PROTOCOL', connection.url, { detail: 'it sends metadata over UDP only' });
      }
      const run = new Run(connection, session, clock);
      await play(connection, session);
      run.start();
      return run;
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  },
});
