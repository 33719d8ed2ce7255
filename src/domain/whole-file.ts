// Whether a file came to its end, told by the file itself: a line that was cut closes as politely as one that was done.

import { jpegDamage } from './jpeg.ts';
import { pictureKind } from './picture-kind.ts';

const letters = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Boxes at the top of a film: no recorder writes more, and a hostile file must not cost time. */
const MOST_BOXES = 10_000;

/** ISO 14496-12, 4.2: each box says its length; 0 is "to the end". */
const endsInsideBox = (bytes: Uint8Array): boolean => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (let boxes = 0; at < bytes.length && boxes < MOST_BOXES; boxes++) {
    if (at + 8 > bytes.length) return true;
    const short = view.getUint32(at);
    if (short === 0) return false;
    if (short === 1 && at + 16 > bytes.length) return true;
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    // No box: whatever it is, its end is not known.
    if (length < 8) return false;
    at += length;
  }
  return at > bytes.length;
};

/** PNG 5.3: the last chunk is IEND, and it is empty. */
const hasEnd = (bytes: Uint8Array): boolean => {
  // Some append their own words behind it.
  for (let at = bytes.length - 8; at >= 8 && at > bytes.length - 4096; at--)
    if (letters(bytes, at) === 'IEND') return true;
  return false;
};

/** True for a picture or film that breaks off; false for a whole one, and for what is neither. */
export const isCutShort = (bytes: Uint8Array): boolean => {
  switch (pictureKind(bytes)) {
    case 'jpeg':
      return jpegDamage(bytes) === 'cut short';
    case 'png':
      return !hasEnd(bytes);
    case 'heic':
      return endsInsideBox(bytes);
    case 'clip': {
      if (letters(bytes, 0) !== 'RIFF') return endsInsideBox(bytes);
      // The length behind RIFF is of everything behind it; a recorder that never wrote it left 0.
      const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(4, true);
      return length > bytes.length - 8;
    }
    default:
      return false;
  }
};
