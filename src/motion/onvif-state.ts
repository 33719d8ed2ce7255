// What a camera's messages say over time: properties that are true until they are false, pulses, and states that are only
// repeated. A pure fold; the truth table beside it is the contract. Must not know pixels or episodes.

import type { CameraMessage, ClaimKind, Items } from '../domain/camera-message.ts';
import { between, type Instant, type Ms, seconds } from '../domain/units.ts';
import { isMotionKind, meaningOf, ownProperty } from './onvif-topics.ts';

interface Property {
  readonly isActive: boolean;
  /** When it last said true, on our clock; the camera's own time is never believed. */
  readonly trueAt: Instant;
  readonly kinds: readonly ClaimKind[];
  /** It has been seen to say false after true: its true may be believed for longer. */
  readonly endsByItself: boolean;
}

export interface CameraWord {
  readonly properties: ReadonlyMap<string, Property>;
}

/** Something the camera claims to have begun, ended, or seen for a moment. */
export interface Claimed {
  readonly type: 'begin' | 'end' | 'pulse';
  readonly at: Instant;
  readonly topic: string;
  readonly kinds: readonly ClaimKind[];
  /** `time`: it never said that it ended. */
  readonly by: 'camera' | 'time';
}

export interface WordStep {
  readonly next: CameraWord;
  readonly claimed: readonly Claimed[];
}

/** A true that may never be followed by a false (Tapo person detection) is believed this long. Source: engineering/onvif quirk 12. */
export const BARE_TRUE: Ms = seconds(30);
/** One that has ended by itself before is believed this long; Tapo C100 sticks now and then all the same (Tapo-Control#330). */
export const KNOWN_TRUE: Ms = seconds(300);
/** Properties remembered per camera. ObjectIds make new ones without end; the oldest inactive one is forgotten first. */
const MOST_PROPERTIES = 500;

export const SILENCE: CameraWord = { properties: new Map() };
const NONE: readonly Claimed[] = [];

const listed = (items: Items): string =>
  Object.entries(items)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');

/** One property is one topic at one source; objects in a field are counted one by one (Core 9.4.2, Key). */
const propertyKey = (message: CameraMessage): string => {
  const { topic, source, key, data } = message;
  const object = Object.entries(data).find(([name]) => /^objectid$/i.test(name))?.[1] ?? '';
  return `${topic}|${listed(source)}|${listed(key)}|${object}|${ownProperty(message)}`;
};

const limit = ({ endsByItself }: Property): Ms => (endsByItself ? KNOWN_TRUE : BARE_TRUE);

const forgetSome = (properties: Map<string, Property>): void => {
  for (const [key, property] of properties) {
    if (properties.size <= MOST_PROPERTIES) return;
    if (!property.isActive) properties.delete(key);
  }
  for (const key of properties.keys()) {
    if (properties.size <= MOST_PROPERTIES) return;
    properties.delete(key);
  }
};

/**
 * Folds one message that arrived at `at`.
 * `Initialized` repeats a state: it never begins anything, but a repeated false ends what we still believed.
 */
export const hear = (word: CameraWord, message: CameraMessage, at: Instant): WordStep => {
  const { claims, motion } = meaningOf(message);
  if (motion === null) return { next: word, claimed: NONE };
  const { topic, operation } = message;
  const active = claims.filter((claim) => isMotionKind(claim.kind) && claim.active !== false).map(({ kind }) => kind);
  if (motion === 'pulse') {
    if (operation !== 'Changed') return { next: word, claimed: NONE };
    return { next: word, claimed: [{ type: 'pulse', at, topic, kinds: active, by: 'camera' }] };
  }
  const key = propertyKey(message);
  const known = word.properties.get(key);
  const isTrue = motion && operation !== 'Deleted';
  if (isTrue && operation === 'Initialized') return { next: word, claimed: NONE };
  if (!isTrue && !known) return { next: word, claimed: NONE };

  const properties = new Map(word.properties);
  // Last in the map is latest heard: forgetting starts at the front.
  properties.delete(key);
  if (isTrue) {
    const kinds = known?.isActive ? [...new Set([...known.kinds, ...active])] : active;
    properties.set(key, { isActive: true, trueAt: at, kinds, endsByItself: known?.endsByItself ?? false });
    forgetSome(properties);
    const isNew = !known?.isActive;
    return { next: { properties }, claimed: isNew ? [{ type: 'begin', at, topic, kinds, by: 'camera' }] : NONE };
  }
  if (!known) return { next: word, claimed: NONE };
  if (operation !== 'Deleted') {
    // Only a change from true to false shows that this camera ends what it begins.
    const endsByItself = known.endsByItself || (operation === 'Changed' && known.isActive);
    properties.set(key, { ...known, isActive: false, endsByItself });
  }
  return {
    next: { properties },
    claimed: known.isActive ? [{ type: 'end', at, topic, kinds: known.kinds, by: 'camera' }] : NONE,
  };
};

/** Ends what was true for too long without another word. The same word comes back when nothing is due. */
export const believeUntil = (word: CameraWord, at: Instant): WordStep => {
  const due = [...word.properties].filter(
    ([, property]) => property.isActive && between(property.trueAt.mono, at.mono) >= limit(property),
  );
  if (due.length === 0) return { next: word, claimed: NONE };
  const properties = new Map(word.properties);
  for (const [key, property] of due) {
    // It stuck: from now on it is believed for the shorter time.
    properties.set(key, { ...property, isActive: false, endsByItself: false });
  }
  const claimed = due.map(
    ([key, { kinds }]): Claimed => ({ type: 'end', at, topic: key.split('|')[0] ?? '', kinds, by: 'time' }),
  );
  return { next: { properties }, claimed };
};

/** What the camera claims to be there now; empty when nothing. */
export const claimedNow = (word: CameraWord): readonly ClaimKind[] => {
  const kinds = new Set<ClaimKind>();
  for (const property of word.properties.values())
    if (property.isActive) for (const kind of property.kinds) kinds.add(kind);
  return [...kinds];
};

/** How long until something the camera said is no longer believed; undefined when nothing is active. */
export const believedFor = (word: CameraWord, at: Instant): Ms | undefined => {
  let least: Ms | undefined;
  for (const property of word.properties.values()) {
    if (!property.isActive) continue;
    const left = Math.max(0, limit(property) - between(property.trueAt.mono, at.mono)) as Ms;
    if (least === undefined || left < least) least = left;
  }
  return least;
};
