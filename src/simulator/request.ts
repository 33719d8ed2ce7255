// Takes what a client sends apart: RTSP requests (RFC 2326 section 6) and interleaved frames (section 10.12).

export interface Request {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export type Received =
  | { readonly type: 'request'; readonly request: Request }
  | { readonly type: 'frame'; readonly channel: number; readonly bytes: Uint8Array }
  | { readonly type: 'nonsense' };

/** Longest request head in bytes. Real cameras fall over (CVE-2026-0918); this one hangs up. */
const LONGEST_HEAD = 8192;

const requestOf = (head: string): Request | undefined => {
  const [first = '', ...lines] = head.split('\r\n');
  const match = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first);
  if (!match) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method: match[1] ?? '', url: match[2] ?? '', headers };
};

/** Collects bytes and gives what is whole. After `nonsense` nothing more may be fed. */
export const requestReader = (): ((bytes: Uint8Array) => Received[]) => {
  let rest: Buffer = Buffer.alloc(0);
  const next = (): Received | undefined => {
    if (rest[0] === 0x24) {
      if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return undefined;
      const end = 4 + rest.readUInt16BE(2);
      const frame: Received = { type: 'frame', channel: rest[1] ?? 0, bytes: rest.subarray(4, end) };
      rest = rest.subarray(end);
      return frame;
    }
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return rest.length > LONGEST_HEAD ? { type: 'nonsense' } : undefined;
    const request = end > LONGEST_HEAD ? undefined : requestOf(rest.toString('latin1', 0, end));
    if (!request) return { type: 'nonsense' };
    const length = Number(request.headers.get('content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > LONGEST_HEAD) return { type: 'nonsense' };
    if (rest.length < end + 4 + length) return undefined;
    rest = rest.subarray(end + 4 + length);
    return { type: 'request', request };
  };
  return (bytes) => {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : Buffer.from(bytes);
    const received: Received[] = [];
    while (rest.length > 0) {
      const one = next();
      if (!one) break;
      received.push(one);
      if (one.type === 'nonsense') break;
    }
    return received;
  };
};
