// The part of a file that is asked for (RFC 9110, section 14): players read the end of a film first, and jump about in it.

export interface ByteRange {
  readonly from: number;
  /** Not included. */
  readonly until: number;
}

/** One range; of several, and of what is no range of bytes, the whole is sent, as 14.2 allows. */
const ONE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** @returns `whole` when no part is asked for; `none` when the part lies outside */
export const byteRange = (header: string | undefined, bytes: number): ByteRange | 'whole' | 'none' => {
  const [, first = '', last = ''] = ONE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    // The last so many.
    const count = Math.min(Number(last), bytes);
    return count === 0 ? 'none' : { from: bytes - count, until: bytes };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return 'whole';
  if (from >= bytes) return 'none';
  return { from, until: last === '' ? bytes : Math.min(Number(last) + 1, bytes) };
};
