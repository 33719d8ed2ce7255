// How a simulated camera writes: envelopes, replies and notifications in its persona's own prefixes.
// Written from the standards' examples; shares nothing with the client's reader and writer.

import type { Persona } from './persona.ts';

export const xmlEscape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const EVENT_NAMESPACES =
  'xmlns:{wsnt}="http://docs.oasis-open.org/wsn/b-2" xmlns:{tt}="http://www.onvif.org/ver10/schema" ' +
  'xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:tnsaxis="http://www.axis.com/2009/event/topics" ' +
  'xmlns:tnsajax="http://www.ajax.systems/topics"';

const NAMESPACES: Readonly<Record<string, string>> = {
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  trt: 'http://www.onvif.org/ver10/media/wsdl',
  tr2: 'http://www.onvif.org/ver20/media/wsdl',
  tev: 'http://www.onvif.org/ver10/events/wsdl',
  tptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  timg: 'http://www.onvif.org/ver20/imaging/wsdl',
  tse: 'http://www.onvif.org/ver10/search/wsdl',
  trp: 'http://www.onvif.org/ver10/replay/wsdl',
};

export interface SentMessage {
  readonly topic: string;
  readonly operation: string;
  readonly utc: string;
  readonly source: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

export interface Writer {
  /** `content` may use `{soap}`, `{wsa}`, `{wsnt}`, `{tt}`, `{svc}` for the persona's prefixes. */
  envelope(service: string, content: string, header?: string): string;
  fault(code: string, subcode: string, reason: string): string;
  notification(message: SentMessage): string;
  /** One document of the metadata track (ONVIF Streaming, 5.1.2.1.1). */
  metadata(content: string): string;
}

export const writer = (persona: Persona): Writer => {
  const { prefixes } = persona;
  const fill = (text: string, service: string): string =>
    text
      .replaceAll('{soap}', prefixes.soap)
      .replaceAll('{wsa}', prefixes.wsa)
      .replaceAll('{wsnt}', prefixes.wsnt)
      .replaceAll('{tt}', prefixes.tt)
      .replaceAll('{svc}', prefixes.service || service);
  const item = ([name, value]: readonly [string, string]): string =>
    persona.valueFirst
      ? `<{tt}:SimpleItem Value="${xmlEscape(value)}" Name="${name}"></{tt}:SimpleItem>`
      : `<{tt}:SimpleItem Name="${name}" Value="${xmlEscape(value)}"/>`;
  const items = (record: Readonly<Record<string, string>>): string => Object.entries(record).map(item).join('');

  return {
    envelope(service, content, header = '') {
      const open =
        '<?xml version="1.0" encoding="UTF-8"?>\n<{soap}:Envelope xmlns:{soap}="http://www.w3.org/2003/05/soap-envelope" ' +
        'xmlns:{wsa}="http://www.w3.org/2005/08/addressing" xmlns:ter="http://www.onvif.org/ver10/error" ' +
        `xmlns:wstop="http://docs.oasis-open.org/wsn/t-1" ${EVENT_NAMESPACES} ` +
        `xmlns:{svc}="${NAMESPACES[service] ?? ''}">`;
      const head = header === '' ? '' : `<{soap}:Header>${header}</{soap}:Header>`;
      return fill(`${open}${head}<{soap}:Body>${content}</{soap}:Body></{soap}:Envelope>`, service);
    },
    fault(code, subcode, reason) {
      return (
        `<{soap}:Fault><{soap}:Code><{soap}:Value>{soap}:${code}</{soap}:Value><{soap}:Subcode><{soap}:Value>${subcode}</{soap}:Value>` +
        `</{soap}:Subcode></{soap}:Code><{soap}:Reason><{soap}:Text xml:lang="en">${xmlEscape(reason)}</{soap}:Text></{soap}:Reason></{soap}:Fault>`
      );
    },
    notification({ topic, operation, utc, source, data }) {
      return (
        '<{wsnt}:NotificationMessage><{wsnt}:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
        `${topic}</{wsnt}:Topic><{wsnt}:Message><{tt}:Message UtcTime="${utc}" PropertyOperation="${operation}">` +
        `<{tt}:Source>${items(source)}</{tt}:Source><{tt}:Key/><{tt}:Data>${items(data)}</{tt}:Data>` +
        '</{tt}:Message></{wsnt}:Message></{wsnt}:NotificationMessage>'
      );
    },
    metadata: (content) =>
      fill(
        `<?xml version="1.0" encoding="UTF-8"?>\n<{tt}:MetadataStream ${EVENT_NAMESPACES}>${content}</{tt}:MetadataStream>`,
        '',
      ),
  };
};
