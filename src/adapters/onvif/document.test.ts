// One message in the many ways in which cameras write it: prefixes, default namespaces, layout, attribute order, wrappings.
// However it is written, the same is read, and every value is the text that the camera sent.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertNever } from '../../domain/assert-never.ts';
import type { CameraMessage, Items } from '../../domain/camera-message.ts';
import { readDocument } from './document.ts';
import { readXml } from './xml.ts';

const messagesOf = (xml: string): readonly CameraMessage[] => readDocument(readXml(xml)).messages;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;');

/** How one camera writes. */
interface Dialect {
  readonly soap: string;
  readonly wsnt: string;
  readonly tt: string;
  readonly tns: string;
  /** Where the topics' prefix is bound: at the root, at the notification, or at the topic. */
  readonly bindsAt: 'root' | 'notification' | 'topic';
  readonly hasDialect: boolean;
  readonly valueFirst: boolean;
  readonly isSpaced: boolean;
  /** Prefix on every level, as `tns1:Device/tns1:Trigger`. */
  readonly isEveryLevel: boolean;
  readonly itemForm: 'empty' | 'closed' | 'lower' | 'text';
  readonly hasElementItem: boolean;
  readonly hasEmptyKey: boolean;
  readonly isSplit: boolean;
  readonly wrapping: 'pull' | 'notify' | 'bare-notify' | 'bare-message' | 'metadata';
  /** `Source` and its kin one `Message` higher than the schema has it. */
  readonly isFlat: boolean;
}

const prefix = fc.constantFrom('', 'a', 's', 'ns2', 'SOAP-ENV', 'b.2', '_x');
const dialects: fc.Arbitrary<Dialect> = fc.record({
  soap: prefix,
  wsnt: fc.constantFrom('wsnt', 'b', 'ns7', 'b2'),
  tt: fc.constantFrom('tt', 'sch', 'ns0', 'onvif'),
  tns: fc.constantFrom('tns1', 'tns', 't', 'ns9'),
  bindsAt: fc.constantFrom('root', 'notification', 'topic'),
  hasDialect: fc.boolean(),
  valueFirst: fc.boolean(),
  isSpaced: fc.boolean(),
  isEveryLevel: fc.boolean(),
  itemForm: fc.constantFrom('empty', 'closed', 'lower', 'text'),
  hasElementItem: fc.boolean(),
  hasEmptyKey: fc.boolean(),
  isSplit: fc.boolean(),
  wrapping: fc.constantFrom('pull', 'notify', 'bare-notify', 'bare-message', 'metadata'),
  isFlat: fc.boolean(),
});

const tag = (prefixed: string, local: string): string => (prefixed === '' ? local : `${prefixed}:${local}`);

const written = (message: CameraMessage, how: Dialect): string => {
  const gap = how.isSpaced ? '\r\n\t ' : '';
  const tt = (local: string): string => tag(how.tt, local);
  const wsnt = (local: string): string => tag(how.wsnt, local);
  const item = ([name, value]: readonly [string, string]): string => {
    const [n, v] = how.itemForm === 'lower' ? ['name', 'value'] : ['Name', 'Value'];
    if (how.itemForm === 'text')
      return `${gap}<${tt('SimpleItem')} ${n}="${escaped(name)}">${escaped(value)}</${tt('SimpleItem')}>`;
    const pair = [`${n}="${escaped(name)}"`, `${v}="${escaped(value)}"`];
    const attributes = (how.valueFirst ? pair.toReversed() : pair).join(how.isSpaced ? '\n' : ' ');
    return how.itemForm === 'closed'
      ? `${gap}<${tt('SimpleItem')} ${attributes}></${tt('SimpleItem')}>`
      : `${gap}<${tt('SimpleItem')} ${attributes}/>`;
  };
  // A rule's settings beside the state: none of them is a value of the message.
  const settings = how.hasElementItem
    ? `<${tt('ElementItem')} Name="Config"><${tt('Parameters')}><${tt('SimpleItem')} Name="Sensitivity" Value="1"/></${tt('Parameters')}></${tt('ElementItem')}>`
    : '';
  const list = (local: string, items: Items): string => {
    const entries = Object.entries(items);
    if (entries.length === 0) return local === 'Key' && how.hasEmptyKey ? `<${tt(local)}/>` : '';
    const parts = how.isSplit ? entries.map((entry) => [entry]) : [entries];
    return parts
      .map((part) => `${gap}<${tt(local)}>${part.map(item).join('')}${settings}${gap}</${tt(local)}>`)
      .join('');
  };
  const bound = ` xmlns:${how.tns}="http://www.onvif.org/ver10/topics"`;
  const bind = (where: Dialect['bindsAt']): string => (how.bindsAt === where ? bound : '');
  const levels = message.topic.replaceAll('tns1:', '').split('/');
  const topic = levels
    .map((level, at) => (at === 0 || how.isEveryLevel ? `${how.tns}:${level}` : level))
    .join(how.isSpaced ? ' /\n ' : '/');
  const inner = `<!-- 1 < 2 -->${list('Source', message.source)}${list('Key', message.key)}${list('Data', message.data)}`;
  const attributes = `UtcTime="${message.utcTime}" PropertyOperation="${message.operation}"`;
  const body = how.isFlat
    ? `<${wsnt('Message')} ${attributes}>${inner}</${wsnt('Message')}>`
    : `<${wsnt('Message')}>${gap}<${tt('Message')} ${attributes}>${inner}</${tt('Message')}>${gap}</${wsnt('Message')}>`;
  const notification =
    `<${wsnt('NotificationMessage')}${bind('notification')}><${wsnt('Topic')}${bind('topic')}` +
    `${how.hasDialect ? ' Dialect="http://docs.oasis-open.org/wsn/t-1/TopicExpression/Simple"' : ''}>${gap}${topic}${gap}</${wsnt('Topic')}>` +
    `${gap}${body}</${wsnt('NotificationMessage')}>`;
  const spaces = ` xmlns:${how.wsnt}="http://docs.oasis-open.org/wsn/b-2" xmlns:${how.tt}="http://www.onvif.org/ver10/schema"${bind('root')}`;
  const soap = (content: string): string => {
    const own = how.soap === '' ? ' xmlns="http://www.w3.org/2003/05/soap-envelope"' : ` xmlns:${how.soap}="x"`;
    const body = tag(how.soap, 'Body');
    return `<${tag(how.soap, 'Envelope')}${own}${spaces}><${body}>${content}</${body}></${tag(how.soap, 'Envelope')}>`;
  };
  switch (how.wrapping) {
    case 'pull':
      return soap(
        `<tev:PullMessagesResponse xmlns:tev="http://www.onvif.org/ver10/events/wsdl"><tev:CurrentTime>x</tev:CurrentTime>${notification}</tev:PullMessagesResponse>`,
      );
    case 'notify':
      return soap(`<${wsnt('Notify')}>${notification}</${wsnt('Notify')}>`);
    case 'bare-notify':
      return `<${wsnt('Notify')}${spaces}>${notification}</${wsnt('Notify')}>`;
    case 'bare-message':
      return notification.replace(wsnt('NotificationMessage'), `${wsnt('NotificationMessage')}${spaces}`);
    case 'metadata':
      return `<${tt('MetadataStream')}${spaces}><${tt('Event')}>${notification}</${tt('Event')}></${tt('MetadataStream')}>`;
    default:
      return assertNever(how.wrapping);
  }
};

// Values that a careless reader would make numbers or booleans of, and what XML must escape.
const value = fc.oneof(
  fc.constantFrom(
    'true',
    'FALSE',
    '1',
    '007',
    '5.10',
    '1e3',
    '20230812345678901234',
    '',
    'null',
    'a & b <c> "d"',
    'å日',
  ),
  fc
    .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'aZ09 .:/_-"<&'.split('')) })
    .map((text) => text.trim()),
);
const items = fc
  .uniqueArray(fc.tuple(fc.constantFrom('IsMotion', 'State', 'Rule', 'ObjectId', 'Value', 'Name'), value), {
    selector: ([name]) => name,
    maxLength: 4,
  })
  .map((entries): Items => Object.fromEntries(entries));
const level = fc.constantFrom('RuleEngine', 'VideoSource', 'CellMotionDetector', 'MotionAlarm', 'People', 'X1');
const messages: fc.Arbitrary<CameraMessage> = fc.record({
  topic: fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => `tns1:${levels.join('/')}`),
  operation: fc.constantFrom('Initialized', 'Changed', 'Deleted'),
  utcTime: fc.constantFrom('2026-11-27T03:00:00Z', '1970-01-01T00:00:00Z', '0000-00-00T00:00:00Z', ''),
  source: items,
  key: items,
  data: items,
});

describe('a message', () => {
  it('is read the same in every dialect', () => {
    fc.assert(
      fc.property(messages, dialects, (message, dialect) => {
        const topic = dialect.isEveryLevel ? message.topic.replaceAll('/', '/tns1:') : message.topic;
        expect(messagesOf(written(message, dialect))).toEqual([{ ...message, topic }]);
      }),
      { numRuns: 500 },
    );
  });

  it('without an operation, a source or any data is one all the same', () => {
    const [message] = messagesOf(
      '<Notify><NotificationMessage><Topic>tns1:RuleEngine/LineDetector/Crossed</Topic><Message/></NotificationMessage></Notify>',
    );
    expect(message).toEqual({
      topic: 'tns1:RuleEngine/LineDetector/Crossed',
      operation: 'Changed',
      utcTime: '',
      source: {},
      key: {},
      data: {},
    });
  });

  it('keeps the name that an owner gave to a rule', () => {
    const [message] = messagesOf(
      '<NotificationMessage><Topic>\n tns1:IVA/EnteringField/\n  Front  door. \n</Topic><Message/></NotificationMessage>',
    );
    expect(message?.topic).toBe('tns1:IVA/EnteringField/Front door');
  });

  it('is found after the header of a multipart answer', () => {
    const text =
      '--b0\r\nContent-ID: <root@camera>\r\nContent-Type: text/xml\r\n\r\n<N><NotificationMessage><Topic>a</Topic><Message/></NotificationMessage></N>\r\n--b0--';
    expect(messagesOf(text).map(({ topic }) => topic)).toEqual(['a']);
  });
});

describe('a scene', () => {
  const objectsOf = (object: string) =>
    readDocument(
      readXml(`<MetadataStream><VideoAnalytics><Frame UtcTime="t">${object}</Frame></VideoAnalytics></MetadataStream>`),
    ).frames[0]?.objects;

  it.each(['-1.2e-05', '-.000012', '-0.000012', '+0'])('has a box with a side at %s', (left) => {
    const box = `<BoundingBox left="${left}" top="1." right="1E0" bottom="-1"/>`;
    const [object] = objectsOf(`<Object ObjectId="7"><Appearance><Shape>${box}</Shape></Appearance></Object>`) ?? [];
    expect(object?.box?.left).toBeCloseTo(0.5, 4);
    expect(object?.box).toMatchObject({ top: 0, right: 1, bottom: 1 });
  });

  it.each(['', 'left', 'NaN', '1,5', '0x1', '--1'])('has no box with a side at “%s”', (left) => {
    const box = `<BoundingBox left="${left}" top="1" right="1" bottom="-1"/>`;
    const [object] = objectsOf(`<Object ObjectId="7"><Appearance><Shape>${box}</Shape></Appearance></Object>`) ?? [];
    expect(object?.box).toBeUndefined();
  });

  it.each([
    ['<Class><Type Likelihood="0.8">Animal</Type></Class><VehicleInfo/>', ['Animal']],
    ['<Class><Type Likelihood=".2">Animal</Type><Type Likelihood="9e-1">Human</Type></Class>', ['Human', 'Animal']],
    ['<VehicleInfo><Type Likelihood="0.9">Car</Type></VehicleInfo>', ['Vehicle']],
    ['<HumanBody/><HumanFace/>', ['Human', 'Face']],
    ['<LicensePlateInfo><PlateNumber>AB 12 345</PlateNumber></LicensePlateInfo>', ['LicensePlate']],
    ['<Color/>', []],
  ])('%s is %j', (appearance, classes) => {
    const [object] = objectsOf(`<Object ObjectId="7"><Appearance>${appearance}</Appearance></Object>`) ?? [];
    expect(object?.classes.map(({ name }) => name)).toEqual(classes);
  });
});
