// Keeps the ledger: turns what is told at the cameras into rows, in order, and never lets a disk in trouble stop the watching.

import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId, StillId } from '../domain/ids.ts';
import {
  type LedgerEvent,
  type LedgerRow,
  type LedgerState,
  ledgerFrom,
  stepLedger,
  type WorkId,
} from '../domain/ledger.ts';
import { type EpochMs, later, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { WatchFact } from '../ports/telemetry.ts';

export interface LedgerBook {
  tell(fact: WatchFact): void;
  /** A capture process is gone; what is in `resumed` is taken up again by the next. */
  captureDied(cameras: readonly CameraId[], resumed: readonly WorkId[]): void;
  /** The owner wants the camera watched no more: what was open there ends with that reason. */
  unwatched(camera: CameraId): void;
  /** Photos that were kept are lost: the card lied. */
  lost(stills: readonly StillId[]): void;
  /** Resolves when everything told so far is stored. */
  settled(): Promise<void>;
  /** Looks now and then after works that nobody ended, and forgets old days, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface LedgerBookParts {
  readonly ledger: Ledger;
  readonly zone: TimeZone;
  readonly clock: Clock;
  /** Works of the last process that are taken up again; the others end with their reason. */
  readonly resumed: readonly WorkId[];
  readonly onTrouble: (error: StillwatchError) => void;
  /** Rows were stored, all that waited. */
  readonly onStored?: () => void;
}

const LOOK_EVERY = seconds(60);
/** Two years of triggers, at a hundred a day and camera, are 15 MB: enough to compare a summer with the last. */
const KEEP_DAYS = 730;
/** Rows that could not be stored are tried again with the next; more than this and the oldest are dropped. */
const MOST_UNSTORED = 10_000;

const eventOf = (fact: WatchFact): LedgerEvent | undefined => {
  switch (fact.type) {
    case 'trigger': {
      const { camera, at, origin, episode, trigger: id, claims } = fact;
      return { type: 'trigger', id, camera, origin, at, episode, ...(claims ? { claims } : {}) };
    }
    case 'still-accepted': {
      const work = fact.episode ?? fact.trigger;
      return work && { type: 'accepted', work, still: fact.still, kind: fact.kind };
    }
    case 'still-missed': {
      const work = fact.episode ?? fact.trigger;
      return work && { type: 'missed', work, kind: fact.kind, code: fact.code };
    }
    case 'blind':
      return { type: 'blind', camera: fact.camera, code: fact.code };
    case 'seeing':
      return { type: 'seeing', camera: fact.camera };
    default:
      return undefined;
  }
};

/** Opens the book: what was open when the last process ended is closed with its reason. @throws StillwatchError */
export const ledgerBook = async (parts: LedgerBookParts): Promise<LedgerBook> => {
  const { ledger, zone, clock, resumed, onTrouble } = parts;
  let state: LedgerState = ledgerFrom(await ledger.open());
  let unstored = new Map<string, LedgerRow>();
  let writing: Promise<void> = Promise.resolve();

  const store = async (): Promise<void> => {
    if (unstored.size === 0) return;
    const rows = unstored;
    unstored = new Map();
    try {
      await ledger.write([...rows.values()]);
      parts.onStored?.();
    } catch (thrown) {
      // What came meanwhile is newer.
      unstored = new Map([...rows, ...unstored]);
      onTrouble(toStillwatchError(thrown));
      while (unstored.size > MOST_UNSTORED) {
        const [oldest] = unstored.keys();
        if (oldest === undefined) break;
        unstored.delete(oldest);
      }
    }
  };

  const fold = (event: LedgerEvent): void => {
    const { next, rows } = stepLedger(state, event, { zone });
    state = next;
    if (rows.length === 0) return;
    for (const row of rows) unstored.set(row.id, row);
    writing = writing.then(store);
  };

  const dayOf = (at: EpochMs): string => civilTime(at, zone).day;

  fold({ type: 'ended', cameras: undefined, resumed, code: 'SW_PROCESS_KILLED' });
  await writing;
  return {
    tell(fact) {
      const event = eventOf(fact);
      if (event) fold(event);
    },
    captureDied(cameras, kept) {
      fold({ type: 'ended', cameras, resumed: kept, code: 'SW_CAPTURE_DIED' });
    },
    unwatched(camera) {
      fold({ type: 'ended', cameras: [camera], resumed: [], code: 'SW_CAMERA_UNWATCHED' });
    },
    lost(stills) {
      const say = (thrown: unknown): void => onTrouble(toStillwatchError(thrown));
      writing = writing.then(() => ledger.lose(stills)).then(() => undefined, say);
    },
    settled: () => writing,
    async run(signal) {
      let forgotten = '';
      while (!signal.aborted) {
        const at = clock.now().wall;
        fold({ type: 'tick', at });
        // Rows that a full disk refused are stored with the next look at the latest.
        writing = writing.then(store);
        await writing;
        const day = dayOf(later(at, ms(-KEEP_DAYS * 86_400_000)));
        if (day !== forgotten) {
          await ledger.forgetBefore(day).catch((thrown: unknown) => onTrouble(toStillwatchError(thrown)));
          forgotten = day;
        }
        await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
      }
      await writing;
    },
  };
};
