// What an ONVIF event message means: topic and items in, claims out. Rules over words, not a list of firmwares:
// vendors move the same words between topic levels and prefixes. Must not know how a message arrived.

import type { CameraMessage, Claim, ClaimKind, Items } from '../domain/camera-message.ts';

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

type Word = readonly [pattern: RegExp, kind: ClaimKind];

// Order matters: a tampered or blinded lens also says "scene change"; "motion region" is motion, not a zone.
const WORDS: readonly Word[] = [
  [/tamper|globalscenechange|imagetoo(?:dark|bright|blurry)|occlu|defocus|lenscover|hideimage|coverdetect/, 'tamper'],
  [/package|parcel/, 'package'],
  [/visitor|doorbell/, 'doorbell'],
  [/^pir$|pirsensor|passiveinfrared|^pir(?:motion|alarm|detect)/, 'pir'],
  [/face/, 'face'],
  [/people|person|human|pedestrian/, 'person'],
  [/vehicle|^cars?$|cardetect|licenseplate|numberplate|platedetect|truck|bicycle|motorcycle/, 'vehicle'],
  [/animal|^pets?$|petdetect|dogcat|^dog|^cat(?:$|detect)/, 'animal'],
  [/linecross|linedetect|crossline|linecrossing|tripwire|crossed/, 'line'],
  [
    /intrusion|fielddetect|objectsinside|isinside|loiter|fenceguard|regionentr|regionexit|enterregion|exitregion|crossregion/,
    'zone',
  ],
  [/motion|^vmd\d*$|^md$|movement|moving/, 'motion'],
];

/** Objects by the words of ONVIF Analytics 5.2 (`Class/Type`) and of vendors; a class we do not know is still an object. */
const classKind = (word: string): ClaimKind => {
  const name = word.toLowerCase();
  if (/^(?:human|person|people|pedestrian|humanbody|upperbody)/.test(name)) return 'person';
  if (/face/.test(name)) return 'face';
  if (/vehi?cle|^cars?$|truck|bus$|bike|bicycle|motorcycle|van$|licen[sc]eplate/.test(name)) return 'vehicle';
  if (/animal|^dog|^cat$|^pet/.test(name)) return 'animal';
  return 'motion';
};

const wordKind = (word: string): ClaimKind | undefined => WORDS.find(([pattern]) => pattern.test(word))?.[1];

// Topic families of ONVIF Core 9.2 and Annex that speak of the device, never of the scene.
const NOT_THE_SCENE =
  /^(?:monitoring|mediacontrol|mediaconfiguration|recordingconfig|recordinghistory|trackconfig|configuration|ptzcontroller|audiosource|audioanalytics|advancedsecurity|hardwarefailure|storage|light|network|mqtt|credential|user|schedule)$/;
const INPUTS = /^(?:digitalinput|alarmin|alarminput|iport|io|port|virtualinput|manualtrigger|externaltrigger)$/;

/** The kind a topic's words give, the last level first: `CellMotionDetector/People` is a person. */
const topicKind = (path: readonly string[]): ClaimKind => {
  const [family = ''] = path;
  if (NOT_THE_SCENE.test(family)) return 'other';
  const inner = path.slice(1);
  if (inner.some((level) => INPUTS.test(level))) return 'input';
  if (INPUTS.test(family)) return 'input';
  // The family itself names nothing ("VideoSource", "RuleEngine"), except where the topic is one level long.
  for (const level of (path.length > 1 ? inner : path).toReversed()) {
    const kind = wordKind(level);
    if (kind) return kind;
  }
  return path.includes('objectanalytics') || path.includes('objectdetection') ? 'motion' : 'other';
};

/** Items that look like a truth value ("0", "1") and are none. */
const NOT_A_STATE =
  /(?:id|token|rule|name|count|number|total|time|level|types?|index|channel|version|source|profile|likelihood|score|confidence|speed|direction|window|^x|^y)$/i;

const IS_THING = /^is([a-z].*)$/i;
const CLASS_LIST = /^(?:object)?(?:classtypes?|class|classtype|objecttypes?)$/i;

interface State {
  readonly name: string;
  readonly active: boolean;
}

const statesOf = (data: Items): readonly State[] =>
  Object.entries(data).flatMap(([name, text]): readonly State[] => {
    if (NOT_A_STATE.test(name) && !IS_THING.test(name)) return [];
    const active = booleanText(text);
    return active === undefined ? [] : [{ name, active }];
  });

const classesOf = (data: Items): readonly string[] | undefined => {
  const lists = Object.entries(data).filter(([name]) => CLASS_LIST.test(name));
  if (lists.length === 0) return undefined;
  return lists.flatMap(([, text]) => text.split(/[\s,;|]+/).filter((word) => word !== ''));
};

/** `IsPeople` names its own class (Tapo puts several under one topic); `IsInside` and the like belong to their topic. */
const itemKind = (name: string): ClaimKind | undefined => {
  const thing = IS_THING.exec(name)?.[1]?.toLowerCase();
  return thing === undefined ? undefined : wordKind(thing);
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
  const kind = topicKind(topicPath(message.topic));
  const states = statesOf(message.data);
  const classes = kind === 'other' || kind === 'tamper' || kind === 'input' ? undefined : classesOf(message.data);
  if (classes !== undefined) {
    const [state] = states;
    // A bare list under an object topic is the state itself: "Human Vehicle" has begun, an empty one has ended.
    const isList = !state && kind === 'motion';
    const active = state ? state.active : isList ? classes.length > 0 : null;
    const named = classes.map((name): Claim => ({ kind: classKind(name), active }));
    return merged(isList && named.length > 0 ? named : [{ kind, active }, ...named]);
  }
  const ownKinds = states.flatMap(({ name, active }): readonly Claim[] => {
    const own = itemKind(name);
    return own ? [{ kind: own, active }] : [];
  });
  if (ownKinds.length > 0 && kind !== 'input') return merged(ownKinds);
  const [state] = states;
  return [{ kind, active: state ? state.active : null }];
};

/** Reads what a message claims. Pure: state over time is `onvif-state.ts`. */
export const meaningOf = (message: CameraMessage): Meaning => {
  const claims = claimsOf(message);
  const about = claims.filter((claim) => isMotionKind(claim.kind));
  const motion =
    about.length === 0
      ? null
      : about.some((claim) => claim.active === true)
        ? true
        : about.some((claim) => claim.active === false)
          ? false
          : 'pulse';
  return { claims, motion, trigger: message.operation === 'Changed' && (motion === true || motion === 'pulse') };
};
