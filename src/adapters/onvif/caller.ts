// One SOAP call: envelope out, document in, with the camera's clock, its way of logging in and its faults understood.
// Nothing is tried again here except what one wrong clock or one wrong address explains. Must not know operations.

import { randomBytes, randomUUID } from 'node:crypto';
import { StillwatchError } from '../../domain/errors.ts';
import type { Credentials } from '../../domain/secret.ts';
import { type EpochMs, epochMs, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { type CameraDocument, readDocument, type SoapFault } from './document.ts';
import { envelope, type ReferenceParameters, usernameToken } from './envelope.ts';
import type { AuthenticationScheme, HttpAnswer, HttpClient } from './http.ts';
import { readXml, XML_LIMITS, type XmlDocument, XmlRefusal, xmlText } from './xml.ts';

/** A fault the camera answered with, other than a refused login. */
export class OnvifRefusal extends StillwatchError {
  readonly fault: SoapFault;
  constructor(call: string, fault: SoapFault) {
    super('SW_ONVIF_REFUSED', { call, reason: faultText(fault) });
    this.fault = fault;
  }
  /** True when the camera says that it does not have this at all, rather than that it will not. */
  get isUnsupported(): boolean {
    return this.fault.codes.some((code) =>
      /ActionNotSupported|NotSupported|NotImplemented|UnknownAction|NoSuch|MustUnderstand/i.test(code),
    );
  }
}

/** The camera refused the login in SOAP, not in HTTP. */
class LoginFault extends StillwatchError {
  constructor() {
    super('SW_CAM_AUTH');
  }
}

/** Whole seconds on both sides: less is rounding. */
const CLOCK_MOVED: Ms = ms(1500);

/** True when the camera answered, and only this answer is of no use: a refusal, or something that cannot be read. */
export const isUselessAnswer = (error: unknown): error is StillwatchError =>
  error instanceof StillwatchError && (error.code === 'SW_ONVIF_REFUSED' || error.code === 'SW_ONVIF_REPLY');

const faultText = ({ codes, reason }: SoapFault): string => {
  // Firmwares put whole HTML pages and their source paths into reasons.
  const text = reason.replace(/\s+/g, ' ').slice(0, 160);
  return [codes[0], text].filter(Boolean).join(', ') || 'without a reason';
};

export interface Call {
  /** Where to ask, best first; the first that answers is remembered. */
  readonly to: readonly URL[];
  /** Name of the operation, for words to the owner. */
  readonly name: string;
  readonly body: string;
  /** WS-Addressing action; given for event calls, which cameras refuse without it. */
  readonly action?: string;
  readonly parameters?: ReferenceParameters;
  readonly isAnonymous?: boolean;
  /** Answered whoever asks (access class PRE_AUTH, Core 5.9.4.2): its answer says nothing of the login. */
  readonly isForAll?: boolean;
  /** Gets the text of an answer that cannot be read: a subscription may have been made all the same. */
  readonly onUnreadable?: (text: string) => void;
  readonly within?: Ms;
  readonly signal: AbortSignal;
}

export interface Reply extends CameraDocument {
  readonly namespaces: ReadonlyMap<string, string>;
}

export interface Caller {
  /** @throws StillwatchError, OnvifRefusal */
  call(call: Call): Promise<Reply>;
  /** The camera's clock minus ours; 0 until it was asked. */
  offset(): Ms;
  setOffset(offset: Ms): void;
  /** How the last call logged in. */
  scheme(): AuthenticationScheme | 'username-token';
}

/** Cameras of ten years ago need 3 s for GetProfiles; what has not come after 8 s does not come. */
export const CALL_WITHIN: Ms = seconds(8);

const isNotAuthorized = (fault: SoapFault): boolean =>
  fault.codes.some((code) => /NotAuthorized|FailedAuthentication|InvalidSecurity|Unauthorized/i.test(code)) ||
  /not\s*authori[sz]ed|unauthori[sz]ed|failed authentication/i.test(fault.reason);

/** MTOM and plain multipart replies: the first part that is XML (RFC 2387). */
export const xmlPart = (contentType: string, body: Uint8Array): Uint8Array => {
  if (!contentType.startsWith('multipart/')) return body;
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return body;
  const text = Buffer.from(body).toString('latin1');
  for (const part of text.split(`--${boundary}`).slice(1)) {
    const split = /\r?\n\r?\n/.exec(part);
    if (split && /content-type:[^\n]*xml/i.test(part.slice(0, split.index))) {
      return Buffer.from(part.slice(split.index + split[0].length), 'latin1');
    }
  }
  return body;
};

/** What a status means when its body is no SOAP. */
const statusError = (call: string, { status }: HttpAnswer): StillwatchError => {
  if (status === 503 || status === 429 || status === 408) return new StillwatchError('SW_CAM_BUSY', { status });
  if (status === 403) return new StillwatchError('SW_CAM_AUTH');
  return new StillwatchError('SW_ONVIF_REPLY', { call, detail: `HTTP status ${status}` });
};

const read = ({ name, onUnreadable }: Call, answer: HttpAnswer): XmlDocument => {
  const text = xmlText(xmlPart(answer.contentType, answer.body));
  try {
    return readXml(text, XML_LIMITS);
  } catch (cause) {
    if (!(cause instanceof XmlRefusal)) throw cause;
    if (answer.status >= 300) throw statusError(name, answer);
    onUnreadable?.(text);
    throw new StillwatchError('SW_ONVIF_REPLY', { call: name, detail: cause.detail }, { cause });
  }
};

/** True for trouble that another address of the same service may not have. */
const isAboutTheAddress = (error: unknown): boolean =>
  error instanceof StillwatchError &&
  (error.code === 'SW_ONVIF_OFF' ||
    error.code === 'SW_CAM_UNREACHABLE' ||
    (error.code === 'SW_ONVIF_REPLY' && /status (?:30\d|404|405)/.test(String(error.facts['detail']))));

export interface CallerParts {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly credentials: Credentials | undefined;
  /** Asks the camera's clock anew; called once when a login is refused, as a clock that was set explains it. */
  readonly refreshOffset: (signal: AbortSignal) => Promise<Ms>;
}

export const caller = ({ http, clock, credentials, refreshOffset }: CallerParts): Caller => {
  let offset = ms(0);
  let scheme: AuthenticationScheme | 'username-token' = 'none';
  /** Digest, once it worked, makes the token needless (Core 5.9.4 calls the token legacy). */
  let usesToken = true;
  /** This login was taken here before: one refusal is not yet a wrong password. */
  let hasWorked = false;
  const chosen = new Map<string, URL>();

  const cameraTime = (): EpochMs => epochMs(clock.now().wall + offset);

  const ask = async (call: Call, url: URL): Promise<Reply> => {
    const withToken = credentials !== undefined && !call.isAnonymous && usesToken;
    const security = withToken ? usernameToken(credentials, cameraTime(), randomBytes(16)) : '';
    const addressing =
      call.action === undefined
        ? undefined
        : { action: call.action, to: url.href, messageId: randomUUID(), parameters: call.parameters ?? [] };
    const action = call.action === undefined ? '' : `; action="${call.action}"`;
    const answer = await http.exchange({
      method: 'POST',
      url,
      headers: { 'content-type': `application/soap+xml; charset=utf-8${action}` },
      body: envelope(call.body, security, addressing),
      credentials: call.isAnonymous ? undefined : credentials,
      limit: XML_LIMITS.bytes,
      within: call.within ?? CALL_WITHIN,
      signal: call.signal,
    });
    if (answer.status >= 300 && answer.status < 400) throw statusError(call.name, answer);
    const xml = read(call, answer);
    const document = readDocument(xml);
    if (document.fault) {
      if (isNotAuthorized(document.fault)) throw new LoginFault();
      throw new OnvifRefusal(call.name, document.fault);
    }
    if (answer.status >= 300) throw statusError(call.name, answer);
    if (document.kind === 'unknown') {
      throw new StillwatchError('SW_ONVIF_REPLY', { call: call.name, detail: 'the SOAP body is empty' });
    }
    if (!call.isAnonymous) {
      hasWorked ||= !call.isForAll;
      if (answer.scheme.startsWith('digest')) usesToken = false;
      scheme = answer.scheme === 'none' && withToken ? 'username-token' : answer.scheme;
    }
    return { ...document, namespaces: xml.namespaces };
  };

  const askAny = async (call: Call): Promise<Reply> => {
    const key = call.to.map((url) => url.href).join(' ');
    const known = chosen.get(key);
    const urls = known ? [known, ...call.to.filter((url) => url.href !== known.href)] : call.to;
    let first: unknown = new StillwatchError('SW_ONVIF_REPLY', { call: call.name, detail: 'no address to ask' });
    for (const [index, url] of urls.entries()) {
      try {
        const reply = await ask(call, url);
        chosen.set(key, url);
        return reply;
      } catch (error) {
        if (index === 0) first = error;
        if (!isAboutTheAddress(error)) throw error;
      }
    }
    throw first;
  };

  return {
    async call(call) {
      for (let tries = 0; ; tries++) {
        try {
          return await askAny(call);
        } catch (error) {
          if (!(error instanceof StillwatchError) || error.code !== 'SW_CAM_AUTH') throw error;
          if (call.isAnonymous || !credentials) throw error;
          // Again only for what explains a refusal: a clock that is not where we thought (a camera that boots sets it twice),
          // or a reset to tokens after digest had worked. A digest that is refused is a wrong password.
          if (usesToken) {
            const before = offset;
            // A clock that cannot be asked just now goes up as it is: a refusal proves nothing then, and is no lock.
            offset = await refreshOffset(call.signal).catch((refused: unknown) => {
              if (isUselessAnswer(refused)) return before;
              throw refused;
            });
            // It may also have been put right between the refusal and our look: a login that worked is tried once more.
            const isExplained = Math.abs(offset - before) > CLOCK_MOVED || (hasWorked && tries === 0);
            if (!isExplained || tries >= 2) throw error;
          } else if (!(error instanceof LoginFault) || tries > 0) throw error;
          usesToken = true;
        }
      }
    },
    offset: () => offset,
    setOffset(value) {
      offset = value;
    },
    scheme: () => scheme,
  };
};
