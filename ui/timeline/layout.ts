// Where each photo of a group stands: rows filled from the left until they are as wide as the sheet, every photo of a row as
// high as the others. Greedy, one pass, no look-ahead: a million photos in some milliseconds. Pure.

/** What the rows are fitted to, in pixels. */
export interface SheetFrame {
  readonly width: number;
  readonly columns: number;
  /** Between two photos of a row. */
  readonly gap: number;
  /** Under each photo: its caption and the room to the next row. */
  readonly below: number;
}

export interface Row {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  readonly y: number;
  readonly height: number;
}

export interface GroupLayout {
  readonly count: number;
  readonly height: number;
  readonly rows: number;
  row(index: number): Row;
  /** The row that covers `y`, or the nearest. */
  rowAt(y: number): number;
  /** The row a photo stands in. */
  rowOf(photo: number): number;
  aspectOf(photo: number): number;
}

/** Of a photo whose shape is not known: what nearly every camera takes. As exact as the shapes in a `Float32Array`. */
export const USUAL_ASPECT: number = Math.fround(16 / 9);
const NARROWEST = 0.5;
const WIDEST = 3;
/** The same as `.sheet` in photos.css, so that the sheet without script and the timeline stand alike. */
const LEAST_COLUMN = 240;
const COLUMN_GAP = 4;

export const sheetFrame = (width: number, below: number): SheetFrame => {
  const least = Math.min(width * 0.46, LEAST_COLUMN);
  const columns = Math.max(1, Math.floor((width + COLUMN_GAP) / (least + COLUMN_GAP)));
  return { width, columns, gap: COLUMN_GAP, below };
};

export const clampAspect = (width: number, height: number): number =>
  width > 0 && height > 0 ? Math.min(WIDEST, Math.max(NARROWEST, width / height)) : USUAL_ASPECT;

/** The sum of aspects that fills a row. */
const full = ({ columns }: SheetFrame): number => columns * USUAL_ASPECT - 1e-6;

const rowHeight = (frame: SheetFrame, photos: number, aspects: number): number =>
  (frame.width - frame.gap * (photos - 1)) / aspects;

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/** Photos of one shape: everything is arithmetic, and a group costs the same whether it has ten photos or a million. */
export const evenLayout = (count: number, aspect: number, frame: SheetFrame): GroupLayout => {
  const each = Math.max(1, Math.ceil(full(frame) / aspect));
  const height = rowHeight(frame, each, each * aspect);
  const pitch = height + frame.below;
  const rows = Math.ceil(count / each);
  return {
    count,
    rows,
    height: rows * pitch,
    row: (index) => ({ first: index * each, end: Math.min(count, (index + 1) * each), y: index * pitch, height }),
    rowAt: (y) => clamp(Math.floor(y / pitch), rows - 1),
    rowOf: (photo) => Math.floor(photo / each),
    aspectOf: () => aspect,
  };
};

/** The largest index whose value is not above `wanted`; `values` ascends. */
export const lastAtMost = (values: ArrayLike<number>, wanted: number, length: number = values.length): number => {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
};

/** Photos of several shapes. */
export const mixedLayout = (aspects: Float32Array, frame: SheetFrame): GroupLayout => {
  const count = aspects.length;
  const firsts = new Uint32Array(count);
  const tops = new Float64Array(count);
  const heights = new Float32Array(count);
  const usual = rowHeight(frame, frame.columns, frame.columns * USUAL_ASPECT);
  let [rows, y, first, sum] = [0, 0, 0, 0];
  const close = (end: number, height: number): void => {
    firsts[rows] = first;
    tops[rows] = y;
    heights[rows] = height;
    rows += 1;
    y += height + frame.below;
    [first, sum] = [end, 0];
  };
  for (let at = 0; at < count; at++) {
    sum += aspects[at] ?? USUAL_ASPECT;
    if (sum >= full(frame)) close(at + 1, rowHeight(frame, at + 1 - first, sum));
  }
  // A last row that is not full keeps the usual height: a single photo blown up to the sheet's width says nothing. Narrow ones
  // have more gaps between them than usual, and may need to be lower.
  if (first < count) close(count, Math.min(usual, rowHeight(frame, count - first, sum)));
  return {
    count,
    rows,
    height: y,
    row: (index) => ({
      first: firsts[index] ?? 0,
      end: index + 1 < rows ? (firsts[index + 1] ?? count) : count,
      y: tops[index] ?? 0,
      height: heights[index] ?? 0,
    }),
    rowAt: (wanted) => lastAtMost(tops, wanted, rows),
    rowOf: (photo) => lastAtMost(firsts, photo, rows),
    aspectOf: (photo) => aspects[photo] ?? USUAL_ASPECT,
  };
};

export const layoutOf = (aspects: Float32Array, frame: SheetFrame): GroupLayout => {
  const [first = USUAL_ASPECT] = aspects;
  return aspects.every((aspect) => aspect === first)
    ? evenLayout(aspects.length, first, frame)
    : mixedLayout(aspects, frame);
};
