// What a camera writes about itself in a mail or in its picture's description. Patterns per make; numbers that cannot be true
// are left out, and nothing is guessed.

import { type CameraReport, MOON_PHASES, type MoonPhase } from './delivery.ts';

type Draft = { -readonly [K in keyof CameraReport]: CameraReport[K] };

interface Pattern {
  readonly field: keyof CameraReport;
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => CameraReport[keyof CameraReport];
}

const within = (value: number, least: number, most: number): number | undefined =>
  Number.isFinite(value) && value >= least && value <= most ? value : undefined;

const number = (text: string | undefined): number => Number((text ?? '').replace(',', '.'));

const celsius = (value: string | undefined, unit: string | undefined): number | undefined => {
  const degrees = number(value);
  const inCelsius = /f/i.test(unit ?? '') ? Math.round(((degrees - 32) * 50) / 9) / 10 : degrees;
  // What a housing in the sun or a Siberian winter may have.
  return within(inCelsius, -60, 90);
};

const MOON_WORDS: readonly (readonly [RegExp, MoonPhase])[] = [
  [/new/i, 'new'],
  [/wax\w* ?crescent/i, 'waxing-crescent'],
  [/first ?(?:quarter|half)|half ?wax/i, 'first-quarter'],
  [/wax\w* ?gibbous/i, 'waxing-gibbous'],
  [/full/i, 'full'],
  [/wan\w* ?gibbous/i, 'waning-gibbous'],
  [/(?:last|third) ?(?:quarter|half)|half ?wan/i, 'last-quarter'],
  [/wan\w* ?crescent/i, 'waning-crescent'],
];

/** Lines as `Name: value`, the form that every make with a text uses, differing in the name. */
const line = (names: string, value: string): RegExp =>
  new RegExp(`(?:^|[\\s,;|])(?:${names})\\s*[:=]\\s*${value}`, 'i');

const PATTERNS: readonly Pattern[] = [
  {
    field: 'battery',
    pattern: line('battery(?: level)?|batt?|bat\\.?', '(\\d{1,3})\\s*%'),
    read: ([, v]) => within(number(v), 0, 100),
  },
  {
    field: 'voltage',
    pattern: line('battery(?: voltage)?|voltage|batt?|ext(?:ernal)? power', '(\\d{1,2}[.,]\\d{1,3})\\s*V\\b'),
    read: ([, v]) => within(number(v), 0.5, 30),
  },
  {
    field: 'signal',
    pattern: line('signal(?: strength)?|(?:4g|lte|gsm) signal', '(\\d{1,3})\\s*%'),
    read: ([, v]) => within(number(v), 0, 100),
  },
  // 3GPP 27.007, 8.5: +CSQ is 0 to 31, 99 is unknown. Firmware built on a bare modem passes it on.
  {
    field: 'signal',
    pattern: line('csq|signal(?: strength)?', '(\\d{1,2})(?:\\s*/\\s*31)?(?![\\d%./])'),
    read: ([all, v]) => {
      const value = number(v);
      if (!/csq|31/i.test(all)) return value <= 5 ? value * 20 : undefined;
      return value <= 31 ? Math.round((value / 31) * 100) : undefined;
    },
  },
  // Bars: `Signal: 4/5`.
  { field: 'signal', pattern: line('signal(?: strength)?', '([0-5])\\s*/\\s*5\\b'), read: ([, v]) => number(v) * 20 },
  {
    field: 'temperature',
    pattern: line(
      'temp(?:erature|\\.)?|camera temp',
      '(-?\\d{1,3}(?:[.,]\\d)?)\\s*(?:°|º|deg(?:rees)?|&deg;)?\\s*(C|F)(?:elsius|ahrenheit)?\\b',
    ),
    read: ([, v, unit]) => celsius(v, unit),
  },
  {
    field: 'moon',
    pattern: line('moon(?: ?phase)?', '([a-z][a-z ]{2,20})'),
    read: ([, word = '']) => {
      const direct = MOON_PHASES.find((phase) => phase === word.trim().toLowerCase().replaceAll(' ', '-'));
      return direct ?? MOON_WORDS.find(([pattern]) => pattern.test(word))?.[1];
    },
  },
  { field: 'imei', pattern: line('imei', '(\\d{15})(?!\\d)'), read: ([, v]) => v },
  {
    field: 'model',
    pattern: line('(?:camera )?model|device model|cam model', '([A-Za-z0-9][\\w .+/-]{1,39}?)\\s*(?:$|[\\r\\n;,|])'),
    read: ([, v]) => v?.trim(),
  },
  // Makes that name themselves in their standing sentence.
  {
    field: 'make',
    pattern: /\b(reolink|hikvision|dahua|arenti|spypoint|moultrie|bushnell|browning|reconyx|boly|suntek)\b/i,
    read: ([, v]) => v && v[0]?.toUpperCase() + v.slice(1).toLowerCase(),
  },
];

/** How much of a text is read: a camera's own words come first, and a hostile text must not cost time. */
const LONGEST_TEXT = 8192;

/** What `text` says. The first pattern of a field that gives a possible value decides. */
export const reportFromText = (text: string): CameraReport => {
  const said = text.slice(0, LONGEST_TEXT);
  const report: Draft = {};
  for (const { field, pattern, read } of PATTERNS) {
    if (report[field] !== undefined) continue;
    const match = pattern.exec(said);
    const value = match ? read(match) : undefined;
    if (value !== undefined) Object.assign(report, { [field]: value });
  }
  return report;
};

/** Later words win over earlier ones; what they do not mention stays. */
export const mergeReports = (earlier: CameraReport, later: CameraReport): CameraReport => ({ ...earlier, ...later });
