// A picture from an address the owner gave, on the internet or not: asked whether it is new, proven by whom it is, and only then
// read. Redirects within the same host only, never from TLS to plain text.

import { checkServerIdentity, TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { StillwatchError } from '../../domain/errors.ts';
import type { FetchRule } from '../../domain/inbox.ts';
import type { AddressGuard } from '../../ports/address-guard.ts';
import { asksForBasic, basicAnswer, digestAnswer, digestChallenge } from './digest.ts';
import { guardedLookup } from './guarded-lookup.ts';

export interface HttpFetch extends AsyncDisposable {
  /** undefined: unchanged since the last one. @throws StillwatchError SW_FETCH_REFUSED, SW_CAM_AUTH, SW_ADDRESS_REFUSED */
  fetch(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** The picture was not kept: it is asked for as if it were new. */
  forget(): void;
}

const MOST_BYTES = 25 * 1024 * 1024;
/** A camera that must wake its modem first takes half a minute. */
const WITHIN_MS = 90_000;
const CONNECT_WITHIN_MS = 45_000;
const MOST_REDIRECTS = 3;

type Answer = Dispatcher.ResponseData;

const header = (answer: Answer, name: string): string | undefined => {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const fingerprint = (text: string): string => text.replace(/[^0-9a-f]/gi, '').toLowerCase();

/** @throws RangeError for an address that is not HTTP, or that carries credentials */
export const httpFetch = (rule: FetchRule, guard: AddressGuard): HttpFetch => {
  const origin = new URL(rule.url);
  if (!/^https?:$/.test(origin.protocol))
    throw new RangeError('an address to fetch from begins with http:// or https://');
  if (origin.username || origin.password) throw new RangeError('credentials do not belong into an address');
  const pinned = rule.certificate === undefined ? undefined : fingerprint(rule.certificate);
  const refused = (detail: string, cause?: unknown): StillwatchError =>
    new StillwatchError('SW_FETCH_REFUSED', { host: origin.hostname, detail }, cause === undefined ? {} : { cause });
  const connect = buildConnector({
    timeout: CONNECT_WITHIN_MS,
    lookup: guardedLookup(guard),
    ...(rule.authority === undefined ? {} : { ca: rule.authority }),
    // With a pinned certificate its signer does not matter, and its bytes do.
    ...(pinned === undefined ? { checkServerIdentity } : { rejectUnauthorized: false, maxCachedSessions: 0 }),
  });
  /** The very connection that the request goes over shows the pinned certificate, or no request goes over it. */
  const connectPinned: buildConnector.connector = (options, done) => {
    if (options.protocol !== 'https:') return done(refused('a pinned certificate needs https://'), null);
    connect(options, (...[error, socket]) => {
      if (error) return done(error, null);
      const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
      if (fingerprint(shown ?? '') === pinned) return done(null, socket);
      socket.destroy();
      done(refused('it shows another certificate than the pinned one'), null);
    });
  };
  const agent = new Agent({
    connect: pinned === undefined ? connect : connectPinned,
    connections: 1,
    keepAliveTimeout: 1,
    headersTimeout: WITHIN_MS,
    bodyTimeout: WITHIN_MS,
  });
  let etag: string | undefined;
  let modified: string | undefined;

  const get = async (url: URL, authorization: string | undefined, signal: AbortSignal): Promise<Answer> => {
    await guard.pin(url.hostname);
    return request(url, {
      dispatcher: agent,
      signal,
      headers: {
        accept: 'image/jpeg, image/*;q=0.8, */*;q=0.1',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(modified === undefined ? {} : { 'if-modified-since': modified }),
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
  };

  const exchange = async (url: URL, signal: AbortSignal): Promise<Answer> => {
    const bearer = rule.bearer && url.origin === origin.origin ? `Bearer ${rule.bearer.reveal()}` : undefined;
    const first = await get(url, bearer, signal);
    const { credentials } = rule;
    if (first.statusCode !== 401 || !credentials || url.origin !== origin.origin) return first;
    await first.body.dump();
    const raw = first.headers['www-authenticate'];
    const challenges = raw === undefined ? [] : [raw].flat();
    const digest = digestChallenge(challenges);
    if (digest) return get(url, digestAnswer(digest, credentials, `${url.pathname}${url.search}`), signal);
    if (asksForBasic(challenges)) return get(url, basicAnswer(credentials), signal);
    throw refused('it asks for a kind of login that is not known');
  };

  const read = async (answer: Answer): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > MOST_BYTES) throw refused(`more than ${MOST_BYTES / 2 ** 20} MiB`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, length);
  };

  const fetchOnce = async (signal: AbortSignal): Promise<Uint8Array | undefined> => {
    let url = origin;
    for (let redirects = 0; ; redirects++) {
      const answer = await exchange(url, signal);
      const { statusCode } = answer;
      if (statusCode === 200) {
        const bytes = await read(answer);
        // Only what came whole is not asked for again.
        etag = header(answer, 'etag');
        modified = header(answer, 'last-modified');
        return bytes;
      }
      await answer.body.dump();
      if (statusCode === 304) return undefined;
      if (statusCode === 401 || statusCode === 403) throw new StillwatchError('SW_CAM_AUTH');
      const location = header(answer, 'location');
      if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined)
        throw refused(`HTTP ${statusCode}`);
      if (redirects >= MOST_REDIRECTS || !URL.canParse(location, url.href)) throw refused('it redirects without end');
      const next = new URL(location, url);
      if (next.hostname !== origin.hostname || (url.protocol === 'https:' && next.protocol !== 'https:')) {
        throw refused('it redirects to somewhere else');
      }
      url = next;
    }
  };

  return {
    async fetch(signal) {
      const late = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
      try {
        return await fetchOnce(late);
      } catch (thrown) {
        signal.throwIfAborted();
        if (thrown instanceof StillwatchError) throw thrown;
        for (let at = thrown; at instanceof Error; at = at.cause) if (at instanceof StillwatchError) throw at;
        const code = (thrown as { readonly code?: unknown }).code;
        throw refused(typeof code === 'string' ? code : thrown instanceof Error ? thrown.message : 'no answer', thrown);
      }
    },
    forget() {
      etag = undefined;
      modified = undefined;
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
};
