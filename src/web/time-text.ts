// Times and sizes as people read them. A still is shown in its site's local time, never in the viewer's.

import { type CivilTime, civilTime, offsetText, type TimeZone } from '../domain/civil-time.ts';
import type { Language } from '../domain/errors.ts';
import type { EpochMs } from '../domain/units.ts';
import { dayTitleIn } from './day-title.ts';
import { TEXTS } from './texts.ts';

/** A moment in a place, in the parts a page shows. */
export interface Moment {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** `14:32:07`, in Danish `14.32.07` */
  readonly time: string;
  /** `14:32` */
  readonly minutes: string;
  /** `:07` */
  readonly seconds: string;
  /** For `<time datetime>` and JSON. */
  readonly iso: string;
}

const momentOf = (civil: CivilTime, language: Language): Moment => {
  const mark = language === 'da' ? '.' : ':';
  const [hour = '', minute = '', second = ''] = civil.time.split('-');
  const fraction = String(civil.millisecond).padStart(3, '0');
  return {
    day: civil.day,
    time: [hour, minute, second].join(mark),
    minutes: `${hour}${mark}${minute}`,
    seconds: `${mark}${second}`,
    iso: `${civil.day}T${hour}:${minute}:${second}.${fraction}${offsetText(civil.offsetMinutes)}`,
  };
};

/** With the offset that was in force when the photo was taken, whatever the zone's rules say now. */
export const stillMoment = (
  still: { readonly takenAt: EpochMs; readonly offsetMinutes: number },
  language: Language,
): Moment => {
  const local = civilTime((still.takenAt + still.offsetMinutes * 60_000) as EpochMs, 'UTC');
  return momentOf({ ...local, offsetMinutes: still.offsetMinutes }, language);
};

export const zoneMoment = (at: EpochMs, zone: TimeZone, language: Language): Moment =>
  momentOf(civilTime(at, zone), language);

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);
export const dayTitle = (day: string, today: string, language: Language): string =>
  dayTitleIn(day, today, TEXTS[language]);

/** `23 Nov`, `23. nov.` */
export const dayShort = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(TEXTS[language].locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(utc(day));

export const bytesText = (bytes: number, language: Language): string => {
  const isLarge = bytes >= 1_000_000;
  const number = new Intl.NumberFormat(TEXTS[language].locale, { maximumFractionDigits: isLarge ? 1 : 0 });
  return isLarge ? `${number.format(bytes / 1_000_000)} MB` : `${number.format(Math.max(1, bytes / 1000))} kB`;
};

/** Sizes of disks and of everything that is on one: `212 GB`, `1.4 TB`. */
export const sizeText = (bytes: number, language: Language): string => {
  const [unit = 'MB', size = 1e6] =
    (
      [
        ['TB', 1e12],
        ['GB', 1e9],
        ['MB', 1e6],
      ] as const
    ).find(([, one]) => bytes >= one) ?? [];
  const digits = bytes / size < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(TEXTS[language].locale, { maximumFractionDigits: digits }).format(bytes / size)} ${unit}`;
};

export const decimal = (value: number, digits: number, language: Language): string =>
  new Intl.NumberFormat(TEXTS[language].locale, { maximumFractionDigits: digits }).format(value);
