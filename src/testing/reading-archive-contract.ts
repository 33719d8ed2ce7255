// What every archive of readings must do.

import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { type KeptReading, READING_CELLS } from '../domain/readings.ts';
import { epochMs } from '../domain/units.ts';
import type { ReadingArchive } from '../ports/readings.ts';

const DAY = 86_400;
/** Midnight (UTC) of a day in 2026. */
const MIDNIGHT = 1_795_392_000;
const at = (second: number) => epochMs((MIDNIGHT + second) * 1000);
const garden = cameraId('garden');
const yard = cameraId('yard');

const calm = (from: number, seconds: number): KeptReading => ({ type: 'calm', from: at(from), seconds });
const moving = (second: number): KeptReading => ({
  type: 'moving',
  from: at(second),
  score: 0.4,
  cells: new Uint8Array(READING_CELLS).fill(3, 20, 24),
});
const audit = (second: number, looked: number): KeptReading => ({
  type: 'audit',
  from: at(second),
  audit: { looked, missed: 1 },
});

export const readingArchiveContract = (make: () => Promise<ReadingArchive>): void => {
  describe('keeps readings', () => {
    it('in order, each camera’s by itself', async () => {
      const archive = await make();
      await archive.append(garden, [calm(0, 60), moving(60)]);
      await archive.append(yard, [calm(0, 10)]);
      await archive.append(garden, [calm(61, 30)]);
      const kept = await archive.read(garden, at(0), at(DAY));
      expect(kept.map(({ type, from }) => [type, (from - at(0)) / 1000])).toEqual([
        ['calm', 0],
        ['moving', 60],
        ['calm', 61],
      ]);
      expect(kept[1]).toMatchObject({ cells: new Uint8Array(READING_CELLS).fill(3, 20, 24) });
    });

    it('and gives the part that is asked for, over midnight too', async () => {
      const archive = await make();
      await archive.append(garden, [calm(-30, 60), moving(30)]);
      await archive.append(garden, [calm(31, 600)]);
      expect(await archive.read(garden, at(10), at(20))).toEqual([calm(10, 10)]);
      expect((await archive.read(garden, at(-5), at(40))).map((reading) => reading.type)).toEqual([
        'calm',
        'moving',
        'calm',
      ]);
      expect(await archive.read(yard, at(0), at(DAY))).toEqual([]);
      expect(await archive.read(garden, at(3 * DAY), at(4 * DAY))).toEqual([]);
    });

    it('and gives the same in parts, a day at most in each', async () => {
      const archive = await make();
      await archive.append(garden, [calm(-30, 60), moving(30)]);
      await archive.append(garden, [calm(31, 3000)]);
      await archive.append(garden, [moving(DAY + 40)]);
      const parts: (readonly KeptReading[])[] = [];
      for await (const part of archive.parts(garden, at(-10), at(DAY + 60))) parts.push(part);
      expect(parts.flat()).toEqual(await archive.read(garden, at(-10), at(DAY + 60)));
      expect(parts.flat()).toHaveLength(4);
      for (const part of parts) {
        const [first, last] = [part.at(0), part.at(-1)];
        expect((last?.from ?? 0) - (first?.from ?? 0)).toBeLessThan(DAY * 1000);
      }
    });

    it('when the system’s clock was set back', async () => {
      const archive = await make();
      await archive.append(garden, [calm(100, 60), calm(20, 10), moving(30)]);
      const kept = await archive.read(garden, at(0), at(DAY));
      expect(kept.map(({ from }) => (from - at(0)) / 1000)).toEqual([100, 20, 30]);
    });

    it('with the newest count of the audit', async () => {
      const archive = await make();
      expect(await archive.lastAudit(garden)).toBeUndefined();
      await archive.append(garden, [calm(0, 60), audit(60, 10)]);
      await archive.append(garden, [calm(60, 60), audit(120, 12), calm(120, 9)]);
      await archive.append(garden, [calm(DAY, 60)]);
      expect(await archive.lastAudit(garden)).toEqual({ looked: 12, missed: 1 });
      expect(await archive.lastAudit(yard)).toBeUndefined();
    });

    it('until their day is over for good', async () => {
      const archive = await make();
      await archive.append(garden, [calm(0, 60)]);
      await archive.append(garden, [calm(DAY, 60)]);
      expect(await archive.sweep(at(DAY - 1))).toBe(0);
      expect(await archive.sweep(at(DAY))).toBe(1);
      expect(await archive.sweep(at(DAY))).toBe(0);
      expect(await archive.read(garden, at(0), at(5 * DAY))).toEqual([calm(DAY, 60)]);
      await archive.append(garden, [moving(DAY + 60)]);
      expect(await archive.read(garden, at(0), at(5 * DAY))).toHaveLength(2);
    });
  });
};
