// What of the archive's sheet is in the document: heads and photos between two heights, in the order they are read. Pure.

import type { Archive, Place, Span } from './archive.ts';
import type { DayPhoto } from './day-photos.ts';

export interface DrawnPart {
  readonly key: string;
  readonly day: number;
  /** -1: the day's own head. */
  readonly part: number;
  /** In the window. */
  readonly y: number;
}

export interface DrawnPhoto extends Place {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** undefined: it is on its way; its box is where it will be. */
  readonly photo: DayPhoto | undefined;
}

export interface Drawn {
  readonly heads: readonly DrawnPart[];
  readonly photos: readonly DrawnPhoto[];
  /** What is looked at, in the order it is read. */
  readonly spans: readonly Span[];
  /** Between these heights of the archive's sheet nothing is missing. */
  readonly from: number;
  readonly until: number;
  readonly base: number;
  readonly keep: Place | undefined;
  /** Of the archive. */
  readonly version: number;
}

export const NOTHING_DRAWN: Drawn = {
  heads: [],
  photos: [],
  spans: [],
  from: 0,
  until: 0,
  base: 0,
  keep: undefined,
  version: -1,
};

interface Wish {
  readonly from: number;
  readonly until: number;
  /** Where the window begins. */
  readonly base: number;
  /** Has the focus, and stays in the document wherever it is. */
  readonly keep: Place | undefined;
  /** What is in the document now: as long as nothing moved, its photos are taken over as they are. */
  readonly before: Drawn;
}

const GAP = 4;

export const drawnAround = (archive: Archive, { from, until, base, keep, before }: Wish): Drawn => {
  const heads: DrawnPart[] = [];
  const photos: DrawnPhoto[] = [];
  const spans: Span[] = [];
  const isSame = before.version === archive.version && before.base === base;
  const known = new Map(isSame ? before.photos.map((one) => [one.key, one]) : []);
  let hasKept = false;
  const last = archive.days.length;
  for (let day = archive.dayAt(Math.max(0, from)); day < last && (archive.tops[day] ?? 0) < until; day++) {
    const { day: name, parts } = archive.days[day] ?? { day: '', parts: [] };
    const top = archive.tops[day] ?? 0;
    heads.push({ key: name, day, part: -1, y: top - base });
    for (const [part, { camera, layout, heading, start: below }] of parts.entries()) {
      const begins = top + below;
      if (begins > until || begins + layout.height < from || layout.rows === 0) continue;
      heads.push({ key: `${name} ${camera}`, day, part, y: top + heading - base });
      const [start, end] = [layout.rowAt(from - begins), layout.rowAt(until - begins)];
      spans.push({ day, part, from: layout.row(start).first, until: layout.row(end).end - 1 });
      for (let row = start; row <= end; row++) {
        const { first, end: after, y, height } = layout.row(row);
        let x = 0;
        for (let at = first; at < after; at++) {
          const w = layout.aspectOf(at) * height;
          if (keep?.day === day && keep.part === part && keep.at === at) hasKept = true;
          const place = { day, part, at };
          // Counted from the oldest, so that a photo that comes moves the others and replaces none.
          const key = `${name} ${camera} ${layout.count - at}`;
          photos.push(
            known.get(key) ?? { ...place, key, x, y: begins + y - base, w, h: height, photo: archive.photo(place) },
          );
          x += w + GAP;
        }
      }
    }
  }
  if (keep && !hasKept) {
    const [name, camera] = [archive.days[keep.day]?.day ?? '', archive.cameraOf(keep)];
    const count = archive.days[keep.day]?.parts[keep.part]?.layout.count ?? 0;
    const { x, y, w, h } = archive.rectOf(keep);
    const photo = archive.photo(keep);
    if (photo) {
      const kept = { ...keep, key: `${name} ${camera} ${count - keep.at}`, x, y: y - base, w, h, photo };
      if (y < from) photos.unshift(kept);
      else photos.push(kept);
    }
  }
  return { heads, photos, spans, from, until, base, keep, version: archive.version };
};
