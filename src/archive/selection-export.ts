// A selection of photos as the parts of a zip: each photo at its path, and all their facts in `photos.json` at the end.

import { isoText } from '../domain/civil-time.ts';
import type { StoredStill } from '../domain/still.ts';
import type { EpochMs } from '../domain/units.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog, StillQuery } from '../ports/catalog.ts';
import type { ZipPart } from '../ports/zip.ts';

/** What is wanted: a search, newest first, or certain photos. */
export type Selection = Omit<StillQuery, 'limit' | 'before' | 'after'> | { readonly ids: readonly StoredStill['id'][] };

export interface ExportSum {
  readonly photos: number;
  readonly bytes: number;
  /** Selected, and gone from the store before their turn came. */
  readonly gone: number;
}

export interface ExportOptions {
  readonly catalog: Pick<Catalog, 'find' | 'list'>;
  readonly store: Pick<BlobStore, 'read'>;
  readonly selection: Selection;
  /** When the zip is made. */
  readonly now: EpochMs;
  /** Told after each photo. */
  readonly onProgress?: (sum: ExportSum) => void;
}

const ROWS_AT_ONCE = 200;
const text = new TextEncoder();

async function* selected(catalog: Pick<Catalog, 'find' | 'list'>, selection: Selection): AsyncGenerator<StoredStill> {
  if ('ids' in selection) {
    for (const id of selection.ids) {
      const still = await catalog.find(id);
      if (still) yield still;
    }
    return;
  }
  let query: StillQuery = { ...selection, limit: ROWS_AT_ONCE };
  for (;;) {
    const page = await catalog.list(query);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < ROWS_AT_ONCE) return;
    query = { ...query, before: { takenAt: last.takenAt, id: last.id } };
  }
}

/** A still as other programs read it: times as text with the site's offset, and nothing that is only ours. */
const factsOf = (still: StoredStill): string => {
  const { takenAt, offsetMinutes, delay, ...facts } = still;
  const local = isoText((takenAt + offsetMinutes * 60_000) as EpochMs, 'UTC').slice(0, 23);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const offset = `${sign}${two(Math.abs(offsetMinutes) / 60)}:${two(Math.abs(offsetMinutes) % 60)}`;
  return JSON.stringify({ ...facts, takenAt: `${local}${offset}`, ...(delay === undefined ? {} : { delayMs: delay }) });
};

/** One photo in memory at a time; of the others only their facts, a few hundred bytes each. */
export async function* exportParts(options: ExportOptions): AsyncGenerator<ZipPart> {
  const { catalog, store, selection, onProgress } = options;
  const facts: string[] = [];
  let [bytes, gone] = [0, 0];
  for await (const still of selected(catalog, selection)) {
    const jpeg = await store.read(still.path);
    if (jpeg) {
      facts.push(factsOf(still));
      bytes += jpeg.length;
      yield { path: still.path, bytes: jpeg, at: still.takenAt };
    } else gone++;
    onProgress?.({ photos: facts.length, bytes, gone });
  }
  yield { path: 'photos.json', bytes: text.encode(`[\n${facts.join(',\n')}\n]\n`), at: options.now, isText: true };
}
