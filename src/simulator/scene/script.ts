// Where everybody is at a moment of the loop: the timeline turned into placed figures and a brightness. Pure.

import {
  bicycle,
  bin,
  binHauler,
  car,
  cat,
  cyclist,
  type Figure,
  OWNER_CLOTHES,
  POST_CLOTHES,
  parcel,
  walker,
} from './figures.ts';
import { AT_FIRST, type Happening, SCENE_SECONDS, type Thing, TIMELINE } from './timeline.ts';

/** A figure on the sheet: `x`, `y` where it stands, `scale` in sheet units per centimetre. */
export interface Placed {
  readonly figure: Figure;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly looksLeft: boolean;
}

export interface Moment {
  /** Back to front. */
  readonly placed: readonly Placed[];
  /** 1 is the afternoon light; less when a cloud is before the sun. */
  readonly light: number;
  /** Where the clouds have drifted to: -1 to 1 and back in one loop. */
  readonly drift: number;
}

/** Sheet units per centimetre for a figure standing at `y`: grows towards the camera. */
const scaleAt = (y: number): number => (44 + (y - 450) * 0.31) / 100;

const place = (figure: Figure, x: number, y: number, looksLeft = false): Placed => ({
  figure,
  x,
  y,
  scale: scaleAt(y),
  looksLeft,
});

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
/** Starts and stops gently. */
const ease = (share: number): number => {
  const at = clamp(share);
  return at * at * (3 - 2 * at);
};
/** Comes in at speed and rolls to a stop. */
const rollOut = (share: number): number => 1 - (1 - clamp(share)) ** 2;

const DOOR = { x: 812, y: 458 } as const;
const PARCEL = { x: 846, y: 460 } as const;
const BIN = { x: 520, y: 512 } as const;
const PARKED = { x: 300, y: 592 } as const;
const BICYCLE = { x: 920, y: 530 } as const;
const OUTSIDE = { left: -110, right: 1400 } as const;

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A walk from spot to spot; one stride carries a person about 124 cm. */
const walkTo = (from: Spot, to: Spot, share: number, carries?: 'parcel' | 'bin', clothes = OWNER_CLOTHES): Placed => {
  const at = { x: mix(from.x, to.x, share), y: mix(from.y, to.y, share) };
  const gone = Math.hypot(at.x - from.x, at.y - from.y) / scaleAt(at.y);
  const isMoving = share > 0 && share < 1;
  const looksLeft = to.x < from.x;
  const figure =
    carries === 'bin'
      ? binHauler(gone / 124)
      : walker({ clothes, phase: gone / 124, stride: isMoving ? 1 : 0, ...(carries ? { carries } : {}) });
  return place(figure, at.x, at.y, looksLeft);
};

const between = (seconds: number, from: number, to: number): boolean => seconds >= from && seconds < to;

/** The sheet makes near things too near for a whole car; this one fits the yard. */
const CAR_SIZE = 0.86;

const placeCar = (figure: Figure, x: number, y: number): Placed => ({
  ...place(figure, x, y, true),
  scale: scaleAt(y) * CAR_SIZE,
});

const catAt = (seconds: number, length: number): Placed[] => {
  const share = seconds / length;
  const x = mix(-90, 1370, share);
  const y = 664 - Math.sin(share * Math.PI) * 34;
  return [{ ...place(cat(x / (30 * scaleAt(y) * 1.6)), x, y), scale: scaleAt(y) * 1.35 }];
};

/** Rides in, walks to the door, walks back, rides off. Seconds from the start of the happening. */
const POST = { arrived: 3.4, atDoor: 4.8, back: 6.2, end: 10 } as const;

const ride = (from: Spot, to: Spot, share: number, hasParcel: boolean): Placed => {
  const at = { x: mix(from.x, to.x, share), y: mix(from.y, to.y, share) };
  return place(cyclist(Math.abs(at.x - from.x) / scaleAt(at.y), hasParcel), at.x, at.y, to.x < from.x);
};

const postAt = (seconds: number): Placed[] => {
  const road: Spot = { x: OUTSIDE.right, y: 574 };
  if (seconds < POST.arrived) return [ride(road, BICYCLE, rollOut(seconds / POST.arrived), true)];
  if (seconds >= POST.back)
    return [ride(BICYCLE, road, ((seconds - POST.back) / (POST.end - POST.back)) ** 1.6, false)];
  const stand = place(bicycle(), BICYCLE.x, BICYCLE.y, true);
  const beside: Spot = { x: BICYCLE.x - 20, y: BICYCLE.y - 6 };
  const step: Spot = { x: PARCEL.x + 14, y: PARCEL.y + 6 };
  const isGoing = seconds < POST.atDoor;
  const share = isGoing
    ? (seconds - POST.arrived) / (POST.atDoor - POST.arrived)
    : (seconds - POST.atDoor) / (POST.back - POST.atDoor);
  return [
    stand,
    isGoing
      ? walkTo(beside, step, share, 'parcel', POST_CLOTHES)
      : walkTo(step, beside, share, undefined, POST_CLOTHES),
  ];
};

/** In forwards, out backwards; the wheels turn with the way. */
const drive = (from: Spot, to: Spot, share: number): Placed => {
  const at = { x: mix(from.x, to.x, share), y: mix(from.y, to.y, share) };
  const gone = (at.x - PARKED.x) / (scaleAt(at.y) * CAR_SIZE);
  return placeCar(car(-gone, true), at.x, at.y);
};

const CAR_ROAD: Spot = { x: 1520, y: 620 };

/** Door to bin on foot, then off to the left with the bin behind. */
const HAUL_FROM = 4;

const haulOut = (seconds: number, length: number): Placed[] =>
  seconds < HAUL_FROM
    ? [place(bin(), BIN.x, BIN.y), walkTo(DOOR, { x: BIN.x + 26, y: BIN.y + 2 }, seconds / HAUL_FROM)]
    : [
        walkTo(
          { x: BIN.x, y: BIN.y },
          { x: OUTSIDE.left, y: 540 },
          (seconds - HAUL_FROM) / (length - HAUL_FROM),
          'bin',
        ),
      ];

const haulBack = (seconds: number, length: number): Placed[] => {
  const hauling = length - HAUL_FROM;
  const spot: Spot = { x: BIN.x + 40, y: BIN.y + 2 };
  return seconds < hauling
    ? [walkTo({ x: OUTSIDE.left, y: 540 }, spot, seconds / hauling, 'bin')]
    : [place(bin(), BIN.x, BIN.y), walkTo(spot, DOOR, (seconds - hauling) / HAUL_FROM)];
};

/** Out of the door, round the parcel, and in again with it. */
const fetchParcel = (seconds: number, length: number): Placed[] => {
  const turn = length / 2;
  const beside: Spot = { x: PARCEL.x + 44, y: PARCEL.y + 14 };
  return seconds < turn
    ? [place(parcel(), PARCEL.x, PARCEL.y), walkTo(DOOR, beside, ease(seconds / turn))]
    : [walkTo(beside, DOOR, ease((seconds - turn) / turn), 'parcel')];
};

/** The figures of a happening while it lasts, the thing that comes or goes included. */
const during = (happening: Happening, seconds: number): Placed[] => {
  const length = happening.end - happening.start;
  switch (happening.name) {
    case 'cat':
      return catAt(seconds, length);
    case 'post':
      return [...(seconds >= POST.atDoor ? [place(parcel(), PARCEL.x, PARCEL.y)] : []), ...postAt(seconds)];
    case 'car-in':
      return [drive(CAR_ROAD, PARKED, rollOut(seconds / length))];
    case 'car-out':
      return [drive(PARKED, CAR_ROAD, (seconds / length) ** 1.8)];
    case 'bin-out':
      return haulOut(seconds, length);
    case 'bin-back':
      return haulBack(seconds, length);
    case 'parcel-in':
      return fetchParcel(seconds, length);
    default:
      return [];
  }
};

const standing = (thing: Thing): Placed => {
  switch (thing) {
    case 'parcel':
      return place(parcel(), PARCEL.x, PARCEL.y);
    case 'bin':
      return place(bin(), BIN.x, BIN.y);
    default:
      return placeCar(car(0, false), PARKED.x, PARKED.y);
  }
};

/** What stands in the yard at a time; things that are coming or going at that moment are not among them. */
export const thingsAt = (seconds: number): readonly Thing[] => {
  const things = new Set<Thing>(AT_FIRST);
  for (const { kind, thing, start, end } of TIMELINE) {
    if (!thing || seconds < start) continue;
    if (kind === 'arrives' && seconds >= end) things.add(thing);
    else things.delete(thing);
  }
  return [...things];
};

/** How much darker the cloud makes it. */
const SHADE = 0.22;
/** Seconds from light to shade, evenly: under 2 % in the 0.6 s over which detectors compare, less than their noise. */
const SHADE_RAMP = 9;

const lightAt = (seconds: number): number => {
  const shade = TIMELINE.find(({ kind, start, end }) => kind === 'light' && between(seconds, start, end));
  if (!shade) return 1;
  const depth = Math.min(1, (seconds - shade.start) / SHADE_RAMP, (shade.end - seconds) / SHADE_RAMP);
  return 1 - SHADE * depth;
};

/** @param seconds from the start of the loop, 0 up to the scene's length */
export const momentAt = (seconds: number): Moment => {
  const now = TIMELINE.find(({ start, end }) => between(seconds, start, end));
  const moving = now ? during(now, seconds - now.start) : [];
  const placed = [...thingsAt(seconds).map((thing) => standing(thing)), ...moving].sort((a, b) => a.y - b.y);
  return { placed, light: lightAt(seconds), drift: Math.sin((2 * Math.PI * seconds) / SCENE_SECONDS) };
};
