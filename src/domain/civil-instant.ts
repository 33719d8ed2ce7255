// The instant that a camera's written date and time mean, by its clock's zone or the offset it says.

import { instantOf, isDay, type TimeZone } from './civil-time.ts';
import { type EpochMs, later, ms } from './units.ts';

const OFFSET = /^([+-])(\d{2}):(\d{2})$/;

const two = (value: string): string => value.padStart(2, '0');

/** @param parts year, month, day, hour, minute, second */
export const civilInstant = (
  parts: readonly (string | undefined)[],
  zone: TimeZone,
  offset?: string,
): EpochMs | undefined => {
  const [year = '', month = '', day = '', hour = '', minute = '', second = '0'] = parts;
  const date = `${year}-${two(month)}-${two(day)}`;
  if (!isDay(date)) return undefined;
  const time = `${two(hour)}-${two(minute)}-${two(second)}`;
  const match = OFFSET.exec(offset ?? '');
  if (!match) return instantOf(date, time, zone);
  const east = (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  const utc = instantOf(date, time, 'UTC');
  return utc === undefined ? undefined : later(utc, ms(-east * 60_000));
};
