import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../domain/camera.ts';
import { aggregate, annexB, fragments, rtpPacket } from '../../testing/rtp-packetizer.ts';
import { type AccessUnit, AccessUnitAssembler, MAX_ACCESS_UNIT } from './access-unit.ts';
import { ParameterSets } from './parameter-sets.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import { readRtp, SequenceTracker } from './rtp.ts';

const unit = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const SETS: Readonly<Record<Codec, readonly Uint8Array[]>> = {
  h264: [unit('Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA=='), unit('aMuDyyA=')],
  h265: [
    unit('QAEMAf//AWAAAAMAkAAAAwAAAwA/laCA'),
    unit('QgEBAWAAAAMAkAAAAwAAAwA/oAUCAWlllZpJMrwFoCAAAAMAIAAAAwMh'),
    unit('RAHBcoYMRiQ='),
  ],
};

/** A slice that tells its picture apart from all others. */
const slice = (codec: Codec, isKey: boolean, isFirst: boolean, content: readonly number[]): Uint8Array => {
  const header = codec === 'h264' ? [isKey ? 0x65 : 0x41] : [(isKey ? 19 : 1) << 1, 1];
  return Uint8Array.from([...header, isFirst ? 0x88 : 0x40, ...content]);
};

const filled = (length: number, value: number): number[] => Array.from({ length }, () => value);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** In a form that is compared fast. */
const shown = ({ timestamp, isKey, bytes }: AccessUnit): string => `${timestamp} ${isKey} ${hex(bytes)}`;
/** The units of an Annex B picture, in hex. */
const unitsOf = (bytes: Uint8Array): string[] => hex(bytes).split('00000001').slice(1);
const slices = (codec: Codec, bytes: Uint8Array): string[] =>
  unitsOf(bytes).filter((one) => !SETS[codec].map(hex).includes(one));

interface Sent {
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly isMarked: boolean;
}

interface Run {
  readonly units: AccessUnit[];
  readonly assembler: AccessUnitAssembler;
  readonly sets: ParameterSets;
}

/** Sends the packets with consecutive numbers; those of `lost` never arrive. */
const receive = (codec: Codec, sent: readonly Sent[], lost: ReadonlySet<number> = new Set(), known = true): Run => {
  const sets = new ParameterSets(codec);
  const kinds = codec === 'h264' ? (['sps', 'pps'] as const) : (['vps', 'sps', 'pps'] as const);
  if (known) for (const [i, kind] of kinds.entries()) sets.put(kind, SETS[codec][i] ?? new Uint8Array());
  const units: AccessUnit[] = [];
  const assembler = new AccessUnitAssembler(codec, sets, (one) => units.push(one));
  const tracker = new SequenceTracker();
  for (const [i, { payload, ...fields }] of sent.entries()) {
    if (lost.has(i)) continue;
    const bytes = rtpPacket({ sequence: 65_500 + i, ...fields }, payload);
    const packet = readRtp(bytes, 0, bytes.length);
    if (!packet) throw new Error('our own packet is not read');
    if (tracker.follow(packet).type !== 'next') assembler.gap();
    assembler.push(packet);
    bytes.fill(0xee);
  }
  return { units, assembler, sets };
};

interface Picture {
  readonly isKey: boolean;
  readonly hasSets: boolean;
  readonly sizes: readonly number[];
}
type Marking = 'last' | 'every' | 'never';

/** Pictures of random shape, the way of packing them, and what must come out. */
const stream = fc
  .record({
    codec: fc.constantFrom<Codec>('h264', 'h265'),
    marking: fc.constantFrom<Marking>('last', 'every', 'never'),
    slices: fc.integer({ min: 1, max: 3 }),
    fragment: fc.integer({ min: 1, max: 60 }),
    doesAggregate: fc.boolean(),
    // As GStreamer does with config-interval=-1.
    repeatsSets: fc.boolean(),
    pictures: fc.array(
      fc.record({
        isKey: fc.boolean(),
        hasSets: fc.boolean(),
        sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  })
  .map(({ codec, marking, slices, fragment, doesAggregate, repeatsSets, pictures }) => {
    // A camera that marks every slice does so because it has several, in all of its pictures.
    const count = marking === 'every' ? Math.max(2, slices) : slices;
    const all: readonly Picture[] = [{ isKey: true, hasSets: true, sizes: [5, 5, 5] }, ...pictures];
    const sent: Sent[] = [];
    const expected = all.map((picture, index) => {
      const pictureSlices = picture.sizes
        .slice(0, count)
        .map((size, i) => slice(codec, picture.isKey, i === 0, [index, ...filled(size, index + 1)]));
      const withSets = picture.isKey && picture.hasSets;
      const sets = doesAggregate ? [[aggregate(codec, SETS[codec])]] : SETS[codec].map((set) => [set]);
      const packed = pictureSlices.flatMap((one, i) => [
        ...(withSets && (i === 0 || repeatsSets) ? sets : []),
        one.length > fragment + 2 ? fragments(codec, one, fragment) : [one],
      ]);
      const timestamp = index * 6000;
      for (const [n, packets] of packed.entries()) {
        for (const [p, payload] of packets.entries()) {
          const endsUnit = p === packets.length - 1;
          const endsPicture = endsUnit && n === packed.length - 1;
          const isMarked = marking === 'never' ? false : marking === 'every' ? endsUnit : endsPicture;
          sent.push({ payload, timestamp, isMarked });
        }
      }
      return {
        timestamp,
        isKey: picture.isKey,
        bytes: annexB(
          pictureSlices.flatMap((one, i) => {
            const hasSets = picture.isKey && (i === 0 || (withSets && repeatsSets));
            return hasSets ? [...SETS[codec], one] : [one];
          }),
        ),
      };
    });
    // One more picture, so that the end of the last is seen by its timestamp.
    sent.push({ payload: slice(codec, false, true, [0]), timestamp: all.length * 6000, isMarked: false });
    return { codec, sent, expected };
  });

describe('AccessUnitAssembler', () => {
  it('gives back every picture, however packed and marked', () => {
    fc.assert(
      fc.property(stream, ({ codec, sent, expected }) => {
        const { units, assembler } = receive(codec, sent);
        expect(units.map(shown)).toEqual(expected.map(shown));
        expect(assembler.dropped).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('after loss gives whole pictures only, and none whose reference was not given', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), ({ codec, sent, expected }, places) => {
        const lost = new Set(places.map((place) => place % sent.length));
        const { units } = receive(codec, sent, lost);
        const givenAt = units.map(({ timestamp }) => timestamp / 6000);
        for (const [i, given] of units.entries()) {
          const index = givenAt[i] ?? -1;
          const whole = expected[index];
          // A lost parameter set is replaced by all known ones, so one of them may come twice.
          expect(slices(codec, given.bytes)).toEqual(slices(codec, whole?.bytes ?? new Uint8Array()));
          expect(given.isKey).toBe(whole?.isKey);
          if (given.isKey) expect(unitsOf(given.bytes)).toEqual(expect.arrayContaining(SETS[codec].map(hex)));
          if (!given.isKey) expect(givenAt[i - 1]).toBe(index - 1);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('loses no more than it must: the next whole key picture is given', () => {
    const picture = (index: number, isKey: boolean): Sent[] =>
      fragments('h264', slice('h264', isKey, true, [index, ...filled(30, index)]), 10).map((payload, i, all) => ({
        payload,
        timestamp: index * 6000,
        isMarked: i === all.length - 1,
      }));
    const sent = Array.from({ length: 24 }, (_, i) => picture(i, i % 6 === 0)).flat();
    const lostPacket = sent.findIndex(({ timestamp }) => timestamp === 14 * 6000);
    const { units, assembler } = receive('h264', sent, new Set([lostPacket]));
    expect(units.map(({ timestamp }) => timestamp / 6000).join(' ')).toBe(
      '0 1 2 3 4 5 6 7 8 9 10 11 12 13 18 19 20 21 22 23',
    );
    expect(assembler.dropped).toBe(4);
  });

  it('waits for a key picture whose parameter sets are known', () => {
    const key = { payload: slice('h264', true, true, [1]), isMarked: true };
    const bare = [0, 1].map((i) => ({ ...key, timestamp: i * 6000 }));
    expect(receive('h264', bare, new Set(), false).units).toEqual([]);
    const set = (i: number): Sent => ({ payload: SETS.h264[i] ?? new Uint8Array(), timestamp: 100, isMarked: false });
    const later = [...bare, set(0), set(1), { ...key, timestamp: 12_000 }, { ...key, timestamp: 18_000 }];
    const run = receive('h264', later, new Set(), false);
    expect(run.units.map(({ timestamp }) => timestamp)).toEqual([12_000]);
    expect(run.units[0]?.bytes).toEqual(annexB([...SETS.h264, key.payload]));
  });

  it('keeps the delimiter first when it adds parameter sets', () => {
    const delimiter = Uint8Array.of(9, 0x10);
    const key = slice('h264', true, true, [1]);
    const { units } = receive('h264', [
      { payload: aggregate('h264', [delimiter, key]), timestamp: 0, isMarked: true },
      { payload: key, timestamp: 6000, isMarked: true },
    ]);
    expect(units[0]?.bytes).toEqual(annexB([delimiter, ...SETS.h264, key]));
  });

  it('splits where the standard says, though the timestamp stays', () => {
    const key = slice('h264', true, true, [1]);
    const next = slice('h264', false, true, [2]);
    const sei = Uint8Array.of(6, 5, 1, 0xaa, 0x80);
    const delimiter = Uint8Array.of(9, 0x10);
    const { units } = receive('h264', [
      { payload: aggregate('h264', [delimiter, key]), timestamp: 0, isMarked: false },
      { payload: aggregate('h264', [delimiter, ...SETS.h264, key]), timestamp: 0, isMarked: false },
      { payload: aggregate('h264', [delimiter, key]), timestamp: 0, isMarked: false },
      { payload: aggregate('h264', [sei, next]), timestamp: 0, isMarked: false },
      { payload: next, timestamp: 6000, isMarked: false },
    ]);
    expect(units.map((one) => hex(one.bytes))).toEqual(
      [
        [delimiter, ...SETS.h264, key],
        [delimiter, ...SETS.h264, key],
        [delimiter, ...SETS.h264, key],
        [sei, next],
      ].map((picture) => hex(annexB(picture))),
    );
  });

  it('learns parameter sets that come with the timestamp of the picture before', () => {
    const [sps, pps] = [unit('Z0LAM9oA8AEPsBEAAAMAAQAAAwAyDxgyoA=='), SETS.h264[1] ?? new Uint8Array()];
    const key = slice('h264', true, true, [1]);
    const { units, sets } = receive('h264', [
      { payload: key, timestamp: 0, isMarked: true },
      { payload: aggregate('h264', [sps, pps]), timestamp: 0, isMarked: false },
      { payload: key, timestamp: 6000, isMarked: true },
      { payload: key, timestamp: 12_000, isMarked: true },
    ]);
    expect(units.map((one) => hex(one.bytes))).toEqual(
      [
        [...SETS.h264, key],
        [sps, pps, key],
      ].map((picture) => hex(annexB(picture))),
    );
    expect(sets.sequence?.picture).toEqual({ width: 3840, height: 2160 });
  });

  it('keeps two fields of one timestamp together', () => {
    const top = slice('h264', true, true, [1]);
    const bottom = slice('h264', false, true, [2]);
    const sent = Array.from({ length: 12 }, (_, i) => [
      { payload: top, timestamp: i * 3600, isMarked: true },
      { payload: bottom, timestamp: i * 3600, isMarked: true },
    ]).flat();
    const { units } = receive('h264', sent);
    expect(units).toHaveLength(11);
    for (const one of units) expect(one.bytes).toEqual(annexB([...SETS.h264, top, bottom]));
  });

  it('takes an I picture after an SPS for a start: some cameras send no IDR', () => {
    // first_mb_in_slice 0, slice_type 7 (I): bits 1 0001000; slice_type 5 (P): bits 1 00110.
    const intra = Uint8Array.of(0x41, 0b1000_1000, 1);
    const inter = Uint8Array.of(0x41, 0b1001_1000, 1);
    const sets = SETS.h264;
    const picture = (units: readonly Uint8Array[], index: number): Sent => ({
      payload: aggregate('h264', units),
      timestamp: index * 6000,
      isMarked: true,
    });
    const { units } = receive('h264', [
      picture([intra], 0),
      picture([...sets, inter], 1),
      picture([...sets, intra], 2),
      picture([inter], 3),
      picture([inter], 4),
    ]);
    expect(units.map((one) => [one.timestamp / 6000, one.isKey])).toEqual([
      [2, true],
      [3, false],
    ]);
  });

  it('takes a piece of an Annex B stream for what it is', () => {
    const key = slice('h264', true, true, [1]);
    const { units } = receive('h264', [
      { payload: annexB([...SETS.h264, key]), timestamp: 0, isMarked: true },
      { payload: key, timestamp: 6000, isMarked: true },
    ]);
    expect(units[0]?.bytes).toEqual(annexB([...SETS.h264, key]));
  });

  it('ends the run when a picture outgrows all bounds', () => {
    const start = fragments('h264', slice('h264', true, true, filled(60_000, 7)), 50_000);
    const middle = Uint8Array.from(start[1] ?? []);
    middle[1] = 5;
    const big = new Uint8Array(60_000).fill(7);
    big.set([middle[0] ?? 0, 5]);
    const sent = [
      { payload: start[0] ?? new Uint8Array(), timestamp: 0, isMarked: false },
      ...Array.from({ length: Math.ceil(MAX_ACCESS_UNIT / 59_000) }, () => ({
        payload: big,
        timestamp: 0,
        isMarked: false,
      })),
    ];
    expect(() => receive('h264', sent)).toThrow(ProtocolViolation);
  });

  it('survives any payloads, and what it gives starts with a start code', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.constantFrom(0x78, 0x7c, 0x60, 0x62, 0x64, 0x61, 0x67, 0x65), fc.uint8Array({ maxLength: 60 }))
        .map(([first, rest]) => Uint8Array.from([first, ...rest])),
    );
    fc.assert(
      fc.property(
        fc.constantFrom<Codec>('h264', 'h265'),
        fc.array(fc.tuple(payload, fc.nat(3), fc.boolean(), fc.boolean()), { maxLength: 60 }),
        (codec, packets) => {
          const sent = packets.map(([content, timestamp, isMarked]) => ({ payload: content, timestamp, isMarked }));
          const lost = new Set(packets.flatMap(([, , , isLost], i) => (isLost ? [i] : [])));
          for (const one of receive(codec, sent, lost).units) {
            expect([...one.bytes.subarray(0, 4)]).toEqual([0, 0, 0, 1]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
