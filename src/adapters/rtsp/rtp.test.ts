import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monoMs } from '../../domain/units.ts';
import { rtpPacket } from '../../testing/rtp-packetizer.ts';
import { PresentationClock, readRtp, SequenceTracker } from './rtp.ts';

const payloadOf = (packet: Buffer): string | undefined => {
  const read = readRtp(packet, 0, packet.length);
  return read?.bytes.toString('hex', read.start, read.end);
};

describe('readRtp', () => {
  it('gives back what was packed, wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.record({
          sequence: fc.nat(0xffff),
          timestamp: fc.nat(0xffff_ffff),
          isMarked: fc.boolean(),
          payloadType: fc.nat(127),
          source: fc.nat(0xffff_ffff),
        }),
        fc.uint8Array({ maxLength: 50 }),
        fc.nat(20),
        (fields, payload, offset) => {
          const packet = rtpPacket(fields, payload);
          const bytes = Buffer.concat([Buffer.alloc(offset, 0xaa), packet, Buffer.alloc(3, 0xbb)]);
          const read = readRtp(bytes, offset, offset + packet.length);
          expect(read).toMatchObject(fields);
          expect(read?.bytes.subarray(read.start, read.end)).toEqual(Buffer.from(payload));
        },
      ),
    );
  });

  it.each([
    ['plain', '8060000100000002000000030102', '0102'],
    ['padded by 2', 'a0600001000000020000000301020002', '0102'],
    ['an extension of one word', '906000010000000200000003abac0001deadbeef0102', '0102'],
    ['two contributing sources', '82600001000000020000000311111111222222220102', '0102'],
    ['all of it', 'b160000100000002000000031111111100010000010201', '0102'],
    ['empty', '806000010000000200000003', ''],
    ['version 1', '4060000100000002000000030102', undefined],
    ['too short', '8060000100000002000000', undefined],
    ['padding of 0', 'a0600001000000020000000301020000', undefined],
    ['padding of more than there is', 'a060000100000002000000030102ff', undefined],
    ['an extension that does not end', '906000010000000200000003abac00ff', undefined],
    ['sources that are not there', '8f60000100000002000000030102', undefined],
  ])('%s', (_, hex, payload) => {
    expect(payloadOf(Buffer.from(hex, 'hex'))).toBe(payload);
  });

  it('reads any bytes without leaving them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (content) => {
        const read = readRtp(Buffer.from(content), 0, content.length);
        if (read) expect(read.start <= read.end && read.end <= content.length && read.start >= 12).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('SequenceTracker', () => {
  const follow = (tracker: SequenceTracker, sequence: number, source = 1): string => {
    const verdict = tracker.follow({ sequence, source });
    return verdict.type === 'gap' ? `gap ${verdict.lost}` : verdict.type;
  };

  it.each([
    ['in order', [5, 6, 7], ['next', 'next', 'next']],
    ['across the wrap', [65_534, 65_535, 0, 1], ['next', 'next', 'next', 'next']],
    ['loss', [5, 9, 10], ['next', 'gap 3', 'next']],
    ['loss across the wrap', [65_534, 2], ['next', 'gap 3']],
    ['twice', [5, 5, 6], ['next', 'late', 'next']],
    ['late', [5, 7, 6, 8], ['next', 'gap 1', 'late', 'next']],
    ['late across the wrap', [65_535, 1, 0, 65_535, 2], ['next', 'gap 1', 'late', 'late', 'next']],
    ['far ahead', [5, 3006, 3007], ['next', 'restart', 'next']],
    ['as far as counts', [5, 3005], ['next', 'gap 2999']],
    ['far behind', [5000, 4000, 4001], ['next', 'restart', 'next']],
  ])('%s', (_, sequences, verdicts) => {
    const tracker = new SequenceTracker();
    expect(sequences.map((sequence) => follow(tracker, sequence))).toEqual(verdicts);
  });

  it('starts again with another source', () => {
    const tracker = new SequenceTracker();
    expect([follow(tracker, 5, 1), follow(tracker, 900, 2), follow(tracker, 901, 2)]).toEqual([
      'next',
      'restart',
      'next',
    ]);
  });

  it('counts what was left out, and the highest number, over any number of wraps', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 200 }), (first, steps) => {
        const tracker = new SequenceTracker();
        tracker.follow({ sequence: first, source: 1 });
        let at = first;
        let lost = 0;
        for (const step of steps) {
          at += step;
          const verdict = tracker.follow({ sequence: at & 0xffff, source: 1 });
          if (verdict.type === 'gap') lost += verdict.lost;
        }
        expect(lost).toBe(steps.reduce((sum, step) => sum + step - 1, 0));
        expect(tracker.highest).toBe(at);
      }),
    );
  });
});

describe('PresentationClock', () => {
  const at = (value: number) => monoMs(value);

  it('runs on over the wrap of the timestamp', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 60 }),
        (first, steps) => {
          const clock = new PresentationClock(90_000);
          expect(clock.pts(first, at(0))).toBe(0);
          let now = 0;
          for (const step of steps) {
            now += step;
            expect(clock.pts((first + now * 90) >>> 0, at(now))).toBeCloseTo(now, 6);
          }
        },
      ),
    );
  });

  it.each([
    [
      'B-frames go back a little',
      [
        [0, 0],
        [9000, 100],
        [6000, 110],
      ],
      [0, 100, 66.667],
    ],
    [
      'coalesced reads arrive at once',
      [
        [0, 1000],
        [90_000, 1000],
        [180_000, 1001],
      ],
      [0, 1000, 2000],
    ],
    [
      'a jump ahead is not believed',
      [
        [0, 0],
        [6000, 67],
        [900_000_000, 134],
        [900_006_000, 200],
      ],
      [0, 66.667, 133.667, 200.333],
    ],
    [
      'a jump back is not believed',
      [
        [900_000_000, 0],
        [900_006_000, 67],
        [0, 134],
      ],
      [0, 66.667, 133.667],
    ],
    [
      'never before the first',
      [
        [9000, 0],
        [0, 10],
      ],
      [0, 0],
    ],
  ] as const)('%s', (_, packets, times) => {
    const clock = new PresentationClock(90_000);
    const seen = packets.map(([timestamp, now]) => Math.round(clock.pts(timestamp, at(now)) * 1000) / 1000);
    expect(seen).toEqual(times);
  });
});
