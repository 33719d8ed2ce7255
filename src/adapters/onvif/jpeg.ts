// What a JPEG's markers tell: its size, and whether it is whole. Decodes nothing.

export interface JpegFacts {
  readonly width: number;
  readonly height: number;
}

/** Frame headers (ITU-T T.81, table B.1): SOF0..SOF15 without DHT, JPG and DAC. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Size of a complete JPEG, or why it is none. Bytes after the end marker are allowed: cameras pad to their block size.
 */
export const jpegFacts = (bytes: Uint8Array): JpegFacts | string => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return 'not a JPEG';
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let facts: JpegFacts | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return 'its markers are damaged';
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = word(at + 2);
    if (length < 2) return 'its markers are damaged';
    if (isFrameHeader(marker)) facts = { height: word(at + 5), width: word(at + 7) };
    if (marker === 0xda) {
      if (!facts) return 'it has no frame header';
      if (facts.width === 0 || facts.height === 0) return 'its size is zero';
      // Inside scan data FF D9 can only be the end: FF is followed by 00 or RSTn there.
      for (let end = at + 2 + length; end + 1 < bytes.length; end++) {
        if (bytes[end] === 0xff && bytes[end + 1] === 0xd9) return facts;
      }
      return 'it ends before its end marker';
    }
    at += 2 + length;
  }
  return 'it ends before its picture';
};
