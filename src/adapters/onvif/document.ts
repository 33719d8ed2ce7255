// What one XML document from a camera is, and the event messages, frames, addresses and topics in it.
// The same reading serves the live path and `stillwatch explain-event`. Must not judge what a message means.

import type { CameraMessage, Items, PropertyOperation } from '../../domain/camera-message.ts';
import {
  child,
  children,
  descendant,
  descendants,
  floatText,
  numberText,
  textAt,
  type XmlDocument,
  type XmlElement,
} from './xml.ts';

/** One frame of a metadata stream (ONVIF Analytics 5.3). */
export interface MetadataFrame {
  readonly utcTime: string;
  readonly objects: readonly MetadataObject[];
  readonly cells: readonly MotionCells[];
}

export interface MetadataObject {
  readonly id: string;
  /** As the camera named them, most likely first. */
  readonly classes: readonly { readonly name: string; readonly likelihood: number | undefined }[];
  /** In picture coordinates, 0..1 from the upper left, when the frame's transformation is known or standard. */
  readonly box:
    | { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
    | undefined;
  /** `removed`: it left; `idle`: it stands still. */
  readonly behaviour: 'removed' | 'idle' | undefined;
}

export interface MotionCells {
  readonly columns: number;
  readonly rows: number;
  /** PackBits, as `motion/onvif-cells.ts` reads them. */
  readonly packed: Uint8Array;
}

export interface SoapFault {
  /** Most specific code first, prefixes kept: `ter:NotAuthorized`, `s:Sender`. */
  readonly codes: readonly string[];
  readonly reason: string;
}

export interface CameraDocument {
  readonly kind: 'notify' | 'pull-reply' | 'metadata' | 'reply' | 'fault' | 'unknown';
  /** Local name of what the SOAP body holds, or of the root. */
  readonly name: string;
  readonly messages: readonly CameraMessage[];
  readonly frames: readonly MetadataFrame[];
  readonly fault: SoapFault | undefined;
  /** The body's element (`GetProfilesResponse`), or the root of a document that is not SOAP. */
  readonly content: XmlElement;
  /** True when the header carries someone's WS-Security token, as gSOAP cameras do that send a request's header back. */
  readonly echoesCredentials: boolean;
}

/** Simple items of a list and of its extensions. What lies in an `ElementItem` is a value of the camera's own, such as a rule's settings. */
const simpleItems = (list: XmlElement): readonly XmlElement[] =>
  list.children.flatMap((at) => (at.local === 'SimpleItem' ? [at] : at.local === 'ElementItem' ? [] : simpleItems(at)));

const items = (message: XmlElement, part: 'Source' | 'Key' | 'Data'): Items =>
  // fromEntries defines own properties, so that an item called `__proto__` is an item.
  Object.fromEntries(
    children(message, part)
      .flatMap(simpleItems)
      .flatMap((item): readonly [string, string][] => {
        // `name` and `value` in lower case: small firmwares whose XML no schema ever judged.
        const attribute = (name: string): string | undefined =>
          item.attributes.get(name) ?? item.attributes.get(name.toLowerCase());
        const name = attribute('Name')?.trim();
        return name ? [[name, (attribute('Value') ?? item.text).trim()]] : [];
      }),
  );

const OPERATIONS: readonly PropertyOperation[] = ['Initialized', 'Changed', 'Deleted'];
const operation = (text: string | undefined): PropertyOperation =>
  OPERATIONS.find((known) => known.toLowerCase() === text?.trim().toLowerCase()) ?? 'Changed';

const ONVIF_TOPICS = 'http://www.onvif.org/ver10/topics';

/** Cameras may bind any prefix to ONVIF's topics; everybody knows it as `tns1`. Vendors' prefixes stay as they are. */
const standardPrefixes = (path: string, namespaces: ReadonlyMap<string, string>): string =>
  path
    .split('/')
    .map((level) => {
      const [prefix, local] = level.split(':');
      if (local === undefined || prefix === undefined || prefix === 'tns1') return level;
      return namespaces.get(prefix) === ONVIF_TOPICS ? `tns1:${local}` : level;
    })
    .join('/');

/** White space between levels is layout; inside the last one it may be in a rule's name that the owner chose. */
const topicText = (text: string, namespaces: ReadonlyMap<string, string>): string =>
  standardPrefixes(
    text
      .replace(/\s*([/:])\s*/g, '$1')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[/.]+$/, ''),
    namespaces,
  );

/** What holds Source, Key and Data: `wsnt:Message/tt:Message`, or one level less as some firmwares send it; each of several. */
const inner = (notification: XmlElement): readonly XmlElement[] =>
  children(notification, 'Message').flatMap((outer) => {
    const within = children(outer, 'Message');
    return within.length > 0 ? within : [outer];
  });

/** The same prefix may be bound anew further in, and means there what it was bound to last. */
const within = (
  outer: ReadonlyMap<string, string>,
  ...elements: readonly (XmlElement | undefined)[]
): ReadonlyMap<string, string> =>
  elements.reduce((bound, element) => (element?.bound ? new Map([...bound, ...element.bound]) : bound), outer);

const readMessages = (content: XmlElement, namespaces: ReadonlyMap<string, string>): readonly CameraMessage[] => {
  const notifications =
    content.local === 'NotificationMessage' ? [content] : descendants(content, 'NotificationMessage');
  return notifications.flatMap((notification): readonly CameraMessage[] => {
    const topic = child(notification, 'Topic');
    if (!topic?.text) return [];
    const name = topicText(topic.text, within(namespaces, notification, topic));
    const outer = child(notification, 'Message')?.attributes;
    return inner(notification).map((message) => ({
      topic: name,
      operation: operation(message.attributes.get('PropertyOperation') ?? outer?.get('PropertyOperation')),
      utcTime: (message.attributes.get('UtcTime') ?? outer?.get('UtcTime') ?? '').trim(),
      source: items(message, 'Source'),
      key: items(message, 'Key'),
      data: items(message, 'Data'),
    }));
  });
};

/** Cells beyond this many are refused; cameras send 22 x 18 and the like. */
const MOST_CELLS = 65_536;

const readCells = (frame: XmlElement): readonly MotionCells[] =>
  descendants(frame, 'MotionInCells').flatMap((cells): readonly MotionCells[] => {
    const columns = numberText(cells.attributes.get('Columns')) ?? 0;
    const rows = numberText(cells.attributes.get('Rows')) ?? 0;
    if (!Number.isInteger(columns) || !Number.isInteger(rows)) return [];
    if (columns < 1 || rows < 1 || columns * rows > MOST_CELLS) return [];
    return [{ columns, rows, packed: Buffer.from(cells.attributes.get('Cells') ?? '', 'base64') }];
  });

interface Transformation {
  readonly translate: { readonly x: number; readonly y: number };
  readonly scale: { readonly x: number; readonly y: number };
}

const pair = (element: XmlElement | undefined, otherwise: number): { readonly x: number; readonly y: number } => ({
  x: floatText(element?.attributes.get('x')) ?? otherwise,
  y: floatText(element?.attributes.get('y')) ?? otherwise,
});

const transformation = (frame: XmlElement): Transformation => {
  const element = child(frame, 'Transformation');
  return { translate: pair(child(element, 'Translate'), 0), scale: pair(child(element, 'Scale'), 1) };
};

const readBox = (shape: XmlElement | undefined, { translate, scale }: Transformation): MetadataObject['box'] => {
  const box = child(shape, 'BoundingBox');
  const side = (name: string): number | undefined => floatText(box?.attributes.get(name));
  const [left, top, right, bottom] = [side('left'), side('top'), side('right'), side('bottom')];
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return undefined;
  // ONVIF's plane is -1..1 with y up (Analytics 5.1.2.2); ours is 0..1 with y down.
  const x = (value: number): number => (value * scale.x + translate.x + 1) / 2;
  const y = (value: number): number => (1 - (value * scale.y + translate.y)) / 2;
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const [x1, x2] = [clamp(x(left)), clamp(x(right))];
  const [y1, y2] = [clamp(y(top)), clamp(y(bottom))];
  return { left: Math.min(x1, x2), right: Math.max(x1, x2), top: Math.min(y1, y2), bottom: Math.max(y1, y2) };
};

/** Parts of an appearance that only one class of object has (ONVIF Analytics 5.3.5), and that class. */
const DESCRIPTIONS = [
  ['HumanBody', 'Human'],
  ['HumanFace', 'Face'],
  ['VehicleInfo', 'Vehicle'],
  ['LicensePlateInfo', 'LicensePlate'],
] as const;

/** Both spellings: `Type@Likelihood` (since 18.06) and `ClassCandidate/{Type,Likelihood}`. */
const readClasses = (appearance: XmlElement | undefined): MetadataObject['classes'] => {
  const element = child(appearance, 'Class');
  const direct = children(element, 'Type').map((type) => ({
    name: type.text,
    likelihood: floatText(type.attributes.get('Likelihood')),
  }));
  const candidates = [
    ...children(element, 'ClassCandidate'),
    ...children(child(element, 'Extension'), 'OtherTypes'),
  ].map((candidate) => ({
    name: textAt(candidate, 'Type') ?? '',
    likelihood: floatText(textAt(candidate, 'Likelihood')),
  }));
  const named = [...direct, ...candidates].filter(({ name }) => name !== '');
  // What is described as a vehicle is one, where no class says so.
  const described = DESCRIPTIONS.filter(([part]) => child(appearance, part) !== undefined).map(([, name]) => ({
    name,
    likelihood: undefined,
  }));
  return named.length > 0 ? named.sort((a, b) => (b.likelihood ?? 0) - (a.likelihood ?? 0)) : described;
};

const readFrames = (root: XmlElement): readonly MetadataFrame[] =>
  descendants(root, 'Frame').map((frame) => {
    const plane = transformation(frame);
    return {
      utcTime: frame.attributes.get('UtcTime')?.trim() ?? '',
      cells: readCells(frame),
      objects: children(frame, 'Object').map((object): MetadataObject => {
        const appearance = child(object, 'Appearance');
        const behaviour = child(object, 'Behaviour');
        return {
          id: object.attributes.get('ObjectId') ?? '',
          classes: readClasses(appearance),
          box: readBox(child(appearance, 'Shape'), plane),
          behaviour: child(behaviour, 'Removed') ? 'removed' : child(behaviour, 'Idle') ? 'idle' : undefined,
        };
      }),
    };
  });

/** Codes of SOAP 1.2 (`Code/Value`, nested `Subcode`) and 1.1 (`faultcode`). */
export const readFault = (fault: XmlElement): SoapFault => {
  const codes: string[] = [];
  for (let code = child(fault, 'Code'); code; code = child(code, 'Subcode')) {
    const value = textAt(code, 'Value');
    if (value) codes.unshift(value);
  }
  const old = textAt(fault, 'faultcode');
  if (old) codes.unshift(old);
  const reason = textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? descendant(fault, 'Text')?.text;
  return { codes, reason: reason ?? '' };
};

/** What `document` is. Never throws: a document of a kind nobody knows is `unknown`. */
export const readDocument = ({ root, namespaces }: XmlDocument): CameraDocument => {
  const isSoap = root.local === 'Envelope';
  const header = isSoap ? child(root, 'Header') : undefined;
  const content = isSoap ? (child(root, 'Body')?.children[0] ?? root) : root;
  const name = content.local;
  const isMetadata = /^metadatastream$/i.test(name);
  const faultElement = isSoap && name === 'Fault' ? content : undefined;
  const kind = ((): CameraDocument['kind'] => {
    if (faultElement) return 'fault';
    if (isMetadata) return 'metadata';
    if (name === 'Notify' || name === 'NotificationMessage') return 'notify';
    if (name === 'PullMessagesResponse') return 'pull-reply';
    return isSoap && name !== 'Envelope' ? 'reply' : 'unknown';
  })();
  return {
    kind,
    name,
    messages: readMessages(content, namespaces),
    frames: isMetadata ? readFrames(content) : [],
    fault: faultElement && readFault(faultElement),
    content,
    echoesCredentials: descendant(header, 'UsernameToken') !== undefined,
  };
};

/** Paths of a topic set, as written: an element is a topic when it says `wstop:topic="true"` (WS-Topics 1.3, section 5). */
export const readTopics = (content: XmlElement, namespaces: ReadonlyMap<string, string>): readonly string[] => {
  const topics = new Set<string>();
  const walk = (element: XmlElement, path: string): void => {
    const here = path === '' ? element.name : `${path}/${element.name}`;
    if (element.attributes.get('topic')?.trim().toLowerCase() === 'true')
      topics.add(standardPrefixes(here, namespaces));
    for (const inside of element.children) {
      if (inside.local !== 'MessageDescription' && inside.local !== 'MessageInstance') walk(inside, here);
    }
  };
  for (const set of descendants(content, 'TopicSet')) for (const top of set.children) walk(top, '');
  return [...topics];
};

/** Service addresses of GetCapabilities, by the category's element name. */
export const readCapabilityAddresses = (content: XmlElement): Items =>
  Object.fromEntries(
    (child(content, 'Capabilities')?.children ?? []).flatMap((category): readonly [string, string][] => {
      const address = textAt(category, 'XAddr');
      return address ? [[category.local, address]] : [];
    }),
  );

/** Address in GetStreamUri, GetSnapshotUri or GetReplayUri, of Media 1 (`MediaUri/Uri`) and Media 2 (`Uri`). */
export const readUri = (content: XmlElement): string | undefined =>
  textAt(content, 'MediaUri', 'Uri') ?? textAt(content, 'Uri');
