import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { child, descendants, readXml, textAt, XmlRefusal, xmlText } from './xml.ts';

const refusal = (text: string): string => {
  try {
    readXml(text);
  } catch (error) {
    if (error instanceof XmlRefusal) return error.detail;
    throw error;
  }
  return 'accepted';
};

describe('readXml', () => {
  it('takes junk before and after the document, a byte-order mark and NULs', () => {
    const { root } = readXml('\uFEFF\r\n junk <?xml version="1.0"?>\0<a><b> x </b></a>\0\0 tail <c/>');
    expect(textAt(root, 'b')).toBe('x');
  });

  it('matches by local name, bound or not, and keeps attributes by local name', () => {
    const { root, namespaces } = readXml('<q:a xmlns:q="urn:1" q:k="v"><nobody:b/><b/></q:a>');
    expect(root.local).toBe('a');
    expect(root.attributes.get('k')).toBe('v');
    expect(descendants(root, 'b')).toHaveLength(2);
    expect(namespaces.get('q')).toBe('urn:1');
  });

  it('is not fooled by names that objects have', () => {
    const { root } = readXml('<__proto__ constructor="1"><toString/></__proto__>');
    expect(root.local).toBe('__proto__');
    expect(root.attributes.get('constructor')).toBe('1');
    expect(child(root, 'toString')?.local).toBe('toString');
  });

  it.each([
    ['', /empty/],
    ['not found', /not XML/],
    ['<a><b></a>', /not well-formed/],
    ['<a><b>', /not well-formed|before its root/],
    ['<a>&nbsp;</a>', /not well-formed/],
    ['<!DOCTYPE html><html/>', /DOCTYPE/],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', /DOCTYPE/],
    ['<a>'.repeat(60_000), /deeper than 64/],
    [`<a>${'<b/>'.repeat(60_000)}</a>`, /more than 50000 elements/],
    [`<a>${' '.repeat(5 * 1024 * 1024)}</a>`, /larger than/],
  ])('refuses %#', (text, why) => {
    expect(refusal(text)).toMatch(why);
  });

  it('either reads or refuses, whatever the text', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '&amp;',
      '&',
      '<',
      '>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '"',
    );
    const part = fc.oneof(piece, fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(typeof refusal(parts.join(''))).toBe('string');
      }),
    );
  });
});

describe('xmlText', () => {
  const text = '<a>æøå 你</a>';
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
  ])('decodes %s', (_, bytes) => {
    expect(xmlText(bytes)).toBe(text);
  });

  it('follows the declaration, and reads UTF-8 when that names nothing known', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>æ</a>', 'latin1');
    expect(xmlText(latin)).toContain('æ');
    expect(xmlText(Buffer.from('<?xml version="1.0" encoding="nonsense-8"?><a>æ</a>'))).toContain('æ');
    // GB2312: 0xC4E3 is U+4F60.
    const gb = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="gb2312"?><a>'), Buffer.from([0xc4, 0xe3])]);
    expect(xmlText(gb)).toContain('你');
  });
});
