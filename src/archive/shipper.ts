// Carries accepted photos from the spool to the store and the catalogue. Every step may be repeated: a crash anywhere is
// made good by running again. Numbers in comments are the steps of docs/design/still-lifecycle.md.

import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { StillFacts, StoredStill } from '../domain/still.ts';
import { formatStillPath, stillPlace } from '../domain/still-path.ts';
import { ms } from '../domain/units.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Spool, SpooledStill } from '../ports/spool.ts';

export interface ShipperOptions {
  readonly spool: Spool;
  readonly store: BlobStore;
  readonly catalog: Catalog;
  /** The camera whose photos lie at the store's root. */
  readonly rootCamera: CameraId | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * A still can be found from now on. At least once for each: after a crash between 9 and 11 it is told again, by the same id.
   * What it resolves is waited for before the spool lets the still go; it must not throw, and not wait for anybody outside.
   */
  readonly onStored: (still: StoredStill) => void | Promise<void>;
  /** Storage trouble; `run` goes on by itself. Told at each failed round, so at most as often as the back-off allows. */
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface Shipper {
  /** A photo was accepted: do not wait for the next look. */
  wake(): void;
  /** Ships whatever is pending until `signal` aborts; the photo in hand is finished first. Never throws. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * One round over the spool, oldest first; rounds never overlap. @returns how many were shipped
   * @throws StillwatchError the first trouble, after the other photos were tried
   */
  runOnce(signal?: AbortSignal): Promise<number>;
  /** One last round, for stopping: what cannot be shipped now stays safe in the spool. Never throws. */
  drain(): Promise<void>;
}

/** Without a wake: how often the spool is looked at. One folder listing a minute costs nothing and heals a lost message. */
const LOOK_EVERY = ms(60_000);
/** Back-off, half of it jitter: a disk that was just full is asked soon, one that is gone every five minutes. */
const FIRST_WAIT = ms(1000);
const LONGEST_WAIT = ms(5 * 60_000);
/** So many failures in a row in one round are the storage, not the photos. */
const MOST_FAILURES = 3;
/** `still-path.ts` has names for this many photos of one second. */
const MOST_COPIES = 9999;

/** Where the still lies, asked of its own facts only: a later change of the site's time zone does not move it. */
const placeOf = (facts: StillFacts, rootCamera: CameraId | undefined, copy: number): string => {
  const camera = facts.camera === rootCamera ? undefined : facts.camera;
  return formatStillPath({ ...stillPlace(camera, facts), copy });
};

export const shipper = (options: ShipperOptions): Shipper => {
  const { spool, store, catalog, rootCamera, clock, random, onStored, onTrouble } = options;
  let isWanted = false;
  let stopWaiting: (() => void) | undefined;

  /** The places to try, the recorded one first: its file may have been removed, and its row must stay true. */
  function* placesFor(facts: StillFacts, recorded: StoredStill | undefined): Generator<string> {
    if (recorded) yield recorded.path;
    for (let copy = 1; copy <= MOST_COPIES; copy++) yield placeOf(facts, rootCamera, copy);
  }

  const put = async ({ facts, file }: SpooledStill, recorded: StoredStill | undefined): Promise<string> => {
    for (const path of placesFor(facts, recorded)) {
      const outcome = await store.put(path, { file, sha256: facts.sha256 }); // 8.
      if (outcome === 'stored') return path;
      if (outcome === 'same') {
        // Our own bytes from before a crash, unless another still with the very same bytes is recorded there.
        const holder = await catalog.findByPath(path);
        if (!holder || holder.id === facts.id || holder.source === 'file') return path;
      }
    }
    throw new StillwatchError('SW_STORE_WRITE', {
      path: placeOf(facts, rootCamera, 1),
      detail: `${MOST_COPIES} photos of this second lie there already`,
    });
  };

  const ship = async (still: SpooledStill): Promise<void> => {
    const { facts } = still;
    const recorded = await catalog.find(facts.id);
    // Known and really there: a crash came before the release.
    const isThere = recorded !== undefined && (await store.info(recorded.path)) !== undefined;
    const stored = isThere ? recorded : { ...facts, path: await put(still, recorded) };
    const added = isThere ? 0 : await catalog.record([stored]); // 9.
    // Deleted by a person before a power cut brought the spool's file back: nobody is told of it again.
    const isDeleted = recorded === undefined && added === 0;
    if (!isDeleted) await onStored(stored); // 10.
    await spool.release(facts.id); // 11. and 12.
  };

  const round = async (signal?: AbortSignal): Promise<number> => {
    let shipped = 0;
    let failuresInARow = 0;
    let first: StillwatchError | undefined;
    for (const still of await spool.pending()) {
      if (signal?.aborted) break;
      try {
        await ship(still);
        shipped++;
        failuresInARow = 0;
      } catch (thrown) {
        const error = toStillwatchError(thrown);
        first ??= error;
        if (error.code === 'SW_SPOOL_DAMAGED') {
          await spool.setAside(still.facts.id);
          continue;
        }
        failuresInARow++;
        if (error.code === 'SW_STORE_FULL' || failuresInARow === MOST_FAILURES) break;
      }
    }
    if (first) throw first;
    return shipped;
  };

  let last: Promise<unknown> = Promise.resolve();
  const runOnce = (signal?: AbortSignal): Promise<number> => {
    const next = last.then(() => round(signal));
    last = next.catch(() => undefined);
    return next;
  };

  /** Until a wake, an abort, or `by` has passed. */
  const rest = async (by: number, signal: AbortSignal): Promise<void> => {
    if (isWanted || signal.aborted) return;
    const woken = new AbortController();
    stopWaiting = () => woken.abort();
    try {
      await clock.sleep(ms(by), AbortSignal.any([woken.signal, signal]));
    } catch {
      // woken or stopped: the caller looks which
    } finally {
      stopWaiting = undefined;
    }
  };

  return {
    wake() {
      isWanted = true;
      stopWaiting?.();
    },

    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        isWanted = false;
        try {
          await runOnce(signal);
          failures = 0;
          await rest(LOOK_EVERY, signal);
        } catch (thrown) {
          onTrouble(toStillwatchError(thrown));
          const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 30));
          failures++;
          // A new photo does not shorten this wait: it cannot be stored either.
          const until = ms(ceiling * (0.5 + random() / 2));
          await clock.sleep(until, signal).catch(() => undefined);
        }
      }
    },

    runOnce,

    async drain() {
      await runOnce().catch((thrown: unknown) => onTrouble(toStillwatchError(thrown)));
    },
  };
};
