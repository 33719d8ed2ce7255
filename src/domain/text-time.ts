// Date and time in the words of a mail. Makers write the day first, the year first or, in America, the month first; a date that
// could be two days is settled by the clock it stands beside and by when it arrived.

import { civilInstant } from './civil-instant.ts';
import type { TimeZone } from './civil-time.ts';
import { between, type EpochMs, type Ms, ms } from './units.ts';

export interface TextTimeContext {
  readonly receivedAt: EpochMs;
  /** The zone of the camera's clock. */
  readonly zone: TimeZone;
}

const DAY: Ms = ms(86_400_000);

/** Between date and time: a blank, a comma, or a name of its own on the next line ("Time: 14:32"). */
const GAP = '(?:[ ,T]{1,3}|[\\s,]{0,4}(?:time|zeit|uhrzeit|tid|klokken|kl\\.?|heure|um|at|à)\\s*[:=]?\\s*)';
const CLOCK =
  '(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?(?:\\s*([ap])\\.?m\\.?(?![a-z]))?(?:\\s?(Z|[+-]\\d{2}:\\d{2})(?!\\w))?';

const YEAR_FIRST = new RegExp(`(?<!\\d)(20\\d{2})[-/.](\\d{1,2})[-/.](\\d{1,2})${GAP}${CLOCK}`, 'i');
const YEAR_LAST = new RegExp(`(?<!\\d)(\\d{1,2})[-/.](\\d{1,2})[-/.](20\\d{2})${GAP}${CLOCK}`, 'i');
const MONTH_WORDS = '(jan|feb|m[aäæ]r|apr|ma[iyj]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]{0,7}\\.?';
const DAY_MONTH = new RegExp(`(?<!\\d)(\\d{1,2})\\.? ${MONTH_WORDS},? (20\\d{2})${GAP}${CLOCK}`, 'i');
const MONTH_DAY = new RegExp(`(?<![a-z])${MONTH_WORDS} (\\d{1,2}),? (20\\d{2})${GAP}${CLOCK}`, 'i');
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'mai', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dez'];

const monthOf = (word: string): string => {
  const plain = word.toLowerCase().replace(/[äæ]/g, 'a').replace('may', 'mai').replace('maj', 'mai');
  return String(MONTHS.indexOf(plain.replace('oct', 'okt').replace('dec', 'dez')) + 1);
};

/** The hour of a day of 24. */
const hourOf = (hour: string, half: string | undefined): string =>
  half === undefined ? hour : String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0));

interface Found {
  readonly date: readonly [year: string, month: string, day: string];
  readonly clock: readonly (string | undefined)[];
}

const at = ({ date, clock }: Found, zone: TimeZone): EpochMs | undefined => {
  const [hour = '', minute = '', second, half, offset] = clock;
  return civilInstant([...date, hourOf(hour, half), minute, second], zone, offset === 'Z' ? '+00:00' : offset);
};

/** `11/23/2026` and `23/11/2026` are plain; of `11/12/2026` the day comes first, unless all else speaks against it. */
const yearLast = (match: RegExpExecArray, { receivedAt, zone }: TextTimeContext): EpochMs | undefined => {
  const [, a = '', b = '', year = '', ...clock] = match;
  const dayFirst = at({ date: [year, b, a], clock }, zone);
  const monthFirst = at({ date: [year, a, b], clock }, zone);
  if (dayFirst === undefined || monthFirst === undefined) return dayFirst ?? monthFirst;
  // A clock of twelve hours stands on cameras that are set to American habits.
  if (clock[3] !== undefined) return monthFirst;
  const isNear = (time: EpochMs): boolean => Math.abs(between(time, receivedAt)) <= DAY;
  if (isNear(dayFirst) !== isNear(monthFirst)) return isNear(dayFirst) ? dayFirst : monthFirst;
  return between(dayFirst, receivedAt) < -DAY ? monthFirst : dayFirst;
};

export const timeInText = (text: string, context: TextTimeContext): EpochMs | undefined => {
  const { zone } = context;
  const first = YEAR_FIRST.exec(text);
  if (first) {
    const [, year = '', month = '', day = '', ...clock] = first;
    const time = at({ date: [year, month, day], clock }, zone);
    if (time !== undefined) return time;
  }
  const last = YEAR_LAST.exec(text);
  const time = last ? yearLast(last, context) : undefined;
  if (time !== undefined) return time;
  const [, day, word = '', year = '', ...clock] = DAY_MONTH.exec(text) ?? [];
  if (day !== undefined) return at({ date: [year, monthOf(word), day], clock }, zone);
  const [, name, number = '', of = '', ...hours] = MONTH_DAY.exec(text) ?? [];
  return name === undefined ? undefined : at({ date: [of, monthOf(name), number], clock: hours }, zone);
};
