// Motion cells of a metadata frame. Must not decide what counts as motion beyond "a cell is set".

/**
 * PackBits: a count byte n in 0..127 is followed by n+1 literal bytes, -1..-127 by one byte to repeat 1-n times; -128 is padding.
 * @param limit bytes after which decoding stops; a hostile count cannot make more
 * Source: ONVIF Analytics 5.3.1 (Motion In Cells), TIFF 6.0 section 9.
 */
export const packBits = (packed: Uint8Array, limit: number): Uint8Array => {
  const out = new Uint8Array(limit);
  let length = 0;
  let at = 0;
  while (at < packed.length && length < limit) {
    const head = packed[at++] ?? 0;
    if (head < 128) {
      for (let left = head + 1; left > 0 && at < packed.length && length < limit; left--) {
        out[length++] = packed[at++] ?? 0;
      }
    } else if (head > 128) {
      const value = packed[at++] ?? 0;
      for (let left = 257 - head; left > 0 && length < limit; left--) out[length++] = value;
    }
  }
  return out.subarray(0, length);
};

/** How many of `columns * rows` cells are set; upper left first, most significant bit first. */
export const activeCells = (packed: Uint8Array, columns: number, rows: number): number => {
  const cells = columns * rows;
  const bits = packBits(packed, Math.ceil(cells / 8));
  let active = 0;
  for (let cell = 0; cell < cells && cell >> 3 < bits.length; cell++) {
    if (((bits[cell >> 3] ?? 0) >> (7 - (cell & 7))) & 1) active++;
  }
  return active;
};
