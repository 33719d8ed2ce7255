// Kept readings as bytes and back: a calm minute is one byte, a second of motion some ten. Lossy only where it says so.

import {
  type AreasNote,
  type KeptReading,
  type MovingSecond,
  READING_CELLS,
  READING_COLUMNS,
  READING_ROWS,
} from './readings.ts';
import { type EpochMs, epochMs } from './units.ts';

/** Tags below this are so many calm seconds and one more. */
const MOST_CALM = 0x80;
const HOLE = 0x80;
const FAINT = 0x81;
const MOVING = 0x82;
const AREAS = 0x83;
const AUDIT = 0x84;

/** Changed pixels of a cell that are told apart: sixteen steps, finer where little moves. */
const LEVELS: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64, 82, 100];
const LEVEL_OF: Uint8Array = Uint8Array.from({ length: 256 }, (_, pixels) => {
  let best = 0;
  for (const [level, value] of LEVELS.entries()) {
    if (Math.abs(value - pixels) < Math.abs((LEVELS[best] ?? 0) - pixels)) best = level;
  }
  return pixels > 0 ? Math.max(1, best) : 0;
});
const SCORE_STEPS = 255;

/** What a cell's changed pixels are after having been kept. */
export const keptPixels = (pixels: number): number => LEVELS[LEVEL_OF[Math.min(255, pixels)] ?? 0] ?? 0;
export const keptScore = (score: number): number => Math.round(score * SCORE_STEPS) / SCORE_STEPS;

class ByteSink {
  private bytes = new Uint8Array(256);
  private length = 0;

  push(byte: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(2 * this.length);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length++] = byte;
  }

  /** Seven bits a byte, the lowest first; the last byte's top bit is clear. */
  varint(value: number): void {
    for (let left = value; ; left = Math.floor(left / 128)) {
      if (left < 128) {
        this.push(left);
        return;
      }
      this.push((left % 128) | 0x80);
    }
  }

  taken(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Rows with something in them, then each such row's columns, then a half byte for each such cell. */
const pushGrid = (into: ByteSink, { cells }: MovingSecond): void => {
  const masks: number[] = [];
  const levels: number[] = [];
  for (let row = 0; row < READING_ROWS; row++) {
    let mask = 0;
    for (let column = 0; column < READING_COLUMNS; column++) {
      const level = LEVEL_OF[cells[row * READING_COLUMNS + column] ?? 0] ?? 0;
      if (level === 0) continue;
      mask |= 1 << column;
      levels.push(level);
    }
    masks.push(mask);
  }
  let rows = 0;
  for (const [row, mask] of masks.entries()) if (mask !== 0) rows |= 1 << row;
  into.push(rows & 255);
  into.push(rows >> 8);
  for (const mask of masks) {
    if (mask === 0) continue;
    into.push(mask & 255);
    into.push(mask >> 8);
  }
  for (let at = 0; at < levels.length; at += 2) into.push((levels[at] ?? 0) | ((levels[at + 1] ?? 0) << 4));
};

const pushAreas = (into: ByteSink, { cells }: AreasNote): void => {
  for (let at = 0; at < READING_CELLS; at += 4) {
    let byte = 0;
    for (let part = 0; part < 4; part++) byte |= ((cells[at + part] ?? 0) & 3) << (2 * part);
    into.push(byte);
  }
};

const secondOf = (at: EpochMs): number => Math.floor(at / 1000);

/**
 * @param readings in order of `from`, none overlapping the one before
 * @returns empty when there are none
 */
export const encodeReadings = (readings: readonly KeptReading[]): Uint8Array => {
  const [first] = readings;
  if (!first) return new Uint8Array(0);
  const sink = new ByteSink();
  let second = secondOf(first.from);
  sink.varint(second);
  for (const reading of readings) {
    const at = secondOf(reading.from);
    if (at < second) throw new RangeError('readings out of order');
    if (at > second) {
      sink.push(HOLE);
      sink.varint(at - second);
      second = at;
    }
    switch (reading.type) {
      case 'calm':
        for (let left = reading.seconds; left > 0; left -= MOST_CALM) sink.push(Math.min(left, MOST_CALM) - 1);
        second += reading.seconds;
        break;
      case 'faint':
        sink.push(FAINT);
        sink.push(Math.round(reading.score * SCORE_STEPS));
        sink.push(reading.cell);
        second += 1;
        break;
      case 'moving':
        sink.push(MOVING);
        sink.push(Math.round(reading.score * SCORE_STEPS));
        pushGrid(sink, reading);
        second += 1;
        break;
      case 'areas':
        sink.push(AREAS);
        pushAreas(sink, reading);
        break;
      case 'audit':
        sink.push(AUDIT);
        sink.varint(reading.audit.looked);
        sink.varint(reading.audit.missed);
        break;
      default:
        reading satisfies never;
    }
  }
  return sink.taken();
};

class ByteSource {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new RangeError('readings end in the middle');
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number too long for a reading');
  }
}

const grid = (source: ByteSource): Uint8Array => {
  const cells = new Uint8Array(READING_CELLS);
  const rows = source.byte() | (source.byte() << 8);
  if (rows >> READING_ROWS !== 0) throw new RangeError('a row that is not there');
  const places: number[] = [];
  for (let row = 0; row < READING_ROWS; row++) {
    if ((rows & (1 << row)) === 0) continue;
    const mask = source.byte() | (source.byte() << 8);
    for (let column = 0; column < READING_COLUMNS; column++) {
      if ((mask & (1 << column)) !== 0) places.push(row * READING_COLUMNS + column);
    }
  }
  let pair = 0;
  for (const [index, place] of places.entries()) {
    if (index % 2 === 0) pair = source.byte();
    cells[place] = LEVELS[index % 2 === 0 ? pair & 15 : pair >> 4] ?? 0;
  }
  return cells;
};

const areas = (source: ByteSource): Uint8Array => {
  const cells = new Uint8Array(READING_CELLS);
  for (let at = 0; at < READING_CELLS; at += 4) {
    const byte = source.byte();
    for (let part = 0; part < 4; part++) cells[at + part] = (byte >> (2 * part)) & 3;
  }
  return cells;
};

/** Calm seconds in a row come back as one. @throws RangeError when `bytes` are not what encodeReadings gave */
export const decodeReadings = (bytes: Uint8Array): readonly KeptReading[] => {
  const readings: KeptReading[] = [];
  const source = new ByteSource(bytes);
  if (source.isEmpty) return readings;
  let second = source.varint();
  while (!source.isEmpty) {
    const tag = source.byte();
    const from = epochMs(second * 1000);
    if (tag < MOST_CALM) {
      const last = readings.at(-1);
      const seconds = tag + 1;
      if (last?.type === 'calm' && last.from + last.seconds * 1000 === from)
        readings[readings.length - 1] = { ...last, seconds: last.seconds + seconds };
      else readings.push({ type: 'calm', from, seconds });
      second += seconds;
    } else if (tag === HOLE) second += source.varint();
    else if (tag === FAINT) {
      const score = source.byte() / SCORE_STEPS;
      const cell = source.byte();
      if (cell >= READING_CELLS) throw new RangeError('a cell that is not there');
      readings.push({ type: 'faint', from, score, cell });
      second += 1;
    } else if (tag === MOVING) {
      readings.push({ type: 'moving', from, score: source.byte() / SCORE_STEPS, cells: grid(source) });
      second += 1;
    } else if (tag === AREAS) readings.push({ type: 'areas', from, cells: areas(source) });
    else if (tag === AUDIT) {
      readings.push({ type: 'audit', from, audit: { looked: source.varint(), missed: source.varint() } });
    } else throw new RangeError(`unknown reading ${tag}`);
  }
  return readings;
};
