// Event service: topic set, pull points, base subscriptions (ONVIF Core 9, WS-BaseNotification 1.3). One call each; keeping a
// subscription alive is `pull-point.ts`, never ending is `watch/event-supervisor.ts`.

import type { CameraMessage } from '../../domain/camera-message.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type EpochMs, type Ms, seconds } from '../../domain/units.ts';
import { reachable } from './address.ts';
import { type Call, type Caller, OnvifRefusal, type Reply } from './caller.ts';
import type { Services } from './device.ts';
import { readTopics } from './document.ts';
import { echoElement, escapeXml } from './envelope.ts';
import { type Subscription, slots } from './slots.ts';
import { child, descendant, readXml, textAt, type XmlElement, XmlRefusal } from './xml.ts';

export interface Pulled {
  readonly messages: readonly CameraMessage[];
  /** The lease's end as text, only to see whether pulling moves it. */
  readonly terminationTime: string | undefined;
}

export interface EventCalls {
  topics(signal: AbortSignal): Promise<readonly string[]>;
  /** Attributes of the event service's capabilities: `MaxNotificationProducers`, `MaxPullPoints`, … */
  capabilities(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Once it is asked for it is not cut short; one that comes after `signal` was aborted is given back. */
  createPullPoint(lease: Ms, signal: AbortSignal): Promise<Subscription>;
  /** Base notification: the camera will POST to `consumer`. Cut short as little as a pull point. */
  subscribe(consumer: URL, lease: Ms, signal: AbortSignal): Promise<Subscription>;
  pull(subscription: Subscription, timeout: Ms, signal: AbortSignal): Promise<Pulled>;
  renew(subscription: Subscription, lease: Ms, signal: AbortSignal): Promise<void>;
  synchronize(subscription: Subscription, signal: AbortSignal): Promise<void>;
  /** Unsubscribes; a camera that is out of reach just now is asked again before the next subscription. Never throws. */
  giveBack(subscription: Subscription): Promise<void>;
}

const TEV = 'http://www.onvif.org/ver10/events/wsdl';
const WSNT = 'http://docs.oasis-open.org/wsn/b-2';
const BW = 'http://docs.oasis-open.org/wsn/bw-2';
/** A camera holds a pull for as long as we ask; this much later we stop believing it. */
const PULL_GRACE: Ms = seconds(8);
/** Giving a slot back is best effort: a camera that is going down must not hold us up. */
const UNSUBSCRIBE_WITHIN: Ms = seconds(2);
/** Events of one reply; more wait in the camera's queue. */
const MESSAGE_LIMIT = 100;

const duration = (value: Ms): string => `PT${Math.max(1, Math.round(value / 1000))}S`;

/** How an end of lease is written: relative, absolute in the camera's clock, or left to the camera. */
type TimeForm = 'relative' | 'absolute' | 'none';
const TIME_FORMS: readonly TimeForm[] = ['relative', 'absolute', 'none'];

/** A fault about the time we asked for, not about subscribing: `UnacceptableInitialTerminationTimeFault` and its kin. */
const isAboutTime = (error: unknown): boolean =>
  error instanceof OnvifRefusal &&
  /Terminat|InvalidArg|duration|InvalidDate|time/i.test(`${error.fault.codes.join(' ')} ${error.fault.reason}`) &&
  !/maximum|too many|limit|resource/i.test(error.fault.reason);

export interface EventParts {
  readonly caller: Caller;
  readonly device: URL;
  readonly services: (signal: AbortSignal) => Promise<Services>;
  /** The camera's clock, for firmwares that take only absolute times. */
  readonly cameraTime: () => EpochMs;
}

export const eventCalls = ({ caller, device, services, cameraTime }: EventParts): EventCalls => {
  let form: TimeForm = 'relative';

  const eventUrls = async (signal: AbortSignal): Promise<readonly URL[]> => {
    const urls = (await services(signal)).get('events')?.urls ?? [];
    if (urls.length === 0) {
      throw new StillwatchError('SW_ONVIF_REFUSED', { call: 'events', reason: 'it offers no event service' });
    }
    return urls;
  };

  const time = (element: string, lease: Ms, as: TimeForm): string => {
    if (as === 'none') return '';
    const text =
      as === 'relative' ? duration(lease) : new Date(cameraTime() + lease).toISOString().replace(/\.\d+Z$/, 'Z');
    return `<${element}>${text}</${element}>`;
  };

  /** Tries the forms of time until one is taken, and remembers it. */
  const withTime = async <T>(attempt: (as: TimeForm) => Promise<T>): Promise<T> => {
    for (const as of TIME_FORMS.slice(TIME_FORMS.indexOf(form))) {
      try {
        const result = await attempt(as);
        form = as;
        return result;
      } catch (error) {
        if (as === 'none' || !isAboutTime(error)) throw error;
      }
    }
    throw new RangeError('unreachable: the last form returns or throws');
  };

  const subscriptionAt = (reference: XmlElement | undefined, namespaces: Reply['namespaces']): Subscription => {
    const given = textAt(reference, 'Address');
    const parameters = child(reference, 'ReferenceParameters') ?? child(reference, 'ReferenceProperties');
    return {
      urls: given === undefined ? [] : reachable(given, device),
      parameters: (parameters?.children ?? []).map((one) => echoElement(one, namespaces)),
    };
  };
  const readSubscription = (call: string, reply: Reply): Subscription => {
    const subscription = subscriptionAt(descendant(reply.content, 'SubscriptionReference'), reply.namespaces);
    if (subscription.urls.length > 0) return subscription;
    throw new StillwatchError('SW_ONVIF_REPLY', { call, detail: 'it names no subscription' });
  };

  /** A slot was taken by an answer that broke off: its reference, when it came whole, is good for giving it back. */
  const giveBackBroken = (text: string): void => {
    const reference = /<([\w.-]+:)?SubscriptionReference[\s\S]*?<\/\1SubscriptionReference\s*>/.exec(text)?.[0];
    if (reference === undefined) return;
    const bound = [...text.matchAll(/\sxmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/g)];
    const namespaces = new Map(bound.map(([, prefix = '', name = '']) => [prefix, name]));
    try {
      const subscription = subscriptionAt(readXml(reference).root, namespaces);
      if (subscription.urls.length > 0) void held.giveBack(subscription);
    } catch (error) {
      // Broken in there too: the lease frees the slot.
      if (!(error instanceof XmlRefusal)) throw error;
    }
  };

  const talk = (subscription: Subscription, call: Omit<Call, 'to' | 'parameters'>): Promise<Reply> =>
    caller.call({ to: subscription.urls, parameters: subscription.parameters, ...call });

  const held = slots(async (subscription) => {
    await talk(subscription, {
      name: 'Unsubscribe',
      action: `${BW}/SubscriptionManager/UnsubscribeRequest`,
      body: `<Unsubscribe xmlns="${WSNT}"/>`,
      within: UNSUBSCRIBE_WITHIN,
      // Nobody may cut this short: whoever gives back is often being stopped himself.
      signal: new AbortController().signal,
    });
  });

  /** Asks for a slot, after those that are owed. One that nobody wants any more by then is given back. */
  const takeSlot = async (
    signal: AbortSignal,
    attempt: (as: TimeForm, uncut: AbortSignal) => Promise<Subscription>,
  ): Promise<Subscription> => {
    await held.settle();
    // Never left half made: cut short, it would be taken and its address unknown.
    const uncut = new AbortController().signal;
    const slot = await withTime((as) => attempt(as, uncut));
    if (!signal.aborted) return slot;
    await held.giveBack(slot);
    throw signal.reason as Error;
  };

  return {
    async topics(signal) {
      const reply = await caller.call({
        to: await eventUrls(signal),
        name: 'GetEventProperties',
        action: `${TEV}/EventPortType/GetEventPropertiesRequest`,
        body: `<GetEventProperties xmlns="${TEV}"/>`,
        signal,
      });
      return readTopics(reply.content, reply.namespaces);
    },
    async capabilities(signal) {
      const reply = await caller.call({
        to: await eventUrls(signal),
        name: 'GetServiceCapabilities',
        action: `${TEV}/EventPortType/GetServiceCapabilitiesRequest`,
        body: `<GetServiceCapabilities xmlns="${TEV}"/>`,
        signal,
      });
      return child(reply.content, 'Capabilities')?.attributes ?? new Map();
    },
    createPullPoint: (lease, signal) =>
      takeSlot(signal, async (as, uncut) => {
        const name = 'CreatePullPointSubscription';
        const reply = await caller.call({
          to: await eventUrls(uncut),
          name,
          action: `${TEV}/EventPortType/${name}Request`,
          body: `<${name} xmlns="${TEV}">${time('InitialTerminationTime', lease, as)}</${name}>`,
          onUnreadable: giveBackBroken,
          signal: uncut,
        });
        return readSubscription(name, reply);
      }),
    subscribe: (consumer, lease, signal) =>
      takeSlot(signal, async (as, uncut) => {
        const reply = await caller.call({
          to: await eventUrls(uncut),
          name: 'Subscribe',
          action: `${BW}/NotificationProducer/SubscribeRequest`,
          body:
            `<Subscribe xmlns="${WSNT}"><ConsumerReference><wsa:Address>${escapeXml(consumer.href)}</wsa:Address>` +
            `</ConsumerReference>${time('InitialTerminationTime', lease, as)}</Subscribe>`,
          onUnreadable: giveBackBroken,
          signal: uncut,
        });
        return readSubscription('Subscribe', reply);
      }),
    async pull(subscription, timeout, signal) {
      const reply = await talk(subscription, {
        name: 'PullMessages',
        action: `${TEV}/PullPointSubscription/PullMessagesRequest`,
        body:
          `<PullMessages xmlns="${TEV}"><Timeout>${duration(timeout)}</Timeout>` +
          `<MessageLimit>${MESSAGE_LIMIT}</MessageLimit></PullMessages>`,
        within: (timeout + PULL_GRACE) as Ms,
        signal,
      });
      return { messages: reply.messages, terminationTime: textAt(reply.content, 'TerminationTime') };
    },
    async renew(subscription, lease, signal) {
      await withTime((as) =>
        talk(subscription, {
          name: 'Renew',
          action: `${BW}/SubscriptionManager/RenewRequest`,
          body: `<Renew xmlns="${WSNT}">${time('TerminationTime', lease, as === 'none' ? 'relative' : as)}</Renew>`,
          signal,
        }),
      );
    },
    async synchronize(subscription, signal) {
      await talk(subscription, {
        name: 'SetSynchronizationPoint',
        action: `${TEV}/PullPointSubscription/SetSynchronizationPointRequest`,
        body: `<SetSynchronizationPoint xmlns="${TEV}"/>`,
        signal,
      });
    },
    giveBack: (subscription) => held.giveBack(subscription),
  };
};
