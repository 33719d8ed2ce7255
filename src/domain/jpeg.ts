// The structure of a JPEG file (ITU-T T.81 annex B): its size, whether it is whole, and putting segments in.
// Never decodes a picture and never changes one: compressed data is only looked through for markers and holes.

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A marker segment before the first scan. `start` is its 0xFF, `end` the first byte after it. */
export interface JpegSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** Why bytes are not a whole JPEG. `hole`: compressed data was replaced by filler, as after a lost disk block. */
export type JpegDamage = 'not a JPEG' | 'broken segment' | 'no picture size' | 'no picture data' | 'cut short' | 'hole';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const TEM = 0x01;

/**
 * 256 bytes of filler in compressed data are a hole: half a disk sector, the smallest unit that gets lost, and 2048 bits
 * of the same code, which natural pictures do not have (the flat ones that do are told apart by their code tables).
 */
const HOLE_BYTES = 256;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
/** SOF0–SOF15 without DHT, JPG and DAC (T.81 table B.1). */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== 0xc8 && marker !== 0xcc;

const beginsAsJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff;

/** The segment at `at`, over any fill bytes; `undefined` when there is none or it does not end inside `bytes`. */
const segmentAt = (bytes: Uint8Array, at: number): JpegSegment | undefined => {
  let start = at;
  if (bytes[start] !== 0xff) return undefined;
  while (bytes[start + 1] === 0xff) start++; // B.1.1.2: any marker may be preceded by fill bytes
  const marker = bytes[start + 1];
  if (marker === undefined || marker === 0 || marker === SOI || isRestart(marker)) return undefined;
  if (marker === EOI || marker === TEM) return { marker, start, end: start + 2 };
  const length = word(bytes, start + 2);
  const end = start + 2 + length;
  return length < 2 || end > bytes.length ? undefined : { marker, start, end };
};

/** The segments between SOI and the first scan, as far as they are whole. Empty for what is not a JPEG. */
export const jpegHeader = (bytes: Uint8Array): readonly JpegSegment[] => {
  const segments: JpegSegment[] = [];
  if (!beginsAsJpeg(bytes)) return segments;
  for (let at = 2; ; ) {
    const segment = segmentAt(bytes, at);
    if (!segment || segment.marker === SOS || segment.marker === EOI) return segments;
    segments.push(segment);
    at = segment.end;
  }
};

const sizeIn = (bytes: Uint8Array, frame: JpegSegment): PictureSize | undefined => {
  if (frame.end - frame.start < 10) return undefined;
  const size = { width: word(bytes, frame.start + 7), height: word(bytes, frame.start + 5) };
  // A height of 0 means "see DNL after the first scan" (B.2.5); no camera uses it and no browser shows it.
  return size.width > 0 && size.height > 0 ? size : undefined;
};

/** Width and height from the frame header. `undefined` when there is none to be read. */
export const jpegSize = (bytes: Uint8Array): PictureSize | undefined => {
  const frame = jpegHeader(bytes).find((segment) => isFrameHeader(segment.marker));
  return frame && sizeIn(bytes, frame);
};

/** What the all-zero code means in each Huffman table: index `class << 4 | destination` (B.2.4.2). */
type ZeroCodes = Map<number, number>;

const readZeroCodes = (bytes: Uint8Array, table: JpegSegment, codes: ZeroCodes): void => {
  let at = table.start + 4;
  while (at + 17 <= table.end) {
    const key = bytes[at] ?? 0;
    let symbols = 0;
    for (let length = 1; length <= 16; length++) symbols += bytes[at + length] ?? 0;
    // Codes are canonical (annex C): the first symbol is the shortest code, and that is all zeros.
    if (symbols > 0) codes.set(key, bytes[at + 17] ?? 0);
    at += 17 + symbols;
  }
};

/**
 * True when, by this scan's own tables, a run of zero bits is a run of "same as before" blocks: a flat picture may then
 * really hold long runs of zero bytes. With the standard tables (annex K) it never is.
 */
const zerosMeanFlat = (bytes: Uint8Array, frame: number, scan: JpegSegment, codes: ZeroCodes): boolean => {
  if (frame >= 0xc9) return true; // arithmetic coding: a byte says nothing by itself
  const components = bytes[scan.start + 4] ?? 0;
  const tail = scan.start + 5 + components * 2;
  const [spectralStart = 0, approximation = 0] = [bytes[tail], bytes[tail + 2]];
  const isProgressive = frame === 0xc2 || frame === 0xc6;
  const usesDc = !isProgressive || spectralStart === 0;
  const usesAc = !isProgressive || spectralStart > 0;
  if (isProgressive && usesDc && approximation >> 4 !== 0) return true; // G.1.2.1.1: plain bits, one per block
  for (let index = 0; index < components; index++) {
    const tables = bytes[scan.start + 6 + index * 2] ?? 0;
    if (usesDc && codes.get(tables >> 4) !== 0) return false;
    const ac = codes.get(0x10 | (tables & 15));
    // Sequential: only EOB (0). Progressive: any end-of-band run EOB0–EOB14 (G.1.2.2).
    if (usesAc && (isProgressive ? ac === undefined || (ac & 15) !== 0 || ac === 0xf0 : ac !== 0)) return false;
  }
  return true;
};

/**
 * Looks through entropy-coded data from `at` to the marker that ends it.
 * @returns where that marker is, or what is wrong
 */
const scanEnd = (bytes: Uint8Array, at: number, zerosAreFlat: boolean): number | JpegDamage => {
  let from = at;
  for (;;) {
    const found = bytes.indexOf(0xff, from);
    const end = found < 0 ? bytes.length : found;
    if (!zerosAreFlat && hasZeroRun(bytes, from, end)) return 'hole';
    if (found < 0) return 'cut short';
    let marker = found + 1;
    while (bytes[marker] === 0xff) marker++;
    if (marker - found >= HOLE_BYTES) return 'hole'; // erased flash reads as 0xFF
    const code = bytes[marker];
    if (code === undefined) return 'cut short';
    if (code !== 0 && !isRestart(code)) return marker - 1;
    // A stuffed zero (B.1.1.5) is no filler, but it may be followed by one; a run is counted from the next byte.
    from = marker + 1;
  }
};

const hasZeroRun = (bytes: Uint8Array, from: number, end: number): boolean => {
  // Only every HOLE_BYTES-th byte has to be looked at: a run of that length covers one of them.
  for (let at = from + HOLE_BYTES - 1; at < end; at += HOLE_BYTES) {
    if (bytes[at] !== 0) continue;
    let first = at;
    let last = at;
    while (first > from && bytes[first - 1] === 0) first--;
    while (last + 1 < end && bytes[last + 1] === 0) last++;
    if (last - first + 1 >= HOLE_BYTES) return true;
  }
  return false;
};

/**
 * Why `bytes` is not a whole JPEG, or undefined when it is: SOI, whole segments, a size, at least one scan, no hole in
 * any of them, EOI. What follows EOI is not looked at: cameras append previews and padding. Time grows with the length.
 */
export const jpegDamage = (bytes: Uint8Array): JpegDamage | undefined => {
  if (!beginsAsJpeg(bytes)) return 'not a JPEG';
  const codes: ZeroCodes = new Map();
  let frame: number | undefined;
  let hasScan = false;
  for (let at = 2; ; ) {
    const segment = segmentAt(bytes, at);
    if (!segment) return bytes.length - at < 4 || reachesPast(bytes, at) ? 'cut short' : 'broken segment';
    at = segment.end;
    if (segment.marker === EOI) return hasScan ? undefined : 'no picture data';
    if (segment.marker === DHT) readZeroCodes(bytes, segment, codes);
    if (isFrameHeader(segment.marker)) {
      if (!sizeIn(bytes, segment)) return 'no picture size';
      frame = segment.marker;
    }
    if (segment.marker === SOS) {
      if (frame === undefined) return 'no picture size';
      hasScan = true;
      const end = scanEnd(bytes, at, zerosMeanFlat(bytes, frame, segment, codes));
      if (typeof end !== 'number') return end;
      at = end;
    }
  }
};

/** True when a segment at `at` is well formed as far as it goes, but longer than what is there. */
const reachesPast = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xff && (bytes[at + 1] ?? 0) >= 0xc0 && at + 2 + word(bytes, at + 2) > bytes.length;

/** A marker segment around `payload`. @throws RangeError when it does not fit (65533 bytes, B.1.1.4) */
export const jpegSegment = (marker: number, payload: Uint8Array): Uint8Array => {
  const length = payload.length + 2;
  if (length > 0xffff) throw new RangeError(`a JPEG segment holds 65533 bytes, not ${payload.length}`);
  const segment = new Uint8Array(payload.length + 4);
  segment.set([0xff, marker, length >> 8, length & 0xff]);
  segment.set(payload, 4);
  return segment;
};

/**
 * The same picture with `added` segments near the front and those that `drops` names left out. Added segments go behind a
 * leading JFIF APP0, which must stay first (JFIF 1.02); every other byte is copied as it is.
 */
export const spliceSegments = (
  bytes: Uint8Array,
  added: readonly Uint8Array[],
  drops: (segment: JpegSegment) => boolean,
): Uint8Array => {
  const header = jpegHeader(bytes);
  const [first] = header;
  const place = first?.marker === 0xe0 ? first.end : 2;
  const pieces = [bytes.subarray(0, place), ...added];
  let at = place;
  for (const segment of header) {
    if (segment.start < place || !drops(segment)) continue;
    pieces.push(bytes.subarray(at, segment.start));
    at = segment.end;
  }
  pieces.push(bytes.subarray(at));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let to = 0;
  for (const piece of pieces) {
    whole.set(piece, to);
    to += piece.length;
  }
  return whole;
};
