// A photo by GetSnapshotUri: fetched from the camera and nobody else, checked, and its delay and age measured.

import { createHash } from 'node:crypto';
import { StillwatchError } from '../../domain/errors.ts';
import type { Shot } from '../../domain/still.ts';
import { between, type EpochMs, later, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StillSource } from '../../ports/still-source.ts';
import { parseGiven, reachable } from './address.ts';
import { isUselessAnswer } from './caller.ts';
import type { OnvifClient } from './client.ts';
import type { AuthenticationScheme, HttpAnswer } from './http.ts';
import { jpegFacts } from './jpeg.ts';

/** 12 MP at the highest quality is 8 MB. */
const MOST_BYTES = 24 * 1024 * 1024;
const FETCH_WITHIN: Ms = seconds(10);
/** An older picture does not show the calm scene that was asked for. */
const OLDEST: Ms = seconds(3);

export interface MeasuredShot extends Shot {
  /** How old the camera says the picture is; undefined when it does not say. */
  readonly age: Ms | undefined;
  readonly url: string;
  readonly scheme: AuthenticationScheme;
}

export interface SnapshotSettings {
  /** Profile to ask for; undefined: the one with the largest picture. */
  readonly profile?: string;
  /** Size of the main stream when it is known: a smaller snapshot is refused, the stream gives the better photo. */
  readonly mainPicture?: () => { readonly width: number; readonly height: number } | undefined;
}

export interface SnapshotSource extends StillSource {
  take(options: { readonly signal: AbortSignal }): Promise<MeasuredShot>;
}

/** Age by the camera's own clock on both ends: `Date` minus `Last-Modified`, or `Age` (RFC 9110, RFC 9111). */
export const statedAge = (headers: Readonly<Record<string, string>>): Ms | undefined => {
  const age = headers['age'];
  if (age !== undefined && /^\d+$/.test(age)) return ms(Number(age) * 1000);
  const [sent, changed] = [Date.parse(headers['date'] ?? ''), Date.parse(headers['last-modified'] ?? '')];
  return Number.isFinite(sent - changed) && sent >= changed ? ms(sent - changed) : undefined;
};

const damaged = (detail: string): StillwatchError => new StillwatchError('SW_STILL_DAMAGED', { detail });

/** A redirect is an address of someone's choosing: never followed, so that no login goes there. */
const refuseRedirect = (answer: HttpAnswer, from: URL): void => {
  if (answer.status < 300 || answer.status >= 400) return;
  const to = parseGiven(answer.headers['location'] ?? '', from);
  if (to && to.hostname !== from.hostname) throw new StillwatchError('SW_ONVIF_OTHER_HOST', { host: to.hostname });
  throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: `it redirects to ${to?.href ?? 'nowhere'}` });
};

export const snapshotSource = (client: OnvifClient, clock: Clock, settings: SnapshotSettings = {}): SnapshotSource => {
  let urls: readonly URL[] | undefined;
  let last: { readonly hash: string; readonly at: EpochMs } | undefined;

  const locate = async (signal: AbortSignal): Promise<readonly URL[]> => {
    const profile = settings.profile ?? (await client.media.profiles(signal))[0]?.token;
    if (profile === undefined) throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: 'it lists no profile' });
    const given = await client.media.snapshotUri(profile, signal).catch((error: unknown) => {
      if (!isUselessAnswer(error)) throw error;
      throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: 'GetSnapshotUri is refused' }, { cause: error });
    });
    if (given === undefined) throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: 'the address is empty' });
    const found = reachable(given, client.address);
    if (found.length === 0) {
      const scheme = parseGiven(given, client.address)?.protocol.replace(':', '') ?? 'nothing';
      throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: `it is an address of ${scheme}, not of a picture` });
    }
    return found;
  };

  const fetch = async (url: URL, signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await client.http.exchange({
      method: 'GET',
      url,
      headers: { accept: 'image/jpeg' },
      credentials: client.credentials,
      limit: MOST_BYTES,
      within: FETCH_WITHIN,
      signal,
    });
    refuseRedirect(answer, url);
    if (answer.status === 403) throw new StillwatchError('SW_CAM_AUTH');
    if (answer.status === 503) throw new StillwatchError('SW_CAM_BUSY', { status: 503 });
    if (answer.status !== 200)
      throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: `HTTP status ${answer.status}` });
    return answer;
  };

  /** The first address that answers; it is the only one asked from then on. */
  const fetchAny = async (candidates: readonly URL[], signal: AbortSignal): Promise<[URL, HttpAnswer]> => {
    let first: unknown;
    for (const url of candidates) {
      try {
        const answer = await fetch(url, signal);
        urls = [url];
        return [url, answer];
      } catch (error) {
        first ??= error;
        const code = error instanceof StillwatchError ? error.code : '';
        if (!/SW_ONVIF_(?:OFF|NO_SNAPSHOT)|SW_CAM_UNREACHABLE/.test(code)) throw error;
      }
    }
    throw first;
  };

  return {
    name: 'http-snapshot',
    async take({ signal }) {
      const startedAt = clock.now();
      try {
        urls ??= await locate(signal);
        const askedAt = clock.now();
        const [url, answer] = await fetchAny(urls, signal);
        const facts = jpegFacts(answer.body);
        if (typeof facts === 'string') throw damaged(facts);
        const main = settings.mainPicture?.();
        if (main && facts.width * facts.height < main.width * main.height) {
          const sizes = `${facts.width}x${facts.height}, smaller than the stream’s ${main.width}x${main.height}`;
          throw new StillwatchError('SW_ONVIF_NO_SNAPSHOT', { detail: sizes });
        }
        const age = statedAge(answer.headers);
        if (age !== undefined && age > OLDEST) throw damaged(`it is ${Math.round(age / 1000)} s old`);
        // Sensor noise makes two pictures differ even of a still scene: equal bytes are one picture given twice.
        const hash = createHash('sha256').update(answer.body).digest('hex');
        const isRepeated = last?.hash === hash && between(last.at, askedAt.wall) > OLDEST;
        if (last?.hash !== hash) last = { hash, at: askedAt.wall };
        if (isRepeated) throw damaged('the camera gave the same picture again');
        return {
          jpeg: answer.body,
          ...facts,
          takenAt: age === undefined ? askedAt.wall : later(askedAt.wall, ms(-age)),
          source: 'http-snapshot',
          delay: between(startedAt.mono, clock.now().mono),
          age,
          url: url.href,
          scheme: answer.scheme,
        };
      } catch (error) {
        // InvalidAfterReboot: the address may have been good for one run of the camera only.
        if (error instanceof StillwatchError && error.code === 'SW_ONVIF_NO_SNAPSHOT') urls = undefined;
        throw error;
      }
    },
  };
};
