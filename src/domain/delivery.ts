// A delivery: bytes that a camera sent, or that were fetched from it. Everything in it is the camera's word, or hostile.

import { isErrorCode, type StillwatchErrorCode } from './errors.ts';
import type { CameraId, StillId } from './ids.ts';
import type { EpochMs } from './units.ts';

export const DELIVERY_WAYS = ['ftp', 'mail', 'http', 'fetch', 'imap'] as const;
export type DeliveryWay = (typeof DELIVERY_WAYS)[number];

export interface Delivery {
  /** Known by its credential; whose picture it is within that account is another question (`recognition.ts`). */
  readonly camera: CameraId;
  readonly way: DeliveryWay;
  /** File name or path as the camera wrote it. Only read, never used as a path. */
  readonly name?: string;
  /** Subject and body of the mail it came with. */
  readonly text?: string;
  /** Addresses the mail came from and went to. */
  readonly addresses?: readonly string[];
  readonly bytes: Uint8Array;
  /** What it cost on the line, when that is not the length of `bytes`: a mail is longer, a resumed upload shorter. */
  readonly cost?: number;
  readonly receivedAt: EpochMs;
}

/** What became of a delivery. A `refused` one is for good: sending it again gives the same. Trouble of ours is thrown. */
export type DeliveryOutcome =
  /** On the disk: the sender may forget it. `known`: it was delivered before. */
  | { readonly state: 'accepted' | 'known'; readonly stills: readonly StillId[] }
  /** No picture and not meant as one: a camera's connection test, a status report. */
  | { readonly state: 'noted' }
  | { readonly state: 'refused'; readonly code: StillwatchErrorCode; readonly detail: string };

/** Where the time of a picture comes from, best first. */
export const TIME_SOURCES = ['exif', 'name', 'text', 'arrival'] as const;
export type TimeSource = (typeof TIME_SOURCES)[number];

/** What a camera says of itself beside its picture; only what it said. */
export interface CameraReport {
  /** Percent. */
  readonly battery?: number;
  /** Volt, of cameras that say that instead. */
  readonly voltage?: number;
  /** Percent, or bars × 20 where a camera counts to five. */
  readonly signal?: number;
  /** °C */
  readonly temperature?: number;
  readonly moon?: MoonPhase;
  readonly make?: string;
  readonly model?: string;
  /** 15 digits, of the modem. Kept with the camera, never in a photo: photos are given away. */
  readonly imei?: string;
  /** Of the camera. Kept as the IMEI is. */
  readonly serial?: string;
}

export const MOON_PHASES = [
  'new',
  'waxing-crescent',
  'first-quarter',
  'waxing-gibbous',
  'full',
  'waning-gibbous',
  'last-quarter',
  'waning-crescent',
] as const;
export type MoonPhase = (typeof MOON_PHASES)[number];

/** How a picture came; kept inside it. */
export interface UploadFacts {
  readonly way: DeliveryWay;
  readonly time: TimeSource;
  readonly battery?: number;
  readonly voltage?: number;
  readonly signal?: number;
  readonly temperature?: number;
  readonly moon?: MoonPhase;
}

const NUMBERS = ['battery', 'voltage', 'signal', 'temperature'] as const;
const NUMBER = /^-?\d{1,4}(?:\.\d{1,3})?$/;

/** One line: `ftp exif battery=80 temperature=-3 moon=full`. */
export const uploadText = (facts: UploadFacts): string => {
  const words: string[] = [facts.way, facts.time];
  for (const name of NUMBERS) {
    const value = facts[name];
    if (value !== undefined) words.push(`${name}=${Math.round(value * 1000) / 1000}`);
  }
  if (facts.moon) words.push(`moon=${facts.moon}`);
  return words.join(' ');
};

/** undefined for anything that `uploadText` did not write. */
export const parseUpload = (text: string): UploadFacts | undefined => {
  const [first, second, ...rest] = text.split(' ');
  const way = DELIVERY_WAYS.find((each) => each === first);
  const time = TIME_SOURCES.find((each) => each === second);
  if (!way || !time) return undefined;
  const facts: { -readonly [K in keyof UploadFacts]: UploadFacts[K] } = { way, time };
  for (const word of rest) {
    const [name, value = '', ...more] = word.split('=');
    const number = NUMBERS.find((each) => each === name);
    const moon = MOON_PHASES.find((each) => each === value);
    if (more.length > 0) return undefined;
    if (number && NUMBER.test(value)) facts[number] = Number(value);
    else if (name === 'moon' && moon) facts.moon = moon;
    else return undefined;
  }
  return facts;
};

/** What a camera is told when it asks again; kept in its record. */
export interface Refusal {
  readonly at: EpochMs;
  readonly code: StillwatchErrorCode;
  readonly detail: string;
}

export const isRefusal = (value: unknown): value is Refusal => {
  if (typeof value !== 'object' || value === null) return false;
  const { at, code, detail } = value as Record<string, unknown>;
  return typeof at === 'number' && typeof code === 'string' && isErrorCode(code) && typeof detail === 'string';
};
