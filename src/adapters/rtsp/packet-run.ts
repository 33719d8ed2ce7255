// One unbroken connection to a stream: RTP in, packets out, reports and keep-alive, and the judgement when it is over.

import type { Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { between, later, type MonoMs, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Pace, PacketRun, RunCounters } from '../../ports/packet-source.ts';
import { type AccessUnit, AccessUnitAssembler } from './access-unit.ts';
import { type ConnectionUser, ONE_TURN, type RtspConnection } from './connection.ts';
import { cameraError } from './failure.ts';
import { isOfOtherCodec, readNalUnit } from './nal-unit.ts';
import { PacketQueue } from './packet-queue.ts';
import { ParameterSets, type PictureSize } from './parameter-sets.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import { ReadPace } from './read-pace.ts';
import { Reception } from './reception.ts';
import { PresentationClock, type RtpPacket } from './rtp.ts';
import { type PreparedSession, sessionHeader } from './session.ts';
import type { SharedTick } from './shared-tick.ts';
import type { UdpUser } from './udp-pair.ts';

// The table of errors (SW_CAM_STREAM_LIMIT): PLAY was accepted, but the camera has no stream left to send.
const FIRST_PACKET_TIMEOUT: Ms = seconds(5);
// Ten frames of the slowest stream in use (1 fps); cameras in trouble stop for good.
const SILENCE_TIMEOUT: Ms = seconds(10);
// The longest key-frame interval cameras offer ("smart codec") is 20 s.
const KEY_TIMEOUT: Ms = seconds(30);
// RFC 3550 section 6.2: the least interval of reports.
const REPORT_INTERVAL: Ms = seconds(5);
const TEARDOWN_TIMEOUT: Ms = seconds(1);

export interface RunOptions {
  readonly connection: RtspConnection;
  readonly session: PreparedSession;
  readonly clock: Clock;
  readonly tick: SharedTick;
  /** The SDP of this stream has been found wrong before: go by what comes in-band. */
  readonly distrustSdp: boolean;
  /** The in-band parameter sets contradict the SDP. */
  readonly onSdpWrong: () => void;
  /** A number of 32 random bits. */
  readonly receiver: number;
}

export class RtspPacketRun implements PacketRun, ConnectionUser, UdpUser {
  readonly format: VideoFormat;
  readonly claimedFps: number | undefined;
  readonly #options: RunOptions;
  readonly #connection: RtspConnection;
  readonly #session: PreparedSession;
  readonly #clock: Clock;
  readonly #queue: PacketQueue;
  readonly #sets: ParameterSets;
  readonly #assembler: AccessUnitAssembler;
  readonly #reception: Reception;
  readonly #presentation: PresentationClock;
  readonly #stop = new AbortController();
  readonly #reading: ReadPace;

  #picture: PictureSize | undefined;
  #isPictureFromSdp: boolean;
  #now: MonoMs;
  #heardAt: MonoMs;
  #lastKeyAt: MonoMs;
  #packets = 0;
  #keepAlive: PreparedSession['keepAlive'];
  #closing: Promise<void> | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#session = options.session;
    this.#clock = options.clock;
    const { video } = options.session;
    this.#sets = new ParameterSets(video.codec);
    if (!options.distrustSdp) {
      for (const unit of video.parameterSets) {
        const kind = readNalUnit(video.codec, unit, 0, unit.length).parameterSet;
        if (kind) this.#sets.put(kind, unit);
      }
    }
    this.#picture = this.#sets.sequence?.picture;
    this.#isPictureFromSdp = this.#picture !== undefined;
    this.format = { codec: video.codec, parameterSets: this.#sets.annexB(), picture: this.#picture };
    this.claimedFps = video.framesPerSecond;
    this.#presentation = new PresentationClock(video.clockRate);
    this.#keepAlive = options.session.keepAlive;
    this.#now = this.#clock.now().mono;
    this.#heardAt = this.#now;
    this.#lastKeyAt = this.#now;
    this.#reading = new ReadPace(this.#connection, options.tick, this.#now);
    this.#assembler = new AccessUnitAssembler(video.codec, this.#sets, (unit) => this.#deliver(unit));
    this.#reception = new Reception(video.payloadType, options.receiver, this.#session.udp !== undefined, {
      packet: (packet) => this.#assemble(packet),
      gap: () => this.#assembler.gap(),
    });
    this.#queue = new PacketQueue(
      () => this.#readerTookAll(),
      () => this.close(),
    );
    this.#connection.use(this);
    this.#session.udp?.use(this);
  }

  get batches(): AsyncIterable<readonly Packet[]> {
    return this.#queue;
  }

  counters(): RunCounters {
    return { packets: this.#packets, bytes: this.#reception.bytes, lost: this.#reception.lost };
  }

  /** The camera has accepted PLAY: from now on it owes us packets, until `signal` aborts or the run is closed. */
  start(signal: AbortSignal): void {
    const close = (): void => void this.close();
    signal.addEventListener('abort', close, { once: true });
    // A run must not hang on the signal of a program that lives for months.
    this.#stop.signal.addEventListener('abort', () => signal.removeEventListener('abort', close), { once: true });
    this.#now = this.#clock.now().mono;
    this.#heardAt = this.#now;
    this.#lastKeyAt = this.#now;
    this.#watchOver().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.failed(this.#asFailure(error));
    });
  }

  pace(pace: Pace): void {
    // Datagrams cannot be left in the kernel for later, and the control connection is quiet then.
    if (!this.#session.udp) this.#reading.want(pace);
  }

  frame(channel: number, bytes: Buffer, start: number, end: number): void {
    if (this.#stop.signal.aborted) return;
    const { channels } = this.#session;
    if (channel !== channels.rtp && channel !== channels.rtcp) return;
    this.#now = this.#clock.now().mono;
    if (channel === channels.rtp) {
      if (this.#reception.takeRtp(bytes, start, end, this.#now)) this.#heardAt = this.#now;
    } else if (this.#reception.takeRtcp(bytes, start, end, this.#now)) {
      this.failed(this.#error('SW_CAM_LOST', { detail: 'the camera ended the stream' }));
    }
  }

  drained(): void {
    this.#queue.flush();
    this.#reading.measure(this.#reception.bytes, this.#now);
    if (this.#queue.isFull && !this.#reading.isHeldBack) this.#reading.holdBack(true);
  }

  failed(error: StillwatchError): void {
    this.#queue.fail(error);
    void this.close();
  }

  /** Ends the session at the camera, then frees the socket. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    this.#reading.end();
    this.#queue.end();
    this.#session.udp?.[Symbol.dispose]();
    if (!this.#connection.isClosed) {
      // Cameras with two streams to give count a session as taken until it times out, unless they are told.
      this.#connection.flow();
      try {
        const { aggregate } = this.#session;
        await this.#connection.request('TEARDOWN', aggregate, sessionHeader(this.#session), TEARDOWN_TIMEOUT);
      } catch (error) {
        // The answer changes nothing: the socket goes either way.
        if (!(error instanceof StillwatchError)) throw error;
      } finally {
        this.#connection.close();
      }
    }
  }

  #assemble(packet: RtpPacket): void {
    if (this.#reading.isHeldBack && this.#session.udp) {
      // What nobody takes is thrown away, and it goes on at a key picture.
      this.#assembler.gap();
      return;
    }
    const { codec } = this.format;
    if (isOfOtherCodec(codec, packet.bytes, packet.start, packet.end)) {
      const change = codec === 'h264' ? 'H.264 → H.265' : 'H.265 → H.264';
      this.failed(this.#error('SW_CAM_STREAM_CHANGED', { change }));
      return;
    }
    try {
      this.#assembler.push(packet);
    } catch (error) {
      this.failed(this.#asFailure(error));
    }
  }

  #deliver(unit: AccessUnit): void {
    if (unit.isKey) {
      this.#lastKeyAt = this.#now;
      if (!this.#isSamePicture()) return;
    }
    this.#packets++;
    this.#queue.push({
      pts: this.#presentation.pts(unit.timestamp, this.#now),
      arrivedAt: this.#now,
      isKey: unit.isKey,
      bytes: unit.bytes,
    });
  }

  /** False, and the run is over, if the parameter sets in force describe another picture than before. */
  #isSamePicture(): boolean {
    const now = this.#sets.sequence?.picture;
    const before = this.#picture;
    if (!now) return true;
    if (!before || (now.width === before.width && now.height === before.height)) {
      this.#picture = now;
      this.#isPictureFromSdp = false;
      return true;
    }
    // Opening again would give the same SDP: it must not be believed then.
    if (this.#isPictureFromSdp) this.#options.onSdpWrong();
    const change = `${before.width}×${before.height} → ${now.width}×${now.height}`;
    this.failed(this.#error('SW_CAM_STREAM_CHANGED', { change }));
    return false;
  }

  #readerTookAll(): void {
    if (!this.#reading.isHeldBack) return;
    this.#heardAt = this.#clock.now().mono;
    this.#reading.holdBack(false);
  }

  /** Reports, keep-alive and deadlines, woken by the nearest of them; packets only move the deadlines. */
  async #watchOver(): Promise<void> {
    const halfTimeout = ms(this.#session.timeout / 2);
    let reportAt = later(this.#now, REPORT_INTERVAL);
    let keepAliveAt = later(this.#now, halfTimeout);
    let hasLookedAgain = false;
    while (!this.#stop.signal.aborted) {
      const now = this.#clock.now().mono;
      const overdue = this.#overdue(now);
      if (overdue && hasLookedAgain) {
        this.failed(overdue);
        return;
      }
      hasLookedAgain = overdue !== undefined;
      if (hasLookedAgain) {
        // On a machine without time to spare we may be late ourselves, and the packets lie in the kernel.
        this.#reading.readNow();
        await this.#clock.sleep(ONE_TURN, this.#stop.signal);
        continue;
      }
      if (now >= reportAt) {
        this.#report(now);
        reportAt = later(now, REPORT_INTERVAL);
      }
      if (now >= keepAliveAt) {
        void this.#stayAlive();
        keepAliveAt = later(now, halfTimeout);
      }
      const next = Math.min(reportAt, keepAliveAt, this.#silentAt());
      await this.#clock.sleep(ms(Math.max(1, next - now)), this.#stop.signal);
    }
  }

  #silentAt(): MonoMs {
    return later(this.#heardAt, this.#reception.hasHeard ? SILENCE_TIMEOUT : FIRST_PACKET_TIMEOUT);
  }

  #overdue(now: MonoMs): StillwatchError | undefined {
    if (this.#reading.isHeldBack) {
      this.#heardAt = now;
      this.#lastKeyAt = now;
      return undefined;
    }
    if (now >= this.#silentAt()) {
      return this.#reception.hasHeard
        ? this.#error('SW_CAM_SILENT', { seconds: SILENCE_TIMEOUT / 1000 })
        : this.#error('SW_CAM_STREAM_LIMIT', { detail: `no packet in ${FIRST_PACKET_TIMEOUT / 1000} s after PLAY` });
    }
    if (!this.#assembler.awaitsKey) {
      this.#lastKeyAt = now;
      return undefined;
    }
    return between(this.#lastKeyAt, now) >= KEY_TIMEOUT
      ? this.#error('SW_CAM_NO_KEY_FRAME', { seconds: KEY_TIMEOUT / 1000 })
      : undefined;
  }

  #report(now: MonoMs): void {
    const report = this.#reception.report(now);
    if (!report) return;
    if (this.#session.udp) this.#session.udp.sendReport(report);
    else this.#connection.sendFrame(this.#session.channels.rtcp, report);
  }

  async #stayAlive(): Promise<void> {
    try {
      const { aggregate } = this.#session;
      const answer = await this.#connection.request(this.#keepAlive, aggregate, sessionHeader(this.#session));
      if (answer.status === 454) this.failed(this.#error('SW_CAM_LOST', { detail: 'the camera forgot the session' }));
      else if (answer.status >= 400) this.#keepAlive = 'OPTIONS';
    } catch (error) {
      // Many cameras leave a keep-alive unanswered while they stream. If nothing else comes either, silence will tell.
      if (error instanceof StillwatchError && error.code === 'SW_CAM_SILENT') return;
      if (!this.#stop.signal.aborted) this.failed(this.#asFailure(error));
    }
  }

  #error(code: StillwatchError['code'], facts: StillwatchError['facts']): StillwatchError {
    return cameraError(code, this.#connection.url, facts);
  }

  #asFailure(error: unknown): StillwatchError {
    if (error instanceof StillwatchError) return error;
    if (error instanceof ProtocolViolation) return this.#error('SW_CAM_PROTOCOL', { detail: error.message });
    return cameraError('SW_UNEXPECTED', this.#connection.url, { detail: String(error) }, error);
  }
}
