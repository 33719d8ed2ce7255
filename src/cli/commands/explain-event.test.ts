import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { XmlRefusal } from '../../adapters/onvif/xml.ts';
import { explainDocument } from './explain-event.ts';

// What real cameras said, kept outside the project because not all of it may be published.
const corpus = fileURLToPath(new URL('../../../../shared/onvif/', import.meta.url));

interface Expected {
  readonly file: string;
  readonly encoding: string;
  readonly messages: readonly Record<string, unknown>[];
}

const entries = ((): readonly Expected[] => {
  try {
    const text = readFileSync(`${corpus}expected.json`, 'utf8');
    return (JSON.parse(text) as { readonly files: readonly Expected[] }).files;
  } catch (cause) {
    throw new Error('the corpus ../shared/onvif (beside the project) is missing; this test cannot run without it', {
      cause,
    });
  }
})();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const notification = (topic: string, message: string): string =>
  `<e:Envelope xmlns:e="x"><e:Body><n:Notify xmlns:n="y"><n:NotificationMessage><n:Topic>${topic}</n:Topic>` +
  `<n:Message>${message}</n:Message></n:NotificationMessage></n:Notify></e:Body></e:Envelope>`;

describe('explain-event reads the corpus as expected', () => {
  it('has an expectation for every document', () => {
    const documents = readdirSync(corpus).filter((name) => name.endsWith('.xml'));
    expect(entries.map((entry) => entry.file).sort()).toEqual(documents.sort());
    expect(entries.length).toBeGreaterThan(20);
  });

  it.each(entries.map((entry) => [entry.file, entry] as const))('%s', (file, entry) => {
    const explanation = explainDocument(readFileSync(corpus + file));
    const wanted = entry.messages.map((message) =>
      Object.fromEntries(Object.entries(message).filter(([name]) => name !== 'note')),
    );
    expect(explanation.messages).toEqual(wanted);
    expect(explanation.refused !== undefined).toBe(entry.encoding.includes('must be refused'));
  });

  it('says why it refuses', () => {
    const file = readFileSync(`${corpus}go2rtc-unknown-uri-4.xml`);
    expect(explainDocument(file).refused).toMatch(/not well-formed XML: line 2/);
  });
});

describe('explain-event', () => {
  it('keeps text as text', () => {
    const { messages } = explainDocument(
      bytes(
        notification(
          ' tns1:Monitoring/ProcessorUsage//. ',
          '<Message UtcTime="0000-00-00"><Source/><Data><SimpleItem Value=" 5.10 " Name="Value"/></Data></Message>',
        ),
      ),
    );
    expect(messages).toEqual([
      {
        topic: 'tns1:Monitoring/ProcessorUsage',
        operation: 'Changed',
        source: {},
        data: { Value: '5.10' },
        claims: [{ kind: 'other', active: null }],
        motion: null,
        trigger: false,
      },
    ]);
  });

  it('writes the ONVIF topic prefix as tns1, whatever the document calls it', () => {
    const set =
      '<E xmlns:q="http://www.onvif.org/ver10/topics" xmlns:t="u"><TopicSet>' +
      '<q:RuleEngine><v:VMD3 t:topic="true"><One t:topic="true"/></v:VMD3></q:RuleEngine></TopicSet></E>';
    const { reply, messages } = explainDocument(
      bytes(`<Envelope><Body><GetEventPropertiesResponse>${set}</GetEventPropertiesResponse></Body></Envelope>`),
    );
    expect(reply).toBeUndefined();
    expect(messages).toEqual([{ topics: ['tns1:RuleEngine/v:VMD3', 'tns1:RuleEngine/v:VMD3/One'] }]);
  });

  it('reads what a firmware writes in its own way', () => {
    const text =
      '<ns1:Envelope xmlns:ns1="http://www.w3.org/2003/05/soap-envelope"><ns1:Body><Notify xmlns="http://docs.oasis-open.org/wsn/b-2">' +
      // A prefix that is bound anew; two messages under one topic; no operation; lower-case attributes; an ElementItem between.
      '<NotificationMessage><Topic xmlns:ns1="http://www.onvif.org/ver10/topics">\n ns1:VideoSource/MotionAlarm//. </Topic>' +
      '<Message><t:Message UtcTime="0000-00-00T00:00:00Z"><t:Source><t:SimpleItem Value="1" Name="Source"/></t:Source><t:Data>' +
      '<t:ElementItem Name="Shape"><t:Polygon/></t:ElementItem><t:SimpleItem value=" TRUE " name="State"/></t:Data></t:Message>' +
      '<t:Message PropertyOperation="initialized"><t:Source/><t:Data><t:SimpleItem Name="State" Value="0"/></t:Data></t:Message>' +
      '</Message></NotificationMessage></Notify></ns1:Body></ns1:Envelope>';
    const topic = 'tns1:VideoSource/MotionAlarm';
    expect(explainDocument(bytes(text)).messages).toEqual([
      {
        topic,
        operation: 'Changed',
        source: { Source: '1' },
        data: { State: 'TRUE' },
        claims: [{ kind: 'motion', active: true }],
        motion: true,
        trigger: true,
      },
      {
        topic,
        operation: 'Initialized',
        source: {},
        data: { State: '0' },
        claims: [{ kind: 'motion', active: false }],
        motion: false,
        trigger: false,
      },
    ]);
  });

  it('reads a whole metadata stream out of one file', () => {
    const one = (value: string): string =>
      '<?xml version="1.0"?>\n<tt:MetadataStream xmlns:tt="t"><tt:Event><w:NotificationMessage xmlns:w="w"><w:Topic>' +
      'tns1:VideoSource/MotionAlarm</w:Topic><w:Message><tt:Message><tt:Data><tt:SimpleItem Name="State" ' +
      `Value="${value}"/></tt:Data></tt:Message></w:Message></w:NotificationMessage></tt:Event></tt:MetadataStream>\n`;
    const { kind, messages, refused } = explainDocument(bytes(one('true') + one('false')));
    expect([kind, refused]).toEqual(['metadata', undefined]);
    expect(messages.map((message) => ('motion' in message ? message.motion : undefined))).toEqual([true, false]);
  });

  it('shows a fault', () => {
    const { fault, kind } = explainDocument(
      bytes(
        '<s:Envelope><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>' +
          '</s:Subcode></s:Code><s:Reason><s:Text>no</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>',
      ),
    );
    expect(kind).toBe('fault');
    expect(fault).toEqual({ codes: ['ter:NotAuthorized', 's:Sender'], reason: 'no' });
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'HTTP/1.1 500'],
    ['an HTML page', '<!DOCTYPE html><html><body>busy</body></html>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'],
  ])('refuses %s', (_, text) => {
    expect(() => explainDocument(bytes(text))).toThrow(XmlRefusal);
  });
});
