// What an ONVIF event message means: topic and items in, claims out. Rules over words, not a list of firmwares:
// vendors move the same words between topic levels and prefixes. Must not know how a message arrived.

import type { CameraMessage, Claim, ClaimKind, Items } from '../domain/camera-message.ts';
import { COUNTS, classKind, INPUTS, INTERNAL, NOT_THE_SCENE, wordKind } from './onvif-words.ts';

export interface Meaning {
  readonly claims: readonly Claim[];
  /** null: says nothing about motion. `pulse`: motion at this moment, with no end to wait for. */
  readonly motion: boolean | 'pulse' | null;
  /** True when it may start an episode: motion that began now, not a replayed state. */
  readonly trigger: boolean;
}

/** Something is in the picture that the owner wants a photo of. Tampering and wires are told to the owner, not photographed. */
const MOTION_KINDS: ReadonlySet<ClaimKind> = new Set([
  'motion',
  'person',
  'vehicle',
  'animal',
  'face',
  'line',
  'zone',
  'pir',
  'package',
  'doorbell',
]);
export const isMotionKind = (kind: ClaimKind): boolean => MOTION_KINDS.has(kind);

const TRUE = new Set(['true', '1', 'active', 'on', 'yes', 'high']);
const FALSE = new Set(['false', '0', 'inactive', 'off', 'no', 'low']);

/** The boolean a camera wrote, in any of the spellings seen; undefined for everything else. */
export const booleanText = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
};

/** Levels of a topic, prefixes stripped, lower case. Firmwares append `/` and `.` (`…/Motion//.`). */
export const topicPath = (topic: string): readonly string[] =>
  topic
    .trim()
    .replace(/[/.\s]+$/, '')
    .split('/')
    .map((level) => level.trim().replace(/^.*:/, '').toLowerCase())
    .filter((level) => level !== '');

/** A topic without the levels that an owner named: Bosch ends `IVA/<algorithm>/<rule>` with the rule's name, which may be any word. */
const namedByMaker = (path: readonly string[]): readonly string[] => (path[0] === 'iva' ? path.slice(0, 2) : path);

/** `ObjectDetection` (ONVIF, Ajax, Hanwha) and `ObjectDetector` tell what an object is by its class alone. */
const isObjectTopic = (path: readonly string[]): boolean =>
  path.some((level) => /^objectdetect(?:ion|or)$/.test(level));

interface TopicKind {
  readonly kind: ClaimKind;
  /** Its last level says so; otherwise a level above, which groups several things. */
  readonly isOwn: boolean;
}

/** The kind a topic's words give, the last level first: `CellMotionDetector/People` is a person. */
const topicKind = (path: readonly string[]): TopicKind => {
  const [family = ''] = path;
  if (NOT_THE_SCENE.test(family)) return { kind: 'other', isOwn: true };
  if (path.some((level) => INPUTS.test(level))) return { kind: 'input', isOwn: true };
  if (path.some((level) => COUNTS.test(level) || INTERNAL.test(level))) return { kind: 'other', isOwn: true };
  // The family itself names nothing ("VideoSource", "RuleEngine"), except where the topic is one level long.
  const inner = path.length > 1 ? path.slice(1) : path;
  for (const [above, level] of inner.toReversed().entries()) {
    const kind = wordKind(level);
    if (kind) return { kind, isOwn: above === 0 };
  }
  const pair = inner.slice(-2).join('/');
  const kind = wordKind(pair) ?? (path.includes('objectanalytics') || isObjectTopic(path) ? 'motion' : 'other');
  return { kind, isOwn: true };
};

/** Items that look like a truth value ("0", "1") and are none; written as a word they are one all the same. */
const NOT_A_STATE =
  /(?:id|token|rule|name|count|number|time|level|types?|index|channel|version|source|profile|likelihood|score|confidence|speed|direction|window|^x|^y)$|total/i;
/** Where a message says several things, the one that is the state. */
const THE_STATE = /^(?:is[a-z]+|state|logicalstate|active|value|status|detected|triggered|motion|alarm(?:active)?)$/i;
const IS_THING = /^is([a-z].*)$/i;
/** `IsInside`, `IsActive`: a state of whatever the topic is about. */
const STATE_THING = /^(?:inside|active|detected|triggered|alarm|alarmed|on|set|present|true)$/;
const CLASS_LIST = /^(?:object)?(?:classtypes?|class|types?)$/i;

interface State {
  readonly name: string;
  /** undefined: it says something else than yes or no. */
  readonly active: boolean | undefined;
}

const statesOf = (data: Items): readonly State[] => {
  const states = Object.entries(data).flatMap(([name, text]): readonly State[] => {
    if (CLASS_LIST.test(name)) return [];
    const active = booleanText(text);
    if (active === undefined) return THE_STATE.test(name) ? [{ name, active }] : [];
    const isWord = /^(?:true|false)$/i.test(text.trim());
    return NOT_A_STATE.test(name) && !IS_THING.test(name) && !isWord ? [] : [{ name, active }];
  });
  // A stable sort: what is named like a state comes first, otherwise as written.
  return states.toSorted((a, b) => Number(THE_STATE.test(b.name)) - Number(THE_STATE.test(a.name)));
};

/** Classes that are words; a maker's number for a class (Avigilon) stays unread. */
const classesOf = (data: Items): readonly string[] | undefined => {
  const lists = Object.entries(data).filter(([name]) => CLASS_LIST.test(name));
  if (lists.length === 0) return undefined;
  return lists.flatMap(([, text]) => text.split(/[\s,;|]+/).filter((word) => /[a-z]/i.test(word)));
};

/**
 * What an item's own name says: `IsPeople` is a person whatever its topic (Tapo puts several classes under one), `IsInside`
 * a state of its topic. An `IsBabyCry` or `IsConfigChange` under a topic that groups things is neither.
 */
const itemKind = (name: string, topic: TopicKind): ClaimKind | undefined => {
  const thing = IS_THING.exec(name)?.[1]?.toLowerCase();
  if (thing === undefined || STATE_THING.test(thing)) return undefined;
  return wordKind(thing) ?? (topic.isOwn ? undefined : 'other');
};

/** The item that is a property of its own beside others of the same topic and source: `IsVehicle` does not end `IsPeople`. */
export const ownProperty = ({ topic, data }: CameraMessage): string => {
  const about = topicKind(namedByMaker(topicPath(topic)));
  return statesOf(data)
    .filter(({ name }) => itemKind(name, about) !== undefined)
    .map(({ name }) => name.toLowerCase())
    .sort()
    .join('+');
};

const merged = (claims: readonly Claim[]): readonly Claim[] => {
  const byKind = new Map<ClaimKind, boolean | null>();
  for (const { kind, active } of claims) {
    const known = byKind.get(kind);
    byKind.set(kind, known === undefined || known === null ? active : known || active === true);
  }
  return [...byKind].map(([kind, active]) => ({ kind, active }));
};

const claimsOf = (message: CameraMessage): readonly Claim[] => {
  const path = namedByMaker(topicPath(message.topic));
  const topic = topicKind(path);
  const { kind } = topic;
  const states = statesOf(message.data);
  const [state] = states;
  const classes = kind === 'other' || kind === 'tamper' || kind === 'input' ? undefined : classesOf(message.data);
  if (classes !== undefined) {
    const isObject = isObjectTopic(path);
    // A bare list under an object topic is the state itself: "Human Vehicle" has begun, an empty one has ended.
    const isList = !state && kind === 'motion';
    const active = state ? (state.active ?? null) : isList ? classes.length > 0 : null;
    const named = classes.map((name): Claim => ({ kind: classKind(name), active }));
    return merged((isList || isObject) && named.length > 0 ? named : [{ kind, active }, ...named]);
  }
  const own = states.flatMap(({ name, active }): readonly Claim[] => {
    const itself = itemKind(name, topic);
    return itself ? [{ kind: itself, active: active ?? null }] : [];
  });
  if (own.length > 0 && kind !== 'input') return merged(own);
  return [{ kind, active: state?.active ?? null }];
};

/** Reads what a message claims. Pure: state over time is `onvif-state.ts`. */
export const meaningOf = (message: CameraMessage): Meaning => {
  const claims = claimsOf(message);
  const about = claims.filter((claim) => isMotionKind(claim.kind));
  const motion = ((): Meaning['motion'] => {
    if (about.length === 0) return null;
    if (about.some((claim) => claim.active === true)) return true;
    if (about.some((claim) => claim.active === false)) return false;
    // A moment is told without any state. A state in words nobody knows is not guessed at.
    return statesOf(message.data).length > 0 ? null : 'pulse';
  })();
  return { claims, motion, trigger: message.operation === 'Changed' && (motion === true || motion === 'pulse') };
};
