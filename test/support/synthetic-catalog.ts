// A catalogue of as many photos as wanted that keeps none: days, cameras and seconds follow from numbers. For what only a
// million photos show, without a million rows.

import type { CameraId } from '../../src/domain/ids.ts';
import type { SheetRow } from '../../src/ports/catalog.ts';
import { dayPlus } from '../../src/web/day-title.ts';
import type { WebDeps } from '../../src/web/deps.ts';

export interface SyntheticArchive {
  /** The newest day. */
  readonly last: string;
  /** How many photos each camera has on a day, by the day's number back from the newest. */
  readonly perDay: (back: number) => number;
  readonly days: number;
  readonly cameras: readonly CameraId[];
}

const two = (value: number): string => String(value).padStart(2, '0');

const rows = (day: string, camera: CameraId, count: number): readonly SheetRow[] =>
  Array.from({ length: count }, (_, index) => {
    const second = Math.floor(((count - 1 - index) * 86_400) / count);
    const time = `${two(Math.floor(second / 3600))}-${two(Math.floor(second / 60) % 60)}-${two(second % 60)}`;
    return {
      path: `${camera}/${day}/${time}.jpg`,
      camera,
      kind: 'calm',
      verdict: index % 5 === 0 ? 'arrived' : 'passing',
      width: 1920,
      height: 1080,
      isFavourite: index % 97 === 0,
    };
  });

const hourOf = ({ path }: SheetRow): number => Number(path.slice(-12, -10));

export const syntheticCatalog = ({ last, perDay, days, cameras }: SyntheticArchive): WebDeps['catalog'] => {
  const counts = Array.from({ length: days }, (_, back) => ({ day: dayPlus(last, -back), count: perDay(back) }));
  const all = counts.flatMap(({ day, count }) =>
    cameras.map((camera) => ({ day, camera, stills: count, covers: count, bytes: count * 300_000 })),
  );
  const countOf = (day: string): number => counts.find((one) => one.day === day)?.count ?? 0;
  return {
    list: async () => [],
    find: async () => undefined,
    findByPath: async () => undefined,
    days: async () => all,
    coverDays: async ({ cameras: only }) => all.filter(({ camera }) => !only || only.includes(camera)),
    count: async () => all.reduce((sum, { covers }) => sum + covers, 0),
    dayHours: async (day) => {
      const hours = new Map<number, number>();
      for (const row of rows(day, cameras[0] as CameraId, countOf(day)))
        hours.set(hourOf(row), (hours.get(hourOf(row)) ?? 0) + 1);
      return [...hours].flatMap(([hour, covers]) => cameras.map((camera) => ({ hour, camera, covers })));
    },
    sheet: async (day, { hour, cameras: only = cameras } = {}) =>
      only
        .flatMap((camera) => rows(day, camera, countOf(day)))
        .filter((row) => hour === undefined || hourOf(row) === hour),
  };
};
