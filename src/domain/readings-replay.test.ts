import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Area } from './geometry.ts';
import { type KeptReading, READING_CELLS } from './readings.ts';
import { areaCells, replayReadings, type Tuning } from './readings-replay.ts';
import { epochMs, seconds } from './units.ts';

const at = (second: number) => epochMs((1_795_000_000 + second) * 1000);
const rules = { calmPeriod: seconds(10), longestEpisode: seconds(300) };

const LEFT: Area = {
  polygon: [
    { x: 0, y: 0 },
    { x: 0.5, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0, y: 1 },
  ],
  sensitivity: 'ignored',
};
const calm = (from: number, until: number): KeptReading => ({ type: 'calm', from: at(from), seconds: until - from });
const moving = (second: number, pixels: number, cell = 0): KeptReading => {
  const cells = new Uint8Array(READING_CELLS);
  cells[cell] = pixels;
  return { type: 'moving', from: at(second), score: Math.log2(1 + pixels) / 10, cells };
};
const faint = (second: number, pixels: number, cell = 0): KeptReading => ({
  type: 'faint',
  from: at(second),
  score: Math.log2(1 + pixels) / 10,
  cell,
});
const spansOf = (readings: readonly KeptReading[], tuning: Tuning): readonly string[] =>
  replayReadings(readings, tuning, rules).episodes.map(
    ({ start, lastMotion, end }) => `${(start - at(0)) / 1000} ${(lastMotion - at(0)) / 1000} ${(end - at(0)) / 1000}`,
  );
const as = (sensitivity: Area['sensitivity']): Tuning => ({ areas: [{ ...LEFT, sensitivity }] });
const NOTHING: Tuning = { areas: [] };

describe('another setting on the past', () => {
  it.each<[string, readonly KeptReading[], Tuning, readonly string[]]>([
    ['nothing moved', [calm(0, 600)], NOTHING, []],
    ['one episode as it was', [calm(0, 20), moving(20, 9), moving(21, 9), calm(22, 60)], NOTHING, ['20 21 31']],
    ['masked', [calm(0, 20), moving(20, 50), calm(21, 60)], as('ignored'), []],
    ['outside the mask', [calm(0, 20), moving(20, 50, 15), calm(21, 60)], as('ignored'), ['20 20 30']],
    ['less sensitive, small', [calm(0, 20), moving(20, 5), calm(21, 60)], as('low'), []],
    ['less sensitive, large', [calm(0, 20), moving(20, 50), calm(21, 60)], as('low'), ['20 20 30']],
    ['faint stays faint', [calm(0, 20), faint(20, 3.5), calm(21, 60)], NOTHING, []],
    ['more sensitive', [calm(0, 20), faint(20, 3.5), calm(21, 60)], as('high'), ['20 20 30']],
    ['more sensitive elsewhere', [calm(0, 20), faint(20, 3.5, 15), calm(21, 60)], as('high'), []],
    ['twice the change wanted', [calm(0, 20), moving(20, 7), calm(21, 60)], { areas: [], threshold: 2 }, []],
    ['half the change wanted', [calm(0, 20), faint(20, 2), calm(21, 60)], { areas: [], threshold: 0.5 }, ['20 20 30']],
    ['two that the calm period joins', [moving(0, 9), calm(1, 8), moving(8, 9), calm(9, 60)], NOTHING, ['0 8 18']],
    ['two that it does not', [moving(0, 9), calm(1, 15), moving(15, 9), calm(16, 60)], NOTHING, ['0 0 10', '15 15 25']],
    ['unseen time is not calm', [moving(0, 9), calm(1, 5), calm(100, 150)], NOTHING, ['0 100 110']],
    ['open at the end', [calm(0, 20), moving(20, 9), calm(21, 25)], NOTHING, ['20 20 25']],
    ['a clock set back', [moving(30, 9), calm(31, 60), moving(35, 9), calm(60, 90)], NOTHING, ['30 30 40']],
  ])('%s', (_, readings, tuning, episodes) => {
    expect(spansOf(readings, tuning)).toEqual(episodes);
  });

  it('cuts what never calms, like the watcher', () => {
    const busy = Array.from({ length: 700 }, (_, second) => moving(second, 20));
    expect(spansOf(busy, NOTHING)).toEqual(['0 299 300', '300 599 600', '600 699 700']);
  });

  it('says what share of the picture it cannot know, because it was masked then', () => {
    const noted: KeptReading = { type: 'areas', from: at(0), cells: areaCells([LEFT]) };
    const past = [noted, calm(0, 60)];
    expect(replayReadings(past, NOTHING, rules).unknownShare).toBeCloseTo(0.5);
    expect(replayReadings(past, { areas: [LEFT] }, rules).unknownShare).toBe(0);
    expect(replayReadings([calm(0, 60)], NOTHING, rules).unknownShare).toBe(0);
  });

  it('gives back what was seen under the same setting, whatever it was', () => {
    const noted: KeptReading = { type: 'areas', from: at(0), cells: areaCells([{ ...LEFT, sensitivity: 'low' }]) };
    expect(spansOf([noted, calm(0, 20), moving(20, 4), calm(21, 60)], as('low'))).toEqual(['20 20 30']);
  });

  it('never finds more for a higher threshold or a larger mask', () => {
    const past = fc.array(
      fc.record({ pixels: fc.integer({ min: 4, max: 100 }), cell: fc.nat(READING_CELLS - 1), rest: fc.nat(30) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(past, fc.double({ min: 1, max: 8, noNaN: true }), (parts, threshold) => {
        let second = 0;
        const readings = parts.flatMap(({ pixels, cell, rest }) => {
          const pair = [moving(second, pixels, cell), calm(second + 1, second + 1 + rest)];
          second += 1 + rest;
          return rest === 0 ? pair.slice(0, 1) : pair;
        });
        const before = replayReadings(readings, NOTHING, rules);
        expect(replayReadings(readings, { areas: [], threshold }, rules).movingSeconds).toBeLessThanOrEqual(
          before.movingSeconds,
        );
        expect(replayReadings(readings, { areas: [LEFT] }, rules).movingSeconds).toBeLessThanOrEqual(
          before.movingSeconds,
        );
        expect(before.seenSeconds).toBe(second);
      }),
    );
  });
});
