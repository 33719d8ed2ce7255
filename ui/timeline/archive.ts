// The whole archive as one long sheet: which day stands where, from the counts alone, and exactly once a day's photos are
// here. Fetches days that are looked at, and lets go of those that are not. Knows nothing of the screen.

import type { DayView, TimelineView } from '../../src/web/wire-api.ts';
import { type DayPhoto, type DayPhotos, dayPhotos } from './day-photos.ts';
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

/** Photos of days that are kept in memory: about 60 bytes each. */
const MOST_PHOTOS = 200_000;
/** Days kept whatever they hold. */
const LEAST_DAYS = 12;
/** Browsers open six connections to a server; the photos themselves need some. */
const AT_ONCE = 2;

export interface ArchiveOptions {
  /** Conditions, as `/api/v1/timeline` takes them. */
  readonly query: string;
  readonly heads: HeadHeights;
  readonly frame: SheetFrame;
  /** True when a day has a heading for each camera. */
  readonly hasParts: boolean;
  /** Something is known better than before: draw again. */
  readonly onChange: () => void;
}

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
  readonly #running = new Set<string>();
  #wanted: readonly string[] = [];
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
    const next = await this.#ask<TimelineView>('/api/v1/timeline');
    const countOf = ({ counts }: TimelineView, index: number): number =>
      (counts[index] ?? []).reduce((sum, one) => sum + one, 0);
    const before = new Map(this.#counts.days.map((day, index) => [day, countOf(this.#counts, index)]));
    this.#counts = next;
    for (const [index, day] of next.days.entries()) {
      if (before.has(day) && before.get(day) !== countOf(next, index)) this.outdate(day);
    }
    this.#layOut();
  }

  /** The photos of a day are other ones now. Those that are here stand until the others are. */
  outdate(day: string): void {
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

  isHere(day: string): boolean {
    return this.#kept.has(day);
  }

  hasFailed(day: string): boolean {
    return this.#failed.has(day);
  }

  #isFresh(day: string): boolean {
    return this.#kept.has(day) && !this.#stale.has(day);
  }

  /** undefined: not here yet. */
  photo({ day, part, at }: Place): DayPhoto | undefined {
    const { day: name } = this.days[day] ?? {};
    return name === undefined ? undefined : this.#kept.get(name)?.photo(part, at);
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

  /** Fetches these days, the nearest first; what was wanted before and is not here yet is given up. */
  want(days: readonly string[]): void {
    this.#wanted = days.filter((day) => !this.#isFresh(day) && !this.#failed.has(day));
    this.#fetchNext();
  }

  /** @returns when the day is here; @throws when it could not be fetched */
  async load(day: string): Promise<void> {
    if (!this.#isFresh(day)) await this.#fetch(day);
  }

  retry(day: string): void {
    this.#failed.delete(day);
    this.want([day]);
  }

  async #ask<View>(path: string): Promise<View> {
    const { query } = this.#options;
    const answer = await fetch(query === '' ? path : `${path}?${query}`, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()) as View;
  }

  #fetchNext(): void {
    const next = this.#wanted.find((day) => !this.#running.has(day));
    if (next === undefined || this.#running.size >= AT_ONCE) return;
    void this.#tryFetch(next);
    this.#fetchNext();
  }

  async #tryFetch(day: string): Promise<void> {
    try {
      await this.#fetch(day);
    } catch {
      this.#failed.add(day);
      this.#options.onChange();
    }
  }

  async #fetch(day: string): Promise<void> {
    this.#running.add(day);
    this.#stale.delete(day);
    try {
      const photos = dayPhotos(await this.#ask<DayView>(`/api/v1/timeline/${day}`));
      // Taken out first: what came last is let go of last.
      this.#kept.delete(day);
      this.#kept.set(day, photos);
      for (const { camera, aspects } of photos.groups) this.#shapes.set(camera, aspects[0] ?? USUAL_ASPECT);
      this.#letGo();
      this.#layOut();
    } finally {
      this.#running.delete(day);
      this.#wanted = this.#wanted.filter((one) => one !== day);
      this.#fetchNext();
    }
  }

  /** The first that came goes first. Its place on the sheet stays as it was. */
  #letGo(): void {
    let photos = [...this.#kept.values()].reduce((sum, { count }) => sum + count, 0);
    for (const [day, { count }] of this.#kept) {
      if (photos <= MOST_PHOTOS || this.#kept.size <= LEAST_DAYS) return;
      this.#kept.delete(day);
      photos -= count;
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
    this.#options.onChange();
  }
}
