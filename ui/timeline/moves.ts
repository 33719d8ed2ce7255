// From one photo to another: by key, and to an hour of a day. Pure.

import type { Archive, Place } from './archive.ts';

const lastOf = (archive: Archive, day: number, part: number): Place => ({
  day,
  part,
  at: (archive.days[day]?.parts[part]?.layout.count ?? 1) - 1,
});

/** The part after or before, on another day if need be. */
const neighbour = (archive: Archive, { day, part }: Place, by: 1 | -1): Place | undefined => {
  const next = part + by;
  if (next >= 0 && next < (archive.days[day]?.parts.length ?? 0)) {
    return by === 1 ? { day, part: next, at: 0 } : lastOf(archive, day, next);
  }
  const other = archive.days[day + by];
  if (!other || other.parts.length === 0) return undefined;
  return by === 1 ? { day: day + 1, part: 0, at: 0 } : lastOf(archive, day - 1, other.parts.length - 1);
};

/** The photo of `row` whose middle is nearest to `x`. */
const nearest = (archive: Archive, place: Place, row: number, x: number): Place => {
  const { layout } = archive.days[place.day]?.parts[place.part] ?? {};
  const { first = 0, end = 1 } = layout?.row(row) ?? {};
  let best = { ...place, at: first };
  let least = Number.POSITIVE_INFINITY;
  for (let at = first; at < end; at++) {
    const rect = archive.rectOf({ ...place, at });
    const distance = Math.abs(rect.x + rect.w / 2 - x);
    if (distance < least) [least, best] = [distance, { ...place, at }];
  }
  return best;
};

const vertical = (archive: Archive, place: Place, by: 1 | -1): Place | undefined => {
  const { layout } = archive.days[place.day]?.parts[place.part] ?? {};
  if (!layout) return undefined;
  const rect = archive.rectOf(place);
  const x = rect.x + rect.w / 2;
  const row = layout.rowOf(place.at) + by;
  if (row >= 0 && row < layout.rows) return nearest(archive, place, row, x);
  const other = neighbour(archive, place, by);
  const rows = other && archive.days[other.day]?.parts[other.part]?.layout.rows;
  return other && rows ? nearest(archive, other, by === 1 ? 0 : rows - 1, x) : undefined;
};

/** Where a key leads; undefined: nowhere. */
export const stepPlace = (archive: Archive, place: Place, key: string): Place | undefined => {
  const { layout } = archive.days[place.day]?.parts[place.part] ?? {};
  switch (key) {
    case 'ArrowRight':
      return layout && place.at + 1 < layout.count ? { ...place, at: place.at + 1 } : neighbour(archive, place, 1);
    case 'ArrowLeft':
      return place.at > 0 ? { ...place, at: place.at - 1 } : neighbour(archive, place, -1);
    case 'ArrowDown':
      return vertical(archive, place, 1);
    case 'ArrowUp':
      return vertical(archive, place, -1);
    case 'Home':
      return { day: place.day, part: 0, at: 0 };
    case 'End':
      return lastOf(archive, place.day, (archive.days[place.day]?.parts.length ?? 1) - 1);
    default:
      return undefined;
  }
};

/** Which of two stands first on the sheet: below 0 the one, above 0 the other. */
const inOrder = (a: Place, b: Place): number => a.day - b.day || a.part - b.part || a.at - b.at;

/** All places from one to another in the order they stand in, whichever is first, and none beyond. */
export function* placesBetween(archive: Archive, a: Place, b: Place): Generator<Place> {
  const [from, until] = inOrder(a, b) <= 0 ? [a, b] : [b, a];
  let place: Place | undefined = from;
  // By order: what is fetched meanwhile may leave no photo at the very place where it was to end.
  while (place && inOrder(place, until) <= 0) {
    yield place;
    place = stepPlace(archive, place, 'ArrowRight');
  }
}

/** The first photo of a part that was taken in an earlier hour, at or after a place; past the last when there is none. */
export const firstBelow = (archive: Archive, { day, part, at }: Place, hour: number): number => {
  // Newest first: the hours fall.
  let [low, high] = [at, archive.days[day]?.parts[part]?.layout.count ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (archive.hourOf({ day, part, at: middle }) >= hour) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The last photo of that hour of a day that is here; of no photo in that hour, the nearest before it, or else after it. */
export const hourPlace = (archive: Archive, day: number, hour: number): Place | undefined => {
  let best: Place | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [part, { layout }] of (archive.days[day]?.parts ?? []).entries()) {
    const at = Math.min(firstBelow(archive, { day, part, at: 0 }, hour + 1), layout.count - 1);
    const place = { day, part, at };
    const distance = hour - archive.hourOf(place);
    const rank = distance >= 0 ? distance : 100 - distance;
    if (rank < least) [least, best] = [rank, place];
  }
  return best;
};
