// One track of one session: access units and sound out as RTP, with the faults that lie in the sending.

import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Codec, StreamRole } from '../domain/camera.ts';
import { type AccessUnit, isKeySlice } from './clip.ts';
import { type ActiveFault, faultOf } from './fault.ts';
import type { Outlet } from './outlet.ts';
import { interleavedReport, interleavedRtp, nalPayloads, VIDEO_CLOCK } from './rtp.ts';

/** Bytes that may wait for a client before pictures are left out for it, up to the next key frame: 4 MiB, a few seconds of 4K. */
const LONGEST_BACKLOG = 4 * 1024 * 1024;
/** A thin line gets one picture at a time; more would only make it late. */
const LONGEST_THIN_BACKLOG = 64 * 1024;
/** Between sender reports, in ms (RFC 3550 section 6.2 asks for about 5 s). */
const REPORT_INTERVAL = 5000;
/** Between half a packet and the reset, in ms: a reset that comes at once may overtake the half. */
const CUT_DELAY = 50;
/** Bytes of a document in one packet; small, so that a document takes several. */
const METADATA_PAYLOAD = 300;
/** Share of a slice's bytes that the 'half-key-frame' fault leaves. */
const SLICE_LEFT = 0.5;

export interface TrackCounters {
  packets: number;
  bytes: number;
  pictures: number;
  /** Pictures left out because the client did not read fast enough. */
  skipped: number;
}

export interface TrackOptions {
  readonly socket: Socket;
  readonly outlet: Outlet;
  readonly role: StreamRole;
  readonly channel: number;
  readonly fault: () => ActiveFault | undefined;
  readonly counters: TrackCounters;
}

/** Where a track's RTP stream begins; PLAY tells it in RTP-Info. */
export interface RtpStart {
  readonly sequence: number;
  readonly timestamp: number;
}

export interface Clocked {
  /** Milliseconds since the camera started. */
  readonly elapsed: number;
  /** Milliseconds since 1970 at that moment. */
  readonly wall: number;
}

export interface VideoTrack {
  /** What RTP-Info says of a first picture at `elapsed`. */
  start(elapsed: number): RtpStart;
  /** @param shown the moment the picture is shown; `now` the moment it is sent */
  send(codec: Codec, unit: AccessUnit, shown: number, now: Clocked): void;
}

const halved = (codec: Codec, unit: AccessUnit): AccessUnit => ({
  ...unit,
  nals: unit.nals.map((nal) => (isKeySlice(codec, nal) ? nal.subarray(0, Math.ceil(nal.length * SLICE_LEFT)) : nal)),
});

/** Bytes that are neither `$` nor the beginning of an answer, the same every time. */
const GARBAGE: Uint8Array = Uint8Array.from({ length: 301 }, (_, index) => 0x80 | ((index * 73 + 41) & 0x7f));

export const videoTrack = ({ socket, outlet, role, channel, fault, counters }: TrackOptions): VideoTrack => {
  const ssrc = randomInt(2 ** 32);
  const base = randomInt(2 ** 32);
  let sequence = randomInt(2 ** 16);
  let sent = { packets: 0, octets: 0 };
  let reportedAt: number | undefined;
  let isSkipping = false;
  let pictures = 0;
  let isCut = false;

  const timestampAt = (elapsed: number): number => (base + Math.round((elapsed * VIDEO_CLOCK) / 1000)) % 2 ** 32;

  const report = (now: Clocked): void => {
    if (reportedAt !== undefined && now.elapsed - reportedAt < REPORT_INTERVAL) return;
    reportedAt = now.elapsed;
    const timestamp = timestampAt(now.elapsed);
    outlet.write(interleavedReport(channel + 1, { ssrc, wall: now.wall, timestamp, ...sent }));
  };

  const isSwallowed = (unit: AccessUnit): boolean => {
    const active = fault();
    if (faultOf(active, 'silent', role)) return true;
    if (unit.isKey && faultOf(active, 'no-key-frames', role)) return true;
    const limit = faultOf(active, 'slow', role) ? LONGEST_THIN_BACKLOG : LONGEST_BACKLOG;
    isSkipping = outlet.backlog() > limit || (isSkipping && !unit.isKey);
    if (isSkipping) counters.skipped += 1;
    return isSkipping;
  };

  /** Half a packet, then the connection is gone. */
  const cut = (frame: Uint8Array): void => {
    isCut = true;
    socket.write(frame.subarray(0, Math.ceil(frame.length / 2)), () => {
      setTimeout(() => socket.resetAndDestroy(), CUT_DELAY);
    });
  };

  return {
    start: (elapsed) => ({ sequence, timestamp: timestampAt(elapsed) }),
    send: (codec, whole, shown, now) => {
      if (isCut || isSwallowed(whole)) return;
      const active = fault();
      const unit = whole.isKey && faultOf(active, 'half-key-frame', role) ? halved(codec, whole) : whole;
      const loss = faultOf(active, 'packet-loss', role);
      const cutting = faultOf(active, 'cut-mid-packet', role);
      const payloads = unit.nals.flatMap((nal) => nalPayloads(codec, nal));
      report(now);
      if (faultOf(active, 'garbage', role)) outlet.write(GARBAGE);
      const timestamp = timestampAt(shown);
      for (const [index, payload] of payloads.entries()) {
        const head = { payloadType: 96, ssrc, sequence, timestamp, isLast: index === payloads.length - 1 };
        const frame = interleavedRtp(channel, head, payload);
        sequence = (sequence + 1) % 2 ** 16;
        if (cutting && pictures >= cutting.afterPictures) {
          cut(frame);
          return;
        }
        sent = { packets: sent.packets + 1, octets: sent.octets + payload.length };
        if (loss && sent.packets % loss.every === 0) continue;
        counters.packets += 1;
        counters.bytes += frame.length;
        outlet.write(frame);
      }
      pictures += 1;
      counters.pictures += 1;
    },
  };
};

/** Silence in PCMA (ITU-T G.711 A-law, RFC 3551 section 4.5.14): every packet one picture's time of 0xD5 at 8 kHz. */
export const soundTrack = ({
  outlet,
  role,
  channel,
  fault,
}: TrackOptions): ((elapsed: number, length: number) => void) => {
  const ssrc = randomInt(2 ** 32);
  const base = randomInt(2 ** 32);
  let sequence = randomInt(2 ** 16);
  return (elapsed, length) => {
    if (faultOf(fault(), 'silent', role) || outlet.backlog() > LONGEST_THIN_BACKLOG) return;
    const timestamp = (base + Math.round(elapsed * 8)) % 2 ** 32;
    const payload = new Uint8Array(Math.min(1400, Math.round(length * 8))).fill(0xd5);
    outlet.write(interleavedRtp(channel, { payloadType: 8, ssrc, sequence, timestamp, isLast: false }, payload));
    sequence = (sequence + 1) % 2 ** 16;
  };
};

/** One document over as many packets as it takes, the marker on the last (ONVIF Streaming 5.2.1). */
export const metadataTrack = ({ outlet, channel }: TrackOptions): ((elapsed: number, document: string) => void) => {
  const ssrc = randomInt(2 ** 32);
  const base = randomInt(2 ** 32);
  let sequence = randomInt(2 ** 16);
  return (elapsed, document) => {
    const bytes = Buffer.from(document);
    const timestamp = (base + Math.round((elapsed * VIDEO_CLOCK) / 1000)) % 2 ** 32;
    for (let at = 0; at < bytes.length; at += METADATA_PAYLOAD) {
      const isLast = at + METADATA_PAYLOAD >= bytes.length;
      const head = { payloadType: 107, ssrc, sequence, timestamp, isLast };
      outlet.write(interleavedRtp(channel, head, bytes.subarray(at, at + METADATA_PAYLOAD)));
      sequence = (sequence + 1) % 2 ** 16;
    }
  };
};
