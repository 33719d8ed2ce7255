// An archive whose server is a list of photos: what the tests of the timeline stand on.

import type { DayHoursView, DayView, TimelineView } from '../../src/web/wire-api.ts';
import { Archive, type ArchiveOptions } from './archive.ts';
import { sheetFrame } from './layout.ts';

export interface StagePhoto {
  readonly day: string;
  readonly camera: string;
  /** `HH-MM-SS` */
  readonly time: string;
  readonly size?: readonly [width: number, height: number];
}

const sorted = (photos: readonly StagePhoto[]): readonly StagePhoto[] =>
  [...photos].sort((a, b) => (`${a.day} ${a.time}` < `${b.day} ${b.time}` ? 1 : -1));
const named = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

/** As `GET /api/v1/timeline/{day}` answers. */
export const dayView = (day: string, photos: readonly StagePhoto[]): DayView => {
  const rows = sorted(photos.filter((photo) => photo.day === day));
  const cameras = named(rows.map(({ camera }) => camera));
  const sizes = [...new Set(rows.map(({ size = [1920, 1080] }) => size.join(' ')))];
  return {
    day,
    cameras,
    folders: cameras.map((camera) => `${camera}/${day}/`),
    shapes: sizes.map((size) => size.split(' ').map(Number) as [number, number]),
    verdicts: ['passing', 'arrived'],
    kinds: ['calm', 'manual'],
    camera: rows.map(({ camera }) => cameras.indexOf(camera)),
    names: rows.map(({ time }) => time),
    shape: rows.map(({ size = [1920, 1080] }) => sizes.indexOf(size.join(' '))),
    kind: rows.map(() => 0),
    verdict: rows.map((_, index) => (index % 3) - 1),
    favourites: rows.flatMap((_, index) => (index % 5 === 0 ? [index] : [])),
  };
};

export const hoursView = (day: string, photos: readonly StagePhoto[]): DayHoursView => {
  const rows = photos.filter((photo) => photo.day === day);
  const cameras = named(rows.map(({ camera }) => camera));
  const counts = Array.from({ length: 24 }, (_, hour) =>
    cameras.map(
      (camera) => rows.filter((row) => row.camera === camera && Number(row.time.slice(0, 2)) === hour).length,
    ),
  );
  return { day, cameras, counts };
};

const byDay = (photos: readonly StagePhoto[]): ReadonlyMap<string, readonly StagePhoto[]> => {
  const days = new Map<string, StagePhoto[]>();
  for (const photo of photos) {
    const list = days.get(photo.day);
    if (list) list.push(photo);
    else days.set(photo.day, [photo]);
  }
  return days;
};

const timelineView = (photos: readonly StagePhoto[]): TimelineView => {
  const days = named(photos.map(({ day }) => day)).toReversed();
  const cameras = named(photos.map(({ camera }) => camera));
  const index = new Map<string, number>();
  for (const { day, camera } of photos) index.set(`${day} ${camera}`, (index.get(`${day} ${camera}`) ?? 0) + 1);
  return { cameras, days, counts: days.map((day) => cameras.map((camera) => index.get(`${day} ${camera}`) ?? 0)) };
};

export interface ArchiveStage {
  readonly archive: Archive;
  /** What the server has; replaced, it has something else. */
  photos: readonly StagePhoto[];
  /** Addresses in the order they were asked. */
  readonly asked: string[];
  /** Addresses that cannot be had. */
  readonly broken: Set<string>;
}

/** `count` photos of a camera, spread evenly over a day. */
export const spread = (day: string, camera: string, count: number): readonly StagePhoto[] =>
  Array.from({ length: count }, (_, index) => {
    const second = Math.floor((index * 86_400) / count);
    const two = (value: number): string => String(value).padStart(2, '0');
    return {
      day,
      camera,
      time: `${two(Math.floor(second / 3600))}-${two(Math.floor(second / 60) % 60)}-${two(second % 60)}`,
    };
  });

export const archiveStage = async (
  photos: readonly StagePhoto[],
  options: Partial<ArchiveOptions> = {},
): Promise<ArchiveStage> => {
  const asked: string[] = [];
  const broken = new Set<string>();
  const stage: { photos: readonly StagePhoto[] } = { photos };
  let known = { photos, days: byDay(photos) };
  const read = async (address: string): Promise<unknown> => {
    asked.push(address);
    if (broken.has(address)) throw new Error('503');
    const { pathname, searchParams } = new URL(address, 'http://stillwatch');
    const [, , , , day, part] = pathname.split('/');
    if (day === undefined) return timelineView(stage.photos);
    const [camera, hour] = [searchParams.get('camera'), searchParams.get('hour')];
    if (known.photos !== stage.photos) known = { photos: stage.photos, days: byDay(stage.photos) };
    const meant = (known.days.get(day) ?? []).filter(
      (photo) =>
        (camera === null || photo.camera === camera) &&
        (hour === null || Number(photo.time.slice(0, 2)) === Number(hour)),
    );
    return part === 'hours' ? hoursView(day, meant) : dayView(day, meant);
  };
  const archive = new Archive({
    query: '',
    heads: { day: 64, part: 40 },
    frame: sheetFrame(1280, 44),
    hasParts: true,
    onChange: () => undefined,
    read,
    ...options,
  });
  await archive.refresh();
  return Object.assign(stage, { archive, asked, broken });
};
