// The event service of a simulated camera: topic set, pull points, base notification, states and pulses.

import { request as httpRequest } from 'node:http';
import type { FaultPanel } from './fault.ts';
import type { Persona, SceneTopic } from './persona.ts';
import { tagText } from './request-text.ts';
import { type SimSubscription, type SubscriptionTable } from './subscriptions.ts';
import type { SentMessage, Writer } from './writer.ts';

export type SceneKind = SceneTopic['scene'];

export interface EventRequest {
  readonly operation: string;
  readonly xml: string;
  readonly path: string;
  /** As the camera calls itself to whoever asks. */
  readonly origin: string;
  readonly isClosed: () => boolean;
  readonly onClose: (then: () => void) => void;
}

export interface EventAnswer {
  readonly service: string;
  readonly content: string;
  readonly header?: string;
  readonly status?: number;
}

export interface EventService {
  answer(request: EventRequest): Promise<EventAnswer | undefined>;
  /** @returns what was published */
  scene(kind: SceneKind, isActive: boolean): readonly SentMessage[];
  initialized(): readonly SentMessage[];
}

export interface EventServiceParts {
  readonly persona: Persona;
  readonly faults: FaultPanel;
  readonly table: SubscriptionTable;
  readonly write: Writer;
  readonly now: () => number;
  /** Milliseconds of real time that one simulated second of lease and pull lasts. */
  readonly second: number;
  readonly slots: number;
}

const UNKNOWN = { code: 'Sender', subcode: 'ter:InvalidArgVal', reason: 'unknown subscription' };

/** What `PT60S`, `PT1M30S` or an absolute time means, in seconds from `now`. */
const leaseSeconds = (text: string | undefined, now: number): number | undefined => {
  if (text === undefined) return 60;
  const relative = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text);
  if (relative) return Number(relative[1] ?? 0) * 3600 + Number(relative[2] ?? 0) * 60 + Number(relative[3] ?? 0);
  const at = Date.parse(text);
  return Number.isFinite(at) ? (at - now) / 1000 : undefined;
};

export const eventService = (parts: EventServiceParts): EventService => {
  const { persona, faults, table, write, second } = parts;
  const states = new Map<SceneTopic, boolean>();
  const fired = new Set<SceneTopic>();

  const utc = (topic: SceneTopic, operation: string): string => {
    if (faults.strikes('utc-1970', operation)) return '1970-01-01T00:00:00Z';
    if (faults.strikes('utc-zero', operation)) return '0000-00-00T00:00:00Z';
    return operation === 'Initialized' && !fired.has(topic)
      ? persona.neverFired
      : new Date(parts.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  };
  const message = (topic: SceneTopic, operation: string, value: string): SentMessage => ({
    topic: topic.topic,
    operation,
    utc: utc(topic, operation),
    source: topic.source,
    data:
      topic.topic.includes('ObjectAnalytics') && value === topic.values[0]
        ? { [topic.item]: value, classTypes: 'human' }
        : { [topic.item]: value },
  });
  const valueOf = (topic: SceneTopic, isActive: boolean): string =>
    isActive ? topic.values[0] : (topic.values[1] ?? topic.values[0]);

  const initialized = (): readonly SentMessage[] =>
    persona.topics.map((topic) => {
      const isActive = faults.strikes('initialized-true', 'Initialized') || (states.get(topic) ?? false);
      return message(topic, 'Initialized', valueOf(topic, isActive));
    });

  const post = (to: string, body: string): void => {
    const sending = httpRequest(to, { method: 'POST', headers: { 'content-type': 'application/soap+xml' } }, (answer) =>
      answer.resume(),
    );
    // A consumer that is gone is not the camera's trouble.
    sending.on('error', () => {});
    sending.setTimeout(2000, () => sending.destroy());
    sending.end(body);
  };
  const flush = (subscription: SimSubscription): void => {
    const { consumer } = subscription;
    if (consumer === undefined) return;
    const messages = subscription.queue.splice(0);
    const groups = persona.name === 'reolink' ? messages.map((one) => [one]) : [messages];
    for (const group of groups) {
      if (group.length > 0) {
        post(
          consumer,
          write.envelope(
            'tev',
            `<{wsnt}:Notify>${group.map((one) => write.notification(one)).join('')}</{wsnt}:Notify>`,
          ),
        );
      }
    }
  };

  const fault = (code: string, subcode: string, reason: string, status = 500): EventAnswer => ({
    service: 'tev',
    content: write.fault(code, subcode, reason),
    status,
  });

  const subscriptionOf = ({ path, xml }: EventRequest): SimSubscription | undefined => {
    const byParameters = tagText(xml, 'SubscriptionId');
    const found = table.find(Number(byParameters ?? /subscription\/(\d+)/.exec(path)?.[1]));
    return found?.isByParameters === (byParameters !== undefined) ? found : undefined;
  };
  const reference = (subscription: SimSubscription, origin: string): string => {
    const address = subscription.isByParameters
      ? `${origin}/onvif/event_service`
      : `${origin}/onvif/subscription/${subscription.id}`;
    const parameters = subscription.isByParameters
      ? `<{wsa}:ReferenceParameters><dom0:SubscriptionId xmlns:dom0="http://www.axis.com/2009/event">${subscription.id}</dom0:SubscriptionId></{wsa}:ReferenceParameters>`
      : '';
    return `<{wsa}:Address>${address}</{wsa}:Address>${parameters}`;
  };
  const times = (subscription: SimSubscription, prefix: string): string => {
    const iso = (at: number): string => new Date(at).toISOString();
    return `<${prefix}:CurrentTime>${iso(parts.now())}</${prefix}:CurrentTime><${prefix}:TerminationTime>${iso(subscription.endsAt)}</${prefix}:TerminationTime>`;
  };

  const create = async (request: EventRequest, kind: 'pull' | 'push'): Promise<EventAnswer> => {
    const { operation, xml } = request;
    if (faults.strikes('create-hangs', operation)) await new Promise<void>((resolve) => request.onClose(resolve));
    if (faults.strikes('slots-full', operation) || table.live().length >= parts.slots) {
      return fault('Receiver', 'ter:Action', 'maximum number of subscriptions reached');
    }
    const text = tagText(xml, 'InitialTerminationTime');
    if (persona.onlyAbsoluteTimes && text?.startsWith('PT')) {
      return fault('Sender', 'wsntw:UnacceptableInitialTerminationTimeFault', 'relative time is not supported');
    }
    const lease = leaseSeconds(text, parts.now());
    if (lease === undefined || lease <= 0) return fault('Sender', 'ter:InvalidArgVal', 'bad termination time');
    const consumer = kind === 'push' ? tagText(xml, 'Address') : undefined;
    // The slot is taken before the headers are looked at: what real servers do, and what a client must not trip over.
    const made = table.create(
      {
        kind,
        consumer:
          kind === 'push'
            ? (/ConsumerReference>\s*<[^>]*Address[^>]*>\s*([^<\s]+)/.exec(xml)?.[1] ?? consumer)
            : undefined,
        isByParameters: persona.needsReferenceParameters || faults.active.includes('needs-reference-parameters'),
      },
      lease * second,
    );
    if (faults.strikes('needs-message-id', operation) && tagText(xml, 'MessageID') === undefined) {
      return fault('Sender', 'wsa:MessageAddressingHeaderRequired', 'no MessageID');
    }
    made.queue.push(...initialized());
    if (kind === 'push') setImmediate(() => flush(made));
    const name = kind === 'pull' ? '{svc}:CreatePullPointSubscriptionResponse' : '{wsnt}:SubscribeResponse';
    const referenceName = kind === 'pull' ? '{svc}:SubscriptionReference' : '{wsnt}:SubscriptionReference';
    return {
      service: 'tev',
      content: `<${name}><${referenceName}>${reference(made, request.origin)}</${referenceName}>${times(made, '{wsnt}')}</${name}>`,
    };
  };

  const pull = async (request: EventRequest): Promise<EventAnswer> => {
    table.countPull();
    const found = subscriptionOf(request);
    if (found && faults.strikes('subscription-dies', request.operation)) table.remove(found.id);
    const subscription = subscriptionOf(request);
    if (!subscription) return fault(UNKNOWN.code, UNKNOWN.subcode, UNKNOWN.reason, 400);
    const timeout = (leaseSeconds(tagText(request.xml, 'Timeout'), parts.now()) ?? 1) * second;
    const isSilent = faults.strikes('subscription-silent', request.operation);
    if (isSilent) subscription.queue = [];
    const atOnce = faults.strikes('pull-at-once', request.operation);
    if ((subscription.queue.length === 0 || isSilent) && !atOnce) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          subscription.wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, timeout);
        request.onClose(done);
        if (!isSilent) subscription.wake = done;
      });
      // Events of one moment come in one answer.
      if (!isSilent) await new Promise((resolve) => setImmediate(resolve));
    }
    if (isSilent) subscription.queue = [];
    let messages = subscription.queue.splice(0, Number(tagText(request.xml, 'MessageLimit') ?? 100));
    if (faults.strikes('duplicate-events', request.operation)) messages = [...messages, ...messages];
    if (faults.strikes('reversed-events', request.operation)) messages = messages.toReversed();
    return {
      service: 'tev',
      content: `<{svc}:PullMessagesResponse>${times(subscription, '{svc}')}${messages.map((one) => write.notification(one)).join('')}</{svc}:PullMessagesResponse>`,
    };
  };

  const topicSet = (): string =>
    persona.topics
      .map(({ topic, item }) => {
        const levels = topic.split('/');
        const open = levels
          .map((level, at) => `<${level}${at === levels.length - 1 ? ' wstop:topic="true"' : ''}>`)
          .join('');
        const close = levels
          .toReversed()
          .map((level) => `</${level}>`)
          .join('');
        return `${open}<{tt}:MessageDescription IsProperty="true"><{tt}:Data><{tt}:SimpleItemDescription Name="${item}" Type="xs:boolean"/></{tt}:Data></{tt}:MessageDescription>${close}`;
      })
      .join('');

  return {
    initialized,
    async answer(request) {
      switch (request.operation) {
        case 'GetEventProperties':
          return {
            service: 'tev',
            content: `<{svc}:GetEventPropertiesResponse><{wsnt}:FixedTopicSet>true</{wsnt}:FixedTopicSet><wstop:TopicSet>${topicSet()}</wstop:TopicSet></{svc}:GetEventPropertiesResponse>`,
          };
        case 'GetServiceCapabilities':
          return {
            service: 'tev',
            content: `<{svc}:GetServiceCapabilitiesResponse><{svc}:Capabilities WSPullPointSupport="true" MaxNotificationProducers="${persona.hasPush ? 2 : 0}" MaxPullPoints="${parts.slots}"/></{svc}:GetServiceCapabilitiesResponse>`,
          };
        case 'CreatePullPointSubscription':
          return create(request, 'pull');
        case 'Subscribe':
          if (!persona.hasPush) return fault('Receiver', 'ter:ActionNotSupported', 'no base notification');
          return create(request, 'push');
        case 'PullMessages':
          return pull(request);
        case 'SetSynchronizationPoint': {
          const subscription = subscriptionOf(request);
          if (!subscription) return fault(UNKNOWN.code, UNKNOWN.subcode, UNKNOWN.reason, 400);
          if (subscription.queue.length === 0) subscription.queue.push(...initialized());
          subscription.wake?.();
          flush(subscription);
          return { service: 'tev', content: '<{svc}:SetSynchronizationPointResponse/>' };
        }
        case 'Renew': {
          const subscription = subscriptionOf(request);
          if (!subscription) return fault(UNKNOWN.code, UNKNOWN.subcode, UNKNOWN.reason, 400);
          if (!persona.canRenew || faults.strikes('renew-unsupported', 'Renew')) {
            return fault('Receiver', 'ter:ActionNotSupported', 'Renew is not supported');
          }
          const lease = leaseSeconds(tagText(request.xml, 'TerminationTime'), parts.now());
          if (
            lease === undefined ||
            (persona.onlyAbsoluteTimes && tagText(request.xml, 'TerminationTime')?.startsWith('PT'))
          ) {
            return fault('Sender', 'wsntw:UnacceptableTerminationTimeFault', 'bad termination time');
          }
          subscription.endsAt = parts.now() + lease * second;
          return {
            service: 'tev',
            content: `<{wsnt}:RenewResponse>${times(subscription, '{wsnt}')}</{wsnt}:RenewResponse>`,
          };
        }
        case 'Unsubscribe': {
          const subscription = subscriptionOf(request);
          if (!subscription) return fault(UNKNOWN.code, UNKNOWN.subcode, UNKNOWN.reason, 400);
          table.remove(subscription.id);
          if (faults.strikes('unsubscribe-kills-all', 'Unsubscribe')) table.clear();
          return { service: 'tev', content: '<{wsnt}:UnsubscribeResponse/>' };
        }
        default:
          return undefined;
      }
    },
    scene(kind, isActive) {
      const messages = persona.topics
        .filter((topic) => topic.scene === kind)
        .flatMap((topic): readonly SentMessage[] => {
          const isPulse = topic.values.length === 1;
          if (isPulse && !isActive) return [];
          if (!isActive && faults.strikes('true-without-false', 'Changed')) return [];
          fired.add(topic);
          states.set(topic, isActive);
          return [message(topic, 'Changed', valueOf(topic, isActive))];
        });
      table.publish(messages);
      for (const subscription of table.live()) flush(subscription);
      return messages;
    },
  };
};
