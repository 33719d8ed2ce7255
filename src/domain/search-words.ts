// What an owner's words mean to a search: "garden last night", "i går aften bil". English and Danish at once, because a house
// may speak both. Pure; words that mean nothing are told, never guessed at.

import type { ClaimKind } from './camera-message.ts';
import { civilTime, instantOf, isDay, type TimeZone } from './civil-time.ts';
import type { CameraId } from './ids.ts';
import type { StillKind } from './still.ts';
import type { ChangeVerdict } from './still-change.ts';
import { type EpochMs, epochMs } from './units.ts';

export interface SearchWords {
  readonly cameras: readonly CameraId[];
  /** Taken at or after. */
  readonly from: EpochMs | undefined;
  /** Taken before. */
  readonly until: EpochMs | undefined;
  /** `from` included, `until` not; over midnight when `from` is the greater. */
  readonly hours: { readonly from: number; readonly until: number } | undefined;
  readonly kinds: readonly StillKind[];
  readonly verdicts: readonly ChangeVerdict[];
  readonly claims: readonly ClaimKind[];
  readonly isFavourite: true | undefined;
  /** Words that mean nothing here. */
  readonly unknown: readonly string[];
}

export interface SearchContext {
  readonly now: EpochMs;
  readonly zone: TimeZone;
  readonly cameras: readonly { readonly id: CameraId; readonly name: string }[];
}

const DAY_MS = 86_400_000;

const dayNumber = (day: string): number => (instantOf(day, '00-00-00', 'UTC') ?? 0) / DAY_MS;
const dayText = (number: number): string => civilTime(epochMs(number * DAY_MS), 'UTC').day;
/** Monday is 0; 1970-01-01 was a Thursday. */
const weekdayOf = (number: number): number => (((number + 3) % 7) + 7) % 7;

interface Hours {
  readonly from: number;
  readonly until: number;
}

/** A stretch of local days, both included, and the hours that the same words name. */
interface Days {
  readonly from: number;
  readonly until: number;
  readonly hours?: Hours;
}

const MORNING: Hours = { from: 5, until: 12 };
const EVENING: Hours = { from: 18, until: 24 };
const NIGHT: Hours = { from: 22, until: 6 };

/** Words for days, the longer ones first: "i går aften" is read before "i går". `today` is a day's number, `hour` the present one. */
const DAY_WORDS: readonly (readonly [string, (today: number, hour: number) => Days])[] = [
  ['day before yesterday|i forgårs|forgårs', (today) => ({ from: today - 2, until: today - 2 })],
  ['last night', (today) => ({ from: today - 1, until: today - 1, hours: { from: 18, until: 6 } })],
  // The night that began last: before dawn, and all the next day, it is the one behind us.
  [
    'i nat',
    (today, hour) => ({ from: hour >= 22 ? today : today - 1, until: hour >= 22 ? today : today - 1, hours: NIGHT }),
  ],
  ['i aftes', (today) => ({ from: today - 1, until: today - 1, hours: EVENING })],
  ['this morning|i morges', (today) => ({ from: today, until: today, hours: MORNING })],
  ['tonight|this evening|i aften', (today) => ({ from: today, until: today, hours: EVENING })],
  ['yesterday|i går|igår', (today) => ({ from: today - 1, until: today - 1 })],
  ['today|i dag|idag', (today) => ({ from: today, until: today })],
  ['this week|denne uge', (today) => ({ from: today - weekdayOf(today), until: today })],
  ['last week|sidste uge', (today) => ({ from: today - weekdayOf(today) - 7, until: today - weekdayOf(today) - 1 })],
];

const WEEKDAYS: readonly string[] = [
  'monday|mandag',
  'tuesday|tirsdag',
  'wednesday|onsdag',
  'thursday|torsdag',
  'friday|fredag',
  'saturday|lørdag',
  'sunday|søndag',
];

const HOUR_WORDS: readonly (readonly [string, Hours])[] = [
  ['morning|mornings|morgen|om morgenen', MORNING],
  ['forenoon|formiddag', { from: 9, until: 12 }],
  ['noon|midday|middag', { from: 11, until: 13 }],
  ['afternoon|eftermiddag', { from: 12, until: 18 }],
  ['evening|aften|om aftenen', EVENING],
  ['night|at night|nat|natten|om natten', NIGHT],
];

const VERDICT_WORDS: readonly (readonly [string, ChangeVerdict])[] = [
  ['arrived|something arrived|new|kommet|ankommet|nyt', 'arrived'],
  ['gone|removed|taken|missing|væk|forsvundet|fjernet', 'gone'],
  ['passing|passed|forbi|passerede|passeret', 'passing'],
  ['light only|light|kun lys|lys', 'light-only'],
];

const KIND_WORDS: readonly (readonly [string, StillKind])[] = [
  ['manual|by hand|manuel|manuelt|manuelle', 'manual'],
  ['scheduled|planned|planlagt|planlagte', 'scheduled'],
  ['uploaded|upload|uploads|uploadet|uploadede', 'uploaded'],
];

const CLAIM_WORDS: readonly (readonly [string, ClaimKind])[] = [
  ['person|persons|people|human|personer|menneske|mennesker', 'person'],
  ['vehicle|vehicles|car|cars|truck|bil|biler|køretøj|køretøjer|lastbil', 'vehicle'],
  ['animal|animals|pet|dog|cat|dyr|kæledyr|hund|kat', 'animal'],
];

const FAVOURITE_WORDS = 'favourite|favourites|favorite|favorites|favorit|favoritter|starred';

const MONTHS: readonly string[] = [
  'january|januar|jan',
  'february|februar|feb',
  'march|marts|mar',
  'april|apr',
  'may|maj',
  'june|juni|jun',
  'july|juli|jul',
  'august|aug',
  'september|sep',
  'october|oktober|oct|okt',
  'november|nov',
  'december|dec',
];

/** Words that join the others. */
const SMALL = new Set(
  'a an and at by day from in of on show the to photos photo pictures i og på fra ved den det alle all vis billeder billede kl om med with'.split(
    ' ',
  ),
);

/** The words of a text between single spaces, with one around them, so that a word is found by ` word `. */
const spaced = (text: string): string =>
  ` ${text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[,;!?"()]+/g, ' ')
    .trim()
    .replace(/\s+/g, ' ')} `;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `words` with its pattern taken out, and what matched; alternatives are tried the longest first. */
const take = (
  words: string,
  alternatives: string,
): { readonly rest: string; readonly match: readonly string[] } | undefined => {
  const longestFirst = alternatives
    .split('|')
    .toSorted((a, b) => b.length - a.length)
    .join('|');
  const match = new RegExp(` (?:${longestFirst})(?= )`).exec(words);
  if (!match) return undefined;
  return { rest: words.slice(0, match.index) + words.slice(match.index + match[0].length), match };
};

/** A date that was written out: the latest such day that is not in the future, when it has no year. */
const dateOf = (words: string, today: number): { readonly rest: string; readonly day: number } | undefined => {
  const iso = take(words, '\\d{4}-\\d{2}-\\d{2}');
  const isoDay = iso?.match[0]?.trim();
  if (iso && isoDay !== undefined && isDay(isoDay)) return { rest: iso.rest, day: dayNumber(isoDay) };
  const build = (year: string | undefined, month: number, date: string): number | undefined => {
    const two = (value: number | string): string => String(value).padStart(2, '0');
    const thisYear = Number(dayText(today).slice(0, 4));
    for (const one of year === undefined ? [thisYear, thisYear - 1] : [Number(year)]) {
      const day = `${one}-${two(month)}-${two(date)}`;
      if (isDay(day) && (year !== undefined || dayNumber(day) <= today)) return dayNumber(day);
    }
    return undefined;
  };
  const numbers = / (\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?(?= )/.exec(words);
  if (numbers) {
    const day = build(numbers[3], Number(numbers[2]), numbers[1] ?? '');
    if (day !== undefined) return { rest: words.replace(numbers[0], ''), day };
  }
  for (const [index, names] of MONTHS.entries()) {
    const written = new RegExp(
      ` (?:(\\d{1,2})(?:\\.|st|nd|rd|th)? (?:${names})|(?:${names}) (\\d{1,2}))(?: (\\d{4}))?(?= )`,
    ).exec(words);
    const date = written?.[1] ?? written?.[2];
    if (!written || date === undefined) continue;
    const day = build(written[3], index + 1, date);
    if (day !== undefined) return { rest: words.replace(written[0], ''), day };
  }
  return undefined;
};

const daysOf = (
  words: string,
  today: number,
  hour: number,
): { readonly rest: string; readonly days: Days } | undefined => {
  const back = / (?:last|past|sidste|seneste) (\d{1,3}) (?:days|dage)(?= )/.exec(words);
  if (back) return { rest: words.replace(back[0], ''), days: { from: today - Number(back[1]) + 1, until: today } };
  const date = dateOf(words, today);
  if (date) return { rest: date.rest, days: { from: date.day, until: date.day } };
  for (const [names, days] of DAY_WORDS) {
    const found = take(words, names);
    if (found) return { rest: found.rest, days: days(today, hour) };
  }
  for (const [index, names] of WEEKDAYS.entries()) {
    const found = take(words, names);
    if (!found) continue;
    const day = today - ((weekdayOf(today) - index + 7) % 7);
    return { rest: found.rest, days: { from: day, until: day } };
  }
  return undefined;
};

const hoursOf = (words: string): { readonly rest: string; readonly hours: Hours } | undefined => {
  const span = / (\d{1,2})(?::00)?[-–](\d{1,2})(?::00)?(?= )/.exec(words);
  if (span && Number(span[1]) <= 24 && Number(span[2]) <= 24)
    return { rest: words.replace(span[0], ''), hours: { from: Number(span[1]) % 24, until: Number(span[2]) } };
  const side = / (after|efter|before|før) (?:kl\.? )?(\d{1,2})(?::00)?(?= )/.exec(words);
  if (side && Number(side[2]) <= 24) {
    const at = Number(side[2]);
    const isAfter = side[1] === 'after' || side[1] === 'efter';
    return { rest: words.replace(side[0], ''), hours: isAfter ? { from: at % 24, until: 24 } : { from: 0, until: at } };
  }
  const at = / (?:kl\.?|at) (\d{1,2})(?::\d{2})?(?= )/.exec(words);
  if (at && Number(at[1]) < 24)
    return { rest: words.replace(at[0], ''), hours: { from: Number(at[1]), until: Number(at[1]) + 1 } };
  for (const [names, hours] of HOUR_WORDS) {
    const found = take(words, names);
    if (found) return { rest: found.rest, hours };
  }
  return undefined;
};

/** Every value whose words occur. */
const takeAll = <T>(
  words: string,
  table: readonly (readonly [string, T])[],
): { readonly rest: string; readonly found: readonly T[] } => {
  let rest = words;
  const found: T[] = [];
  for (const [names, value] of table) {
    for (let hit = take(rest, names); hit; hit = take(rest, names)) {
      rest = hit.rest;
      if (!found.includes(value)) found.push(value);
    }
  }
  return { rest, found };
};

/** Midnight before a local day, moved by whole hours of that day's clock; a day past midnight is the next. */
const at = (day: number, hour: number, zone: TimeZone): EpochMs => {
  const time = `${String(hour % 24).padStart(2, '0')}-00-00`;
  return instantOf(dayText(day + Math.floor(hour / 24)), time, zone) ?? epochMs(day * DAY_MS);
};

/** One day with hours is one stretch of time; a night belongs to the day it began on. Several days keep their hours apart. */
const spanOf = (
  days: Days | undefined,
  hours: Hours | undefined,
  zone: TimeZone,
): Pick<SearchWords, 'from' | 'until' | 'hours'> => {
  if (!days) return { from: undefined, until: undefined, hours };
  if (hours && days.from === days.until) {
    const end = hours.until <= hours.from ? hours.until + 24 : hours.until;
    return { from: at(days.from, hours.from, zone), until: at(days.from, end, zone), hours: undefined };
  }
  return { from: at(days.from, 0, zone), until: at(days.until, 24, zone), hours };
};

export const readSearchWords = (text: string, { now, zone, cameras }: SearchContext): SearchWords => {
  const clock = civilTime(now, zone);
  const [today, hour] = [dayNumber(clock.day), Number(clock.time.slice(0, 2))];
  // Names first: a camera called "Night yard" is no night.
  const named = takeAll(
    spaced(text),
    cameras
      .flatMap(({ id, name }) => [[spaced(name).trim(), id] as const, [id as string, id] as const])
      .toSorted(([a], [b]) => b.length - a.length)
      .map(([name, id]) => [escaped(name), id] as const),
  );
  const days = daysOf(named.rest, today, hour);
  const hours = hoursOf(days?.rest ?? named.rest);
  const verdicts = takeAll(hours?.rest ?? days?.rest ?? named.rest, VERDICT_WORDS);
  const kinds = takeAll(verdicts.rest, KIND_WORDS);
  const claims = takeAll(kinds.rest, CLAIM_WORDS);
  const favourite = take(claims.rest, FAVOURITE_WORDS);
  const left = (favourite?.rest ?? claims.rest).trim().split(' ');
  return {
    cameras: named.found,
    ...spanOf(days?.days, hours?.hours ?? days?.days.hours, zone),
    kinds: kinds.found,
    verdicts: verdicts.found,
    claims: claims.found,
    isFavourite: favourite ? true : undefined,
    unknown: left.filter((word) => word !== '' && !SMALL.has(word)),
  };
};
