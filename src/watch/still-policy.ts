// In which order the ways to take a still are tried. A pure decision from facts; its truth table is beside it.

import type { StillKind } from '../domain/still.ts';
import { WAY_NAMES, type WayName, type WayReason } from '../domain/still-choice.ts';
import { type Ms, ms, seconds } from '../domain/units.ts';

/** What was measured on one way at this camera. */
export interface WayRecord {
  /** Width × height of its latest picture. */
  readonly pixels: number;
  /** From order to complete bytes, typically. */
  readonly delay: Ms;
  /** How old what it shows is when it arrives, typically; caches make it large. */
  readonly age: Ms;
  /** Failures and refused pictures since its last good one. */
  readonly failuresInRow: number;
}

export interface WayFacts {
  readonly name: WayName;
  /** undefined: never tried. */
  readonly record: WayRecord | undefined;
  /** Only of ways that show one fixed moment (`last-calm`): how long before the wanted moment that was. */
  readonly before?: Ms;
}

export interface StillWanted {
  readonly kind: StillKind;
  /** How long ago the wanted moment was when the order came. */
  readonly ago: Ms;
}

export interface LinkFacts {
  /** Bytes, or a battery, are spent by every stream that is opened. */
  readonly isCostly: boolean;
  /** Streams the camera gives at once, when that is known (Tapo: 2). */
  readonly streamLimit: number | undefined;
  /** Streams we hold open at it now. */
  readonly streamsOpen: number;
}

export type LeftOutBecause = 'too-late' | 'stream-limit' | 'costly';

export interface StillPlan {
  readonly ways: readonly { readonly name: WayName; readonly reason: WayReason }[];
  readonly leftOut: readonly { readonly name: WayName; readonly because: LeftOutBecause }[];
}

/** Ways that have what was, not only what is. */
const REACHES_BACK: ReadonlySet<WayName> = new Set(['main-ring', 'sub-frame', 'last-calm']);
/** Ways that need one more session at the camera. */
const OPENS_A_STREAM: ReadonlySet<WayName> = new Set(['main-stream']);
/** Ways whose bytes come over the link only because of this order; the others' are here already. */
const COSTS: ReadonlySet<WayName> = new Set(['main-stream', 'http-snapshot']);
/** Without a record: the main stream's size is what the owner calls full resolution; a snapshot's is anybody's guess. */
const EXPECTED_PIXELS: Readonly<Record<WayName, number>> = {
  'main-ring': 2_000_000,
  'main-stream': 2_000_000,
  'last-calm': 2_000_000,
  'http-snapshot': 500_000,
  'sub-frame': 230_000,
};
const EXPECTED_DELAY: Readonly<Record<WayName, Ms>> = {
  'main-ring': ms(200),
  'main-stream': seconds(2),
  'last-calm': ms(0),
  'http-snapshot': ms(800),
  'sub-frame': ms(50),
};
/** A moment of motion lasts about this long: a picture later than that shows the empty driveway. */
const MOMENT: Ms = ms(1500);
/** Pictures within a tenth of the pixels are equally good. */
const AS_MANY = 0.9;
/** A picture of a calm scene may be this old; more is a cache that shows somebody else's moment. */
const STALE: Ms = seconds(5);
/** So many failures in a row and a way is tried after the others, until it succeeds again. */
const FAILS_LATELY = 2;
/** The sun moves: an older picture than this is a worse "before" than a small one of the moment itself. */
const LAST_CALM_FOR: Ms = seconds(6 * 3600);

const pixelsOf = (way: WayFacts): number => way.record?.pixels ?? EXPECTED_PIXELS[way.name];
const delayOf = (way: WayFacts): Ms => way.record?.delay ?? EXPECTED_DELAY[way.name];

/** Kinds for which the wanted moment is everything; for the others any calm moment from now on is as good. */
const isOfAMoment = (kind: StillKind): boolean => kind === 'before' || kind === 'peak';

const leaveOut = (way: WayFacts, wanted: StillWanted, link: LinkFacts): LeftOutBecause | undefined => {
  const ofMoment = isOfAMoment(wanted.kind);
  const isFull = link.streamLimit !== undefined && link.streamsOpen >= link.streamLimit;
  if (OPENS_A_STREAM.has(way.name) && isFull) return 'stream-limit';
  if (way.name === 'last-calm' && wanted.kind !== 'before') return 'too-late';
  if (!ofMoment || REACHES_BACK.has(way.name)) return undefined;
  // What comes before is over once it is wanted; a peak may still be going on.
  if (wanted.kind === 'before' || wanted.ago + delayOf(way) > MOMENT) return 'too-late';
  return link.isCostly && COSTS.has(way.name) ? 'costly' : undefined;
};

/** Lower comes first, compared from the left. */
type Rank = readonly number[];

const byRank = (a: Rank, b: Rank): number => {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/**
 * The ways worth trying, best first, each with the reason for its place; and the ones that are not, with theirs.
 * A way that fails lately or shows stale pictures comes after those that do not, and before nothing at all.
 */
export const planStill = (wanted: StillWanted, offered: readonly WayFacts[], link: LinkFacts): StillPlan => {
  const leftOut: { name: WayName; because: LeftOutBecause }[] = [];
  const usable = offered.filter((way) => {
    const because = leaveOut(way, wanted, link);
    if (because) leftOut.push({ name: way.name, because });
    return because === undefined;
  });
  const most = Math.max(0, ...usable.map(pixelsOf));
  const ofMoment = isOfAMoment(wanted.kind);
  const isDoubtful = (way: WayFacts): boolean =>
    (way.record?.failuresInRow ?? 0) >= FAILS_LATELY || (!ofMoment && (way.record?.age ?? 0) > STALE);
  const hasMost = (way: WayFacts): boolean => pixelsOf(way) >= most * AS_MANY;
  const isOutdated = (way: WayFacts): boolean => (way.before ?? 0) > LAST_CALM_FOR;
  const costs = (way: WayFacts): boolean => link.isCostly && COSTS.has(way.name);
  const rank = (way: WayFacts): Rank => [
    isDoubtful(way) ? 1 : 0,
    isOutdated(way) ? 1 : 0,
    // Within one size the fastest; a smaller picture is never taken for speed.
    hasMost(way) ? 0 : 1,
    hasMost(way) ? 0 : -pixelsOf(way),
    // On a link that costs: what is here already, then the smaller download.
    costs(way) ? (way.name === 'main-stream' ? 2 : 1) : 0,
    ofMoment ? (REACHES_BACK.has(way.name) ? 0 : 1) : 0,
    way.name === 'last-calm' ? 1 : 0,
    delayOf(way),
    WAY_NAMES.indexOf(way.name),
  ];
  const sorted = usable.map((way) => ({ way, rank: rank(way) })).sort((a, b) => byRank(a.rank, b.rank));
  const rivals = usable.filter(hasMost).length;
  const reasonOf = (way: WayFacts): WayReason => {
    if (isDoubtful(way)) return 'last-resort';
    if (way.name === 'last-calm') return 'nothing-since';
    if (ofMoment) return 'moment';
    if (!hasMost(way)) return 'last-resort';
    if (link.isCostly && rivals > 1) return 'cheapest';
    return rivals > 1 ? 'fastest' : 'most-pixels';
  };
  return { ways: sorted.map(({ way }) => ({ name: way.name, reason: reasonOf(way) })), leftOut };
};
