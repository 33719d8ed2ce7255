// XMP for a still (ISO 16684-1): the packet that carries a still's facts, and finding them again, also after another
// program has rewritten the packet in its own style. Text in, text out; what a value means is still-facts.ts' business.

import { cutText } from './still-facts-exif.ts';

/** The name of our vocabulary. A changed meaning gets a new name. */
export const STILLWATCH_NAMESPACE = 'urn:stillwatch:still:1#';
export const XMP_HEADER = 'http://ns.adobe.com/xap/1.0/\0';

export interface XmpWords {
  /** Keywords people search for, in any language. */
  readonly subjects: readonly string[];
  readonly description: string;
  /** Our own properties: name → value. Names are ASCII letters. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Longest value written, in bytes of UTF-8. */
const LONGEST_VALUE = 1024;

const ENTITY: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

const escaped = (value: string): string =>
  // XML 1.0 has no place for control characters, not even escaped ones; lone surrogates are no characters.
  cutText(value, LONGEST_VALUE)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&${ENTITY[character] ?? ''};`)
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The payload's text, header included. Read-only (`end="r"`): without padding, so a photo grows by about 1 kB. */
export const xmpText = (words: XmpWords): string => {
  const own = Object.entries(words.properties)
    .map(([name, value]) => ` stillwatch:${name}="${escaped(value)}"`)
    .join('');
  const subjects = words.subjects.map((subject) => `<rdf:li>${escaped(subject)}</rdf:li>`).join('');
  return (
    `${XMP_HEADER}<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""' +
    ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:stillwatch="${STILLWATCH_NAMESPACE}"${own}>` +
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(words.description)}</rdf:li></rdf:Alt></dc:description>` +
    `<dc:subject><rdf:Bag>${subjects}</rdf:Bag></dc:subject>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
  );
};

const CHARACTER: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (value: string): string =>
  value.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (whole, decimal, hex, name) => {
    if (name) return CHARACTER[String(name)] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/**
 * Our properties in a packet, by name: as attributes, as we write them, or as elements, as other programs rewrite them.
 * Empty when the packet does not know our namespace. Not an XML parser: the vocabulary is flat and the prefix is found first.
 */
export const readXmp = (packet: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const declared = /xmlns:([A-Za-z_][\w-]{0,30})\s{0,9}=\s{0,9}["']urn:stillwatch:still:1#["']/.exec(packet);
  const prefix = declared?.[1];
  if (!prefix) return found;
  const property = new RegExp(
    `[\\s<]${prefix}:([A-Za-z]{1,32})(?:\\s{0,9}=\\s{0,9}(?:"([^"<]{0,4096})"|'([^'<]{0,4096})')|>([^<]{0,4096})</${prefix}:)`,
    'g',
  );
  for (const match of packet.matchAll(property)) {
    const name = match[1] ?? '';
    // The first one counts: a second of the same name is not well-formed, and nobody may override a fact by appending.
    if (!found.has(name)) found.set(name, unescaped(match[2] ?? match[3] ?? match[4] ?? ''));
  }
  return found;
};
