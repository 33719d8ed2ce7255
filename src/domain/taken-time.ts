// When a picture was taken, from what came with it. A camera's clock may be unset or wrong: a time it gives is believed only
// where it can be true, and where it came from is kept with the photo.

import { civilInstant } from './civil-instant.ts';
import type { TimeZone } from './civil-time.ts';
import type { TimeSource } from './delivery.ts';
import { timeInText } from './text-time.ts';
import { type EpochMs, epochMs, later, type Ms, ms } from './units.ts';

/** As Exif writes it: local time, perhaps with an offset (Exif 2.32, 0x9003, 0x9011, 0x9291). */
export interface ExifTime {
  /** `YYYY:MM:DD HH:MM:SS` */
  readonly when: string;
  /** `+01:00` */
  readonly offset?: string | undefined;
  readonly subSeconds?: string | undefined;
}

export interface TakenTime {
  readonly at: EpochMs;
  readonly source: TimeSource;
}

export interface TimeClues {
  readonly exif: ExifTime | undefined;
  /** File name or path. */
  readonly name: string | undefined;
  /** Subject and body of a mail. */
  readonly text: string | undefined;
  readonly receivedAt: EpochMs;
  /** The zone of the camera's clock. */
  readonly zone: TimeZone;
}

/** A clock that is ahead by more than a day is set wrong, not in another time zone. */
const AHEAD: Ms = ms(86_400_000);
/** Before the first camera that could send a picture by itself: an unset clock says 1970, 2000 or 2010. */
const EARLIEST: EpochMs = epochMs(1_420_070_400_000); // 2015-01-01T00:00Z

const fromExif = ({ when, offset, subSeconds }: ExifTime, zone: TimeZone): EpochMs | undefined => {
  const match = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(when.trim());
  const at = match ? civilInstant(match.slice(1), zone, offset?.trim()) : undefined;
  if (at === undefined) return undefined;
  const fraction = /^\d{1,9}/.exec(subSeconds?.trim() ?? '')?.[0];
  return fraction === undefined ? at : later(at, ms(Math.floor(Number(`0.${fraction}`) * 1000)));
};

/**
 * Date and time in a file name or path, as cameras write them. Each with who writes it so; the first that gives a possible
 * time wins.
 */
const NAME_PATTERNS: readonly RegExp[] = [
  // 20261123143207 and 20261123_143207, also with milliseconds: Reolink, Hikvision, Dahua, most others.
  /(?<!\d)(20\d{2})([01]\d)([0-3]\d)[_T .-]?([0-2]\d)([0-5]\d)([0-5]\d)(?:\d{3})?(?!\d)/,
  // 2026-11-23_14-32-07, 2026-11-23 14.32.07: Dahua's mail, motion, many apps.
  /(?<!\d)(20\d{2})[-_.](\d{1,2})[-_.](\d{1,2})[_T .-]{1,3}(\d{1,2})[-_.:h](\d{1,2})[-_.:m](\d{1,2})(?!\d)/,
  // 2026/11/23/14/32/07, 2026-11-23/001/jpg/14/32/07[M]: Dahua's folders.
  /(?<!\d)(20\d{2})[-/](\d{2})[-/](\d{2})\/(?:\d+\/)?(?:[a-z]+\/)?(\d{2})[/.](\d{2})[/.](\d{2})(?!\d)/i,
  // 2026/11/23/…143207: a date in folders, the time in the name (Reolink, motion).
  /(?<!\d)(20\d{2})\/(\d{2})\/(\d{2})\/(?:[^/]*[^\d/])?([0-2]\d)([0-5]\d)([0-5]\d)(?!\d)/,
];
/** 23112026143207: 4G trail cameras, behind the modem's number. */
const DAY_FIRST_NAME = /(?<!\d)([0-3]\d)([01]\d)(20\d{2})([0-2]\d)([0-5]\d)([0-5]\d)(?!\d)/;
/** Milliseconds since 1970: cameras whose firmware is a phone's. */
const UNIX_NAME = /(?<!\d)(1[4-9]\d{11}|2\d{12})(?!\d)/;

const fromName = (name: string, zone: TimeZone): EpochMs | undefined => {
  const path = name.replaceAll('\\', '/');
  for (const pattern of NAME_PATTERNS) {
    const match = pattern.exec(path);
    const at = match ? civilInstant(match.slice(1), zone) : undefined;
    if (at !== undefined) return at;
  }
  const [, day, month, year, ...time] = DAY_FIRST_NAME.exec(path) ?? [];
  const at = day === undefined ? undefined : civilInstant([year, month, day, ...time], zone);
  if (at !== undefined) return at;
  const millis = UNIX_NAME.exec(path)?.[1];
  return millis === undefined ? undefined : epochMs(Number(millis));
};

/** The best time that can be true; when nothing else can, when it arrived. Months late is possible: it was out of reach. */
export const takenTime = (clues: TimeClues): TakenTime => {
  const { exif, name, text, receivedAt, zone } = clues;
  const found: readonly (readonly [TimeSource, EpochMs | undefined])[] = [
    ['exif', exif && fromExif(exif, zone)],
    ['name', name === undefined ? undefined : fromName(name, zone)],
    ['text', text === undefined ? undefined : timeInText(text, { receivedAt, zone })],
  ];
  for (const [source, at] of found) {
    if (at !== undefined && at >= EARLIEST && at <= later(receivedAt, AHEAD)) return { at, source };
  }
  return { at: receivedAt, source: 'arrival' };
};
