import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleavedReport, interleavedRtp, MTU, nalPayloads } from './rtp.ts';

const nal = (first: readonly number[], length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => first[index] ?? (index * 31) & 0xff);

describe('nalPayloads', () => {
  it('joins to the same NAL unit again, in parts no longer than the limit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('h264', 'h265'),
        fc.integer({ min: 3, max: 5000 }),
        fc.integer({ min: 8, max: 1400 }),
        (codec, length, mtu) => {
          const whole = nal(codec === 'h264' ? [0x65] : [0x26, 0x01], length);
          const payloads = nalPayloads(codec, whole, mtu);
          expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(mtu);
          if (payloads.length === 1) {
            expect(payloads[0]).toBe(whole);
            return;
          }
          const header = codec === 'h264' ? 2 : 3;
          const joined = payloads.flatMap((payload) => [...payload.subarray(header)]);
          expect(joined).toEqual([...whole.subarray(header - 1)]);
          const marks = payloads.map((payload) => (payload[header - 1] ?? 0) & 0xc0);
          expect(marks[0]).toBe(0x80);
          expect(marks.at(-1)).toBe(0x40);
          expect(marks.slice(1, -1).every((mark) => mark === 0)).toBe(true);
        },
      ),
    );
  });

  // By hand from RFC 6184 section 5.8 and RFC 7798 section 4.4.3.
  it('writes the headers of fragments as the standards lay them out', () => {
    expect(nalPayloads('h264', nal([0x65], MTU + 1)).map((payload) => [payload[0], payload[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x45],
    ]);
    expect(nalPayloads('h265', nal([0x26, 0x01], MTU + 1)).map((payload) => [...payload.subarray(0, 3)])).toEqual([
      [0x62, 0x01, 0x93],
      [0x62, 0x01, 0x53],
    ]);
  });
});

describe('interleaved frames', () => {
  it('hold the RTP header of RFC 3550, its counters wrapped', () => {
    const head = { payloadType: 96, ssrc: 0xdeadbeef, sequence: 65_537, timestamp: 2 ** 32 - 1, isLast: true };
    expect(interleavedRtp(2, head, Uint8Array.of(9, 8)).toString('hex')).toBe('2402000e80e00001ffffffffdeadbeef0908');
  });

  it('hold a sender report whose lengths add up', () => {
    const report = interleavedReport(1, { ssrc: 7, wall: 500, timestamp: 90_000, packets: 3, octets: 4000 });
    expect(report.readUInt16BE(2)).toBe(report.length - 4);
    expect([report[5], report.readUInt16BE(6)]).toEqual([200, 6]);
    // 1970 in NTP, and half a second.
    expect([report.readUInt32BE(12), report.readUInt32BE(16)]).toEqual([2_208_988_800, 2 ** 31]);
    expect([report.readUInt32BE(20), report.readUInt32BE(24), report.readUInt32BE(28)]).toEqual([90_000, 3, 4000]);
    expect([report[33], 4 * (report.readUInt16BE(34) + 1)]).toEqual([202, report.length - 32]);
  });
});
