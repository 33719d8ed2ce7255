// The parts of a form upload (RFC 7578) as cameras write it: with a boundary other than announced, bare line feeds, or no end.
// The first line of the body decides what the boundary is; what a part is, its bytes say.

export interface FormPart {
  readonly field: string | undefined;
  readonly fileName: string | undefined;
  readonly bytes: Uint8Array;
}

/** More parts than any form of a camera; the rest is not looked at. */
const MOST_PARTS = 20;
/** RFC 2046, 5.1.1: a boundary has at most 70 characters. Cameras are a little more generous. */
const LONGEST_BOUNDARY = 200;
const LONGEST_HEADER = 4096;

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { fatal: false });

const indexOf = (bytes: Uint8Array, wanted: Uint8Array, from: number): number => {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + wanted.length > bytes.length) return -1;
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
};

/** `--…`, as the first line has it; undefined when the body does not begin like a form. */
const delimiterOf = (bytes: Uint8Array): Uint8Array | undefined => {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++;
  if (bytes[start] !== 0x2d || bytes[start + 1] !== 0x2d) return undefined;
  const end = bytes.subarray(start, start + LONGEST_BOUNDARY).indexOf(0x0a);
  if (end < 3) return undefined;
  const line = bytes.subarray(start, start + end);
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
};

const parameter = (header: string, name: string): string | undefined =>
  new RegExp(`[;\\s]${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i')
    .exec(header)
    ?.slice(1)
    .find((each) => each !== undefined);

const partOf = (bytes: Uint8Array): FormPart | undefined => {
  // Headers end at an empty line, of either kind.
  const head = latin1.decode(bytes.subarray(0, LONGEST_HEADER));
  const gap = /\r?\n\r?\n/.exec(head);
  if (!gap) return undefined;
  const header = utf8.decode(bytes.subarray(0, gap.index));
  const body = bytes.subarray(gap.index + gap[0].length);
  return { field: parameter(header, 'name'), fileName: parameter(header, 'filename'), bytes: body };
};

/** undefined: the body is no form. A part without an end goes to the end of the body. */
export const formParts = (bytes: Uint8Array): readonly FormPart[] | undefined => {
  const delimiter = delimiterOf(bytes);
  if (!delimiter) return undefined;
  const parts: FormPart[] = [];
  let at = indexOf(bytes, delimiter, 0);
  while (at >= 0 && parts.length < MOST_PARTS) {
    const from = at + delimiter.length;
    if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) break;
    const start = bytes.indexOf(0x0a, from) + 1;
    if (start === 0) break;
    const next = indexOf(bytes, delimiter, start);
    let end = next < 0 ? bytes.length : next;
    if (next >= 0 && bytes[end - 1] === 0x0a) end--;
    if (next >= 0 && bytes[end - 1] === 0x0d) end--;
    const part = partOf(bytes.subarray(start, end));
    if (part) parts.push(part);
    at = next;
  }
  return parts;
};
