import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metadataAssembler, metadataEncoding } from './metadata-assembler.ts';

const document = (value: string): string =>
  '<?xml version="1.0"?><tt:MetadataStream xmlns:tt="x"><tt:Event><NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic>' +
  `<Message><Message><Data><SimpleItem Name="State" Value="${value}"/></Data></Message></Message></NotificationMessage></tt:Event>` +
  '<tt:VideoAnalytics><tt:Frame UtcTime="2026-01-01T00:00:00"><tt:Transformation><tt:Translate x="-1" y="1"/><tt:Scale x="0.002" y="-0.002"/></tt:Transformation>' +
  '<tt:Object ObjectId="12"><tt:Appearance><tt:Shape><tt:BoundingBox left="250" top="500" right="750" bottom="1000"/></tt:Shape>' +
  '<tt:Class><tt:Type Likelihood="0.4">Vehicle</tt:Type><tt:Type Likelihood="0.9">Human</tt:Type></tt:Class></tt:Appearance><tt:Behaviour><tt:Idle/></tt:Behaviour></tt:Object>' +
  '</tt:Frame></tt:VideoAnalytics></tt:MetadataStream>';

const cut = (text: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] => {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < text.length; index++) {
    const end = Math.min(text.length, at + (sizes[index % sizes.length] ?? 1));
    parts.push(text.subarray(at, end));
    at = end;
  }
  return parts;
};

describe('metadata assembler', () => {
  it('joins a document from packets of any size, with its objects in our coordinates', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 9 }), (sizes) => {
        const assembler = metadataAssembler();
        const parts = cut(Buffer.from(document('true')), sizes);
        const found = parts.flatMap((part, index) => assembler.feed(part, index === parts.length - 1));
        expect(found).toHaveLength(1);
        expect(found[0]?.messages[0]?.data).toEqual({ State: 'true' });
        expect(found[0]?.frames[0]?.objects[0]).toEqual({
          id: '12',
          classes: [
            { name: 'Human', likelihood: 0.9 },
            { name: 'Vehicle', likelihood: 0.4 },
          ],
          box: { left: 0.25, top: 0.5, right: 0.75, bottom: 1 },
          behaviour: 'idle',
        });
      }),
    );
  });

  it('cuts at the closing tag where no markers come', () => {
    const assembler = metadataAssembler();
    const both = Buffer.from(document('true') + document('false'));
    expect(assembler.feed(both, false).map(({ messages }) => messages[0]?.data)).toEqual([
      { State: 'true' },
      { State: 'false' },
    ]);
  });

  it('reads gzip', () => {
    expect(metadataAssembler('gzip').feed(gzipSync(document('1')), true)).toHaveLength(1);
  });

  it('drops what lost a packet, and reads the next document', () => {
    const assembler = metadataAssembler();
    const [first, , third] = cut(Buffer.from(document('true')), [300]);
    assembler.feed(first ?? new Uint8Array(), false);
    assembler.gap();
    expect(assembler.feed(third ?? new Uint8Array(), true)).toEqual([]);
    expect(assembler.feed(Buffer.from(document('1')), true)).toHaveLength(1);
    expect(assembler.counters()).toEqual({ documents: 1, dropped: 1 });
  });

  it('bounds what it collects and what it unpacks', () => {
    const assembler = metadataAssembler();
    for (let count = 0; count < 3000; count++) expect(assembler.feed(new Uint8Array(1400), false)).toEqual([]);
    assembler.feed(new Uint8Array(10), true);
    expect(assembler.counters().dropped).toBe(1);
    expect(assembler.feed(Buffer.from(document('1')), true)).toHaveLength(1);
    const bomb = metadataAssembler('gzip');
    expect(bomb.feed(gzipSync(Buffer.alloc(50_000_000)), true)).toEqual([]);
    expect(bomb.counters().dropped).toBe(1);
  });

  it.each([
    ['vnd.onvif.metadata/90000', 'xml'],
    ['VND.ONVIF.METADATA/90000', 'xml'],
    ['vnd.onvif.metadata.gzip/90000', 'gzip'],
    ['vnd.onvif.metadata+gzip/90000', 'gzip'],
    ['vnd.onvif.metadata.exi.onvif/90000', undefined],
    ['H264/90000', undefined],
  ])('%s is %s', (rtpmap, encoding) => {
    expect(metadataEncoding(rtpmap)).toBe(encoding);
  });
});
