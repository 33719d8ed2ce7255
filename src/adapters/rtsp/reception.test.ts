import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monoMs } from '../../domain/units.ts';
import { rtpPacket } from '../../testing/rtp-packetizer.ts';
import { Reception } from './reception.ts';
import { readRtcp } from './rtcp.ts';

interface Heard {
  readonly order: (number | 'gap')[];
  readonly reception: Reception;
  readonly take: (sequence: number, at?: number, source?: number) => void;
}

const hear = (mayReorder: boolean): Heard => {
  const order: (number | 'gap')[] = [];
  const reception = new Reception(96, 0xfeed, mayReorder, {
    packet: ({ sequence }) => order.push(sequence),
    gap: () => order.push('gap'),
  });
  return {
    order,
    reception,
    take: (sequence, at = 0, source = 1) => {
      const bytes = rtpPacket({ sequence, timestamp: 0, source }, Uint8Array.of(1));
      reception.takeRtp(bytes, 0, bytes.length, monoMs(at));
    },
  };
};

describe('Reception over UDP', () => {
  it('puts packets back in order, without loss, if none is more than a few places late', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.boolean()), { minLength: 1, maxLength: 200 }),
        (first, shape) => {
          const packets = shape.flatMap(([delay, isTwice], i) => {
            const arrival = i + delay;
            const one = { sequence: (first + i) & 0xffff, arrival };
            return isTwice ? [one, { ...one, arrival: arrival + 3 }] : [one];
          });
          // The very first sets the start; afterwards anything may overtake.
          const [start, ...rest] = packets;
          const { order, take, reception } = hear(true);
          for (const { sequence } of [start, ...rest.sort((a, b) => a.arrival - b.arrival)].filter((one) => !!one)) {
            take(sequence);
          }
          expect(order).toEqual(shape.map((_, i) => (first + i) & 0xffff));
          expect(reception.lost).toBe(0);
        },
      ),
    );
  });

  it('gives up what does not come: after 100 ms, or when 32 are waiting', () => {
    const patient = hear(true);
    patient.take(1, 0);
    patient.take(3, 10);
    patient.take(4, 110);
    expect(patient.order).toEqual([1]);
    patient.take(5, 111);
    expect(patient.order).toEqual([1, 'gap', 3, 4, 5]);
    expect(patient.reception.lost).toBe(1);
    const flooded = hear(true);
    flooded.take(1);
    for (let i = 3; i < 34; i++) flooded.take(i);
    expect(flooded.order).toEqual([1]);
    flooded.take(34);
    expect(flooded.order).toHaveLength(34);
    expect(flooded.reception.lost).toBe(1);
  });

  it('drops what comes after it was given up, and what comes twice', () => {
    const { order, take } = hear(true);
    take(1, 0);
    take(3, 0);
    take(4, 200);
    take(2, 201);
    take(3, 201);
    take(5, 202);
    expect(order).toEqual([1, 'gap', 3, 4, 5]);
  });

  it('starts again with another source, and with numbers that start again', () => {
    const { order, take } = hear(true);
    for (const sequence of [50_000, 50_001]) take(sequence);
    for (const sequence of [7, 8]) take(sequence, 0, 2);
    for (const sequence of [60_000, 60_001]) take(sequence, 0, 2);
    for (const sequence of [100, 101]) take(sequence, 0, 2);
    expect(order).toEqual([50_000, 50_001, 'gap', 7, 8, 'gap', 60_000, 60_001, 'gap', 100, 101]);
  });

  it('delivers nothing twice and goes forward only, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(30)), { maxLength: 300 }), (packets) => {
        const { order, take } = hear(true);
        let at = 0;
        for (const [sequence, wait] of packets) take(sequence, (at += wait));
        const runs = order
          .join(' ')
          .split('gap')
          .map((run) => run.trim().split(' ').filter(Boolean).map(Number));
        for (const run of runs) expect(run).toEqual(run.map((_, i) => (run[0] ?? 0) + i));
      }),
    );
  });
});

describe('Reception', () => {
  it('reports what RFC 3550 section 6.4.2 wants to know', () => {
    const { take, reception } = hear(false);
    expect(reception.report(monoMs(0))).toBeUndefined();
    const senderReport = Buffer.from('80c8000600000001aaaabbbbccccdddd00000000000000000000000000', 'hex');
    const whole = Buffer.concat([senderReport, Buffer.alloc(3)]).subarray(0, 28);
    expect(reception.takeRtcp(whole, 0, 28, monoMs(1000))).toBe(false);
    for (const sequence of [65_534, 65_535, 2, 3]) take(sequence);
    const report = reception.report(monoMs(1500));
    if (!report) throw new Error('no report');
    expect(report.length % 4).toBe(0);
    expect({
      source: report.readUInt32BE(8),
      // 2 of 6 packets: 85 / 256.
      fractionLost: report.readUInt8(12),
      lost: report.readUIntBE(13, 3),
      highest: report.readUInt32BE(16),
      lastReport: report.readUInt32BE(24).toString(16),
      delay: report.readUInt32BE(28),
    }).toEqual({ source: 1, fractionLost: 85, lost: 2, highest: 0x1_0003, lastReport: 'bbbbcccc', delay: 32_768 });
    // The compound packet is well formed to its end.
    expect(report.readUInt16BE(34)).toBe((report.length - 32) / 4 - 1);
    expect(report.toString('ascii', 42, 52)).toBe('stillwatch');
    expect(reception.report(monoMs(2000))?.readUInt8(12)).toBe(0);
  });

  it('hears the end of the stream, at any place of a compound packet', () => {
    const bye = Buffer.from('80c900010000000181cb000100000001', 'hex');
    expect(readRtcp(bye, 0, bye.length)).toEqual({ senderReport: undefined, isBye: true });
    expect(readRtcp(bye, 0, bye.length - 1).isBye).toBe(false);
  });

  it('reads any RTCP without leaving it', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readRtcp(Buffer.from(bytes), 0, bytes.length)));
  });
});
