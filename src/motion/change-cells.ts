// What happened in each cell between two aligned pictures: nothing, other light on the same things, or other things.
// Light is told from things by structure: light changes brightness and contrast of a spot, a thing changes its pattern.

import { CHANGE_SIZE } from '../domain/change-picture.ts';
import { MASK_COLUMNS, MASK_ROWS } from '../domain/still-change.ts';

const { width: W, height: H } = CHANGE_SIZE;

/** Side of a cell in pixels of 320 × 180. */
export const CELL = 10;
export const COLUMNS: number = MASK_COLUMNS;
export const ROWS: number = MASK_ROWS;
export const CELLS: number = COLUMNS * ROWS;
/** A cell is judged with this much around it, so that its pattern has enough pixels to be one. */
const MARGIN = 5;

export const CellChange = {
  none: 0,
  /** The same things, lit otherwise. */
  light: 1,
  /** No pattern before or after, and another brightness: its neighbours decide what it is. */
  unclear: 2,
  /** Other things than before. */
  thing: 3,
} as const;
export type CellChangeCode = (typeof CellChange)[keyof typeof CellChange];

/** A pattern's contrast below this, in grey levels, is noise and compression; measured on calm footage: 1 to 2. */
const PATTERN = 4;
/** Patterns that agree this well (correlation) are the same, at whatever light. */
const SAME_PATTERN = 0.75;
/** To say that only the light is different takes more: two edges at the same place agree by chance. */
const SAME_THINGS = 0.88;
/** To be the same view a pattern need only be recognisable. */
const AGREEING = 0.6;
/** Contrast, in grey levels, that the pattern before does not explain; a person far away makes 10 or more. */
const UNEXPLAINED = 8;
/** Patterns that disagree but are alike in brightness, contrast and colour are leaves, water, grass: restless, not new. */
const RESTLESS_BRIGHTNESS = 7;
const RESTLESS_CONTRAST = 1.5;
/** Leaves move by about a pixel here: the best of these small moves counts. */
const SWAY = 2;
/** Grey levels off what the light of the whole picture explains. */
const OTHER_BRIGHTNESS = 14;
/** Steps of colour (both differences added), white balance taken out. */
const OTHER_COLOUR = 11;
/** At the ends of the scale there is no pattern to compare: what was white may be whiter. */
const BLACK = 12;
const WHITE = 243;

export interface AlignedPair {
  readonly before: Planes;
  /** Brought into line with `before`. */
  readonly after: Planes;
  /** How far: what came into view, or left it, at the edges is not compared. */
  readonly shift: { readonly x: number; readonly y: number };
}

export interface Planes {
  readonly luma: Float32Array;
  readonly blue: Float32Array;
  readonly red: Float32Array;
}

/** Brightness after = gain × brightness before + offset, for the picture as a whole. */
export interface LightFit {
  readonly gain: number;
  readonly offset: number;
}

export interface CellFindings {
  readonly cells: Uint8Array;
  readonly light: LightFit;
  /** Cells with a pattern in the picture that has fewer: something large before a plain ground must not count against it. */
  readonly patterned: number;
  /** How many cells keep their pattern, per patterned cell. */
  readonly agreement: number;
}

interface Window {
  readonly meanA: number;
  readonly meanB: number;
  readonly deviationA: number;
  readonly deviationB: number;
  readonly correlation: number;
}

/** Means, contrasts and correlation of one cell's surroundings, `b` read `dx`, `dy` further. */
const windowAt = (a: Float32Array, b: Float32Array, column: number, row: number, dx: number, dy: number): Window => {
  const fromX = Math.max(0, column * CELL - MARGIN, -dx);
  const toX = Math.min(W, (column + 1) * CELL + MARGIN, W - dx);
  const fromY = Math.max(0, row * CELL - MARGIN, -dy);
  const toY = Math.min(H, (row + 1) * CELL + MARGIN, H - dy);
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const valueA = a[y * W + x] ?? 0;
      const valueB = b[(y + dy) * W + x + dx] ?? 0;
      sumA += valueA;
      sumB += valueB;
      squareA += valueA * valueA;
      squareB += valueB * valueB;
      product += valueA * valueB;
    }
  }
  const count = (toX - fromX) * (toY - fromY);
  const [meanA, meanB] = [sumA / count, sumB / count];
  const varianceA = Math.max(0, squareA / count - meanA * meanA);
  const varianceB = Math.max(0, squareB / count - meanB * meanB);
  const covariance = product / count - meanA * meanB;
  const scale = Math.sqrt(varianceA * varianceB);
  return {
    meanA,
    meanB,
    deviationA: Math.sqrt(varianceA),
    deviationB: Math.sqrt(varianceB),
    correlation: scale < 1e-6 ? 0 : covariance / scale,
  };
};

/** The best agreement among small moves of the spot. */
const swayed = (a: Float32Array, b: Float32Array, column: number, row: number, still: Window): Window => {
  let best = still;
  for (let dy = -SWAY; dy <= SWAY; dy++) {
    for (let dx = -SWAY; dx <= SWAY; dx++) {
      if (dx === 0 && dy === 0) continue;
      const here = windowAt(a, b, column, row, dx, dy);
      if (here.correlation > best.correlation) best = here;
    }
  }
  return best;
};

/** Contrast that the other picture's pattern does not explain, in grey levels. */
const unexplained = ({ deviationA, deviationB, correlation }: Window): number =>
  Math.max(deviationA, deviationB) * Math.sqrt(1 - Math.min(1, Math.max(0, correlation)) ** 2);

const hasSamePattern = (window: Window): boolean =>
  window.correlation >= SAME_PATTERN || unexplained(window) < UNEXPLAINED;

/**
 * Gain and offset that most cells agree on: least squares, repeated with less and less weight for cells that disagree, so
 * that a lorry filling a third of the picture does not become "the light".
 */
const fitLight = (windows: readonly Window[]): LightFit => {
  const usable = windows.filter(({ meanA, meanB }) => meanA > BLACK && meanA < WHITE && meanB > BLACK && meanB < WHITE);
  let fit: LightFit = { gain: 1, offset: medianOf(usable.map(({ meanA, meanB }) => meanB - meanA)) };
  if (usable.length < 20) return fit;
  for (let round = 0; round < 8; round++) {
    const { gain, offset } = fit;
    const errors = usable.map(({ meanA, meanB }) => meanB - gain * meanA - offset);
    const reach = Math.max(3, 4 * medianOf(errors.map(Math.abs)));
    let [weights, sumA, sumB, squareA, product] = [0, 0, 0, 0, 0];
    usable.forEach(({ meanA, meanB, ...window }, index) => {
      const part = (errors[index] ?? 0) / reach;
      if (Math.abs(part) >= 1) return;
      // A pattern that is still there proves that only the light is different here.
      const isProof = Math.max(window.deviationA, window.deviationB) >= PATTERN && window.correlation >= SAME_PATTERN;
      const weight = (1 - part * part) ** 2 * (isProof ? 3 : 1);
      weights += weight;
      sumA += weight * meanA;
      sumB += weight * meanB;
      squareA += weight * meanA * meanA;
      product += weight * meanA * meanB;
    });
    const spreadA = squareA - (sumA * sumA) / weights;
    if (!(weights > 0)) return fit;
    // Cells of one brightness only say nothing about gain.
    const slope = spreadA / weights < 25 ? 1 : (product - (sumA * sumB) / weights) / spreadA;
    const next = Math.max(0.25, Math.min(4, slope));
    fit = { gain: next, offset: (sumB - next * sumA) / weights };
  }
  return fit;
};

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** True when the whole surroundings of a cell are in both pictures. */
const isInView = (column: number, row: number, shift: { readonly x: number; readonly y: number }): boolean => {
  const isWithin = (from: number, by: number, size: number): boolean =>
    Math.abs(by) < 0.5 || (Math.max(0, from - MARGIN) + by >= 0 && Math.min(size, from + CELL + MARGIN) + by <= size);
  return isWithin(column * CELL, shift.x, W) && isWithin(row * CELL, shift.y, H);
};

const meanOver = (plane: Float32Array, column: number, row: number): number => {
  let sum = 0;
  for (let y = row * CELL; y < (row + 1) * CELL; y++) {
    for (let x = column * CELL; x < (column + 1) * CELL; x++) sum += plane[y * W + x] ?? 0;
  }
  return sum / (CELL * CELL);
};

const forEachCell = (visit: (column: number, row: number, index: number) => void): void => {
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++) visit(column, row, row * COLUMNS + column);
};

/** The colour of each cell relative to before, white balance taken out. */
const colourSteps = ({ before, after }: AlignedPair): Float32Array => {
  const [blue, red] = [new Float32Array(CELLS), new Float32Array(CELLS)];
  forEachCell((column, row, index) => {
    blue[index] = meanOver(after.blue, column, row) - meanOver(before.blue, column, row);
    red[index] = meanOver(after.red, column, row) - meanOver(before.red, column, row);
  });
  const [usualBlue, usualRed] = [medianOf([...blue]), medianOf([...red])];
  return blue.map((step, index) => Math.abs(step - usualBlue) + Math.abs((red[index] ?? 0) - usualRed));
};

/** Judges every cell of two aligned pictures. */
export const judgeCells = (pair: AlignedPair): CellFindings => {
  const [a, b] = [pair.before.luma, pair.after.luma];
  const windows: Window[] = [];
  forEachCell((column, row) => windows.push(windowAt(a, b, column, row, 0, 0)));
  const light = fitLight(windows);
  const steps = colourSteps(pair);
  const cells = new Uint8Array(CELLS);
  let [patternedBefore, patternedAfter, agreeing] = [0, 0, 0];
  forEachCell((column, row, index) => {
    const still = windows[index];
    if (!still || !isInView(column, row, pair.shift)) return;
    const off = Math.abs(still.meanB - light.gain * still.meanA - light.offset);
    const isAtEnd =
      (still.meanA > WHITE && still.meanB > 200) ||
      (still.meanB > WHITE && still.meanA > 200) ||
      (still.meanA < BLACK && still.meanB < 40) ||
      (still.meanB < BLACK && still.meanA < 40);
    const otherColour = (steps[index] ?? 0) >= OTHER_COLOUR;
    const isPatterned = Math.max(still.deviationA, still.deviationB) >= PATTERN;
    const isInBoth = Math.min(still.deviationA, still.deviationB) >= PATTERN;
    if (still.deviationA >= PATTERN) patternedBefore++;
    if (still.deviationB >= PATTERN) patternedAfter++;
    let code: CellChangeCode = CellChange.none;
    if (isPatterned && !hasSamePattern(still)) {
      const best = swayed(a, b, column, row, still);
      const ratio = (still.deviationB + 1) / (light.gain * still.deviationA + 1);
      const isAlike =
        off < RESTLESS_BRIGHTNESS && !otherColour && ratio < RESTLESS_CONTRAST && ratio > 1 / RESTLESS_CONTRAST;
      if (!hasSamePattern(best) && !isAlike) code = CellChange.thing;
      if (isInBoth && best.correlation >= AGREEING) agreeing++;
    } else {
      if (isInBoth && still.correlation >= AGREEING) agreeing++;
      const samePattern = isPatterned && still.correlation >= SAME_THINGS && unexplained(still) < UNEXPLAINED;
      if (otherColour && !isAtEnd) code = CellChange.thing;
      else if (off >= OTHER_BRIGHTNESS && !isAtEnd) code = samePattern ? CellChange.light : CellChange.unclear;
    }
    cells[index] = code;
  });
  const patterned = Math.min(patternedBefore, patternedAfter);
  return { cells, light, patterned, agreement: patterned === 0 ? 1 : agreeing / patterned };
};
