// Readings of many pictures to one kept reading per second. A pure fold over seconds of the system's clock.

import { type KeptReading, MOST_FAINT, READING_CELLS } from '../domain/readings.ts';
import type { Reading } from '../domain/signal.ts';
import { type EpochMs, epochMs } from '../domain/units.ts';

interface OpenSecond {
  readonly from: number;
  score: number;
  cell: number;
  cells: Uint8Array | undefined;
}

/** A step of the system's clock by more than this is not waited out. */
const CLOCK_SET = 60_000;

const secondOf = (at: EpochMs): number => Math.floor(at / 1000) * 1000;

export interface SecondFold {
  /** A reading of a picture seen at `at`. Those of seconds that were closed already are dropped. */
  take(at: EpochMs, reading: Reading): void;
  /**
   * The stream was seen without a gap up to `until`: closes the seconds that ended by then and appends them, those without
   * a reading as calm. Nothing skipped is unseen: packets and key frames were looked at.
   */
  closeUntil(until: EpochMs, into: KeptReading[]): void;
  /** Sight is lost: what was seen so far is appended, and a hole begins. */
  interrupt(into: KeptReading[]): void;
}

export const secondFold = (): SecondFold => {
  /** End of the last closed second; undefined before the first. */
  let closed: number | undefined;
  /** … and of what was appended before sight was lost: a camera that is back within the second begins behind it. */
  let appended = 0;
  const open = new Map<number, OpenSecond>();

  const close = (until: number, into: KeptReading[]): void => {
    for (; closed !== undefined && closed < until; closed += 1000) {
      const second = open.get(closed);
      const from = epochMs(closed);
      open.delete(closed);
      if (second?.cells) into.push({ type: 'moving', from, score: second.score, cells: second.cells });
      else if (second && second.score > 0)
        into.push({ type: 'faint', from, score: Math.min(second.score, MOST_FAINT), cell: second.cell });
      else {
        const last = into.at(-1);
        if (last?.type === 'calm' && last.from + last.seconds * 1000 === from)
          into[into.length - 1] = { ...last, seconds: last.seconds + 1 };
        else into.push({ type: 'calm', from, seconds: 1 });
      }
    }
  };

  const begin = (from: number): number => (appended > from && appended - from <= CLOCK_SET ? appended : from);

  const finish = (into: KeptReading[]): void => {
    const last = Math.max(...open.keys());
    if (closed !== undefined && last - closed <= CLOCK_SET) close(last + 1000, into);
    open.clear();
    appended = closed ?? appended;
    closed = undefined;
  };

  return {
    take(at, reading) {
      const from = secondOf(at);
      closed ??= begin(from);
      if (from < closed || from - closed > CLOCK_SET) return;
      const second = open.get(from) ?? { from, score: 0, cell: 0, cells: undefined };
      open.set(from, second);
      if (reading.isMotion) {
        const cells = reading.cells ?? new Uint8Array(READING_CELLS);
        if (second.cells) {
          for (let cell = 0; cell < READING_CELLS; cell++)
            second.cells[cell] = Math.max(second.cells[cell] ?? 0, cells[cell] ?? 0);
          second.score = Math.max(second.score, reading.score);
        } else {
          second.cells = cells.slice();
          second.score = reading.score;
        }
      } else if (!second.cells && reading.score > second.score) {
        second.score = reading.score;
        second.cell = reading.cell ?? 0;
      }
    },
    closeUntil(until, into) {
      const end = secondOf(until);
      // Batches come every second or so: this is no stream that rested but a system clock that was set.
      if (closed !== undefined && Math.abs(end - closed) > CLOCK_SET) {
        finish(into);
      }
      closed ??= begin(end);
      close(end, into);
    },
    interrupt: finish,
  };
};
