// A day that has too many photos to be fetched whole: how many each hour has is known, and of the photos those of the hours
// that were looked at. The rest stands as boxes, in the shape of what is here.

import type { DayHoursView } from '../../src/web/wire-api.ts';
import type { DayPhoto, DayPhotos, PhotoGroup } from './day-photos.ts';
import { USUAL_ASPECT } from './layout.ts';

const HOURS = 24;

export interface HourPlace {
  readonly camera: string;
  readonly hour: number;
}

interface Slice {
  readonly photos: DayPhotos;
  readonly size: number;
  isStale: boolean;
}

interface LargeGroup extends PhotoGroup {
  /** Where each hour begins among the group's photos, the last hour of the day first; and where all end. */
  readonly starts: Uint32Array;
}

const keyOf = ({ camera, hour }: HourPlace): string => `${camera} ${hour}`;

export class LargeDay implements DayPhotos {
  readonly groups: readonly LargeGroup[];
  /** In the order they came. */
  readonly #slices: Map<string, Slice>;
  /** Cameras of which some photo is here. */
  readonly #shaped: Set<string>;

  /** @param before the same day as it was known until now: its photos stand until newer ones are here */
  constructor({ cameras, counts }: DayHoursView, shapeOf: (camera: string) => number | undefined, before?: DayPhotos) {
    this.#slices = before instanceof LargeDay ? before.#slices : new Map<string, Slice>();
    this.#shaped = before instanceof LargeDay ? before.#shaped : new Set<string>();
    this.groups = cameras.map((camera, index) => {
      const starts = new Uint32Array(HOURS + 1);
      for (let back = 0; back < HOURS; back++) {
        starts[back + 1] = (starts[back] ?? 0) + (counts[HOURS - 1 - back]?.[index] ?? 0);
      }
      const aspects = new Float32Array(starts[HOURS] ?? 0).fill(shapeOf(camera) ?? USUAL_ASPECT);
      return { camera, starts, aspects };
    });
    for (const [index] of this.groups.entries()) {
      for (let hour = 0; hour < HOURS; hour++) this.#shape(index, hour);
    }
  }

  get count(): number {
    let count = 0;
    for (const { size } of this.#slices.values()) count += size;
    return count;
  }

  hour(group: number, at: number): number {
    const { starts } = this.groups[group] ?? {};
    if (!starts || at >= (starts[HOURS] ?? 0)) return Number.NaN;
    // Few hours, and empty ones among them: the last that begins at or before.
    let back = 0;
    while (back + 1 < HOURS && (starts[back + 1] ?? 0) <= at) back += 1;
    return HOURS - 1 - back;
  }

  photo(group: number, at: number): DayPhoto | undefined {
    const hour = this.hour(group, at);
    const slice = this.#slice(group, hour);
    const { start, size } = this.#range(group, hour);
    // Counted from the oldest: what came since stands before those that are here.
    return slice?.photos.photo(0, at - start - (size - slice.size));
  }

  /** Hours between two photos of a group that are not here, or not as they are now. */
  missing(group: number, from: number, until: number): readonly HourPlace[] {
    const { camera } = this.groups[group] ?? {};
    if (camera === undefined) return [];
    const places: HourPlace[] = [];
    for (let hour = this.hour(group, from); hour >= this.hour(group, Math.max(from, until)); hour--) {
      const { size } = this.#range(group, hour);
      const slice = this.#slice(group, hour);
      if (size > 0 && (!slice || slice.isStale || slice.size !== size)) places.push({ camera, hour });
    }
    return places;
  }

  put(place: HourPlace, photos: DayPhotos): void {
    // Taken out first: what came last is let go of last.
    this.#slices.delete(keyOf(place));
    this.#slices.set(keyOf(place), { photos, size: photos.count, isStale: false });
    const group = this.groups.findIndex(({ camera }) => camera === place.camera);
    const { aspects } = this.groups[group] ?? {};
    const [shape] = photos.groups[0]?.aspects ?? [];
    // A camera's first hour that is here tells the shape of those that are not.
    if (aspects && shape !== undefined && !this.#shaped.has(place.camera)) aspects.fill(shape);
    this.#shaped.add(place.camera);
    this.#shape(group, place.hour);
  }

  /** Photos are other ones now than their number says. */
  outdate(): void {
    for (const slice of this.#slices.values()) slice.isStale = true;
  }

  /** Lets go of about `photos` of those that came first, but never of the last hours that came. */
  letGo(photos: number, leastHours: number): void {
    let left = photos;
    for (const [key, { size }] of this.#slices) {
      if (left <= 0 || this.#slices.size <= leastHours) return;
      this.#slices.delete(key);
      left -= size;
    }
  }

  #slice(group: number, hour: number): Slice | undefined {
    return this.#slices.get(keyOf({ camera: this.groups[group]?.camera ?? '', hour }));
  }

  #range(group: number, hour: number): { readonly start: number; readonly size: number } {
    const { starts } = this.groups[group] ?? {};
    const start = starts?.[HOURS - 1 - hour] ?? 0;
    return { start, size: (starts?.[HOURS - hour] ?? 0) - start };
  }

  /** The shapes of an hour's photos, as far as they are here. */
  #shape(group: number, hour: number): void {
    const slice = this.#slice(group, hour);
    const aspects = this.groups[group]?.aspects;
    const known = slice?.photos.groups[0]?.aspects;
    if (!slice || !aspects || !known) return;
    const { start, size } = this.#range(group, hour);
    const late = size - slice.size;
    if (late >= 0) aspects.set(known, start + late);
    else aspects.set(known.subarray(-late), start);
  }
}
