// Kept readings in memory, for what stands on them.

import type { Audit } from '../domain/audit.ts';
import type { CameraId } from '../domain/ids.ts';
import type { KeptReading } from '../domain/readings.ts';
import { epochMs } from '../domain/units.ts';
import type { ReadingArchive } from '../ports/readings.ts';

const DAY_MS = 86_400_000;
const endOf = (reading: KeptReading): number =>
  reading.from + (reading.type === 'calm' ? reading.seconds * 1000 : reading.type === 'moving' ? 1000 : 0);

export const memoryReadings = (): ReadingArchive => {
  const kept = new Map<CameraId, KeptReading[]>();
  const archive: ReadingArchive = {
    async append(camera, readings) {
      kept.set(camera, [...(kept.get(camera) ?? []), ...readings]);
    },
    async lastAudit(camera): Promise<Audit | undefined> {
      const note = kept.get(camera)?.findLast((reading) => reading.type === 'audit');
      return note?.type === 'audit' ? note.audit : undefined;
    },
    async read(camera, from, until) {
      return (kept.get(camera) ?? []).flatMap((reading): readonly KeptReading[] => {
        if (reading.type !== 'calm') return reading.from >= from && reading.from < until ? [reading] : [];
        const start = Math.max(reading.from, from);
        const seconds = Math.floor((Math.min(endOf(reading), until) - start) / 1000);
        return seconds > 0 ? [{ type: 'calm', from: epochMs(start), seconds }] : [];
      });
    },
    async *parts(camera, from, until) {
      for (let at = from; at < until; at = epochMs(at + DAY_MS / 2)) {
        yield await archive.read(camera, at, epochMs(Math.min(until, at + DAY_MS / 2)));
      }
    },
    async sweep(before) {
      const days = new Set<string>();
      const isOver = (at: number): boolean => (Math.floor(at / DAY_MS) + 1) * DAY_MS <= before;
      for (const [camera, readings] of kept) {
        for (const { from } of readings) if (isOver(from)) days.add(`${camera} ${Math.floor(from / DAY_MS)}`);
        kept.set(
          camera,
          readings.filter(({ from }) => !isOver(from)),
        );
      }
      return days.size;
    },
  };
  return archive;
};
