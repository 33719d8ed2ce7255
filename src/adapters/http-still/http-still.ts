// A still by an HTTP snapshot address the owner gave. Bounded in size and time; what is not a whole, new JPEG is refused.
// Credentials go to the given origin and nowhere else, in the clear only when the camera knows nothing better.

import { createHash } from 'node:crypto';
import { Agent, type Dispatcher, request } from 'undici';
import type { StreamAddress } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { jpegDamage, jpegSize } from '../../domain/jpeg.ts';
import type { Shot } from '../../domain/still.ts';
import { between, type EpochMs, later, type Ms, ms, seconds } from '../../domain/units.ts';
import type { AddressGuard } from '../../ports/address-guard.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StillSource } from '../../ports/still-source.ts';
import { asksForBasic, basicAnswer, digestAnswer, digestChallenge } from './digest.ts';
import { guardedLookup } from './guarded-lookup.ts';

export interface HttpStillOptions {
  /** `http:` or `https:`, without credentials in it. */
  readonly address: StreamAddress;
  readonly clock: Clock;
  /** The owner gave this address: it may still lead where no camera is. */
  readonly guard: AddressGuard;
}

export interface HttpStill extends StillSource, AsyncDisposable {}

/** 12 MP at the highest quality is 8 MB. */
const MOST_BYTES = 24 * 2 ** 20;
/** Slow cameras encode a snapshot for 3 s; more is a hung one, and the next way is tried. */
const WITHIN: Ms = seconds(8);
const CONNECT_WITHIN: Ms = seconds(4);
/** A camera that says its picture is older than this gives us a cache, not the present. */
const OLDEST: Ms = seconds(5);
/** The very same bytes this long after: sensor noise makes that impossible, so the picture is frozen. */
const FROZEN_AFTER: Ms = seconds(1);
const MOST_REDIRECTS = 3;

type Answer = Dispatcher.ResponseData;

const refused = (detail: string, cause?: unknown): StillwatchError =>
  new StillwatchError('SW_SNAPSHOT_REFUSED', { detail }, cause === undefined ? {} : { cause });
const damaged = (detail: string): StillwatchError => new StillwatchError('SW_STILL_DAMAGED', { detail });

const codeOf = (thrown: unknown): string => {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return '';
};

/** What went wrong on the wire, in the owner's words. */
const wireTrouble = (thrown: unknown, url: URL): StillwatchError => {
  for (let at = thrown; at instanceof Error; at = at.cause) if (at instanceof StillwatchError) return at;
  const [code, cause] = [codeOf(thrown), thrown];
  const host = url.hostname;
  const port = url.port || (url.protocol === 'https:' ? 443 : 80);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new StillwatchError('SW_CAM_HOST_UNKNOWN', { host }, { cause });
  if (code === 'ECONNREFUSED') return new StillwatchError('SW_CAM_PORT_CLOSED', { host, port }, { cause });
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return new StillwatchError('SW_CAM_SILENT', { seconds: WITHIN / 1000 }, { cause });
  }
  if (/TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(code)) {
    return new StillwatchError('SW_CAM_UNREACHABLE', { host }, { cause });
  }
  if (/^HPE_|UND_ERR_(INFO|REQ|RES)/.test(code)) return refused(`not HTTP: ${code}`, cause);
  return new StillwatchError('SW_CAM_LOST', {}, { cause });
};

const headerList = (answer: Answer, name: string): readonly string[] => {
  const value = answer.headers[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
};

/** How old the picture is by the camera's own clock on both ends (`Date`, `Last-Modified`), or by `Age` (RFC 9111). */
const statedAge = (answer: Answer): Ms | undefined => {
  const [age] = headerList(answer, 'age');
  if (age !== undefined && /^\d{1,9}$/.test(age)) return seconds(Number(age));
  const [sent, changed] = ['date', 'last-modified'].map((name) => Date.parse(headerList(answer, name)[0] ?? ''));
  if (sent === undefined || changed === undefined) return undefined;
  return Number.isFinite(sent - changed) && sent >= changed ? ms(sent - changed) : undefined;
};

const readBody = async (answer: Answer): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > MOST_BYTES) throw refused(`more than ${MOST_BYTES / 2 ** 20} MiB`);
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces, length);
  const [told] = headerList(answer, 'content-length');
  if (told !== undefined && Number(told) !== body.length) throw damaged(`${body.length} of ${told} bytes came`);
  return body;
};

/** @throws RangeError for an address that is not HTTP, or that carries credentials */
export const httpStill = ({ address, clock, guard }: HttpStillOptions): HttpStill => {
  const origin = new URL(address.url);
  if (!/^https?:$/.test(origin.protocol)) throw new RangeError('a snapshot address begins with http:// or https://');
  if (origin.username || origin.password) throw new RangeError('credentials do not belong into an address');
  // Cameras sign their own certificates: encryption without proof of who answers is what can be had.
  const agent = new Agent({
    connect: { rejectUnauthorized: false, timeout: CONNECT_WITHIN, lookup: guardedLookup(guard) },
    connections: 1,
    keepAliveTimeout: 1000,
    headersTimeout: WITHIN,
    bodyTimeout: WITHIN,
  });
  let last: { readonly hash: string; readonly at: EpochMs } | undefined;

  const get = async (url: URL, authorization: string | undefined, signal: AbortSignal): Promise<Answer> => {
    // An address that is written as one is connected to without being looked up.
    await guard.pin(url.hostname);
    return request(url, {
      dispatcher: agent,
      signal,
      headers: {
        accept: 'image/jpeg, */*;q=0.1',
        'cache-control': 'no-cache',
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
  };

  /** One URL: asked plainly, then with the answer to its challenge. */
  const exchange = async (url: URL, signal: AbortSignal): Promise<Answer> => {
    const first = await get(url, undefined, signal);
    const { credentials } = address;
    if (first.statusCode !== 401 || !credentials || url.origin !== origin.origin) return first;
    await first.body.dump();
    const challenges = headerList(first, 'www-authenticate');
    const digest = digestChallenge(challenges);
    const path = `${url.pathname}${url.search}`;
    if (digest) return get(url, digestAnswer(digest, credentials, path), signal);
    if (asksForBasic(challenges)) return get(url, basicAnswer(credentials), signal);
    throw refused('it asks for a kind of login that is not known');
  };

  const fetchPicture = async (signal: AbortSignal): Promise<Answer> => {
    let url = origin;
    for (let redirects = 0; ; redirects++) {
      const answer = await exchange(url, signal);
      const { statusCode } = answer;
      if (statusCode === 200) return answer;
      await answer.body.dump();
      if (statusCode === 401) throw new StillwatchError('SW_CAM_AUTH');
      if (statusCode === 429 || statusCode === 503) throw new StillwatchError('SW_CAM_BUSY', { status: statusCode });
      const [location] = headerList(answer, 'location');
      if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) {
        throw refused(`HTTP ${statusCode}`);
      }
      if (redirects >= MOST_REDIRECTS || !URL.canParse(location, url.href)) throw refused('it redirects without end');
      const next = new URL(location, url);
      // An address of someone's choosing: only within the camera, and never from TLS down to plain text.
      const isHome = next.hostname === origin.hostname && /^https?:$/.test(next.protocol);
      if (!isHome || (url.protocol === 'https:' && next.protocol === 'http:')) {
        throw new StillwatchError('SW_ONVIF_OTHER_HOST', { host: next.hostname });
      }
      url = next;
    }
  };

  return {
    name: 'http-snapshot',
    async take({ signal }): Promise<Shot> {
      const orderedAt = clock.now();
      const late = AbortSignal.any([signal, AbortSignal.timeout(WITHIN)]);
      let jpeg: Uint8Array;
      let age: Ms;
      try {
        const answer = await fetchPicture(late);
        age = statedAge(answer) ?? ms(0);
        jpeg = await readBody(answer);
      } catch (thrown) {
        signal.throwIfAborted();
        if (late.aborted) throw new StillwatchError('SW_CAM_SILENT', { seconds: WITHIN / 1000 }, { cause: thrown });
        throw wireTrouble(thrown, origin);
      }
      const damage = jpegDamage(jpeg);
      const size = jpegSize(jpeg);
      if (damage !== undefined || !size) throw damaged(damage ?? 'no picture size');
      if (age > OLDEST) throw damaged(`it is ${Math.round(age / 1000)} s old`);
      const at = clock.now();
      const hash = createHash('sha256').update(jpeg).digest('hex');
      if (last?.hash === hash && between(last.at, at.wall) >= FROZEN_AFTER) throw damaged('it is frozen');
      if (last?.hash !== hash) last = { hash, at: at.wall };
      return {
        jpeg,
        ...size,
        takenAt: later(at.wall, ms(-age)),
        source: 'http-snapshot',
        delay: between(orderedAt.mono, at.mono),
      };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
};
