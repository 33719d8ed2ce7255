// EXIF for a still: a small TIFF block written from scratch (CIPA DC-008, Exif 2.32), and the few tags read back that are
// worth keeping from a camera's own block. Bounded: two directories, each entry checked against the block's length.

import { civilTime, offsetText } from './civil-time.ts';
import { type EpochMs, later, ms } from './units.ts';

export interface ExifWords {
  /** When the shutter opened, and minutes east of UTC there and then. */
  readonly takenAt: EpochMs;
  readonly offsetMinutes: number;
  readonly width: number;
  readonly height: number;
  /** Our id, 32 hex digits: exactly what ImageUniqueID is for. */
  readonly uniqueId: string;
  readonly description: string;
  readonly software: string;
  readonly make: string | undefined;
  readonly model: string | undefined;
  /** 1–8 as the camera wrote it; a viewer turns the picture by it, so it must survive. */
  readonly orientation: number | undefined;
}

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: false });

/** Longest text in a tag, in bytes: names are short, and a segment must hold them all. */
const LONGEST_TEXT = 1024;

/** NUL-terminated. Exif 2.32 says ASCII; every reader in use takes UTF-8, and names have letters beyond ASCII. */
const ascii = (tag: number, value: string): Entry => {
  // A NUL inside would end the text for every reader.
  const bytes = utf8.encode(`${cutText(value.replace(/\p{Cc}+/gu, ' '), LONGEST_TEXT - 1)}\0`);
  return { tag, type: ASCII, count: bytes.length, value: bytes };
};

/** `value` cut to at most `bytes` bytes of UTF-8, never inside a character. */
export const cutText = (value: string, bytes: number): string => {
  let left = bytes;
  let cut = '';
  for (const character of value) {
    left -= utf8.encode(character).length;
    if (left < 0) break;
    cut += character;
  }
  return cut;
};

const short = (tag: number, value: number): Entry => ({
  tag,
  type: SHORT,
  count: 1,
  value: Uint8Array.of(value & 255, value >> 8),
});

const long = (tag: number, value: number): Entry => ({
  tag,
  type: LONG,
  count: 1,
  value: Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24),
});

/** 72 pixels an inch: Exif's word for "unknown", where it demands a resolution (4.6.4 A). */
const unknownResolution = (tag: number): Entry => ({
  tag,
  type: RATIONAL,
  count: 1,
  value: Uint8Array.of(72, 0, 0, 0, 1, 0, 0, 0),
});

const undefinedBytes = (tag: number, value: Uint8Array): Entry => ({
  tag,
  type: UNDEFINED,
  count: value.length,
  value,
});

const directoryBytes = (entries: readonly Entry[]): number =>
  2 + entries.length * 12 + 4 + entries.reduce((sum, { value }) => sum + outside(value), 0);
/** Values of up to four bytes lie in the entry itself; others behind the directory, at even offsets. */
const outside = (value: Uint8Array): number => (value.length <= 4 ? 0 : value.length + (value.length & 1));

const writeDirectory = (block: Uint8Array, at: number, entries: readonly Entry[]): void => {
  const view = new DataView(block.buffer);
  view.setUint16(at, entries.length, true);
  let free = at + 2 + entries.length * 12 + 4;
  [...entries]
    .sort((a, b) => a.tag - b.tag) // TIFF 6.0: ascending
    .forEach(({ tag, type, count, value }, index) => {
      const entry = at + 2 + index * 12;
      view.setUint16(entry, tag, true);
      view.setUint16(entry + 2, type, true);
      view.setUint32(entry + 4, count, true);
      if (value.length <= 4) block.set(value, entry + 8);
      else {
        view.setUint32(entry + 8, free, true);
        block.set(value, free);
        free += outside(value);
      }
    });
};

export const EXIF_HEADER: Uint8Array = utf8.encode('Exif\0\0');

/** The payload of an Exif APP1 segment. */
export const exifPayload = (words: ExifWords): Uint8Array => {
  // The civil time in force at the site: the instant shifted by its offset, read as UTC.
  const civil = civilTime(later(words.takenAt, ms(words.offsetMinutes * 60_000)), 'UTC');
  const when = `${civil.day.replaceAll('-', ':')} ${civil.time.replaceAll('-', ':')}`;
  const offset = offsetText(words.offsetMinutes);
  const main = [
    ascii(0x010e, words.description),
    ...(words.make ? [ascii(0x010f, words.make)] : []),
    ...(words.model ? [ascii(0x0110, words.model)] : []),
    ...(words.orientation ? [short(0x0112, words.orientation)] : []),
    unknownResolution(0x011a),
    unknownResolution(0x011b),
    short(0x0128, 2), // ResolutionUnit: inch
    ascii(0x0131, words.software),
    ascii(0x0132, when),
    short(0x0213, 1), // YCbCrPositioning: centred, as JFIF has it
    long(0x8769, 0),
  ];
  const exif: Entry[] = [
    undefinedBytes(0x9000, utf8.encode('0232')),
    ascii(0x9003, when),
    ascii(0x9010, offset), // OffsetTime belongs to DateTime, OffsetTimeOriginal to DateTimeOriginal
    ascii(0x9011, offset),
    undefinedBytes(0x9101, Uint8Array.of(1, 2, 3, 0)), // ComponentsConfiguration: YCbCr
    ascii(0x9291, String(civil.millisecond).padStart(3, '0')),
    undefinedBytes(0xa000, utf8.encode('0100')),
    short(0xa001, 1), // ColorSpace: sRGB, what a JPEG without a profile is shown as
    long(0xa002, words.width),
    long(0xa003, words.height),
    ascii(0xa420, words.uniqueId),
  ];
  const exifAt = 8 + directoryBytes(main);
  const block = new Uint8Array(exifAt + directoryBytes(exif));
  block.set(utf8.encode('II*\0'));
  new DataView(block.buffer).setUint32(4, 8, true);
  writeDirectory(
    block,
    8,
    main.map((entry) => (entry.tag === 0x8769 ? long(0x8769, exifAt) : entry)),
  );
  writeDirectory(block, exifAt, exif);
  const payload = new Uint8Array(EXIF_HEADER.length + block.length);
  payload.set(EXIF_HEADER);
  payload.set(block, EXIF_HEADER.length);
  return payload;
};

/** What a camera's own block may say that ours keeps. */
export type CameraExif = Pick<ExifWords, 'make' | 'model' | 'orientation'>;

/** Entries of one directory that are looked at: no camera writes more, and a hostile count must not cost time. */
const MOST_ENTRIES = 200;

/** Make, model and orientation from an Exif payload's first directory; whatever is malformed is simply not there. */
export const readCameraExif = (payload: Uint8Array): CameraExif => {
  const found: { make: string | undefined; model: string | undefined; orientation: number | undefined } = {
    make: undefined,
    model: undefined,
    orientation: undefined,
  };
  if (payload.length < EXIF_HEADER.length + 14 || EXIF_HEADER.some((byte, at) => payload[at] !== byte)) return found;
  const block = payload.subarray(EXIF_HEADER.length);
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const little = view.getUint16(0) === 0x4949;
  if (!little && view.getUint16(0) !== 0x4d4d) return found;
  const at = view.getUint32(4, little);
  if (at < 8 || at + 2 > block.length) return found;
  const entries = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  for (let index = 0; index < entries; index++) {
    const entry = at + 2 + index * 12;
    if (entry + 12 > block.length) break;
    const tag = view.getUint16(entry, little);
    const type = view.getUint16(entry + 2, little);
    const count = view.getUint32(entry + 4, little);
    if (tag === 0x0112 && type === SHORT && count === 1) {
      const value = view.getUint16(entry + 8, little);
      if (value >= 1 && value <= 8) found.orientation = value;
    }
    if ((tag === 0x010f || tag === 0x0110) && type === ASCII && count > 0 && count <= LONGEST_TEXT) {
      const start = count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
      if (start + count > block.length) continue;
      const value = (text.decode(block.subarray(start, start + count)).split('\0')[0] ?? '').trim();
      if (value) found[tag === 0x010f ? 'make' : 'model'] = value;
    }
  }
  return found;
};
