// XML as cameras write it, into a small tree matched by local names, with every limit a hostile reply can meet.
// Must not know ONVIF. Prefixes are not resolved: cameras send unbound ones, and resolving is quadratic in depth.

import { SaxesParser } from 'saxes';

export interface XmlElement {
  /** As written: `tt:Message`. */
  readonly name: string;
  /** Without prefix: `Message`. */
  readonly local: string;
  /** By local name, in document order; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Own character data, outer white space trimmed. */
  readonly text: string;
  /** Prefixes that it binds itself; absent on most. */
  readonly bound?: ReadonlyMap<string, string>;
}

export interface XmlDocument {
  readonly root: XmlElement;
  /** Prefixes by the first namespace they were bound to, anywhere in the document. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/** A document that was refused; `detail` can be shown to the owner. */
export class XmlRefusal extends Error {
  readonly detail: string;
  constructor(detail: string) {
    super(detail);
    this.name = 'XmlRefusal';
    this.detail = detail;
  }
}

export interface XmlLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly nodes: number;
}

/**
 * Bytes, levels and elements of one document. The largest honest replies seen (topic sets, replies listing profiles) stay
 * below 0.5 MiB, 20 levels and 5,000 elements; the limits leave an order of magnitude.
 */
export const XML_LIMITS: XmlLimits = { bytes: 4 * 1024 * 1024, depth: 64, nodes: 50_000 };

/** A declaration, a comment, or a tag; not the `<r@c>` of a multipart header before it. */
const MARKUP = /<(?:[?!]|[\p{L}_][\p{L}\p{N}_.:-]*[\s/>])/u;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

interface OpenElement {
  readonly name: string;
  readonly local: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  readonly bound?: ReadonlyMap<string, string>;
  text: string;
}

// saxes prefixes its messages with "line:column: ".
const plain = (error: Error): string =>
  error.message.replace(/^undefined:/, '').replace(/^(\d+):(\d+): /, 'line $1, column $2: ');

/**
 * Reads one document. Leading junk before the first `<` and anything after the root's end are ignored, as cameras send both.
 * @param onFlaw when given, a document that is not well-formed is read on as well as can be, and every flaw is told here
 * @throws XmlRefusal
 */
export const readXml = (
  text: string,
  limits: XmlLimits = XML_LIMITS,
  onFlaw?: (detail: string) => void,
): XmlDocument => {
  const start = text.search(MARKUP);
  if (start < 0) throw new XmlRefusal(text.trim() === '' ? 'the answer is empty' : 'the answer is not XML');
  if (text.length > limits.bytes) throw new XmlRefusal(`the document is larger than ${limits.bytes} bytes`);

  const parser = new SaxesParser({ xmlns: false, position: true });
  const namespaces = new Map<string, string>();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let nodes = 0;

  parser.on('error', (error) => {
    if (root) return;
    if (!onFlaw) throw new XmlRefusal(`not well-formed XML: ${plain(error)}`);
    onFlaw(`not well-formed XML: ${plain(error)}`);
  });
  parser.on('doctype', () => {
    // Entities are the one way a small document becomes a large one; SOAP 1.2 forbids a DTD (part 1, section 5).
    throw new XmlRefusal('the document has a DOCTYPE (an HTML page, or an entity bomb)');
  });
  parser.on('opentag', (tag) => {
    if (root) return;
    if (++nodes > limits.nodes) throw new XmlRefusal(`the document has more than ${limits.nodes} elements`);
    if (open.length >= limits.depth) throw new XmlRefusal(`the document is nested deeper than ${limits.depth} levels`);
    const attributes = new Map<string, string>();
    const bound = new Map<string, string>();
    for (const [name, value] of Object.entries(tag.attributes)) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) {
        const prefix = name === 'xmlns' ? '' : name.slice(6);
        if (!namespaces.has(prefix)) namespaces.set(prefix, value);
        bound.set(prefix, value);
      } else if (!attributes.has(localName(name))) attributes.set(localName(name), value);
    }
    const own = bound.size > 0 ? { bound } : {};
    open.push({ name: tag.name, local: localName(tag.name), attributes, children: [], text: '', ...own });
  });
  const addText = (more: string): void => {
    const top = open.at(-1);
    if (top) top.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const done = open.pop();
    if (!done) return;
    done.text = done.text.trim();
    const parent = open.at(-1);
    if (parent) parent.children.push(done);
    else root ??= done;
  });

  parser.write(text.slice(start).replaceAll('\0', ''));
  parser.close();
  if (!root) throw new XmlRefusal('the document ends before its root element is closed');
  return { root, namespaces };
};

/**
 * Text of a reply's bytes: byte-order mark, then the encoding the XML declaration names, then UTF-8.
 * A few cameras declare GB2312 or Latin-1; an encoding this platform does not know is read as UTF-8.
 */
export const xmlText = (bytes: Uint8Array): string => {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const label = /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
};

export const child = (element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined => {
  let at = element;
  for (const local of path) at = at?.children.find((candidate) => candidate.local === local);
  return at;
};

export const children = (element: XmlElement | undefined, local: string): readonly XmlElement[] =>
  element?.children.filter((candidate) => candidate.local === local) ?? [];

/** Every descendant of that local name, in document order; not looked for inside one that was found. */
export const descendants = (element: XmlElement | undefined, local: string): readonly XmlElement[] =>
  element?.children.flatMap((at) => (at.local === local ? [at] : descendants(at, local))) ?? [];

export const descendant = (element: XmlElement | undefined, local: string): XmlElement | undefined =>
  descendants(element, local)[0];

/** Text at the end of a path of local names; undefined when absent or empty. */
export const textAt = (element: XmlElement | undefined, ...path: readonly string[]): string | undefined =>
  child(element, ...path)?.text || undefined;

/** Decimal number of a named field; undefined for anything else. Nothing else in a reply is ever taken for a number. */
export const numberText = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;

/** xs:float of a named field; gSOAP writes what is small as `1.2e-05`. */
export const floatText = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : undefined;

/** xs:boolean of a named field. */
export const booleanField = (text: string | undefined): boolean | undefined => {
  const word = text?.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
};
