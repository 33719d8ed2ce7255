// Two of three: a suspicious sample becomes motion when another one lies within two samples of it. The verdict reaches back:
// the first of them is where motion began, so a suspicious sample is held until it is decided (0.4 s at most).

import type { Reading } from '../domain/signal.ts';
import type { Ms } from '../domain/units.ts';

/** Samples on each side in which the second witness must lie. */
const REACH = 2;

interface Sample {
  readonly pts: Ms;
  readonly score: number;
  readonly isSuspicious: boolean;
  /** False when the change is only what was left behind by something already gone. */
  readonly isPresent: boolean;
  readonly cells: Uint8Array | undefined;
  readonly cell: number;
  isConfirmed: boolean;
}

export interface Confirmation {
  /** Folds one sample and appends the readings that became certain. */
  push(sample: Omit<Sample, 'isConfirmed'>, readings: Reading[]): void;
  /** Nothing that follows can confirm what is held: it is let go as it stands. */
  finish(readings: Reading[]): void;
}

const readingOf = ({ pts, score, isConfirmed, isPresent, cells, cell }: Sample): Reading => {
  const isMotion = isConfirmed && isPresent;
  if (isMotion) return cells ? { pts, score, isMotion, cells } : { pts, score, isMotion };
  return score > 0 ? { pts, score, isMotion, cell } : { pts, score, isMotion };
};

/** `reach` 0 confirms every suspicious sample at once. */
export const confirmation = (reach: number = REACH): Confirmation => {
  const held: Sample[] = [];
  // The newest samples, decided or not: a witness may have been let go already.
  const recent: Sample[] = [];
  return {
    push(input, readings) {
      const sample: Sample = { ...input, isConfirmed: input.isSuspicious && reach === 0 };
      if (sample.isSuspicious) {
        for (const other of recent) {
          if (!other.isSuspicious) continue;
          other.isConfirmed = true;
          sample.isConfirmed = true;
        }
      }
      recent.push(sample);
      if (recent.length > reach) recent.shift();
      held.push(sample);
      while (held[0] && (!held[0].isSuspicious || held[0].isConfirmed || !recent.includes(held[0]))) {
        readings.push(readingOf(held[0]));
        held.shift();
      }
    },
    finish(readings) {
      for (const sample of held.splice(0)) readings.push(readingOf(sample));
      recent.length = 0;
    },
  };
};
