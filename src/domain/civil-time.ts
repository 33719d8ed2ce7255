// Civil time: what a clock on the wall at the site shows. The catalogue keeps UTC and offset; files are named by this.

import type { EpochMs } from './units.ts';

/** An IANA zone name, e.g. `Europe/Copenhagen`. */
export type TimeZone = string;

export interface CivilTime {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** `HH-MM-SS`, as file names carry it */
  readonly time: string;
  /** 0–999 */
  readonly millisecond: number;
  /** Minutes east of UTC at that instant. */
  readonly offsetMinutes: number;
}

const formats = new Map<TimeZone, Intl.DateTimeFormat>();

const formatFor = (zone: TimeZone): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
};

/** False for a name this platform does not know. */
export const isTimeZone = (zone: string): boolean => {
  try {
    formatFor(zone);
    return true;
  } catch {
    return false;
  }
};

/** Days since 1970-01-01 of a proleptic Gregorian date. Source: Howard Hinnant, days_from_civil. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

const utcOf = (year: number, month: number, day: number, hour: number, minute: number, second: number): number =>
  ((daysFromCivil(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000;

/** The civil time of `at` in `zone`. @throws RangeError for an unknown zone. */
export const civilTime = (at: EpochMs, zone: TimeZone): CivilTime => {
  const whole = Math.floor(at);
  const millisecond = ((whole % 1000) + 1000) % 1000;
  const parts: Record<string, number> = {};
  for (const part of formatFor(zone).formatToParts(whole)) parts[part.type] = Number(part.value);
  const [year = 1970, month = 1, day = 1] = [parts['year'], parts['month'], parts['day']];
  const [hour = 0, minute = 0, second = 0] = [parts['hour'], parts['minute'], parts['second']];
  const local = utcOf(year, month, day, hour, minute, second);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    day: `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`,
    time: `${two(hour)}-${two(minute)}-${two(second)}`,
    millisecond,
    offsetMinutes: Math.round((local - (whole - millisecond)) / 60_000),
  };
};

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2})-(\d{2})-(\d{2})$/;

/** True for a `YYYY-MM-DD` that exists in the calendar. */
export const isDay = (day: string): boolean => {
  const match = DAY.exec(day);
  if (!match) return false;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || date < 1) return false;
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
  return date <= next - daysFromCivil(year, month, 1);
};

/**
 * The instant at which clocks in `zone` show `day` and `time` (`HH-MM-SS`).
 * In the hour that a zone repeats the first one is meant; in the hour it skips, the instant after the jump.
 * @returns undefined when day or time is not a real one.
 */
export const instantOf = (day: string, time: string, zone: TimeZone): EpochMs | undefined => {
  const dayMatch = DAY.exec(day);
  const timeMatch = TIME.exec(time);
  if (!dayMatch || !timeMatch || !isDay(day)) return undefined;
  const [hour, minute, second] = [Number(timeMatch[1]), Number(timeMatch[2]), Number(timeMatch[3])];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = utcOf(Number(dayMatch[1]), Number(dayMatch[2]), Number(dayMatch[3]), hour, minute, second);
  const offsetAt = (at: number): number => civilTime(at as EpochMs, zone).offsetMinutes * 60_000;
  const before = local - offsetAt(local - 86_400_000);
  const after = local - offsetAt(local + 86_400_000);
  for (const candidate of [Math.min(before, after), Math.max(before, after)]) {
    if (candidate + offsetAt(candidate) === local) return candidate as EpochMs;
  }
  return Math.max(before, after) as EpochMs;
};

/** `+01:00`, as EXIF and ISO 8601 write it. */
export const offsetText = (offsetMinutes: number): string => {
  const size = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

/** `2026-11-23T14:32:07.120+01:00` */
export const isoText = (at: EpochMs, zone: TimeZone): string => {
  const civil = civilTime(at, zone);
  const fraction = String(civil.millisecond).padStart(3, '0');
  return `${civil.day}T${civil.time.replaceAll('-', ':')}.${fraction}${offsetText(civil.offsetMinutes)}`;
};
