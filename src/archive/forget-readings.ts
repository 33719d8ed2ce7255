// What motion detection saw is kept for two weeks: long enough to tune on, too short to be a diary of who came when.

import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { later, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadingArchive } from '../ports/readings.ts';

/** Days of which readings are kept, whole ones. */
export const READINGS_KEPT_DAYS = 14;
const KEPT: Ms = seconds(READINGS_KEPT_DAYS * 86_400);
const EVERY: Ms = seconds(3600);

export interface ForgetReadingsParts {
  readonly readings: Pick<ReadingArchive, 'sweep'>;
  readonly clock: Clock;
  readonly onTrouble: (error: StillwatchError) => void;
}

/** Takes old days away, at once and then hourly, until `signal` aborts. */
export const forgetReadings = async (parts: ForgetReadingsParts, signal: AbortSignal): Promise<void> => {
  const { readings, clock, onTrouble } = parts;
  while (!signal.aborted) {
    try {
      await readings.sweep(later(clock.now().wall, ms(-KEPT)));
    } catch (thrown) {
      onTrouble(toStillwatchError(thrown));
    }
    await clock.sleep(EVERY, signal).catch(() => undefined);
  }
};
