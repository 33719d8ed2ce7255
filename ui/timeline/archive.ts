// The whole archive as one long sheet: which day stands where, from the counts alone, and exactly once a day's photos are
// here. Fetches days that are looked at, of very large ones the hours that are, and lets go of those that are not. Knows
// nothing of the screen.

import type { TimelineView } from '../../src/web/wire-api.ts';
import type { AnswerOf, KnownPath } from '../api.ts';
import { type DayPhoto, type DayPhotos, dayPhotos } from './day-photos.ts';
import { type HourPlace, LargeDay } from './large-day.ts';
import { evenLayout, type GroupLayout, lastAtMost, layoutOf, type SheetFrame, USUAL_ASPECT } from './layout.ts';

/** Heights of what stands above photos, in pixels, as the style sheet has them. */
export interface HeadHeights {
  readonly day: number;
  readonly part: number;
}

export interface DayPart {
  readonly camera: string;
  readonly layout: GroupLayout;
  /** From the top of the day to its heading, and to its first row. */
  readonly heading: number;
  readonly start: number;
  /** Of its first photo among the day's. */
  readonly first: number;
}

export interface Day {
  readonly day: string;
  readonly count: number;
  readonly height: number;
  readonly parts: readonly DayPart[];
}

export interface Place {
  readonly day: number;
  readonly part: number;
  /** Of the part. */
  readonly at: number;
}

/** Photos of a part that are looked at: from one to another, both included. */
export interface Span extends Omit<Place, 'at'> {
  readonly from: number;
  readonly until: number;
}

/** One answer: a day, or an hour of a camera of a large one. */
interface Piece {
  readonly day: string;
  readonly place: HourPlace | undefined;
}

/** Photos of days that are kept in memory: about 60 bytes each. */
const MOST_PHOTOS = 200_000;
/** Days kept whatever they hold, and hours of a large one. */
const LEAST_DAYS = 12;
const LEAST_HOURS = 6;
/** A day of more photos is fetched by the hour: an answer of some 100 kB is as much as nobody waits for. */
const LARGE = 3000;
/** Browsers open six connections to a server; the photos themselves need some. */
const AT_ONCE = 2;

const pieceKey = ({ day, place }: Piece): string => (place ? `${day} ${place.camera} ${place.hour}` : day);

export interface ArchiveOptions {
  /** Conditions, as `/api/v1/timeline` takes them. */
  readonly query: string;
  readonly heads: HeadHeights;
  readonly frame: SheetFrame;
  /** True when a day has a heading for each camera. */
  readonly hasParts: boolean;
  /** Something is known better than before: draw again. */
  readonly onChange: () => void;
  /** Default: asks the server. */
  readonly read?: (address: string) => Promise<unknown>;
}

const readFromServer = async (address: string): Promise<unknown> => {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

/** Photos of the day of that index. */
const countOf = ({ counts }: TimelineView, index: number): number =>
  (counts[index] ?? []).reduce((sum, one) => sum + one, 0);

export class Archive {
  days: readonly Day[] = [];
  /** Where each day begins, and at the end where the last one ends. */
  tops: Float64Array = new Float64Array(1);
  readonly #options: ArchiveOptions;
  #frame: SheetFrame;
  #heads: HeadHeights;
  readonly #kept = new Map<string, DayPhotos>();
  readonly #stale = new Set<string>();
  readonly #failed = new Set<string>();
  /** The shape that a camera's photos had last: what its other days are drawn with until they are here. */
  readonly #shapes = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  #wanted: readonly Piece[] = [];
  /** Goes up whenever something stands elsewhere, is here that was not, or could not be fetched. */
  version = 0;
  #counts: TimelineView = { cameras: [], days: [], counts: [] };

  constructor(options: ArchiveOptions) {
    this.#options = options;
    this.#frame = options.frame;
    this.#heads = options.heads;
  }

  get height(): number {
    return this.tops[this.days.length] ?? 0;
  }

  /** Asks how many photos each day has; days that have another number than before are fetched anew. */
  async refresh(): Promise<void> {
    const next = await this.#ask('/timeline');
    const before = new Map(this.#counts.days.map((day, index) => [day, countOf(this.#counts, index)]));
    this.#counts = next;
    for (const [index, day] of next.days.entries()) {
      if (before.has(day) && before.get(day) !== countOf(next, index)) this.#recount(day);
    }
    this.#layOut();
  }

  /** The photos of a day are other ones now. Those that are here stand until the others are. */
  outdate(day: string): void {
    const photos = this.#kept.get(day);
    if (photos instanceof LargeDay) photos.outdate();
    this.#recount(day);
  }

  #recount(day: string): void {
    this.#stale.add(day);
    this.#failed.delete(day);
  }

  resize(frame: SheetFrame, heads: HeadHeights): void {
    this.#frame = frame;
    this.#heads = heads;
    this.#layOut();
  }

  dayAt(y: number): number {
    return lastAtMost(this.tops, y, this.days.length);
  }

  /** The day of that name, or the next older one. */
  indexOf(day: string): number {
    const found = this.days.findIndex((one) => one.day <= day);
    return found === -1 ? Math.max(0, this.days.length - 1) : found;
  }

  /** Where the day of that name begins, or the next older one. */
  topOf(day: string): number {
    return this.tops[this.indexOf(day)] ?? 0;
  }

  hasFailed(day: string): boolean {
    return this.#failed.has(day);
  }

  /** undefined: not here yet. */
  photo({ day, part, at }: Place): DayPhoto | undefined {
    const { day: name } = this.days[day] ?? {};
    return name === undefined ? undefined : this.#kept.get(name)?.photo(part, at);
  }

  /** Of a photo, by the clock at the site; of a large day also before it is here. NaN: not known yet. */
  hourOf({ day, part, at }: Place): number {
    return this.#kept.get(this.days[day]?.day ?? '')?.hour(part, at) ?? Number.NaN;
  }

  /** Whose camera a part is. */
  cameraOf({ day, part }: Place): string {
    return this.days[day]?.parts[part]?.camera ?? '';
  }

  rectOf({ day, part, at }: Place): { readonly x: number; readonly y: number; readonly w: number; readonly h: number } {
    const { layout, start } = this.days[day]?.parts[part] ?? {};
    if (!layout || start === undefined) return { x: 0, y: 0, w: 0, h: 0 };
    const row = layout.row(layout.rowOf(at));
    let x = 0;
    for (let before = row.first; before < at; before++) x += layout.aspectOf(before) * row.height + this.#frame.gap;
    const y = (this.tops[day] ?? 0) + start + row.y;
    return { x, y, w: layout.aspectOf(at) * row.height, h: row.height };
  }

  /** Fetches what is looked at, the first first; what was wanted before and is not here yet is given up. */
  want(spans: readonly Span[]): void {
    const pieces = new Map<string, Piece>();
    for (const span of spans) {
      for (const piece of this.#missing(span)) pieces.set(pieceKey(piece), piece);
    }
    this.#wanted = [...pieces.values()].filter(({ day }) => !this.#failed.has(day));
    this.#fetchNext();
  }

  /** @returns when the day's photos are where they are; @throws when it could not be fetched */
  async load(day: string): Promise<void> {
    if (!this.#kept.has(day) || this.#stale.has(day)) await this.#fetch({ day, place: undefined });
  }

  /** @returns when these photos are here; @throws when they could not be fetched */
  async loadSpan(span: Span): Promise<void> {
    await this.load(this.days[span.day]?.day ?? '');
    await Promise.all(this.#missing(span).map((piece) => this.#fetch(piece)));
  }

  retry(day: string): void {
    this.#failed.delete(day);
    this.#changed();
  }

  /** What has to be fetched for some photos to be here. */
  #missing({ day: index, part, from, until }: Span): readonly Piece[] {
    const { day } = this.days[index] ?? {};
    if (day === undefined) return [];
    const photos = this.#kept.get(day);
    if (!photos || this.#stale.has(day)) return [{ day, place: undefined }];
    return photos instanceof LargeDay ? photos.missing(part, from, until).map((place) => ({ day, place })) : [];
  }

  async #ask<const P extends string>(
    path: P & KnownPath<'GET', P>,
    more: Readonly<Record<string, string>> = {},
  ): Promise<AnswerOf<'GET', P>> {
    const query = new URLSearchParams(this.#options.query);
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    const { read = readFromServer } = this.#options;
    const address = `/api/v1${path}`;
    return await read(query.size === 0 ? address : `${address}?${query}`);
  }

  #fetchNext(): void {
    const next = this.#wanted.find((piece) => !this.#running.has(pieceKey(piece)));
    if (next === undefined || this.#running.size >= AT_ONCE) return;
    void this.#tryFetch(next);
    this.#fetchNext();
  }

  async #tryFetch(piece: Piece): Promise<void> {
    try {
      await this.#fetch(piece);
    } catch {
      this.#failed.add(piece.day);
      this.#changed();
    }
  }

  /** Nothing is asked for twice at a time. */
  async #fetch(piece: Piece): Promise<void> {
    const key = pieceKey(piece);
    const running = this.#running.get(key) ?? this.#fetchAnew(piece);
    this.#running.set(key, running);
    try {
      await running;
    } finally {
      this.#running.delete(key);
      this.#wanted = this.#wanted.filter((one) => pieceKey(one) !== key);
      this.#fetchNext();
    }
  }

  async #fetchAnew({ day, place }: Piece): Promise<void> {
    if (place) {
      const photos = dayPhotos(await this.#ask(`/timeline/${day}`, { camera: place.camera, hour: String(place.hour) }));
      const large = this.#kept.get(day);
      if (large instanceof LargeDay) large.put(place, photos);
      this.#learnShapes(photos);
    } else {
      this.#stale.delete(day);
      const before = this.#kept.get(day);
      const photos = this.#isLarge(day)
        ? new LargeDay(await this.#ask(`/timeline/${day}/hours`), (camera) => this.#shapes.get(camera), before)
        : dayPhotos(await this.#ask(`/timeline/${day}`));
      // Taken out first: what came last is let go of last.
      this.#kept.delete(day);
      this.#kept.set(day, photos);
      if (!(photos instanceof LargeDay)) this.#learnShapes(photos);
    }
    this.#letGo();
    this.#layOut();
  }

  #isLarge(day: string): boolean {
    return countOf(this.#counts, this.#counts.days.indexOf(day)) > LARGE;
  }

  #learnShapes({ groups }: DayPhotos): void {
    for (const { camera, aspects } of groups) this.#shapes.set(camera, aspects[0] ?? USUAL_ASPECT);
  }

  /** The first that came goes first. Its place on the sheet stays as it was. */
  #letGo(): void {
    let photos = [...this.#kept.values()].reduce((sum, { count }) => sum + count, 0);
    for (const [day, { count }] of this.#kept) {
      if (photos <= MOST_PHOTOS || this.#kept.size <= LEAST_DAYS) break;
      this.#kept.delete(day);
      photos -= count;
    }
    for (const large of this.#kept.values()) {
      if (large instanceof LargeDay) large.letGo(photos - MOST_PHOTOS, LEAST_HOURS);
    }
  }

  #layDay(day: string, index: number): Day {
    const photos = this.#kept.get(day);
    const { cameras, counts } = this.#counts;
    // In the order of the camera's name in addresses, as the server has them: known before the photos are.
    const groups = photos
      ? photos.groups.map(({ camera, aspects }) => ({ camera, layout: layoutOf(aspects, this.#frame) }))
      : cameras.flatMap((camera, at) => {
          const count = counts[index]?.[at] ?? 0;
          return count > 0
            ? [{ camera, layout: evenLayout(count, this.#shapes.get(camera) ?? USUAL_ASPECT, this.#frame) }]
            : [];
        });
    let [y, first] = [this.#heads.day, 0];
    const parts = groups.map(({ camera, layout }): DayPart => {
      const start = y + (this.#options.hasParts ? this.#heads.part : 0);
      const part = { camera, layout, heading: y, start, first };
      y = start + layout.height;
      first += layout.count;
      return part;
    });
    return { day, count: first, height: y, parts };
  }

  #layOut(): void {
    this.days = this.#counts.days.map((day, index) => this.#layDay(day, index));
    const tops = new Float64Array(this.days.length + 1);
    for (const [index, { height }] of this.days.entries()) tops[index + 1] = (tops[index] ?? 0) + height;
    this.tops = tops;
    this.#changed();
  }

  #changed(): void {
    this.version += 1;
    this.#options.onChange();
  }
}
