// A day as people say it. Pure, and the same on the server and in the browser, which has one language only.

const DAY_MS = 86_400_000;
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The calendar day `days` after `day`. */
export const dayPlus = (day: string, days: number): string =>
  new Date(utc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);

interface DayTexts {
  readonly locale: string;
  readonly photos: { readonly today: string; readonly yesterday: string };
}

/** Making one costs more than writing a hundred days with it. */
const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (locale: string, hasYear: boolean): Intl.DateTimeFormat => {
  const key = `${locale} ${hasYear}`;
  const found =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(hasYear ? { year: 'numeric' } : {}),
    });
  formats.set(key, found);
  return found;
};

/** `Today, Monday 23 November`; with the year when it is not this one. */
export const dayTitleIn = (day: string, today: string, texts: DayTexts): string => {
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  const long = formatOf(texts.locale, !isThisYear)
    .format(utc(day))
    .replace(/^(\p{L}+) den /u, '$1 ');
  if (day === today) return `${texts.photos.today}, ${long}`;
  if (day === dayPlus(today, -1)) return `${texts.photos.yesterday}, ${long}`;
  return long.charAt(0).toUpperCase() + long.slice(1);
};
