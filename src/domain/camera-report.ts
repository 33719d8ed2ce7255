// What a camera writes about itself: in a mail, in a report file, in its picture's description or its file's name. Every make
// writes "name, value, unit" and differs in the words and in what stands between. Numbers that cannot be true are left out,
// and nothing is guessed.

import { cameraMake } from './camera-makes.ts';
import type { CameraReport } from './delivery.ts';
import { moonPhase } from './moon-words.ts';
import { BATTERY, MODEL, MOON, SERIAL, SIGNAL, TEMPERATURE, VOLTAGE } from './report-labels.ts';

type Draft = { -readonly [K in keyof CameraReport]: CameraReport[K] };
type Value = CameraReport[keyof CameraReport];

/** Where a fact was read. */
export const REPORT_SOURCES = ['exif', 'text', 'name'] as const;
export type ReportSource = (typeof REPORT_SOURCES)[number];
export type ReportSources = { readonly [K in keyof CameraReport]?: ReportSource };

interface Pattern {
  readonly field: keyof CameraReport;
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => Value;
}

const within = (value: number, least: number, most: number): number | undefined =>
  Number.isFinite(value) && value >= least && value <= most ? value : undefined;

const number = (text: string | undefined): number => (text === undefined ? Number.NaN : Number(text.replace(',', '.')));

const percent = (value: string | undefined): number | undefined => within(number(value), 0, 100);

/** `3/5`, in percent. */
const share = (value: string | undefined, of: string | undefined): number | undefined => {
  const [part, all] = [number(value), number(of)];
  return all > 0 && part <= all ? Math.round((part / all) * 100) : undefined;
};

const celsius = (value: string | undefined, unit: string | undefined): number | undefined => {
  const degrees = number(value);
  const inCelsius = /^f/i.test(unit ?? '') ? Math.round(((degrees - 32) * 50) / 9) / 10 : degrees;
  // What a housing in the sun or a Siberian winter may have.
  return within(inCelsius, -60, 90);
};

/** 3GPP 27.007, 8.5: +CSQ is 0 to 31, 99 is unknown. */
const csq = (value: number): number | undefined => {
  const known = within(value, 0, 31);
  return known === undefined ? undefined : Math.round((known / 31) * 100);
};

/** The check digit of an IMEI (3GPP 23.003, annex B; ISO/IEC 7812-1, annex B). */
const isImei = (digits: string): boolean => {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const doubled = Number(digits[at]) * (1 + (at % 2));
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length === 15 && sum % 10 === 0;
};

/** Name, then a colon or the like: for values that could be anything. */
const named = (names: string, value: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${names})(?:\\s*\\([^)\\n]{0,20}\\))?\\s*[:=|]\\s*${value}`, 'iu');

/** A unit says what it is: then a space, a dash or a table's border between name and value is enough. */
const measured = (names: string, value: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\d])(?:${names})(?:\\s*\\([^)\\n]{0,20}\\))?(?:\\s*[:=|]\\s*|\\s+[-–]\\s+|\\s+(?:is\\s+|ist\\s+|er\\s+|at\\s+)?)${value}`,
    'iu',
  );

const NUMBER = '([+-]?\\d{1,3}(?:[.,]\\d{1,2})?)';
const OF = '\\s*(?:/|of|von|af|av|sur|out of)\\s*';

const PATTERNS: readonly Pattern[] = [
  { field: 'battery', pattern: measured(BATTERY, '(\\d{1,3})\\s*%'), read: ([, v]) => percent(v) },
  { field: 'battery', pattern: named(BATTERY, `([0-9])${OF}([3-9])(?!\\d)`), read: ([, v, of]) => share(v, of) },
  // "85 % (6.1 V)" has both.
  {
    field: 'voltage',
    pattern: measured(
      VOLTAGE,
      '(?:\\d{1,3}\\s*%[\\s(,;/-]{1,4})?(\\d{1,2}(?:[.,]\\d{1,3})?)\\s*V(?:olts?)?(?![\\p{L}\\d])',
    ),
    read: ([, v]) => within(number(v), 0.5, 30),
  },
  {
    field: 'voltage',
    pattern: measured(VOLTAGE, '(\\d{4,5})\\s*mV(?![\\p{L}\\d])'),
    read: ([, v]) => within(number(v) / 1000, 0.5, 30),
  },
  { field: 'signal', pattern: measured(SIGNAL, '(\\d{1,3})\\s*%'), read: ([, v]) => percent(v) },
  { field: 'signal', pattern: named('\\+?csq', '(\\d{1,2})(?!\\d)'), read: ([, v]) => csq(number(v)) },
  { field: 'signal', pattern: named(SIGNAL, `(\\d{1,2})${OF}(31)(?!\\d)`), read: ([, v]) => csq(number(v)) },
  { field: 'signal', pattern: named(SIGNAL, `([0-9])${OF}([3-9])(?!\\d)`), read: ([, v, of]) => share(v, of) },
  // The strength that +CSQ counts: -113 dBm is its 0, and each step is 2 dB. Not RSRP, which is another measure.
  {
    field: 'signal',
    pattern: measured(SIGNAL, '(-\\d{2,3})\\s*dBm'),
    read: ([, v]) => csq(Math.max(0, Math.min(31, Math.round((number(v) + 113) / 2)))),
  },
  {
    field: 'signal',
    pattern: named(SIGNAL, '([0-5])\\s*(?:bars?|balken|streger|\\r?$|\\n|[,;)])'),
    read: ([, v]) => number(v) * 20,
  },
  {
    field: 'temperature',
    pattern: measured(
      TEMPERATURE,
      `${NUMBER}\\s*(?:°|deg(?:rees?)?\\.?|grad|grader)?\\s*(C|F)(?:elsius|ahrenheit)?(?![\\p{L}\\d])`,
    ),
    read: ([, v, unit]) => celsius(v, unit),
  },
  { field: 'moon', pattern: named(MOON, '([^\\r\\n:;|]{1,30})'), read: ([, v = '']) => moonPhase(v) },
  {
    field: 'imei',
    pattern:
      /(?<![\p{L}\d])imei(?:\s*(?:no\.?|nr\.?|number|code|#|id))?\s*[:=#|]?\s*(\d{15}|\d{2}[- ]\d{6}[- ]\d{6}[- ]\d)(?!\d)/iu,
    read: ([, v]) => v?.replace(/\D/g, ''),
  },
  {
    field: 'model',
    pattern: named(MODEL, '([\\p{L}\\d][\\p{L}\\d .+/_()-]{1,39}?)\\s*(?:$|[\\r\\n;,|])'),
    read: ([, v]) => v?.trim(),
  },
  // Hikvision's serial numbers begin with the model; eight digits of a date follow.
  {
    field: 'model',
    pattern: named(SERIAL, '(DS-[0-9A-Z/-]+?)(?=20\\d{6}[A-Z])'),
    read: ([, v]) => v?.replace(/-$/, ''),
  },
  {
    field: 'serial',
    pattern: named(SERIAL, '([A-Za-z0-9][A-Za-z0-9/_-]{4,63})(?![A-Za-z0-9])'),
    read: ([, v]) => v,
  },
  { field: 'make', pattern: /[^]+/, read: ([all]) => cameraMake(all) },
];

/** How much of a text is read: a camera's own words come first, and a hostile text must not cost time. */
const LONGEST_TEXT = 8192;

/** One sign for each thing: full-width letters of Asian firmware, their degree signs, all kinds of blank and minus. */
const plain = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .replaceAll('℃', '°C')
    .replace(/[º˚]/g, '°')
    .replaceAll('℉', '°F')
    .normalize('NFKC')
    .replaceAll('：', ':')
    .replace(/[\u00a0\u2000-\u200b\u202f\ufeff]/g, ' ')
    .replaceAll('\u2212', '-');

/** What `text` says. The first pattern of a field that gives a possible value decides. */
export const reportFromText = (text: string): CameraReport => {
  const said = plain(text);
  const report: Draft = {};
  for (const { field, pattern, read } of PATTERNS) {
    if (report[field] !== undefined) continue;
    const match = pattern.exec(said);
    const value = match ? read(match) : undefined;
    if (value !== undefined) Object.assign(report, { [field]: value });
  }
  return report;
};

/** A file's name may have the modem's number in it; only one with the right check digit is believed. */
export const reportFromName = (name: string): CameraReport => {
  const imei = name.match(/(?<!\d)\d{15}(?!\d)/g)?.find(isImei);
  return imei === undefined ? {} : { imei };
};

/** Later words win over earlier ones; what they do not mention stays. */
export const mergeReports = (earlier: CameraReport, later: CameraReport): CameraReport => ({ ...earlier, ...later });

/** Everything that came with one picture, weakest first: its name, the text beside it, what is written in it. */
export const gatheredReport = (
  parts: readonly (readonly [ReportSource, CameraReport])[],
): { readonly report: CameraReport; readonly sources: ReportSources } => {
  let report: CameraReport = {};
  let sources: ReportSources = {};
  for (const [source, said] of parts) {
    report = mergeReports(report, said);
    sources = { ...sources, ...Object.fromEntries(Object.keys(said).map((field) => [field, source])) };
  }
  return { report, sources };
};
