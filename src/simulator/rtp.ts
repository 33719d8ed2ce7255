// Access units into RTP packets (RFC 6184, RFC 7798) and sender reports (RFC 3550). Pure; the network is elsewhere.

import type { Codec } from '../domain/camera.ts';

/** Bytes of one RTP packet's payload. Source: an Ethernet MTU of 1500 less IP, TCP and RTP headers, as cameras do. */
export const MTU = 1400;
/** RTP clock of video (RFC 6184 section 8.2.1), ticks per second. */
export const VIDEO_CLOCK = 90_000;

/** RFC 6184 section 5.8: FU indicator (type 28, NRI of the NAL), FU header (start, end, type). */
const h264Fragments = (nal: Uint8Array, mtu: number): Uint8Array[] => {
  const header = nal[0] ?? 0;
  const payloads: Uint8Array[] = [];
  for (let at = 1; at < nal.length; at += mtu - 2) {
    const part = nal.subarray(at, at + mtu - 2);
    const payload = new Uint8Array(part.length + 2);
    payload[0] = (header & 0xe0) | 28;
    payload[1] = (at === 1 ? 0x80 : 0) | (at + part.length === nal.length ? 0x40 : 0) | (header & 0x1f);
    payload.set(part, 2);
    payloads.push(payload);
  }
  return payloads;
};

/** RFC 7798 section 4.4.3: a two-byte payload header of type 49, then the FU header. */
const h265Fragments = (nal: Uint8Array, mtu: number): Uint8Array[] => {
  const first = nal[0] ?? 0;
  const type = (first >> 1) & 0x3f;
  const payloads: Uint8Array[] = [];
  for (let at = 2; at < nal.length; at += mtu - 3) {
    const part = nal.subarray(at, at + mtu - 3);
    const payload = new Uint8Array(part.length + 3);
    payload[0] = (first & 0x81) | (49 << 1);
    payload[1] = nal[1] ?? 0;
    payload[2] = (at === 2 ? 0x80 : 0) | (at + part.length === nal.length ? 0x40 : 0) | type;
    payload.set(part, 3);
    payloads.push(payload);
  }
  return payloads;
};

/** The RTP payloads of one NAL unit: itself if it fits, fragments of at most `mtu` bytes if not. */
export const nalPayloads = (codec: Codec, nal: Uint8Array, mtu: number = MTU): readonly Uint8Array[] => {
  if (nal.length <= mtu) return [nal];
  return codec === 'h264' ? h264Fragments(nal, mtu) : h265Fragments(nal, mtu);
};

/** Where one RTP stream has come to; `sequence` wraps at 2^16, `timestamp` at 2^32 (RFC 3550 section 5.1). */
export interface RtpHead {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly isLast: boolean;
}

/** One RTP packet inside its interleaved frame (RFC 2326 section 10.12): `$`, channel, length, packet. */
export const interleavedRtp = (channel: number, head: RtpHead, payload: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(16 + payload.length);
  frame[0] = 0x24;
  frame[1] = channel;
  frame.writeUInt16BE(12 + payload.length, 2);
  frame[4] = 0x80;
  frame[5] = (head.isLast ? 0x80 : 0) | head.payloadType;
  frame.writeUInt16BE(head.sequence & 0xffff, 6);
  frame.writeUInt32BE(head.timestamp >>> 0, 8);
  frame.writeUInt32BE(head.ssrc >>> 0, 12);
  frame.set(payload, 16);
  return frame;
};

/** Seconds from 1900 (NTP) to 1970 (Unix). */
const NTP_EPOCH = 2_208_988_800;

export interface SenderReport {
  readonly ssrc: number;
  /** Wall clock in ms since 1970 that belongs to `timestamp`. */
  readonly wall: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** A compound of SR and SDES/CNAME (RFC 3550 sections 6.4.1 and 6.5) inside its interleaved frame. */
export const interleavedReport = (channel: number, report: SenderReport): Buffer => {
  const name = Buffer.from('stillwatch');
  const chunk = (4 + 2 + name.length + 1 + 3) & ~3;
  const frame = Buffer.alloc(4 + 28 + 4 + chunk);
  frame[0] = 0x24;
  frame[1] = channel;
  frame.writeUInt16BE(frame.length - 4, 2);
  frame.writeUInt32BE(0x80c8_0006, 4);
  frame.writeUInt32BE(report.ssrc >>> 0, 8);
  frame.writeUInt32BE((Math.floor(report.wall / 1000) + NTP_EPOCH) >>> 0, 12);
  frame.writeUInt32BE(Math.floor(((report.wall % 1000) / 1000) * 2 ** 32) >>> 0, 16);
  frame.writeUInt32BE(report.timestamp >>> 0, 20);
  frame.writeUInt32BE(report.packets >>> 0, 24);
  frame.writeUInt32BE(report.octets >>> 0, 28);
  frame[32] = 0x81;
  frame[33] = 202;
  frame.writeUInt16BE(chunk / 4, 34);
  frame.writeUInt32BE(report.ssrc >>> 0, 36);
  frame[40] = 1;
  frame[41] = name.length;
  name.copy(frame, 42);
  return frame;
};
