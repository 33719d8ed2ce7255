// What bytes are, by the bytes themselves: a name or a content type is only a claim.

import type { PictureSize } from './jpeg.ts';

export type PictureKind = 'jpeg' | 'png' | 'heic' | 'clip';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const starts = (bytes: Uint8Array, with_: readonly number[], at = 0): boolean =>
  with_.every((byte, index) => bytes[at + index] === byte);

const letters = (bytes: Uint8Array, at: number, count: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + count));

/** Brands of ISO/IEC 23008-12 still pictures; every other ISO base media file is taken for a film. */
const STILL = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'mif2', 'avif', 'jpeg']);

/** The first brand decides, unless it is one of its maker's own: then one of those it is compatible with. */
const isStill = (bytes: Uint8Array): boolean => {
  if (STILL.has(letters(bytes, 8, 4))) return true;
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0), bytes.length, 256);
  const brands = Array.from({ length: Math.max(0, Math.floor((end - 16) / 4)) }, (_, at) =>
    letters(bytes, 16 + at * 4, 4),
  );
  return brands.includes('mif1') && !brands.some((brand) => /^(?:isom|iso\d|mp4\d|avc1|qt {2})$/.test(brand));
};

/** undefined: nothing that is taken in. */
export const pictureKind = (bytes: Uint8Array): PictureKind | undefined => {
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (starts(bytes, PNG)) return 'png';
  // ISO 14496-12, 4.3: the file type box comes first.
  if (letters(bytes, 4, 4) === 'ftyp') return isStill(bytes) ? 'heic' : 'clip';
  // QuickTime and cheap recorders leave it out; AVI is what older trail cameras film in.
  if (['moov', 'mdat', 'wide', 'free'].includes(letters(bytes, 4, 4))) return 'clip';
  if (letters(bytes, 0, 4) === 'RIFF' && letters(bytes, 8, 4) === 'AVI ') return 'clip';
  return undefined;
};

/** Width and height a PNG claims (PNG 11.2.2), to refuse a bomb before it is unpacked. */
export const pngSize = (bytes: Uint8Array): PictureSize | undefined => {
  if (bytes.length < 33 || !starts(bytes, PNG) || letters(bytes, 12, 4) !== 'IHDR') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  return size.width > 0 && size.height > 0 ? size : undefined;
};

/** A small text that cameras send to see whether they may write: no picture, and no fault. */
export const isConnectionTest = (bytes: Uint8Array, name: string | undefined): boolean =>
  bytes.length > 0 &&
  bytes.length <= 4096 &&
  pictureKind(bytes) === undefined &&
  (/\.(?:txt|log|tst|dat)$/i.test(name ?? '') ||
    /test[^/\\.]*(?:\.(?!jpe?g$|png$|hei[cf]$|mp4$|mov$|avi$)[^/\\.]*)?$/i.test(name ?? ''));

/** A HEIC whose picture is put together from tiles (ISO 23008-12, 6.6.2.3.1), as phones make it. */
export const isTiled = (heic: Uint8Array): boolean => {
  for (let at = heic.indexOf(0x67); at >= 0 && at < 65_536; at = heic.indexOf(0x67, at + 1)) {
    if (letters(heic, at, 4) === 'grid') return true;
  }
  return false;
};
