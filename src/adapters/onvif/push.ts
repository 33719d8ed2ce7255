// Base notification: the camera POSTs to us. The web server hands the body of a secret path to `receive`; this keeps the
// subscription behind it. Must not listen itself.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { CameraMessage } from '../../domain/camera-message.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { between, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger-source.ts';
import { OnvifRefusal } from './caller.ts';
import type { OnvifClient } from './client.ts';
import { readDocument } from './document.ts';
import { readXml, XmlRefusal, xmlText } from './xml.ts';

/** What the web server answers: 202 at once, or why not. */
export type PushStatus = 202 | 400 | 404 | 413 | 429;

export interface PushInbox {
  readonly source: TriggerSource;
  /** Last segment of the path the camera was told: 32 hex digits, new with every start. */
  readonly secret: string;
  /** Takes one POST body. Answers fast: reading is all that happens here. */
  receive(secret: string, from: string, body: Uint8Array): PushStatus;
}

export interface PushSettings {
  /** Where the camera can reach us: `http://192.168.1.2:10000/onvif/notify/`. Loopback is refused by good cameras. */
  readonly endpoint: URL;
  readonly lease?: Ms;
  /** Addresses this camera may send from; empty: any, as behind NAT. The secret is the lock then. */
  readonly from: readonly string[];
}

const PUSH_LEASE: Ms = seconds(600);
/** Bytes of one notification; 100 events are 51 KB. */
export const PUSH_BODY_LIMIT: number = 512 * 1024;
/** Messages waiting to be taken; more means that nobody takes them. */
const MOST_WAITING = 1000;
/** A camera that has nothing to say says nothing: the lease is what is watched, and it is looked at this often. */
const LOOK_EVERY: Ms = seconds(30);
const RENEW_AT = 0.4;

const isSame = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

export const pushInbox = (client: OnvifClient, clock: Clock, settings: PushSettings): PushInbox => {
  const lease = settings.lease ?? PUSH_LEASE;
  const secret = randomBytes(16).toString('hex');
  let waiting: CameraMessage[] = [];
  let wake: (() => void) | undefined;
  let isLive = false;

  /** Resolves when something arrived, or after `limit`. */
  const arrival = async (limit: Ms, signal: AbortSignal): Promise<void> => {
    if (waiting.length > 0) return;
    const timer = new AbortController();
    const stop = (): void => timer.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    wake = () => timer.abort();
    await clock.sleep(limit, timer.signal).catch(() => {});
    wake = undefined;
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  };

  const source: TriggerSource = {
    name: 'push',
    async open(signal) {
      await client.services(signal);
      const consumer = new URL(secret, settings.endpoint);
      const subscription = await client.events.subscribe(consumer, lease, signal);
      let renewedAt = clock.now().mono;
      let canRenew = true;
      isLive = true;
      waiting = [];

      const renew = async (cut: AbortSignal): Promise<boolean> => {
        if (!canRenew) return false;
        try {
          await client.events.renew(subscription, lease, cut);
          renewedAt = clock.now().mono;
          return true;
        } catch (error) {
          if (!(error instanceof OnvifRefusal) || !error.isUnsupported) throw error;
          canRenew = false;
          return false;
        }
      };

      return {
        async next(cut) {
          await arrival(LOOK_EVERY, cut);
          const age = between(renewedAt, clock.now().mono);
          if (waiting.length === 0 && age >= lease * RENEW_AT && canRenew) await renew(cut);
          if (!canRenew && age >= ms(lease - LOOK_EVERY)) {
            throw new StillwatchError('SW_CAM_LOST', {}, { where: 'push subscription at the end of its lease' });
          }
          return waiting.splice(0);
        },
        refresh: renew,
        async [Symbol.asyncDispose]() {
          isLive = false;
          await client.events.giveBack(subscription);
        },
      };
    },
  };

  return {
    source,
    secret,
    receive(given, from, body) {
      if (!isSame(given, secret) || !isLive) return 404;
      if (settings.from.length > 0 && !settings.from.includes(from.replace(/^::ffff:/, ''))) return 404;
      if (body.length > PUSH_BODY_LIMIT) return 413;
      if (waiting.length >= MOST_WAITING) return 429;
      try {
        const document = readDocument(readXml(xmlText(body)));
        if (document.kind !== 'notify') return 400;
        waiting.push(...document.messages);
        wake?.();
        return 202;
      } catch (error) {
        if (error instanceof XmlRefusal) return 400;
        throw error;
      }
    },
  };
};
