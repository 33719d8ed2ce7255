// Carries out the keep rules. Numbers in comments are the steps of docs/design/retention.md: the catalogue first forgets a
// photo, then its bytes go. A crash anywhere leaves bytes that the next start takes away, never a row without its photo.

import type { StillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import {
  firstKeepState,
  type Going,
  type Holding,
  type KeepClass,
  type KeepInput,
  type KeepReason,
  type KeepRules,
  type KeepState,
  overallKeepState,
  planPage,
  STRETCHES,
  stretchEnd,
  unmetNeed,
} from '../domain/retention.ts';
import type { StoredStill } from '../domain/still.ts';
import type { EpochMs } from '../domain/units.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog, RetiredStill, StillCursor } from '../ports/catalog.ts';
import type { Disk, Favourites } from '../ports/keeping.ts';
import type { Spool } from '../ports/spool.ts';

export interface SweepParts {
  readonly store: Pick<BlobStore, 'remove'>;
  readonly catalog: Pick<Catalog, 'days' | 'oldest' | 'retire' | 'retired' | 'forget' | 'retireHeld'>;
  readonly spool: Pick<Spool, 'pending'>;
  readonly disk: Disk;
  readonly favourites: Pick<Favourites, 'all'>;
}

export interface SweepWish {
  readonly rules: KeepRules;
  readonly now: EpochMs;
  readonly isClockSteady: boolean;
  /** Only says what would go. */
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal;
  /** Told of each photo that goes (or would). */
  readonly onGoing?: (going: Going<StoredStill>) => void;
}

export interface SweepSum {
  readonly stills: number;
  readonly bytes: number;
  readonly reasons: Readonly<Partial<Record<KeepReason, number>>>;
  /** Photos whose bytes could not be taken away; the next sweep tries again. */
  readonly failed: number;
  readonly firstFailure: StillwatchError | undefined;
  /** What the rules want gone and the plan could not take. */
  readonly unmet: { readonly stills: number; readonly bytes: number };
}

/** Photos of one transaction: two short writes to the catalogue for a hundred photos, and little log on a full disk. */
const STILLS_AT_ONCE = 100;

/** With fewer bytes free, the reserve is given up: the log of one transaction of a hundred photos, twice. */
export const LITTLE: number = 8e6;

/** 22. to 24.: the bytes, the folders' entries, the memory of it. @returns those that are still there */
const removeRetired = async (
  parts: Pick<SweepParts, 'store' | 'catalog'>,
  retired: readonly RetiredStill[],
  isResumed: boolean,
): Promise<readonly StillwatchError[]> => {
  // After a restart another photo may lie at the path; within one sweep nothing can take a path that is still taken.
  const blobs = retired.map(({ path, sha256 }) => (isResumed ? { path, expected: sha256 } : { path }));
  const { removed, failed } = await parts.store.remove(blobs);
  await parts.catalog.forget(removed);
  return failed.map(({ error }) => error);
};

/**
 * Takes away what an earlier sweep had retired when it was cut short. Runs before anything new is shipped.
 * @returns how many photos it finished
 */
export const finishRetired = async (
  parts: Pick<SweepParts, 'store' | 'catalog'>,
  signal?: AbortSignal,
): Promise<number> => {
  let finished = 0;
  for (;;) {
    signal?.throwIfAborted();
    const retired = await parts.catalog.retired(STILLS_AT_ONCE);
    const failures = await removeRetired(parts, retired, true);
    finished += retired.length - failures.length;
    // A failed one stays first in the list: a full page of them would be met for ever.
    if (retired.length < STILLS_AT_ONCE || failures.length > 0) return finished;
  }
};

const holdingsOf = async (catalog: Pick<Catalog, 'days'>): Promise<ReadonlyMap<CameraId, Holding>> => {
  const holdings = new Map<CameraId, Holding>();
  for (const { camera, stills, bytes } of await catalog.days()) {
    const before = holdings.get(camera) ?? { stills: 0, bytes: 0 };
    holdings.set(camera, { stills: before.stills + stills, bytes: before.bytes + bytes });
  }
  return holdings;
};

/**
 * One sweep over the whole catalogue, a page at a time: memory does not grow with the number of photos.
 * @throws StillwatchError when catalogue, spool or favourites cannot be read; the signal's reason when it aborts
 */
export const sweep = async (parts: SweepParts, wish: SweepWish): Promise<SweepSum> => {
  const { catalog, spool, disk, favourites } = parts;
  // Read first: the reserve is no room for photos.
  const space = await disk.space();
  if (!wish.isDryRun) {
    // Even reading a catalogue writes a little; on a full disk the reserve is what makes room for it.
    if (space.free < LITTLE) await disk.releaseReserve();
    await finishRetired(parts, wish.signal);
  }
  // 20. All that the plan stands on, read afresh.
  const input: KeepInput = {
    rules: wish.rules,
    now: wish.now,
    isClockSteady: wish.isClockSteady,
    favourites: await favourites.all(),
    unshipped: new Set((await spool.pending()).map((still) => still.facts.id)),
    holdings: await holdingsOf(catalog),
    disk: space,
  };
  const sum = { stills: 0, bytes: 0, failed: 0 };
  const reasons: Partial<Record<KeepReason, number>> = {};
  let firstFailure: StillwatchError | undefined;

  const take = async (going: readonly Going<StoredStill>[]): Promise<void> => {
    if (going.length === 0) return;
    if (!wish.isDryRun) {
      const retired = await catalog.retire(going.map(({ still }) => still.id)); // 21.
      const failures = await removeRetired(parts, retired, false);
      sum.failed += failures.length;
      firstFailure ??= failures[0];
    }
    for (const each of going) {
      sum.stills++;
      sum.bytes += each.still.bytes;
      reasons[each.reason] = (reasons[each.reason] ?? 0) + 1;
      wish.onGoing?.(each);
    }
  };

  const walkRound = async (from: KeepState): Promise<KeepState> => {
    let state = from;
    const reached = new Map<KeepClass, StillCursor>();
    for (const stretch of STRETCHES) {
      for (;;) {
        wish.signal?.throwIfAborted();
        const before = stretchEnd(state, stretch, input);
        if (before === undefined) break;
        const after = reached.get(stretch.class);
        const query = { class: stretch.class, before, limit: STILLS_AT_ONCE, ...(after ? { after } : {}) };
        const page = await catalog.oldest(query);
        const planned = planPage(state, page, input);
        await take(planned.going);
        state = planned.next;
        const last = page.at(-1);
        if (last) reached.set(stretch.class, { takenAt: last.takenAt, id: last.id });
        if (page.length < STILLS_AT_ONCE) break;
      }
    }
    return state;
  };

  const ownRulesDone = await walkRound(firstKeepState(input));
  const done = await walkRound(overallKeepState(ownRulesDone, input));
  if (!wish.isDryRun) await disk.holdReserve();
  return { ...sum, reasons, firstFailure, unmet: unmetNeed(done) };
};
