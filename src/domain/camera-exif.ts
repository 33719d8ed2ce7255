// What a camera's own EXIF block says of a picture: who took it, when, and any words (Exif 2.32; TIFF 6.0). Bounded: two
// directories, each entry checked against the block's length; what is malformed is simply not there.

import { reportFromText } from './camera-report.ts';
import type { CameraReport } from './delivery.ts';
import { jpegHeader } from './jpeg.ts';
import { makerNoteReport } from './maker-note.ts';
import { pictureKind } from './picture-kind.ts';
import { EXIF_HEADER } from './still-facts-exif.ts';
import type { ExifTime } from './taken-time.ts';

export interface CameraExifFacts {
  readonly make: string | undefined;
  readonly model: string | undefined;
  readonly time: ExifTime | undefined;
  readonly serial: string | undefined;
  /** ImageDescription and UserComment, where some cameras put temperature and moon. */
  readonly words: string;
  /** What is in the maker's own part. */
  readonly note: CameraReport;
}

const ASCII = 2;
const LONG = 4;
const UNDEFINED = 7;
/** No camera writes more entries, and a hostile count must not cost time. */
const MOST_ENTRIES = 200;
const LONGEST_TEXT = 4096;

const text = new TextDecoder('utf-8', { fatal: false });

interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
}

type Tags = ReadonlyMap<number, string | number>;

const readText = (bytes: Uint8Array): string => (text.decode(bytes).split('\0')[0] ?? '').trim();

const MAKER_NOTE = 0x927c;
/** Notes of trail cameras have some hundred bytes; those of cameras with lenses are not read. */
const LONGEST_NOTE = 65_535;

/** Where the value of a tag lies, when it lies elsewhere in the block. */
const placeOf = ({ bytes, view, little }: Block, at: number, tag: number): Uint8Array | undefined => {
  if (at < 8 || at + 2 > bytes.length) return undefined;
  const entries = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  for (let entry = at + 2; entry < at + 2 + entries * 12 && entry + 12 <= bytes.length; entry += 12) {
    if (view.getUint16(entry, little) !== tag) continue;
    const [count, start] = [view.getUint32(entry + 4, little), view.getUint32(entry + 8, little)];
    return count > LONGEST_NOTE || start + count > bytes.length ? undefined : bytes.subarray(start, start + count);
  }
  return undefined;
};

const directory = ({ bytes, view, little }: Block, at: number): Tags => {
  const tags = new Map<number, string | number>();
  if (at < 8 || at + 2 > bytes.length) return tags;
  const entries = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  for (let index = 0; index < entries; index++) {
    const entry = at + 2 + index * 12;
    if (entry + 12 > bytes.length) break;
    const tag = view.getUint16(entry, little);
    const type = view.getUint16(entry + 2, little);
    const count = view.getUint32(entry + 4, little);
    if (type === LONG && count === 1) tags.set(tag, view.getUint32(entry + 8, little));
    if ((type !== ASCII && type !== UNDEFINED) || count === 0 || count > LONGEST_TEXT) continue;
    const start = count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (start + count > bytes.length) continue;
    const value = bytes.subarray(start, start + count);
    // UserComment begins with eight bytes that name its code (4.6.5, table 9).
    tags.set(tag, readText(tag === 0x9286 ? value.subarray(8) : value));
  }
  return tags;
};

const blockOf = (payload: Uint8Array): Block | undefined => {
  if (payload.length < EXIF_HEADER.length + 14 || EXIF_HEADER.some((byte, at) => payload[at] !== byte))
    return undefined;
  const bytes = payload.subarray(EXIF_HEADER.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  return { bytes, view, little: order === 0x4949 };
};

const said = (value: string | number | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const NONE: CameraExifFacts = {
  make: undefined,
  model: undefined,
  time: undefined,
  serial: undefined,
  words: '',
  note: {},
};

const factsOf = (block: Block): CameraExifFacts => {
  const main = directory(block, block.view.getUint32(4, block.little));
  const pointer = main.get(0x8769);
  const exif = typeof pointer === 'number' ? directory(block, pointer) : new Map<number, string | number>();
  const note = typeof pointer === 'number' ? placeOf(block, pointer, MAKER_NOTE) : undefined;
  const when = said(exif.get(0x9003)) ?? said(exif.get(0x9004)) ?? said(main.get(0x0132));
  return {
    make: said(main.get(0x010f)),
    model: said(main.get(0x0110)),
    time: when === undefined ? undefined : { when, offset: said(exif.get(0x9011)), subSeconds: said(exif.get(0x9291)) },
    // BodySerialNumber (Exif 2.32), or DNG's own, which some write.
    serial: said(exif.get(0xa431)) ?? said(main.get(0xc62f)),
    note: note ? makerNoteReport(note) : {},
    words: [said(main.get(0x010e)), said(exif.get(0x9286))].filter((each) => each !== undefined).join('\n'),
  };
};

/** A HEIC keeps the same block as an item; where, its index says, but its beginning cannot be mistaken. */
const looseBlock = (bytes: Uint8Array): Block | undefined => {
  for (let at = bytes.indexOf(EXIF_HEADER[0] ?? 0); at >= 0; at = bytes.indexOf(EXIF_HEADER[0] ?? 0, at + 1)) {
    if (!EXIF_HEADER.every((byte, index) => bytes[at + index] === byte)) continue;
    const block = blockOf(bytes.subarray(at));
    if (block) return block;
  }
  return undefined;
};

/** @param bytes any bytes; of what is no picture nothing is known */
export const cameraExifFacts = (bytes: Uint8Array): CameraExifFacts => {
  const kind = pictureKind(bytes);
  if (kind === 'jpeg') {
    for (const segment of jpegHeader(bytes)) {
      if (segment.marker !== 0xe1) continue;
      const block = blockOf(bytes.subarray(segment.start + 4, segment.end));
      if (block) return factsOf(block);
    }
    return NONE;
  }
  const block = kind === 'heic' ? looseBlock(bytes) : undefined;
  return block ? factsOf(block) : NONE;
};

/** What the picture says of its camera. */
export const exifReport = ({ make, model, serial, words, note }: CameraExifFacts): CameraReport => ({
  ...reportFromText(words),
  ...note,
  ...(make === undefined ? {} : { make }),
  ...(model === undefined ? {} : { model }),
  ...(serial === undefined ? {} : { serial }),
});
