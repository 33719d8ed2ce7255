// NAL units into RTP packets, written apart from the client's depacketizer so that one error cannot hide another.

import type { Codec } from '../domain/camera.ts';

export interface RtpFields {
  readonly sequence: number;
  readonly timestamp: number;
  readonly isMarked?: boolean;
  readonly payloadType?: number;
  readonly source?: number;
}

/** One RTP packet (RFC 3550 section 5.1). */
export const rtpPacket = (fields: RtpFields, payload: Uint8Array): Buffer => {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (fields.isMarked ? 0x80 : 0) | (fields.payloadType ?? 96);
  header.writeUInt16BE(fields.sequence & 0xffff, 2);
  header.writeUInt32BE(fields.timestamp >>> 0, 4);
  header.writeUInt32BE(fields.source ?? 0x0bad_cafe, 8);
  return Buffer.concat([header, payload]);
};

/** An interleaved frame (RFC 2326 section 10.12). */
export const interleaved = (channel: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, content.length >> 8, content.length & 0xff]), content]);

/** RFC 6184 section 5.8 and RFC 7798 section 4.4.3: a unit in fragments of at most `size` bytes of its content. */
export const fragments = (codec: Codec, unit: Uint8Array, size: number): Uint8Array[] => {
  const headerLength = codec === 'h264' ? 1 : 2;
  const [first = 0, second = 0] = unit;
  const type = codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
  const indicator = codec === 'h264' ? [(first & 0xe0) | 28] : [(first & 0x81) | (49 << 1), second];
  const content = unit.subarray(headerLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += size) {
    const isStart = at === 0;
    const isEnd = at + size >= content.length;
    const flags = (isStart ? 0x80 : 0) | (isEnd ? 0x40 : 0) | type;
    parts.push(Uint8Array.from([...indicator, flags, ...content.subarray(at, at + size)]));
  }
  return parts;
};

/** RFC 6184 section 5.7.1 and RFC 7798 section 4.4.2: several units in one payload. */
export const aggregate = (codec: Codec, units: readonly Uint8Array[]): Uint8Array => {
  const header = codec === 'h264' ? [0x78] : [48 << 1, 1];
  return Uint8Array.from([...header, ...units.flatMap((unit) => [unit.length >> 8, unit.length & 0xff, ...unit])]);
};

/** Units with 4-byte start codes. */
export const annexB = (units: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]));
