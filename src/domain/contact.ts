// A camera that sends by itself: when it was last heard of, how often it calls, what it said and what it cost. A pure fold.
// Such a camera sleeps most of the time: silence says nothing until it is longer than this camera's own habit.

import { assertNever } from './assert-never.ts';
import { mergeReports, type ReportSource, type ReportSources } from './camera-report.ts';
import { civilTime, type TimeZone } from './civil-time.ts';
import type { CameraReport, DeliveryWay, Refusal } from './delivery.ts';
import type { CameraId } from './ids.ts';
import { between, type EpochMs, epochMs, later, type Ms, ms } from './units.ts';

export interface Usage {
  /** `YYYY-MM-DD` or `YYYY-MM`, by the site's clock. */
  readonly period: string;
  readonly bytes: number;
  readonly pictures: number;
}

export interface Contact {
  readonly camera: CameraId;
  /** When each of its latest visits began, oldest first. */
  readonly visits: readonly EpochMs[];
  readonly lastAt: EpochMs | undefined;
  readonly lastWay: DeliveryWay | undefined;
  readonly lastPictureAt: EpochMs | undefined;
  readonly pictures: number;
  readonly day: Usage;
  /** Newest last. */
  readonly months: readonly Usage[];
  readonly report: CameraReport;
  /** Of each fact in `report`: when it was last said, and where. */
  readonly said: { readonly [K in keyof CameraReport]?: Said };
  readonly refusal: Refusal | undefined;
}

export interface Said {
  readonly at: EpochMs;
  readonly from: ReportSource;
}

export type ContactEvent =
  /** Bytes came, whatever became of them. */
  | { readonly type: 'bytes'; readonly at: EpochMs; readonly way: DeliveryWay; readonly bytes: number }
  | { readonly type: 'picture'; readonly at: EpochMs }
  | { readonly type: 'report'; readonly at: EpochMs; readonly report: CameraReport; readonly sources: ReportSources }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** Deliveries closer than this are one visit: a burst over a slow link takes minutes. */
const VISIT_GAP: Ms = ms(10 * 60_000);
/** Enough for a habit, few enough that a new season becomes one. */
const MOST_VISITS = 40;
const MOST_MONTHS = 13;
/** A habit needs this many pauses; before that nothing is expected. */
const LEAST_PAUSES = 5;
/** Nobody is woken for less, however chatty a camera is. */
const LEAST_SILENCE: Ms = ms(3_600_000);
/** Half as long again as the longest pause of its latest visits is out of habit. */
const PATIENCE = 1.5;

const none: Usage = { period: '', bytes: 0, pictures: 0 };

export const newContact = (camera: CameraId): Contact => ({
  camera,
  visits: [],
  lastAt: undefined,
  lastWay: undefined,
  lastPictureAt: undefined,
  pictures: 0,
  day: none,
  months: [],
  report: {},
  said: {},
  refusal: undefined,
});

const add = (usage: Usage, period: string, bytes: number, pictures: number): Usage =>
  usage.period === period
    ? { period, bytes: usage.bytes + bytes, pictures: usage.pictures + pictures }
    : { period, bytes, pictures };

const count = (contact: Contact, at: EpochMs, zone: TimeZone, bytes: number, pictures: number): Contact => {
  const { day } = civilTime(at, zone);
  const month = day.slice(0, 7);
  const last = contact.months.at(-1);
  const months =
    last?.period === month
      ? [...contact.months.slice(0, -1), add(last, month, bytes, pictures)]
      : [...contact.months, add(none, month, bytes, pictures)].slice(-MOST_MONTHS);
  return { ...contact, day: add(contact.day, day, bytes, pictures), months };
};

const saidAt = (sources: ReportSources, at: EpochMs): Contact['said'] =>
  Object.fromEntries(Object.entries(sources).map(([field, from]) => [field, { at, from }]));

export const stepContact = (contact: Contact, event: ContactEvent, zone: TimeZone): Contact => {
  switch (event.type) {
    case 'bytes': {
      const { at, way, bytes } = event;
      const isNew = contact.lastAt === undefined || between(contact.lastAt, at) > VISIT_GAP;
      const visits = isNew ? [...contact.visits, at].slice(-MOST_VISITS) : contact.visits;
      return { ...count(contact, at, zone, bytes, 0), visits, lastAt: at, lastWay: way };
    }
    case 'picture':
      return {
        ...count(contact, event.at, zone, 0, 1),
        pictures: contact.pictures + 1,
        lastPictureAt: event.at,
        refusal: undefined,
      };
    case 'report':
      return {
        ...contact,
        report: mergeReports(contact.report, event.report),
        said: { ...contact.said, ...saidAt(event.sources, event.at) },
      };
    case 'refused':
      return { ...contact, refusal: event.refusal };
    default:
      return assertNever(event);
  }
};

/** What was sent in the period that `at` lies in. */
export const usedNow = (
  contact: Contact,
  at: EpochMs,
  zone: TimeZone,
): { readonly day: number; readonly month: number } => {
  const { day } = civilTime(at, zone);
  const month = contact.months.at(-1);
  return {
    day: contact.day.period === day ? contact.day.bytes : 0,
    month: month?.period === day.slice(0, 7) ? month.bytes : 0,
  };
};

export interface Habit {
  /** The middle of its pauses after the last visit: when it is next expected. */
  readonly expectedAt: EpochMs;
  /** From here on its silence is out of habit. */
  readonly quietAt: EpochMs;
}

/** undefined: not heard of often enough to expect anything. */
export const habit = ({ visits, lastAt }: Contact): Habit | undefined => {
  const pauses = visits.slice(1).map((at, index) => between(visits[index] ?? at, at));
  if (lastAt === undefined || pauses.length < LEAST_PAUSES) return undefined;
  const sorted = pauses.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const longest = sorted.at(-1) ?? 0;
  return {
    expectedAt: epochMs(Math.max(lastAt, later(visits.at(-1) ?? lastAt, ms(middle)))),
    quietAt: later(lastAt, ms(Math.max(LEAST_SILENCE, longest * PATIENCE))),
  };
};

/** `waiting`: nothing came yet. `quiet`: silent for longer than its own habit. Otherwise `heard`, however long ago. */
export type ContactState = 'waiting' | 'heard' | 'quiet';

export const contactState = (contact: Contact, now: EpochMs): ContactState => {
  if (contact.lastAt === undefined) return 'waiting';
  const usual = habit(contact);
  return usual && now >= usual.quietAt ? 'quiet' : 'heard';
};
