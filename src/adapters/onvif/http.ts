// One HTTP exchange with a camera: authentication, time, size, coding. It follows no redirect and sends credentials to
// nobody but the origin it was given. Must not know SOAP.

import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import type { CertificateTrust, OnvifSettings } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { Credentials } from '../../domain/secret.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import { basicAnswer, bestDigest, type Challenge, digestAnswer, isStale, readChallenges } from './digest.ts';

export interface HttpSettings {
  readonly trust: CertificateTrust;
  /** Send Basic in the clear when a camera asks for nothing better. */
  readonly allowPlainBasic: boolean;
  /** Sees every answer as it came, for `stillwatch capture`. */
  readonly tap?: (request: HttpRequest, answer: HttpAnswer) => void;
}

export const HTTP_SETTINGS: HttpSettings = { trust: 'any', allowPlainBasic: false };

/** As the owner wrote it for a camera. */
export const httpSettings = ({ certificate, plainBasic }: OnvifSettings = {}): HttpSettings => ({
  trust: certificate ?? HTTP_SETTINGS.trust,
  allowPlainBasic: plainBasic ?? HTTP_SETTINGS.allowPlainBasic,
});

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials: Credentials | undefined;
  /** Most bytes of the answer's body, before and after decompression. */
  readonly limit: number;
  /** From sending to the last byte, each authentication round anew. */
  readonly within: Ms;
  readonly signal: AbortSignal;
}

export type AuthenticationScheme = 'none' | 'digest-md5' | 'digest-sha256' | 'basic';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What was accepted; `none` when the camera did not ask. */
  readonly scheme: AuthenticationScheme;
}

export interface HttpClient extends AsyncDisposable {
  /** @throws StillwatchError SW_CAM_*, SW_ONVIF_OFF, SW_ONVIF_REPLY; a status is an answer, except 401 after we answered */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
}

/** Idle sockets are dropped before cameras do it at us: gSOAP servers close after 5 s. */
const KEEP_ALIVE = 4_000;
const CONNECT_WITHIN: Ms = seconds(5);
/** Sockets per camera: a pull that hangs for a minute, a snapshot, and two more. */
const SOCKETS = 4;

interface Known {
  readonly challenge: Challenge;
  count: number;
}

const causeCode = (error: unknown): string => {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === 'string') return code;
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
  }
  return '';
};

/** The owner's words for what went wrong on the wire. */
const failure = (cause: unknown, url: URL, within: Ms): StillwatchError => {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const code = causeCode(cause);
  const host = url.hostname;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new StillwatchError('SW_CAM_HOST_UNKNOWN', { host }, { cause });
  if (code === 'ECONNREFUSED') return new StillwatchError('SW_ONVIF_OFF', { host, port }, { cause });
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new StillwatchError('SW_CAM_SILENT', { seconds: within / 1000 }, { cause });
  }
  if (/TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/.test(code)) {
    return new StillwatchError('SW_CAM_UNREACHABLE', { host }, { cause });
  }
  if (/CERT|SELF_SIGNED|SSL|TLS|ALTNAME|FINGERPRINT/.test(code)) {
    return new StillwatchError('SW_ONVIF_REPLY', { call: `${host}:${port}`, detail: `TLS: ${code}` }, { cause });
  }
  if (/HPE_|UND_ERR_(?!SOCKET)/.test(code)) {
    return new StillwatchError('SW_ONVIF_REPLY', { call: `${host}:${port}`, detail: `not HTTP (${code})` }, { cause });
  }
  return new StillwatchError('SW_CAM_LOST', {}, { cause });
};

const connector = (trust: CertificateTrust): ReturnType<typeof buildConnector> => {
  const connect = buildConnector({ rejectUnauthorized: trust === 'system', timeout: CONNECT_WITHIN });
  if (typeof trust === 'string') return connect;
  const wanted = trust.sha256.replaceAll(':', '').toLowerCase();
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) callback(error, null);
      else if (!('getPeerCertificate' in socket)) callback(null, socket);
      else {
        const shown = socket.getPeerCertificate().fingerprint256 ?? '';
        if (shown.replaceAll(':', '').toLowerCase() === wanted) callback(null, socket);
        else {
          socket.destroy();
          callback(Object.assign(new Error('another certificate'), { code: 'ERR_TLS_FINGERPRINT' }), null);
        }
      }
    });
};

const decompress = async (coding: string, body: Buffer, limit: number): Promise<Uint8Array> => {
  const options = { maxOutputLength: limit };
  if (coding === 'gzip' || coding === 'x-gzip') return await promisify(gunzip)(body, options);
  if (coding === 'deflate') return await promisify(inflate)(body, options);
  return body;
};

const schemeOf = (authorization: string | undefined): AuthenticationScheme => {
  if (authorization === undefined) return 'none';
  if (authorization.startsWith('Basic')) return 'basic';
  return /algorithm=SHA-256/i.test(authorization) ? 'digest-sha256' : 'digest-md5';
};

const flat = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );

const listed = (value: string | string[] | undefined): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A client for one camera; challenges and sockets are kept per origin and never shared between cameras. */
export const httpClient = (settings: HttpSettings = HTTP_SETTINGS): HttpClient => {
  const agent = new Agent({
    connections: SOCKETS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE,
    keepAliveMaxTimeout: KEEP_ALIVE,
    connect: connector(settings.trust),
  });
  const known = new Map<string, Known>();

  const once = async (
    { method, url, headers, body, limit, within, signal }: HttpRequest,
    authorization: string | undefined,
  ): Promise<{ status: number; headers: Dispatcher.ResponseData['headers']; body: Uint8Array }> => {
    signal.throwIfAborted();
    // One controller of our own: AbortSignal.any would keep a reference on a signal that lives as long as the camera.
    const cut = new AbortController();
    const onAbort = (): void => cut.abort(signal.reason);
    const late = new StillwatchError('SW_CAM_SILENT', { seconds: within / 1000 });
    const timer = setTimeout(() => cut.abort(late), within);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method,
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'Stillwatch',
          ...headers,
          // Header values travel as bytes; a user name beyond ASCII must arrive as UTF-8 (RFC 7616, 4; seen with lighttpd).
          ...(authorization === undefined
            ? {}
            : { authorization: Buffer.from(authorization, 'utf8').toString('latin1') }),
        },
        body: body ?? null,
        signal: cut.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) {
          throw new StillwatchError('SW_ONVIF_REPLY', {
            call: `${method} ${url.pathname}`,
            detail: `the answer is larger than ${limit} bytes`,
          });
        }
        chunks.push(chunk);
      }
      const coding = String(answer.headers['content-encoding'] ?? '').toLowerCase();
      const bytes = await decompress(coding, Buffer.concat(chunks), limit).catch((cause: unknown) => {
        const detail = `its ${coding} coding is damaged or too large`;
        throw new StillwatchError('SW_ONVIF_REPLY', { call: `${method} ${url.pathname}`, detail }, { cause });
      });
      return { status: answer.statusCode, headers: answer.headers, body: bytes };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (cut.signal.aborted) throw late;
      throw error instanceof StillwatchError ? error : failure(error, url, within);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  };

  const answerTo = (request: HttpRequest, entry: Known): string =>
    digestAnswer(entry.challenge, request.credentials as Credentials, {
      method: request.method,
      target: request.url.pathname + request.url.search,
      body: request.body ?? '',
      cnonce: randomBytes(16).toString('hex'),
      count: ++entry.count,
    });

  return {
    async exchange(request) {
      const { origin, protocol } = request.url;
      const remembered = request.credentials ? known.get(origin) : undefined;
      let authorization = remembered && answerTo(request, remembered);
      let last = await once(request, authorization);
      // At most two answers: to the first challenge, and to a fresh nonce when the camera calls the last one stale.
      for (let round = 0; round < 2 && last.status === 401 && request.credentials; round++) {
        const challenges = readChallenges(listed(last.headers['www-authenticate']));
        const challenge = bestDigest(challenges);
        if (challenge) {
          // A nonce we remembered may just be old; one that was given a moment ago is refused only if it says `stale`.
          const isRetry = authorization !== undefined && !(round === 0 && remembered);
          if (isRetry && !isStale(challenge)) break;
          const entry: Known = { challenge, count: 0 };
          known.set(origin, entry);
          authorization = answerTo(request, entry);
        } else if (challenges.some(({ scheme }) => scheme === 'basic')) {
          if (authorization !== undefined || (protocol !== 'https:' && !settings.allowPlainBasic)) break;
          authorization = basicAnswer(request.credentials);
        } else break;
        last = await once(request, authorization);
      }
      if (last.status === 401 || last.status === 407) {
        known.delete(origin);
        throw new StillwatchError('SW_CAM_AUTH');
      }
      const headers = flat(last.headers);
      const answer: HttpAnswer = {
        status: last.status,
        contentType: (headers['content-type'] ?? '').toLowerCase(),
        headers,
        body: last.body,
        scheme: schemeOf(authorization),
      };
      settings.tap?.(request, answer);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await agent.destroy();
    },
  };
};
