// When the disk would be full, and when the keep rules begin to take photos, at the present rate. Pure arithmetic on days.

import { civilTime, instantOf } from './civil-time.ts';
import { type DiskSpace, freeToKeep, type KeepRules } from './retention.ts';
import { epochMs } from './units.ts';

/** Bytes of photos that came on one local day. */
export interface DaySize {
  readonly day: string;
  readonly bytes: number;
}

export interface Forecast {
  /** Mean over the counted days. */
  readonly bytesPerDay: number;
  /** How many days the mean stands on; 0: nothing can be said yet. */
  readonly daysCounted: number;
  /** The disk is full on this day if nothing is ever taken away; undefined: not in this century. */
  readonly fullOn: string | undefined;
  /** On this day the rule for size or for free space begins to take the oldest; `today` if it does already. */
  readonly takesFrom: string | undefined;
}

/** Four weeks: weekdays and weekends in their true shares, and last summer's traffic does not count. */
const WINDOW_DAYS = 28;
/** A hundred years; a date beyond it is noise. */
const MOST_DAYS = 36_525;
const DAY_MS = 86_400_000;

const dayNumber = (day: string): number => (instantOf(day, '00-00-00', 'UTC') ?? 0) / DAY_MS;
const dayText = (number: number): string => civilTime(epochMs(number * DAY_MS), 'UTC').day;

/** Bytes per day over the whole days of the window before `today`, from the first day of it that had photos. */
const rateOf = (days: readonly DaySize[], today: number): { readonly perDay: number; readonly counted: number } => {
  let first = today;
  let bytes = 0;
  for (const { day, bytes: size } of days) {
    const number = dayNumber(day);
    if (number >= today || number < today - WINDOW_DAYS) continue;
    first = Math.min(first, number);
    bytes += size;
  }
  const counted = today - first;
  return { perDay: counted === 0 ? 0 : bytes / counted, counted };
};

/**
 * @param days any order, several rows of one day allowed
 * @param today the site's local day
 */
export const forecast = (
  days: readonly DaySize[],
  disk: DiskSpace,
  rules: KeepRules,
  held: number,
  today: string,
): Forecast => {
  const now = dayNumber(today);
  const { perDay, counted } = rateOf(days, now);
  const dayWhen = (room: number): string | undefined => {
    if (room <= 0) return today;
    if (perDay <= 0) return undefined;
    const later = Math.floor(room / perDay);
    return later > MOST_DAYS ? undefined : dayText(now + later);
  };
  const bySpace = dayWhen(disk.free - freeToKeep(rules, disk.total));
  const bySize = rules.bytes === undefined ? undefined : dayWhen(rules.bytes - held);
  const rows = [rules.free === 0 ? undefined : bySpace, bySize].filter((day) => day !== undefined);
  return {
    bytesPerDay: Math.round(perDay),
    daysCounted: counted,
    fullOn: dayWhen(disk.free),
    takesFrom: rows.toSorted()[0],
  };
};
