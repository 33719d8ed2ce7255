// What Reconyx cameras write into the maker's own part of EXIF (their "RCNX_MN10" and its successors, as ExifTool documents
// them): a fixed block, little-endian, whatever the order of the EXIF around it. Other makers' notes are not read.

import { type CameraReport, MOON_PHASES } from './delivery.ts';

interface Layout {
  readonly moon: number;
  readonly celsius: number;
  readonly volt: number;
  /** Text of two-byte letters, or of one-byte ones. */
  readonly serial: { readonly at: number; readonly letters: number; readonly width: 1 | 2 };
  /** The moon's phase takes one byte or two. */
  readonly moonBytes: 1 | 2;
}

const HYPERFIRE: Layout = { moon: 36, moonBytes: 2, celsius: 40, volt: 84, serial: { at: 42, letters: 15, width: 2 } };
const HYPERFIRE_2: Layout = {
  moon: 76,
  moonBytes: 2,
  celsius: 80,
  volt: 98,
  serial: { at: 126, letters: 15, width: 2 },
};
const ULTRAFIRE: Layout = { moon: 67, moonBytes: 1, celsius: 70, volt: 73, serial: { at: 75, letters: 15, width: 1 } };

const startsWith = (note: Uint8Array, text: string): boolean =>
  new TextEncoder().encode(text).every((byte, at) => note[at] === byte);

const layoutOf = (note: Uint8Array): Layout | undefined => {
  if (note[0] === 0x01 && note[1] === 0xf1) return HYPERFIRE;
  if (startsWith(note, 'RECONYXH2')) return HYPERFIRE_2;
  return startsWith(note, 'RECONYXUF') ? ULTRAFIRE : undefined;
};

/** What a maker's note says; nothing of one that is not known, or too short. */
export const makerNoteReport = (note: Uint8Array): CameraReport => {
  const layout = layoutOf(note);
  if (!layout) return {};
  const view = new DataView(note.buffer, note.byteOffset, note.length);
  const { serial } = layout;
  const end = Math.max(layout.volt + 2, serial.at + serial.letters * serial.width);
  if (note.length < end) return {};
  const phase = layout.moonBytes === 1 ? view.getUint8(layout.moon) : view.getUint16(layout.moon, true);
  // The phases are counted from the new moon, as ours are.
  const moon = MOON_PHASES[phase];
  const celsius = view.getInt16(layout.celsius, true);
  const volt = view.getUint16(layout.volt, true) / 1000;
  let letters = '';
  for (let at = 0; at < serial.letters; at++) {
    const code = serial.width === 1 ? view.getUint8(serial.at + at) : view.getUint16(serial.at + at * 2, true);
    if (code === 0) break;
    letters += String.fromCharCode(code);
  }
  return {
    ...(moon === undefined ? {} : { moon }),
    ...(celsius >= -60 && celsius <= 90 ? { temperature: celsius } : {}),
    ...(volt >= 0.5 && volt <= 30 ? { voltage: volt } : {}),
    ...(/^[\w-]{4,15}$/.test(letters) ? { serial: letters } : {}),
  };
};
