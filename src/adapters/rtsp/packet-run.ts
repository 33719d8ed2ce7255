// One unbroken connection to a stream: RTP in, packets out, reports and keep-alive, and the judgement when it is over.

import type { Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { between, later, type MonoMs, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Pace, PacketRun, RunCounters } from '../../ports/packet-source.ts';
import { type AccessUnit, AccessUnitAssembler } from './access-unit.ts';
import type { ConnectionUser, RtspConnection } from './connection.ts';
import { cameraError } from './failure.ts';
import { readNalUnit } from './nal-unit.ts';
import { PacketQueue } from './packet-queue.ts';
import { ParameterSets, type PictureSize } from './parameter-sets.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import { readRtcp, receiverReport, type SenderReport } from './rtcp.ts';
import { PresentationClock, type RtpPacket, readRtp, SequenceTracker } from './rtp.ts';
import { type PreparedSession, sessionHeader } from './session.ts';
import { partsFor, type SharedTick } from './shared-tick.ts';

// The table of errors (SW_CAM_STREAM_LIMIT): PLAY was accepted, but the camera has no stream left to send.
const FIRST_PACKET_TIMEOUT: Ms = seconds(5);
// Ten frames of the slowest stream in use (1 fps); cameras in trouble stop for good.
const SILENCE_TIMEOUT: Ms = seconds(10);
// The longest key-frame interval cameras offer ("smart codec") is 20 s.
const KEY_TIMEOUT: Ms = seconds(30);
// RFC 3550 section 6.2: the least interval of reports.
const REPORT_INTERVAL: Ms = seconds(5);
const TEARDOWN_TIMEOUT: Ms = seconds(1);
// Long enough to hold a whole GOP of most cameras, so that key pictures do not swing the rate.
const RATE_WINDOW: Ms = seconds(4);

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

export class RtspPacketRun implements PacketRun, ConnectionUser {
  readonly format: VideoFormat;
  readonly claimedFps: number | undefined;
  readonly #options: RunOptions;
  readonly #connection: RtspConnection;
  readonly #session: PreparedSession;
  readonly #clock: Clock;
  readonly #queue: PacketQueue;
  readonly #sets: ParameterSets;
  readonly #assembler: AccessUnitAssembler;
  readonly #sequence = new SequenceTracker();
  readonly #presentation: PresentationClock;
  readonly #stop = new AbortController();
  readonly #read = (): void => this.#connection.readOnce();

  #pace: Pace = 'eager';
  #isHeldBack = false;
  #picture: PictureSize | undefined;
  #isPictureFromSdp: boolean;
  #payloadType: number;
  #source = 0;
  #now: MonoMs;
  #heardAt: MonoMs;
  #lastKeyAt: MonoMs;
  #hasHeard = false;
  #senderReport: { readonly report: SenderReport; readonly at: MonoMs } | undefined;
  #received = 0;
  #bytes = 0;
  #lost = 0;
  #packets = 0;
  #reported = { received: 0, lost: 0 };
  #rate = { at: 0, bytes: 0, perSecond: 0 };
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
    this.#payloadType = video.payloadType;
    this.#presentation = new PresentationClock(video.clockRate);
    this.#keepAlive = options.session.keepAlive;
    this.#now = this.#clock.now().mono;
    this.#heardAt = this.#now;
    this.#lastKeyAt = this.#now;
    this.#rate.at = this.#now;
    this.#assembler = new AccessUnitAssembler(video.codec, this.#sets, (unit) => this.#deliver(unit));
    this.#queue = new PacketQueue(
      () => this.#readerTookAll(),
      () => this.close(),
    );
    this.#connection.use(this);
  }

  get batches(): AsyncIterable<readonly Packet[]> {
    return this.#queue;
  }

  counters(): RunCounters {
    return { packets: this.#packets, bytes: this.#bytes, lost: this.#lost };
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
    this.#pace = pace;
    this.#applyPace();
  }

  frame(channel: number, bytes: Buffer, start: number, end: number): void {
    if (channel === this.#session.channels.rtp) this.#takeRtp(bytes, start, end);
    else if (channel === this.#session.channels.rtcp) this.#takeRtcp(bytes, start, end);
  }

  drained(): void {
    this.#queue.flush();
    if (this.#queue.isFull && !this.#isHeldBack) {
      this.#isHeldBack = true;
      this.#applyPace();
    }
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
    this.#options.tick.leave(this.#read);
    this.#queue.end();
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

  #takeRtp(bytes: Buffer, start: number, end: number): void {
    const packet = readRtp(bytes, start, end);
    if (!packet || this.#stop.signal.aborted) return;
    // Some cameras announce another payload type than they send; the first one that was not announced is meant.
    if (packet.payloadType !== this.#payloadType) {
      if (this.#hasHeard) return;
      this.#payloadType = packet.payloadType;
    }
    this.#hasHeard = true;
    this.#now = this.#clock.now().mono;
    this.#heardAt = this.#now;
    this.#received++;
    this.#bytes += end - start;
    this.#source = packet.source;
    this.#follow(packet);
  }

  #follow(packet: RtpPacket): void {
    const verdict = this.#sequence.follow(packet);
    if (verdict.type === 'late') return;
    if (verdict.type === 'gap') this.#lost += verdict.lost;
    if (verdict.type !== 'next') this.#assembler.gap();
    try {
      this.#assembler.push(packet);
    } catch (error) {
      this.failed(this.#asFailure(error));
    }
  }

  #takeRtcp(bytes: Buffer, start: number, end: number): void {
    const news = readRtcp(bytes, start, end);
    if (news.senderReport) this.#senderReport = { report: news.senderReport, at: this.#clock.now().mono };
    if (news.isBye) this.failed(this.#error('SW_CAM_LOST', { detail: 'the camera ended the stream' }));
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
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    this.#heardAt = this.#clock.now().mono;
    this.#applyPace();
  }

  #applyPace(): void {
    const { tick } = this.#options;
    if (this.#stop.signal.aborted || this.#connection.isClosed) return;
    if (this.#isHeldBack) {
      tick.leave(this.#read);
      this.#connection.stopReading();
      return;
    }
    const parts = this.#pace === 'eager' ? 'eager' : partsFor(this.#rate.perSecond, tick.length);
    if (parts === 'eager') {
      tick.leave(this.#read);
      this.#connection.flow();
    } else {
      this.#connection.stopReading();
      tick.join(this.#read, parts);
    }
  }

  /** Reports, keep-alive and deadlines, woken by the nearest of them; packets only move the deadlines. */
  async #watchOver(): Promise<void> {
    const halfTimeout = ms(this.#session.timeout / 2);
    let reportAt = later(this.#now, REPORT_INTERVAL);
    let keepAliveAt = later(this.#now, halfTimeout);
    while (!this.#stop.signal.aborted) {
      const now = this.#clock.now().mono;
      const overdue = this.#overdue(now);
      if (overdue) {
        this.failed(overdue);
        return;
      }
      if (now >= reportAt) {
        this.#report(now);
        this.#measureRate(now);
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
    return later(this.#heardAt, this.#hasHeard ? SILENCE_TIMEOUT : FIRST_PACKET_TIMEOUT);
  }

  #overdue(now: MonoMs): StillwatchError | undefined {
    if (this.#isHeldBack) {
      this.#heardAt = now;
      this.#lastKeyAt = now;
      return undefined;
    }
    if (now >= this.#silentAt()) {
      return this.#hasHeard
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
    if (!this.#hasHeard) return;
    const report = receiverReport({
      receiver: this.#options.receiver,
      source: this.#source,
      highestSequence: this.#sequence.highest,
      received: this.#received,
      lost: this.#lost,
      receivedNow: this.#received - this.#reported.received,
      lostNow: this.#lost - this.#reported.lost,
      senderReport: this.#senderReport?.report,
      sinceSenderReport: this.#senderReport ? between(this.#senderReport.at, now) : 0,
    });
    this.#reported = { received: this.#received, lost: this.#lost };
    this.#connection.sendFrame(this.#session.channels.rtcp, report);
  }

  #measureRate(now: MonoMs): void {
    const elapsed = now - this.#rate.at;
    if (elapsed < RATE_WINDOW) return;
    const perSecond = ((this.#bytes - this.#rate.bytes) * 1000) / elapsed;
    this.#rate = { at: now, bytes: this.#bytes, perSecond };
    if (this.#pace === 'coalesced') this.#applyPace();
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
