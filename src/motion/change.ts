// What changed between two stills of one place: where, how much, and whether something came, went, or only the light did.
// A finding is a statement about two pictures; it is shown, searched and corrected, and nothing is ever deleted on it.

import { CHANGE_SIZE, type ChangePicture } from '../domain/change-picture.ts';
import { type ChangeVerdict, maskText, type StillChange } from '../domain/still-change.ts';
import { FURTHEST, findShift, type Shift, shifted } from './change-alignment.ts';
import { CELL, CELLS, CellChange, COLUMNS, judgeCells, type LightFit, type Planes, ROWS } from './change-cells.ts';
import { colour, saturation, smoothed, spread } from './change-filters.ts';
import { smallThings } from './change-small.ts';

const { width: W, height: H } = CHANGE_SIZE;

/** Why two pictures cannot be compared. */
export type NoComparison = 'night-switch' | 'no-structure' | 'camera-moved';

export interface PairChange {
  readonly finding: 'same' | 'arrived' | 'gone' | 'light-only' | 'cannot-compare';
  /** Given with `cannot-compare` only. */
  readonly why?: NoComparison;
  /** Share of the picture that shows other things than before, 0..1. */
  readonly share: number;
  /** 32 × 18 cells, row-major: 1 where other things are. */
  readonly mask: Uint8Array;
  readonly shift: Shift;
  readonly light: LightFit;
}

/** An infrared picture has no colour: up to this median distance from grey it may be one … */
const INFRARED = 1;
/** … and from here on it is none. A scene that is grey by day (asphalt, snow) says nothing, and is compared. */
const COLOURFUL = 4;
/** Contrast of a whole picture, in grey levels, under which there is nothing to compare: covered, black, thick fog. */
const LEAST_CONTRAST = 5;
/** Share of patterned cells that must have kept their pattern, or it is another view. Measured: same place 0.62 and more, others up to 0.10. */
const LEAST_AGREEMENT = 0.35;
/** With fewer patterned cells the agreement is not evidence either way. */
const LEAST_PATTERNED = 24;
/** Changed cells of one thing. A cell looks 5 px beyond itself, so a thing of 10 × 10 px changes four; fewer is a leaf. */
const LEAST_CELLS = 3;
/** In a shadow or a patch of sun the pattern inside stays; at least this share of what it covers. */
const LIT_SHARE = 0.5;
/** The whole picture's light counts as changed from here: 12 % gain or 10 grey levels. */
const OTHER_GAIN = 0.12;
const OTHER_OFFSET = 10;
/** Share of cells lit otherwise from which a picture counts as lit otherwise: a shadow of some size. */
const OTHER_LIGHT_SHARE = 0.03;
/** A pixel belongs to the thing from this difference on, in grey levels. */
const THING_STEP = 18;

const planesOf = (picture: ChangePicture): Planes => ({
  luma: smoothed(picture.luma),
  blue: colour(picture.blue),
  red: colour(picture.red),
});

/** Connected cells (eight neighbours) that are anything but unchanged and contain a changed thing. */
const things = (cells: Uint8Array): readonly (readonly number[])[] => {
  const seen = new Uint8Array(CELLS);
  const found: number[][] = [];
  for (let start = 0; start < CELLS; start++) {
    if (seen[start] === 1 || cells[start] === CellChange.none) continue;
    const group: number[] = [];
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      group.push(at);
      const [column, row] = [at % COLUMNS, Math.floor(at / COLUMNS)];
      for (let y = Math.max(0, row - 1); y <= Math.min(ROWS - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(COLUMNS - 1, column + 1); x++) {
          const next = y * COLUMNS + x;
          if (seen[next] === 1 || cells[next] === CellChange.none) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    const count = (code: number): number => group.filter((at) => cells[at] === code).length;
    const [thing, lit] = [count(CellChange.thing), count(CellChange.light)];
    if (thing < LEAST_CELLS) continue;
    // A shadow has other patterns along its edge and the old ones inside.
    if (lit / (thing + lit) >= LIT_SHARE) continue;
    found.push(group.filter((at) => cells[at] !== CellChange.light));
  }
  return found;
};

/** Cells that are lit otherwise: by their own word, or changed without being part of a thing. */
const litShare = (cells: Uint8Array, mask: Uint8Array): number => {
  let lit = 0;
  for (let at = 0; at < CELLS; at++) if (cells[at] !== CellChange.none && mask[at] === 0) lit++;
  return lit / CELLS;
};

/** The pixels of a group of cells that show other things. */
const pixelsOf = (group: readonly number[], before: Planes, after: Planes, light: LightFit): readonly number[] => {
  const pixels: number[] = [];
  for (const cell of group) {
    const [left, top] = [(cell % COLUMNS) * CELL, Math.floor(cell / COLUMNS) * CELL];
    for (let y = top; y < top + CELL; y++) {
      for (let x = left; x < left + CELL; x++) {
        const at = y * W + x;
        const step =
          Math.abs((after.luma[at] ?? 0) - light.gain * (before.luma[at] ?? 0) - light.offset) +
          Math.abs((after.blue[at] ?? 0) - (before.blue[at] ?? 0)) +
          Math.abs((after.red[at] ?? 0) - (before.red[at] ?? 0));
        if (step >= THING_STEP) pixels.push(at);
      }
    }
  }
  return pixels;
};

/**
 * Positive when the thing at `pixels` stands out in the picture after, negative when it stood out in the one before: what
 * stands out from its surroundings is the thing, what blends in is the ground behind it. Weighed by length of outline.
 */
const standingOut = (pixels: readonly number[], before: Planes, after: Planes, light: LightFit): number => {
  const inside = new Uint8Array(W * H);
  for (const at of pixels) inside[at] = 1;
  // Across the outline, three pixels apart, since both pictures are smoothed.
  const edge = (planes: Planes, from: number, to: number, gain: number): number =>
    gain * Math.abs((planes.luma[from] ?? 0) - (planes.luma[to] ?? 0)) +
    Math.abs((planes.blue[from] ?? 0) - (planes.blue[to] ?? 0)) +
    Math.abs((planes.red[from] ?? 0) - (planes.red[to] ?? 0));
  let sum = 0;
  const REACH = 3;
  for (let y = REACH; y < H - REACH; y++) {
    for (let x = REACH; x < W - REACH; x++) {
      const at = y * W + x;
      for (const step of [1, W]) {
        if (inside[at] === inside[at + step]) continue;
        const [from, to] = [at - step, at + step * (REACH - 1)];
        sum += edge(after, from, to, 1) - edge(before, from, to, light.gain);
      }
    }
  }
  return sum;
};

const nothing = (why: NoComparison, shift: Shift, light: LightFit): PairChange => ({
  finding: 'cannot-compare',
  why,
  share: 0,
  mask: new Uint8Array(CELLS),
  shift,
  light,
});

const NO_SHIFT: Shift = { x: 0, y: 0 };
const SAME_LIGHT: LightFit = { gain: 1, offset: 0 };

const isNightSwitch = (before: ChangePicture, after: ChangePicture): boolean => {
  const [a, b] = [saturation(before), saturation(after)];
  return (a <= INFRARED && b >= COLOURFUL) || (b <= INFRARED && a >= COLOURFUL);
};

/** Compares two stills of one camera, the earlier one first. About 30 ms; allocates about 3 MB, all of it short-lived. */
export const compareStills = (before: ChangePicture, after: ChangePicture): PairChange => {
  if (spread(before.luma).deviation < LEAST_CONTRAST || spread(after.luma).deviation < LEAST_CONTRAST) {
    return nothing('no-structure', NO_SHIFT, SAME_LIGHT);
  }
  if (isNightSwitch(before, after)) return nothing('night-switch', NO_SHIFT, SAME_LIGHT);
  const first = planesOf(before);
  const raw = planesOf(after);
  const shift = findShift(first.luma, raw.luma);
  const second: Planes = {
    luma: shifted(raw.luma, shift),
    blue: shifted(raw.blue, shift),
    red: shifted(raw.red, shift),
  };
  const { cells, light, agreement, patterned } = judgeCells({ before: first, after: second, shift });
  const isFarOff = Math.max(Math.abs(shift.x), Math.abs(shift.y)) >= FURTHEST;
  if (isFarOff || (patterned >= LEAST_PATTERNED && agreement < LEAST_AGREEMENT)) {
    return nothing('camera-moved', shift, light);
  }
  const mask = new Uint8Array(CELLS);
  let standing = 0;
  for (const group of things(cells)) {
    for (const at of group) mask[at] = 1;
    standing += standingOut(pixelsOf(group, first, second, light), first, second, light);
  }
  const share = mask.reduce((sum, cell) => sum + cell, 0) / CELLS;
  if (share > 0) return { finding: standing >= 0 ? 'arrived' : 'gone', share, mask, shift, light };
  const isLitOtherwise =
    Math.abs(light.gain - 1) >= OTHER_GAIN ||
    Math.abs(light.offset) >= OTHER_OFFSET ||
    litShare(cells, mask) >= OTHER_LIGHT_SHARE;
  if (isLitOtherwise) return { finding: 'light-only', share: 0, mask, shift, light };
  const small = smallThings(first, second, light);
  if (small.length === 0) return { finding: 'same', share: 0, mask, shift, light };
  for (const at of small.flat())
    mask[Math.floor(Math.floor(at / W) / CELL) * COLUMNS + Math.floor((at % W) / CELL)] = 1;
  const leaning = small.reduce((sum, pixels) => sum + standingOut(pixels, first, second, light), 0);
  const area = small.reduce((sum, { length }) => sum + length, 0) / (W * H);
  return { finding: leaning >= 0 ? 'arrived' : 'gone', share: area, mask, shift, light };
};

/** The word for a pair, as a still keeps it. Two stills that show the same say that whatever moved is gone again. */
const WORD: Readonly<Record<PairChange['finding'], ChangeVerdict>> = {
  same: 'passing',
  arrived: 'arrived',
  gone: 'gone',
  'light-only': 'light-only',
  'cannot-compare': 'cannot-compare',
};

const kept = (verdict: ChangeVerdict, pair: PairChange): StillChange => ({
  verdict,
  // A parcel is less than a thousandth, and not nothing.
  perMille: pair.share > 0 ? Math.max(1, Math.round(pair.share * 1000)) : 0,
  mask: maskText(pair.mask),
});

/** What the peak shows that was not there before. */
export const peakChange = (beforeToPeak: PairChange): StillChange => kept(WORD[beforeToPeak.finding], beforeToPeak);

/**
 * What an episode left behind, kept with its calm still.
 * @param lasting before → calm
 * @param moment before → peak, when there is a peak
 */
export const setChange = (lasting: PairChange, moment: PairChange | undefined): StillChange => {
  const hadThings = moment?.finding === 'arrived' || moment?.finding === 'gone';
  // Something passed while the light went on changing: what passed is the news.
  if (lasting.finding === 'light-only' && hadThings) return kept('passing', lasting);
  if (lasting.finding === 'same' && moment?.finding === 'light-only') return kept('light-only', lasting);
  return kept(WORD[lasting.finding], lasting);
};
