import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeptReading, READING_CELLS } from './readings.ts';
import { decodeReadings, encodeReadings, keptPixels, keptScore } from './readings-codec.ts';
import { epochMs } from './units.ts';

const START = 1_795_000_000;
const at = (second: number) => epochMs((START + second) * 1000);
const score = fc.double({ min: 0, max: 1, noNaN: true });

const pieces = fc.oneof(
  fc.record({ type: fc.constant('calm' as const), seconds: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ type: fc.constant('faint' as const), score, cell: fc.integer({ min: 0, max: READING_CELLS - 1 }) }),
  fc.record({
    type: fc.constant('moving' as const),
    score,
    cells: fc.uint8Array({ minLength: READING_CELLS, maxLength: READING_CELLS, max: 100 }),
  }),
  fc.record({
    type: fc.constant('areas' as const),
    cells: fc.uint8Array({ minLength: READING_CELLS, maxLength: READING_CELLS, max: 3 }),
  }),
  fc.record({
    type: fc.constant('audit' as const),
    audit: fc.record({ looked: fc.nat(), missed: fc.nat() }),
  }),
);
const history = fc
  .array(fc.record({ hole: fc.integer({ min: 0, max: 200_000 }), piece: pieces }), { minLength: 1, maxLength: 40 })
  .map((parts) => {
    let second = 0;
    return parts.map(({ hole, piece }): KeptReading => {
      // Calm seconds that touch come back as one; a hole keeps these apart.
      second += hole + (piece.type === 'calm' ? 1 : 0);
      const from = at(second);
      second += piece.type === 'calm' ? piece.seconds : piece.type === 'faint' || piece.type === 'moving' ? 1 : 0;
      return { ...piece, from };
    });
  });

const asKept = (reading: KeptReading): KeptReading => {
  if (reading.type === 'faint') return { ...reading, score: keptScore(reading.score) };
  if (reading.type !== 'moving') return reading;
  return { ...reading, score: keptScore(reading.score), cells: reading.cells.map(keptPixels) };
};

describe('kept readings', () => {
  it('come back as they were, up to the steps they are kept in', () => {
    fc.assert(
      fc.property(history, (readings) => {
        expect(decodeReadings(encodeReadings(readings))).toEqual(readings.map(asKept));
      }),
    );
  });

  it('are the same bytes when kept again', () => {
    fc.assert(
      fc.property(history, (readings) => {
        const bytes = encodeReadings(readings);
        expect(encodeReadings(decodeReadings(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    [0, 0],
    [1, 1],
    [4, 4],
    [5, 4],
    [12, 11],
    [99, 100],
    [255, 100],
  ])('%i changed pixels are kept as %i', (pixels, kept) => {
    expect(keptPixels(pixels)).toBe(kept);
  });

  it('never lose a change, and keep it to a sixth', () => {
    for (let pixels = 1; pixels <= 100; pixels++) {
      expect(Math.abs(keptPixels(pixels) - pixels) / pixels).toBeLessThan(0.21);
      expect(keptPixels(pixels)).toBeGreaterThan(0);
    }
  });

  it('are small: ten calm minutes in ten bytes, a person in a dozen', () => {
    expect(encodeReadings([{ type: 'calm', from: at(0), seconds: 600 }])).toHaveLength(5 + 5);
    const cells = new Uint8Array(READING_CELLS);
    for (const cell of [50, 51, 66, 67, 82, 83]) cells[cell] = 40;
    expect(encodeReadings([{ type: 'moving', from: at(0), score: 0.5, cells }])).toHaveLength(5 + 2 + 2 + 6 + 3);
  });

  it('that are damaged are refused or read as others, and never hang', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(255), fc.nat(), (readings, place, byte, cut) => {
        const bytes = encodeReadings(readings);
        bytes[place % bytes.length] = byte;
        try {
          decodeReadings(bytes.subarray(0, cut % (bytes.length + 1)));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('out of order are refused', () => {
    const calm = (second: number): KeptReading => ({ type: 'calm', from: at(second), seconds: 5 });
    expect(() => encodeReadings([calm(10), calm(3)])).toThrow(RangeError);
    expect(() => encodeReadings([calm(10), calm(12)])).toThrow(RangeError);
    expect(encodeReadings([])).toHaveLength(0);
    expect(decodeReadings(new Uint8Array(0))).toEqual([]);
  });
});
