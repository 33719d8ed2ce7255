// What happens in the demo scene, as data: the drawing follows it and tests judge a detector by it.

export type Thing = 'parcel' | 'car' | 'bin';

/** `light`: only the brightness changes; nobody came, and it is not a happening. */
export type HappeningKind = 'passing' | 'arrives' | 'leaves' | 'light';

export interface Happening {
  readonly name: 'cat' | 'post' | 'car-in' | 'bin-out' | 'shade' | 'parcel-in' | 'car-out' | 'bin-back';
  readonly kind: HappeningKind;
  /** Seconds from the start of the loop: from the first to the last moving picture. */
  readonly start: number;
  readonly end: number;
  /** What the scene has more or less of afterwards. */
  readonly thing?: Thing;
  readonly what: string;
}

/** Seconds. The scene is the same at its end as at its start. */
export const SCENE_SECONDS = 240;

/**
 * A detector needs 20 s of calm before it trusts itself, hence the quiet beginning; the gaps are longer than any calm
 * period a demo would use.
 */
export const TIMELINE: readonly Happening[] = [
  { name: 'cat', kind: 'passing', start: 24, end: 31, what: 'a cat crosses the yard' },
  { name: 'post', kind: 'arrives', thing: 'parcel', start: 54, end: 64, what: 'the post leaves a parcel at the door' },
  { name: 'car-in', kind: 'arrives', thing: 'car', start: 84, end: 91, what: 'a car comes and parks' },
  { name: 'bin-out', kind: 'leaves', thing: 'bin', start: 108, end: 117, what: 'the bin is taken to the road' },
  { name: 'shade', kind: 'light', start: 124, end: 142, what: 'a cloud darkens the yard and passes' },
  {
    name: 'parcel-in',
    kind: 'leaves',
    thing: 'parcel',
    start: 154,
    end: 160,
    what: 'the parcel is taken into the house',
  },
  { name: 'car-out', kind: 'leaves', thing: 'car', start: 178, end: 185, what: 'the car drives away' },
  { name: 'bin-back', kind: 'arrives', thing: 'bin', start: 204, end: 213, what: 'the bin comes back' },
];

/** What stands in the yard when the loop begins. */
export const AT_FIRST: readonly Thing[] = ['bin'];
