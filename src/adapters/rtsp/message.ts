// RTSP messages and interleaved frames out of a byte stream cut anywhere (RFC 2326 sections 4, 7, 10.12), and requests
// into text. Cameras are hostile input: every length is bounded, and no byte is scanned twice for long.

import { excerpt, ProtocolViolation } from './protocol-violation.ts';

export interface RtspResponse {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

/** What a camera asks of us: rare, and answered with 501 or 200. */
export interface RtspRequest {
  readonly type: 'request';
  readonly method: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

export type RtspMessage = RtspResponse | RtspRequest;

/** Values by lower-case name; a name sent twice has two values. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

export interface RtspSink {
  message(message: RtspMessage): void;
  /** An interleaved frame's content is `bytes[start, end)`, valid during the call only. */
  frame(channel: number, bytes: Buffer, start: number, end: number): void;
}

// The longest head seen from a camera is under 1 kB; 16 kB is generous and still nothing to fear.
const MAX_HEAD = 16 * 1024;
const MAX_LINE = 4 * 1024;
const MAX_HEADERS = 100;
// An SDP of a camera is 0.3 to 2 kB.
const MAX_BODY = 64 * 1024;

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const FRAME_HEAD = 4;
const INCOMPLETE = -1;

const STATUS_LINE = /^RTSP\/\d{1,2}\.\d{1,2} +(\d{3})(?: (.*))?$/;
const REQUEST_LINE = /^([A-Z][A-Z_]{0,31}) +\S+ +RTSP\/\d{1,2}\.\d{1,2}$/;

const isUpperCase = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** Feeds on chunks; calls the sink as soon as something is whole. @throws ProtocolViolation; then it must not be used again */
export class RtspParser {
  readonly #sink: RtspSink;
  /** The begun message or frame at the end of the last chunk. */
  #held: Buffer = Buffer.alloc(0);
  #heldLength = 0;
  /** How far the held head has been searched for its end. */
  #searched = 0;
  /** Length of the held message once its head is known, so that a body sent byte by byte costs nothing. */
  #wanted: number | undefined;

  constructor(sink: RtspSink) {
    this.#sink = sink;
  }

  /** Bytes kept for a message that is not whole yet. */
  get heldLength(): number {
    return this.#heldLength;
  }

  push(chunk: Buffer): void {
    let at = this.#heldLength > 0 ? this.#finishHeld(chunk) : 0;
    while (at < chunk.length) {
      const next = this.#take(chunk, at, chunk.length);
      if (next === INCOMPLETE) {
        this.#hold(chunk, at, chunk.length);
        return;
      }
      at = next;
    }
  }

  /** Completes the held unit from `chunk`. @returns where in `chunk` the next unit starts */
  #finishHeld(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length) {
      // Of a frame only the missing bytes are copied, so the frames after it are read in place.
      const wanted = Math.min(this.#missing() ?? chunk.length, chunk.length - at);
      const before = this.#heldLength;
      this.#hold(chunk, at, at + wanted);
      if (this.#wanted !== undefined && this.#heldLength < this.#wanted) return at + wanted;
      const used = this.#take(this.#held, 0, this.#heldLength);
      if (used !== INCOMPLETE) {
        this.#heldLength = 0;
        this.#searched = 0;
        this.#wanted = undefined;
        return at + (used - before);
      }
      at += wanted;
    }
    return at;
  }

  /** Bytes the held unit still lacks (of a frame at first: its head); undefined while a message's end must be searched. */
  #missing(): number | undefined {
    if (this.#held[0] !== DOLLAR) return this.#wanted === undefined ? undefined : this.#wanted - this.#heldLength;
    if (this.#heldLength < FRAME_HEAD) return FRAME_HEAD - this.#heldLength;
    return FRAME_HEAD + this.#held.readUInt16BE(2) - this.#heldLength;
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    const length = this.#heldLength + end - start;
    if (length > this.#held.length) {
      const grown = Buffer.allocUnsafe(Math.max(2048, 2 * length));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    chunk.copy(this.#held, this.#heldLength, start, end);
    this.#heldLength = length;
  }

  /** Takes one unit from `bytes[at, end)`. @returns where it ends, or INCOMPLETE */
  #take(bytes: Buffer, at: number, end: number): number {
    const first = bytes.readUInt8(at);
    if (first === DOLLAR) {
      if (end - at < FRAME_HEAD) return INCOMPLETE;
      const stop = at + FRAME_HEAD + bytes.readUInt16BE(at + 2);
      if (stop > end) return INCOMPLETE;
      this.#sink.frame(bytes.readUInt8(at + 1), bytes, at + FRAME_HEAD, stop);
      return stop;
    }
    // Some cameras put an empty line after a body.
    if (first === CR || first === LF) return at + 1;
    if (!isUpperCase(first)) {
      throw new ProtocolViolation(`byte 0x${first.toString(16).padStart(2, '0')} where an RTSP message should start`);
    }
    return this.#takeMessage(bytes, at, end);
  }

  #takeMessage(bytes: Buffer, at: number, end: number): number {
    const headEnd = this.#findHeadEnd(bytes, at, end);
    if (headEnd === INCOMPLETE) {
      if (end - at > MAX_HEAD) throw new ProtocolViolation(`a message head longer than ${MAX_HEAD} bytes`);
      // A web or SSH server never ends the head as we expect: tell by the first line, not by a time-out.
      const lineEnd = bytes.indexOf(LF, at);
      if (lineEnd >= 0 && lineEnd < end) parseStartLine(bytes.toString('latin1', at, lineEnd).trimEnd());
      return INCOMPLETE;
    }
    if (headEnd - at > MAX_HEAD) throw new ProtocolViolation(`a message head longer than ${MAX_HEAD} bytes`);
    const lines = bytes.toString('latin1', at, headEnd).split(/\r?\n/);
    const start = parseStartLine((lines[0] ?? '').trimEnd());
    const headers = parseHeaders(lines);
    const bodyEnd = headEnd + bodyLength(headers);
    if (bodyEnd > end) {
      this.#searched = headEnd - at - 3;
      this.#wanted = bodyEnd - at;
      return INCOMPLETE;
    }
    const body = Buffer.from(bytes.subarray(headEnd, bodyEnd));
    this.#sink.message({ ...start, headers, body });
    return bodyEnd;
  }

  /** Just after the empty line that ends the head; lines may end in LF alone. */
  #findHeadEnd(bytes: Buffer, at: number, end: number): number {
    // Only the held message has been searched before; 4 bytes of overlap catch an empty line cut in two.
    let from = bytes === this.#held ? Math.max(0, this.#searched - 4) : at;
    for (;;) {
      const lf = bytes.indexOf(LF, from);
      if (lf < 0 || lf >= end) break;
      if (lf + 1 < end && bytes[lf + 1] === LF) return lf + 2;
      if (lf + 2 < end && bytes[lf + 1] === CR && bytes[lf + 2] === LF) return lf + 3;
      from = lf + 1;
    }
    this.#searched = end - at;
    return INCOMPLETE;
  }
}

type StartLine =
  | { readonly type: 'response'; readonly status: number; readonly reason: string }
  | { readonly type: 'request'; readonly method: string };

const parseStartLine = (line: string): StartLine => {
  if (line.length > MAX_LINE) throw new ProtocolViolation(`a line longer than ${MAX_LINE} bytes`);
  const status = STATUS_LINE.exec(line);
  if (status) return { type: 'response', status: Number(status[1]), reason: excerpt((status[2] ?? '').trim()) };
  const request = REQUEST_LINE.exec(line);
  if (request) return { type: 'request', method: request[1] ?? '' };
  throw new ProtocolViolation(`“${excerpt(line)}” is not RTSP`);
};

const parseHeaders = (lines: readonly string[]): RtspHeaders => {
  if (lines.length > MAX_HEADERS) throw new ProtocolViolation(`more than ${MAX_HEADERS} header lines`);
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines.slice(1)) {
    if (line.length > MAX_LINE) throw new ProtocolViolation(`a line longer than ${MAX_LINE} bytes`);
    if (/^[ \t]/.test(line) && last?.length) {
      // RFC 2326 section 4.2: a line that starts with white space goes on with the one before.
      last.push(`${last.pop() ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    // A line that is no header is skipped, as every client does; what counts is looked up by name.
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    last = headers.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    headers.set(name, last);
  }
  return headers;
};

const bodyLength = (headers: RtspHeaders): number => {
  const given = new Set(headers.get('content-length'));
  if (given.size === 0) return 0;
  const [text = ''] = given;
  if (given.size > 1 || !/^\d{1,9}$/.test(text)) {
    throw new ProtocolViolation(`Content-Length ${excerpt([...given].join(', '))}`);
  }
  const length = Number(text);
  if (length > MAX_BODY) throw new ProtocolViolation(`a body of ${length} bytes`);
  return length;
};

/** The first value of a header. */
export const header = (headers: RtspHeaders, name: string): string | undefined => headers.get(name)?.[0];

/** A request without a body, ready to be sent. Values must not hold line breaks: they come from us or from parsed lines. */
export const formatRequest = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string | number>>,
): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url} RTSP/1.0`, ...lines, '', ''].join('\r\n');
};

/** The answer to a camera's own request. */
export const formatAnswer = (request: RtspRequest): string => {
  const status = request.method === 'OPTIONS' || request.method === 'GET_PARAMETER' ? '200 OK' : '501 Not Implemented';
  const cseq = /^\d{1,9}$/.exec(header(request.headers, 'cseq') ?? '')?.[0] ?? '0';
  return `RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n\r\n`;
};
